"""The dry run of a large spreadsheet, and taking it, as background jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kancil.desk.base.opening import day_of
from kancil.desk.jobs.job import work
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.doing import ProgrammeDoing
from kancil.desk.programme.errors import ColumnsChanged
from kancil.desk.programme.imports.importing import (
    TRY,
    Outcome,
    clear_store,
    hold_waiting,
    look,
    plan_rows,
    read_rows,
    take_rows,
)
from kancil.desk.programme.imports.plan import Decisions, Twin
from kancil.desk.programme.models import Participant
from kancil.ground import clock
from kancil.ground.phrase import Phrase, from_json
from kancil.ground.plain import plain
from kancil.programme.imports.fields import ImportKind
from kancil.programme.imports.mapping import Remarks
from kancil.programme.registration.registrant import RefusedRow

TAKE = "take-import"
AT_ONCE_ROWS = 2_000
"""Rows of a file that are looked at and taken within the request of whoever asks."""
KEPT_ROWS = 200
"""Of the rows that were refused, and of those that look known, a dry run keeps the first."""
_COUNTS = ("rows", "taken", "known", "waiting", "no_organisation")


@dataclass(frozen=True, slots=True)
class Tried:
    """A dry run as its page shows it."""

    outcome: Outcome
    """With the first rows that were refused, and the first that look known."""
    refused: int
    twins: int


@work(TRY)
def try_import(context: ProgrammeDoing, *, batch: str, mapping: dict[str, Any]) -> None:
    """What would come of a file whose columns are mapped so; nothing of the books is written.

    The result holds what the file calls rows that look known, and is forgotten with the file.
    """
    found = look(
        by=context.by(), store=context.bench.store, batch=batch, today=day_of(clock.now()),
        progress=context.progress,
    )  # fmt: skip

    def effect(by: Person) -> ImportKind:
        with changing_books(by, money=True) as desk:
            return ImportKind(hold_waiting(desk, batch, mapping).kind)

    context.once(
        effect, lambda kind: _kept(batch, found, names=kind is not ImportKind.PARTICIPANTS)
    )


@work(TAKE)
def take_import(
    context: ProgrammeDoing, *, batch: str, mapping: dict[str, Any], same: list[int], others: bool
) -> None:
    """Take all rows of a file that can be, in one transaction once all are read and planned.

    Raises ColumnsChanged if the columns are not mapped as they were when it was asked for.
    """
    store, decisions = context.bench.store, Decisions(frozenset(same), others)
    rows = read_rows(by=context.by(), store=store, batch=batch, progress=context.progress)
    if rows.mapping != mapping:
        raise ColumnsChanged
    planned = plan_rows(by=context.by(), rows=rows, today=day_of(clock.now()),
                        decisions=decisions, progress=context.progress)  # fmt: skip
    context.progress.start(None, "rows", "progress.import-write")
    context.hold.tell()
    context.once(
        lambda by: take_rows(by=by, planned=planned),
        lambda done: {
            "batch": batch, "rows": done.rows, "taken": done.taken,
            "refused": len(done.refused), "twins": len(done.twins),
        },
    )  # fmt: skip
    clear_store(store)


def _kept(batch: str, found: Outcome, *, names: bool) -> dict[str, Any]:
    return {
        "batch": batch,
        **{name: getattr(found, name) for name in _COUNTS},
        "refused": len(found.refused),
        "twins": len(found.twins),
        "remarks": plain(found.remarks),
        "first_refused": plain(found.refused[:KEPT_ROWS]),
        "first_twins": [
            {**plain(each), "name": each.name if names else ""} for each in found.twins[:KEPT_ROWS]
        ],
    }


def tried(result: dict[str, Any]) -> Tried:
    """A dry run's result as a page shows it; people have the names that they have now."""
    twins = result["first_twins"]
    ids = [each["known"] for each in twins if not each["name"]]
    names = {str(pk): name for pk, name in
             Participant.objects.filter(pk__in=ids).values_list("pk", "name")}  # fmt: skip
    remarks: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each
        for name, each in result["remarks"].items()
    }
    outcome = Outcome(
        **{name: result[name] for name in _COUNTS},
        refused=tuple(RefusedRow(each["row"], _why(each)) for each in result["first_refused"]),
        twins=tuple(
            Twin(each["row"], each["known"], each["name"] or names.get(each["known"], ""),
                 each["written"], _why(each))
            for each in twins
        ),
        remarks=Remarks(**remarks),
    )  # fmt: skip
    return Tried(outcome, result["refused"], result["twins"])


def _why(each: dict[str, Any]) -> Phrase:
    return Phrase(each["why"]["key"], from_json(each["why"]["params"]))
