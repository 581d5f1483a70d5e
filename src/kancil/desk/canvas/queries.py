"""The saved views of a case, and the view in one of them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.custody.saved_views import SAVED
from kancil.desk.custody.store import DeskLedger
from kancil.ground.files import read_file
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace
from kancil.studies.canvas.summary import Hidden, read_hidden
from kancil.studies.canvas.view import View, read_view_file

from .errors import SavedViewChanged, SavedViewNotFound


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved view as the ledger has it."""

    id: str
    number: int
    name: str
    note: str
    sha256: str
    hidden: Hidden
    base: str | None
    """Id of the saved view that it was made from."""
    by: str
    """Name of who saved it."""
    entry: Entry

    @property
    def label(self) -> str:
        """Short number for people: `V5`."""
        return f"V{self.number}"


def saved_views(ledger: DeskLedger, case: CaseId) -> list[SavedView]:
    """All saved views of a case, the newest first."""
    roll = ledger.folded(Roll)
    return [_saved(roll, entry) for entry in ledger.case_entries(case, SAVED)][::-1]


def saved_view(ledger: DeskLedger, case: CaseId, number: int) -> SavedView:
    """One saved view of a case by its number; raises SavedViewNotFound."""
    for each in saved_views(ledger, case):
        if each.number == number:
            return each
    raise SavedViewNotFound(view=f"V{number}")


def read_saved(workspace: Workspace, saved: SavedView) -> View:
    """The view of a saved one; raises SavedViewChanged where its file is not what was saved."""
    path = workspace.views_dir / f"{saved.id}.json"
    if not path.is_file():
        raise SavedViewChanged(view=saved.label)
    data = read_file(path)
    if sha256(data).hexdigest() != saved.sha256:
        raise SavedViewChanged(view=saved.label)
    return read_view_file(data)


def _saved(roll: Roll, entry: Entry) -> SavedView:
    body: dict[str, Any] = entry.body
    return SavedView(
        id=str(body["view"]),
        number=int(body["number"]),
        name=str(body["name"]),
        note=str(body["note"]),
        sha256=str(body["sha256"]),
        hidden=read_hidden(body["hidden"]),
        base=body["base"],
        by=roll.actor_name(entry),
        entry=entry,
    )
