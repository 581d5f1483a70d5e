"""The desk behind the commands. Its tables can be imported only once Django is set up."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kancil.desk.base.opening import bring_up_to_date, open_desk
from kancil.ground.workspace import Workspace

if TYPE_CHECKING:
    from kancil.desk.custody.store import DeskLedger

DATABASE_VARIABLE = "DATABASE_URL"


def database_url() -> str | None:
    """The address of a PostgreSQL database, where one is meant; else SQLite is."""
    return os.environ.get(DATABASE_VARIABLE) or None


def begin_desk(workspace: Workspace) -> None:
    """Make the desk's tables, or bring them up to this version."""
    workspace.desk_path.parent.mkdir(exist_ok=True)
    open_desk(workspace, database_url())
    bring_up_to_date()


def desk_ledger(workspace: Workspace) -> DeskLedger:
    """Open the desk and give its ledger."""
    open_desk(workspace, database_url())
    from kancil.desk.cases.index import open_ledger

    return open_ledger(workspace)
