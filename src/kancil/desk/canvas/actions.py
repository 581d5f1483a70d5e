"""Saving a view: its file in the workspace, and an entry of the case that names it."""

from __future__ import annotations

from dataclasses import dataclass

from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import record_kept
from kancil.custody.roll import Roll
from kancil.custody.saved_views import record_view
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, new_id
from kancil.ground.plain import plain
from kancil.ground.workspace import Workspace
from kancil.studies.canvas.summary import Hidden
from kancil.studies.canvas.view import TraceSource, View

from .queries import SavedView, saved_view, saved_views


@dataclass(frozen=True, slots=True)
class Saving:
    """A view that was saved, and those that others saved of the same one meanwhile."""

    saved: SavedView
    beside: tuple[SavedView, ...]
    """Saved from the same base before it, the newest first; all of them stay."""


def save_view(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    case: CaseId,
    view: View,
    hidden: Hidden,
    name: str,
    note: str,
    base: int | None,
    by: ActingOfficer,
) -> Saving:
    """Save a view; `base`: number of the saved view that it was made from.

    The file is on disk before the entry is committed; a file that no entry names counts for
    nothing. Two that are saved from one base are both kept. What is saved rests on results: the
    drafts in it are kept. Raises SavedViewNotFound, LegalBasisExpired.
    """
    made_from = None if base is None else saved_view(ledger, case, base)
    ident = new_id()
    with one_transaction():
        _keep_drafts(ledger, case, view, by)
        entry = record_view(
            ledger,
            case=case,
            view=ident,
            sha256=view.sha256,
            name=name,
            note=note,
            hidden=plain(hidden),
            base=None if made_from is None else made_from.id,
            by=by,
        )
        write_durably(workspace.views_dir / f"{ident}.json", view.canonical)
    several = saved_views(ledger, case)
    saved = next(each for each in several if each.entry.n == entry.n)
    beside = tuple(
        each for each in several
        if made_from is not None and each.base == made_from.id and each.id != saved.id
    )  # fmt: skip
    return Saving(saved, beside)


def _keep_drafts(ledger: DeskLedger, case: CaseId, view: View, by: ActingOfficer) -> None:
    roll = ledger.folded(Roll)
    numbers = {each.trace for each in view.sources if isinstance(each, TraceSource)}
    for trace in list(roll.drafts):
        found = roll.traces[trace]
        if found.case == case and found.number in numbers:
            record_kept(ledger, trace=trace, by=by)
