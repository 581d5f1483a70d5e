"""The command that lists the keepers that a case's money met, and the letter begun from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kancil.cli.frame.door import Door
from kancil.custody.roll import Case
from kancil.ground.clock import from_person, to_text
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase
from kancil.legal.request import Draft
from kancil.records.finding import Finding
from kancil.studies.keepers.freeze import reported_finding, uncovered
from kancil.studies.keepers.keeper import keepers_table

if TYPE_CHECKING:
    from kancil.desk.keepers.queries import CaseKeepers

TraceName = Annotated[str | None, typer.Option("--trace", help="T1: what this trace met alone.")]
TransferName = Annotated[
    str | None, typer.Option("--transfer", help="'E4, line 12': follow this reported transfer.")
]
_SHOWN = ("number", "keeper", "keeper_kind", "held_at", "asset", "amount_remaining", "last_arrival",
          "standing", "rank_reason")  # fmt: skip


def keepers(
    context: typer.Context,
    case: Annotated[str, typer.Option("--case", metavar="CASE", help="C1 or an id.")],
    trace: TraceName = None,
    transfer: TransferName = None,
    at: Annotated[
        str | None, typer.Option("--at", help="Moment from which time is counted; now without it.")
    ] = None,
) -> None:
    """List the banks, exchanges and issuers that the money of a case met.

    Banks, payment services, exchanges and issuers to which the money came, those to ask first on
    top. What is still there is unknown until its keeper answers. Without --trace and --transfer the
    forward traces of the case are run again, and what victims complain of is followed.

        kancil keepers --case C1 --trace T1
    """
    door = Door(context)
    asked = door.roll.case(case)
    found = keepers_of(door, asked, trace, transfer, at)
    from kancil.desk.keepers.words import answer_of, limits_of  # once the roll has opened the desk

    missing = uncovered(found.met, found.signed)
    table = keepers_table(found.met, found.moment, missing)
    said, limits = [[render_phrase(each) for each in texts]
                    for texts in (answer_of(found), limits_of(found))]  # fmt: skip
    value = {
        "id": asked.id,
        "case": asked.label,
        "answer": said,
        "at": to_text(found.moment),
        "keepers": [
            {**row, "rank_reason": render_phrase(met.reason(found.moment))}
            for row, met in zip(table.as_rows(), found.met, strict=True)
        ],
        "limits": limits,
        "traces": list(found.traces),
    }

    def say() -> None:
        for text in said:
            door.screen.say(text)
        columns = [each for each in table.columns if each.name in _SHOWN]
        places = [table.columns.index(each) for each in columns]
        rows = []
        for row in table.rows:
            cells = [each.shown(row[place]) for each, place in zip(columns, places, strict=True)]
            rows.append([render_phrase(c) if isinstance(c, Phrase) else str(c) for c in cells])
        door.screen.table([render_phrase(each.heading) for each in columns], rows)
        for text in limits:
            door.screen.say(text)

    door.show(value, say)


def keepers_of(
    door: Door, case: Case, trace: str | None, transfer: str | None, at: str | None = None
) -> CaseKeepers:
    """The keepers of a case at a moment; raises what `case_keepers` raises."""
    moment = door.now if at is None else from_person(at, door.workspace.zone)
    from kancil.desk.keepers.queries import case_keepers  # once the roll has opened the desk

    return case_keepers(
        door.ledger, door.workspace, door.vault, case.id, moment=moment,
        trace=trace or "", transfer=transfer or "",
    )  # fmt: skip


def keeper_letter(
    door: Door, case: Case, trace: str | None, transfer: str | None, keeper: int | None,
    officer: str,
) -> Draft:  # fmt: skip
    """A freeze letter to the keeper of this number, as `kancil keepers` lists them; else the first.

    All its accounts are in the letter. Raises OptionNotUsable where there is none of this number.
    """
    found = keepers_of(door, case, trace, transfer)
    from kancil.desk.keepers.letters import KEEPER, freeze_draft, letters_for  # as in `keepers`

    number = keeper or 1
    if not 1 <= number <= len(found.met):
        why = Phrase("why.no-keeper", {"count": len(found.met)})
        raise OptionNotUsable(option="keeper", value=str(number), why=why)
    chosen = found.met[number - 1]
    letter = next(each for each in letters_for(found.met, KEEPER) if chosen in each)
    return freeze_draft(door.ledger, door.workspace, found, letter, case.id, officer=officer)


def transfer_finding(door: Door, case: Case, transfer: str) -> Finding:
    """What a table reports in a row, as a finding; raises TransferNotFound."""
    found = keepers_of(door, case, None, transfer)
    pairs = ((met, each) for met in found.met for each in met.arrivals)
    about = found.book.book.place_of(found.starts[0]) if found.book else ""
    chosen = next(((met, each) for met, each in pairs if each.place == about), None)
    if chosen is None:
        from kancil.desk.keepers.errors import TransferNotFound  # as in `keepers`

        raise TransferNotFound(name=transfer[:60])
    return reported_finding(*chosen)
