"""Commands for limits of use: set on an exhibit, and lifted by assistance, consent or a mistake."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.custody.handling import Limit, Limitation, Release, limits_of
from kancil.custody.roll import Exhibit
from kancil.desk.handling.actions import limit_exhibit, release_exhibit
from kancil.desk.handling.queries import state_of, today
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import CaseId
from kancil.ground.plain import plain
from kancil.ground.words import render, render_phrase

from .exhibits import ExhibitName

Cases = Annotated[
    list[str] | None, typer.Option("--case", help="Only for this case (C1); repeat for more.")
]


def limit(
    context: typer.Context,
    exhibit: ExhibitName,
    code: Annotated[list[str], typer.Option(help="A handling code; repeat for more.")],
    office: Annotated[str, typer.Option("--from", help="Office that asks for it.")],
    reason: Annotated[str, typer.Option(help="In which letter or message, in words.")] = "",
    until: Annotated[
        str | None, typer.Option(help="Last day of confidential-until, 2026-12-31.")
    ] = None,
    case: Cases = None,
    offence: Annotated[
        list[str] | None, typer.Option(help="Offence for which it may be used; repeat for more.")
    ] = None,
) -> None:
    """Limit the use of an exhibit by handling codes, as the office that sent it asks.

    Codes: evidence, intelligence-only, police-channel, fiu, speciality, confidential-until. A
    bundle or a report that shows what a limit forbids is refused until it is lifted. Speciality
    without --case allows the exhibit's own case.

        kancil exhibit limit E1 --code police-channel --from 'National bureau of X'
    """
    door = Door(context)
    found, by = door.roll.exhibit(exhibit), door.acting()
    entry = limit_exhibit(
        door.ledger,
        exhibit=found.id,
        limitation=Limitation(
            tuple(code),
            office,
            reason,
            None if until is None else _day("--until", until),
            _cases(door, case),
            tuple(offence or ()),
        ),
        by=by,
    )
    _show(door, found, entry.n, "done.exhibit-limit")


def release(
    context: typer.Context,
    exhibit: ExhibitName,
    code: Annotated[str, typer.Option(help="The handling code that is lifted.")],
    by_way: Annotated[str, typer.Option("--by", help="mutual-assistance, consent or mistake.")],
    reference: Annotated[str, typer.Option(help="Of the answer, or of the letter of consent.")],
    on: Annotated[str, typer.Option("--date", help="Day of the answer or letter, 2026-03-09.")],
    letter: Annotated[
        str | None, typer.Option(help="Exhibit that is the letter itself, E9.")
    ] = None,
    case: Cases = None,
) -> None:
    """Record what lifts a limit: mutual legal assistance, or consent.

    With --case it is lifted in these cases alone. A mistake is recorded by another officer than
    the one who set the limit; --reference then says what was wrong.

        kancil exhibit release E1 --code fiu --by consent --reference 12/2026 --date 2026-03-09
    """
    door = Door(context)
    found, by = door.roll.exhibit(exhibit), door.acting()
    given = None if letter is None else door.roll.exhibit(letter).id
    entry = release_exhibit(
        door.ledger,
        exhibit=found.id,
        release=Release(code, by_way, reference, _day("--date", on), given, _cases(door, case)),
        by=by,
    )
    _show(door, found, entry.n, "done.exhibit-release")


def _show(door: Door, before: Exhibit, n: int, key: str) -> None:
    """What was recorded, and every limit of the exhibit as it stands now."""
    found = door.roll.exhibit(before.id)
    limits = limits_of(found)
    value = {
        "id": found.id,
        "label": found.label,
        "entry": n,
        "limits": [_value(each) for each in limits],
    }

    def text() -> None:
        door.screen.say(render(key, label=found.label, n=n))
        for each in limits:
            door.screen.say(f"{each.code}: {render_phrase(state_of(each, today(door.roll)))}")

    door.show(value, text)


def _value(limit: Limit) -> dict[str, Any]:
    return {
        "code": limit.code,
        "entry": limit.n,
        "lifted": limit.is_lifted_everywhere,
        **{name: each for name, each in plain(limit.stated).items() if name != "codes"},
        "released": [{"entry": one.n, **plain(one.release)} for one in limit.lifted],
    }


def _cases(door: Door, names: list[str] | None) -> tuple[CaseId, ...]:
    return tuple(door.roll.case(each).id for each in names or ())


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise OptionNotUsable(option=option, value=text[:40], why="2026-03-09") from error
