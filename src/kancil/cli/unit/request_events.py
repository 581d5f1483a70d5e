"""The commands that record what became of a request: sent, answered, renewed, ended."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from kancil.cli.frame.door import Door
from kancil.desk.requests.amounts import Amount
from kancil.ground.clock import now
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.legal.request_events import Event, What

from .requests import RequestName, find_request, request_value

On = Annotated[str | None, typer.Option("--on", help="The day, 2026-03-09; else today.")]
Until = Annotated[str | None, typer.Option("--until", help="The last day of a hold or promise.")]
Reference = Annotated[str, typer.Option("--reference", help="Their reference.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a few words or a listed reason.")]
ExhibitName = Annotated[
    str, typer.Option("--exhibit", help="E5: what came or went, as an exhibit of the case.")
]
Amounts = Annotated[
    list[str] | None,
    typer.Option("--amount", help="What was held or paid back: 'held 150000 THB'. May repeat."),
]


def record_sent(
    context: typer.Context,
    request: RequestName,
    on: On = None,
    channel: Annotated[str, typer.Option(help="By which way it went.")] = "",
    reference: Reference = "",
    exhibit: ExhibitName = "",
    letter_sha256: Annotated[str, typer.Option(help="SHA-256 of the file that was sent.")] = "",
) -> None:
    """Record that the authority sent a request, and how.

    The named authority sent it, outside Kancil; --exhibit names the proof of it.

        kancil request record-sent R1 --on 2026-03-09 --channel e-mail --exhibit E5
    """
    event = _event(What.SENT, on, None, reference, "")
    _record(context, request, event, exhibit, [], channel=channel, letter_sha256=letter_sha256)


def record_answer(
    context: typer.Context,
    request: RequestName,
    exhibit: ExhibitName = "",
    in_part: Annotated[bool, typer.Option("--in-part", help="More is to come.")] = False,
    refused: Annotated[bool, typer.Option("--refused", help="With its --reason.")] = False,
    on: On = None,
    until: Until = None,
    reference: Reference = "",
    reason: Reason = "",
    amount: Amounts = None,
) -> None:
    """Record an answer, whole, in part or refused.

    An answer enters as an exhibit first (`kancil exhibit add`); then it is named here.

        kancil request record-answer R1 --exhibit E6 --in-part
    """
    if in_part and refused:
        raise OptionNotUsable(option="--in-part", value="", why=Phrase("why.answer-both"))
    what = What.ANSWERED_IN_PART if in_part else What.REFUSED if refused else What.ANSWERED
    _record(context, request, _event(what, on, until, reference, reason), exhibit, amount or [])


def record_other(
    context: typer.Context,
    request: RequestName,
    what: Annotated[What, typer.Argument(help="What happened.")],
    exhibit: ExhibitName = "",
    on: On = None,
    until: Until = None,
    reference: Reference = "",
    reason: Reason = "",
    amount: Amounts = None,
) -> None:
    """Record what else became of a request: acknowledged, renewed, held, closed.

    Acknowledged, renewed, a hold set or ended, withdrawn, closed, and the like.

        kancil request record R1 renewed --until 2026-06-30
    """
    if what in (What.DRAFTED, What.AUTHORISED, What.RECEIVED):
        raise OptionNotUsable(option="WHAT", value=what.value, why=Phrase("why.event-own-command"))
    _record(context, request, _event(what, on, until, reference, reason), exhibit, amount or [])


def _event(what: What, on: str | None, until: str | None, reference: str, reason: str) -> Event:
    return Event(what, now(), read_day(on, "--on"), read_day(until, "--until"), reference, reason)


def read_day(text: str | None, option: str) -> date | None:
    """A day as it is typed, `2026-03-09`; raises OptionNotUsable for one that does not exist."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        why = Phrase("why.field-no-date", {"field": option})
        raise OptionNotUsable(option=option, value=text[:40], why=why) from error


def _record(
    context: typer.Context, request: str, event: Event, exhibit: str, amounts: list[str],
    *, channel: str = "", letter_sha256: str = "",
) -> None:  # fmt: skip
    door = Door(context)
    by = door.acting()
    found = find_request(door, request)
    from kancil.desk.requests.actions import record_request_event  # once the desk is open

    entry = record_request_event(
        door.ledger,
        case=found.history.case,
        request=found.history.id,
        event=event,
        exhibit=exhibit,
        amounts=[_amount(each) for each in amounts],
        channel=channel,
        letter_sha256=letter_sha256,
        by=by,
    )
    what = render(f"name.request-event-{event.what.value}")
    value = {**request_value(find_request(door, request)), "entry": entry.n}
    door.show(value, render("done.request-recorded", request=found.label, what=what))


def _amount(text: str) -> Amount:
    what, amount, asset = [*text.split(maxsplit=2), "", "", ""][:3]
    return Amount(what, amount, asset)
