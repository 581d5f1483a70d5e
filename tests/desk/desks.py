"""Desks for tests: a workspace whose books stand in SQLite or in PostgreSQL.

Importing this sets Django up, so that tests beside it may import the desk's rooms at their top.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kancil.custody.keys import KeyRing
from kancil.desk.base.opening import bring_up_to_date, close_desk, open_desk
from kancil.desk.cases.index import CaseRows
from kancil.desk.custody.store import DeskLedger
from kancil.evidence.vault import Vault
from kancil.ground.ids import UnitId, new_id
from kancil.ground.workspace import Unit, Workspace, lay_out, mark
from tests.cli.tables import copied_tables
from tests.desk.postgres import Cluster

KINDS = ("sqlite", "postgresql")
QUICK_AND_THOROUGH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.thorough))
"""The kinds for most tests: their twins on PostgreSQL are thorough."""
ON_BOTH = pytest.mark.parametrize("kind", KINDS, indirect=True)
"""For the store's own tests, whose twins on PostgreSQL everybody runs."""


@dataclass
class Desk:
    """A workspace with its tables made and an empty ledger."""

    workspace: Workspace
    url: str | None

    def ledger(self) -> DeskLedger:
        """Open the ledger, with nothing folded yet."""
        return DeskLedger(self.workspace.unit.id, CaseRows())

    @property
    def is_sqlite(self) -> bool:
        return self.url is None

    @property
    def vault(self) -> Vault:
        return Vault(self.workspace.vault_dir, self.workspace.incoming_dir)

    @property
    def keys(self) -> KeyRing:
        return KeyRing(self.workspace.keys_dir)

    def open(self) -> None:
        """Make this the desk that this process has open, on a new connection."""
        open_desk(self.workspace, self.url)

    def environment(self) -> dict[str, str]:
        """The variables by which a process of its own finds this desk."""
        found = {"KANCIL_HOME": str(self.workspace.root), "DATABASE_URL": self.url or ""}
        return found


@dataclass
class Maker:
    """Makes desks of one kind, each a copy of one whose tables are made once."""

    folder: Path
    cluster: Callable[[], Cluster]
    template: dict[str, str | Path]

    def make(self, kind: str, root: Path) -> Desk:
        """Make a workspace and its database, and open it."""
        lay_out(root)
        unit = Unit(UnitId(new_id()), "Unit", "LA", ZoneInfo("Asia/Vientiane"), "en")
        workspace = mark(root, unit)
        KeyRing(workspace.keys_dir).found()
        if kind not in self.template:
            self.template[kind] = self._first(kind, workspace)
        if kind == "sqlite":
            shutil.copy(self.template[kind], workspace.desk_path)
        desk = Desk(workspace, self.fresh_url(kind))
        desk.open()
        return desk

    def fresh_url(self, kind: str) -> str | None:
        """The address of one more database with tables and no rows; None for SQLite."""
        if kind == "sqlite":
            return None
        cluster = self.cluster()
        return cluster.url(cluster.create(str(self.template[kind])))

    def drop(self, url: str | None) -> None:
        """Remove a database that is needed no more: each takes eight megabytes."""
        if url is not None:
            close_desk()
            name = url.partition("@/")[2].partition("?")[0]
            self.cluster().say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def empty_url(self, kind: str) -> str | None:
        """The address of one more database without tables; None for SQLite."""
        cluster = None if kind == "sqlite" else self.cluster()
        return None if cluster is None else cluster.url(cluster.create())

    def _first(self, kind: str, workspace: Workspace) -> str | Path:
        if kind == "sqlite":
            kept = self.folder / "template.sqlite"
            open_desk(workspace, None)
            with copied_tables():
                bring_up_to_date()
            close_desk()
            workspace.desk_path.rename(kept)
            return kept
        cluster = self.cluster()
        name = cluster.create()
        open_desk(workspace, cluster.url(name))
        bring_up_to_date()
        close_desk()
        return name
