"""The commands on what is due of requests, and on requests of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.ground.clock import to_text
from kancil.ground.phrase import Phrase
from kancil.ground.words import render, render_phrase

from .request_events import read_day
from .requests import CaseName, RequestName, find_request, request_value

_LEFT_OUT = ("due_at", "moved_from", "request_kind", "deadline_source")
"""Columns of the table that stand only in `--json`."""


def due(
    context: typer.Context,
    case: Annotated[str | None, typer.Option(help="Only of this case: C1 or an id.")] = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", help="Write the days to come as a calendar file.")
    ] = None,
) -> None:
    """Show what is overdue and what is due of all requests, also as a calendar file.

    What is overdue, due within seven days, and later, of all requests that are under way. The
    calendar file holds numbers and kinds only: no name, no title of a case.

        kancil request due --ics due.ics
    """
    door = Door(context)
    door.can_write(ics)
    roll = door.roll
    cases = list(roll.cases) if case is None else [roll.case(case).id]
    from kancil.desk.requests import due as book  # once the roll has opened the desk

    at = door.now
    found = book.due_of(door.ledger, door.workspace, cases, at)
    table = book.due_table(found)
    if ics is not None:
        door.write(ics, book.due_calendar(found, at))
    limits = [render_phrase(each) for each in book.limits_of(found)]
    value: dict[str, Any] = {
        "at": to_text(at), "due": table.as_rows(), "limits": limits,
        "file": None if ics is None else str(ics),
    }  # fmt: skip

    def say() -> None:
        if not found:
            door.screen.say(render("web.due.empty.heading"))
            return
        door.screen.say(render_phrase(book.answer_of(found)))
        shown = [each for each in table.columns if each.name not in _LEFT_OUT]
        places = [table.columns.index(each) for each in shown]
        door.screen.table(
            [render_phrase(each.heading) for each in shown],
            [[_said(table.columns[at].shown(row[at])) for at in places] for row in table.rows],
        )
        for each in limits:
            door.screen.say("- " + each)

    door.show(value, say)


def _said(cell: Any) -> str:
    return render_phrase(cell) if isinstance(cell, Phrase) else str(cell)


def receive(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="As `kancil request kinds` has it.")],
    case: CaseName,
    office: Annotated[str, typer.Option("--from", help="The office that sent it.")],
    country: Annotated[str, typer.Option(help="Its country: two letters, as TH.")],
    on: Annotated[
        str | None, typer.Option("--on", help="The day it came in, 2026-03-09; else today.")
    ] = None,
    office_kind: Annotated[str, typer.Option(help="Kind of that office.")] = "police",
    until: Annotated[
        str | None, typer.Option("--until", help="The day by which they ask for an answer.")
    ] = None,
    reference: Annotated[str, typer.Option(help="Their reference.")] = "",
    urgency: Annotated[str, typer.Option(help="How urgent it is, in their words.")] = "",
    exhibit: Annotated[str, typer.Option(help="E5: the letter, as an exhibit of the case.")] = "",
) -> None:
    """Register a request of others in the case that deals with it.

    The letter enters as an exhibit first. What becomes of the request is recorded as for your
    own, by `kancil request record` and `record-answer`; it is checked before that.

        kancil request received add preservation --case C1 --from 'Unit X' --country TH
    """
    door = Door(context)
    found, by = door.roll.case(case), door.acting()
    from kancil.desk.requests.incoming import Receipt, receive_request  # as in `due`

    day = read_day(on, "--on") or door.now.astimezone(door.workspace.zone).date()
    receipt = Receipt(
        kind, office, office_kind, country.upper(), day,
        read_day(until, "--until"), reference, urgency, exhibit,
    )  # fmt: skip
    held = receive_request(door.ledger, door.workspace, case=found.id, receipt=receipt, by=by)
    door.show(request_value(held), render("done.request-received", request=held.label))


def check_received(
    context: typer.Context,
    request: RequestName,
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", help="signed=yes, basis=no, own-order=not-needed. May repeat."),
    ] = None,
    reason: Annotated[str, typer.Option(help="What the answers rest on.")] = "",
) -> None:
    """Check a request of others before it is carried out, or list what is to be checked.

    What must be looked at before a request of others is carried out; one that is not answered
    is not known. Without --answer the questions are listed and nothing is recorded.

        kancil request received check R2 --answer signed=yes --answer basis=yes
    """
    door = Door(context)
    held = find_request(door, request)
    from kancil.desk.requests.checking import checks_of, open_questions  # as in `due`
    from kancil.desk.requests.incoming import check_request

    if answer:
        given = dict(each.partition("=")[::2] for each in answer)
        check_request(
            door.ledger, case=held.history.case, request=held.history.id, answers=given,
            reason=reason, by=door.acting(),
        )  # fmt: skip
        held = find_request(door, request)
    left, made = open_questions(held), checks_of(held)
    value = {**request_value(held), "checks": dict(made), "open": [each.id for each in left]}

    def say() -> None:
        key = "web.received.open" if left else "web.received.may-go"
        door.screen.say(render(key, count=len(left)))
        for each in left:
            door.screen.say(f"- {each.id}: {render(f'name.incoming-{each.id}')}")

    door.show(value, say)
