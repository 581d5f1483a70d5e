"""The commands on requests: their kinds, drafts, checks, authorisation, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.custody.errors import RequestNotFound
from kancil.desk.requests.queries import (
    Request,
    problems_of,
    read_version,
    request_named,
    requests_of,
)
from kancil.ground import canonical
from kancil.ground.errors import NotCanonical, OptionNotUsable
from kancil.ground.files import read_file
from kancil.ground.filled import filled_from_plain
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render, render_phrase
from kancil.legal.errors import FieldsNotReadable
from kancil.legal.fields import fields
from kancil.legal.instruments.instrument import articles_for
from kancil.legal.quality import readers_view
from kancil.legal.request import Addressee, Draft, Problem, RequestKind
from kancil.legal.requests import kinds
from kancil.legal.rights import check_for, none_applies

from .keepers import TraceName, TransferName, keeper_letter

RequestName = Annotated[str, typer.Argument(metavar="REQUEST", help="R1 or an id.")]
CaseName = Annotated[str, typer.Option("--case", metavar="CASE", help="C1 or an id.")]


def find_request(door: Door, name: str) -> Request:
    """Find a request by number or id; raises RequestNotFound."""
    found = door.roll.request(name)
    if found is None:
        raise RequestNotFound(name=name[:80])
    return request_named(door.ledger, found.case, found.id)


def list_kinds(context: typer.Context) -> None:
    """List the kinds of request, to whom each goes, and its fields.

    What each kind asks for, to whom it may go, its fields, and where they come from.

        kancil request kinds
    """
    door = Door(context)
    found = list(kinds())
    value = [
        {
            "kind": each.name,
            "addressees": list(each.addressees),
            "required": list(each.required),
            "optional": list(each.optional),
            "sought": plain(each.sought),
            "carried_by": articles_for(each.name),
            "confidence": each.confidence,
        }
        for each in found
    ]
    columns = [render(f"column.request-{each}") for each in ("kind", "for")]
    rows = [(each.name, render(f"name.request-{each.name}.help")) for each in found]
    door.show(value, lambda: door.screen.table(columns, rows))


def list_requests(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
) -> None:
    """List the requests of a case.

    The requests of a case, to others and from others, the newest first.

        kancil request list C1
    """
    door = Door(context)
    found = requests_of(door.ledger, door.roll.case(case).id)
    value = [request_value(each) for each in found]
    columns = [render(f"column.request-{each}") for each in ("number", "kind", "state", "by")]
    rows = [
        (each.label, render(f"name.request-{each.kind}"),
         render(f"name.request-state-{each.state}"), each.by)
        for each in found
    ]  # fmt: skip
    door.show(value, lambda: door.screen.table(columns, rows))


def request_value(request: Request) -> dict[str, Any]:
    """A request for `--json`."""
    versions, authorised = request.versions, request.authorisation
    return {
        "request": request.history.id,
        "number": request.label,
        "kind": request.kind,
        "is_incoming": request.history.is_incoming,
        "state": plain(request.state),
        "sha256": versions[-1].body["sha256"] if versions else None,
        "versions": len(versions),
        "authorised": None if authorised is None else authorised.n,
        "entries": [each.n for each in request.history.entries],
    }


def draft(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="As `kancil request kinds` has it.")],
    case: CaseName,
    fields_file: Annotated[
        Path | None,
        typer.Option("--fields", help="JSON with the fields, as docs/formats/request.md has them."),
    ] = None,
    request: Annotated[
        str | None, typer.Option("--request", help="R1: make its next version.")
    ] = None,
    trace: TraceName = None,
    transfer: TransferName = None,
    keeper: Annotated[
        int | None, typer.Option("--keeper", help="Number of a keeper as `kancil keepers` has it.")
    ] = None,
    none_applies_by: Annotated[
        str, typer.Option("--none-applies-by", metavar="NAME", help="Who checked the rights.")
    ] = "",
) -> None:
    """Draft a request to a bank, exchange, provider or State, or its next version.

    A letter is kept, checked, and recorded by its digest. Nothing is sent. With --fields its
    fields come from a JSON file; what the file leaves out stays as it was, or empty. A freeze
    letter is begun from the money by --trace, --transfer or --keeper. With --none-applies-by a
    named person answers the six questions of the human-rights check with "no risk seen" at once:
    only for a letter straight to a keeper of this country.

        kancil request draft preservation --case C1 --fields letter.json
    """
    door = Door(context)
    member, found = kinds().named(kind), door.roll.case(case)
    held = None if request is None else find_request(door, request)
    base = None if held is None else read_version(door.workspace, held)
    unit, by = door.workspace.unit, door.acting()
    if base is None and (trace or transfer or keeper):
        if member.name != "freeze":
            why = Phrase("why.keeper-freeze-alone")
            raise OptionNotUsable(option="keeper", value=member.name, why=why)
        officer = door.roll.officers[by.id].name
        begun = keeper_letter(door, found, trace, transfer, keeper, officer)
    else:
        empty = Draft(member.name, found.label, "", unit.country, Addressee("", "", ""))
        begun = base or empty
    made = begun if fields_file is None else _with_fields(begun, fields_file)
    made = replace(made, kind=member.name, case=found.label)
    if none_applies_by:
        made = none_applies(made, none_applies_by)
    from kancil.desk.requests.actions import draft_request  # once the roll has opened the desk

    saved = draft_request(
        door.ledger,
        door.workspace,
        case=found.id,
        draft=made,
        request="" if held is None else held.history.id,
        base="" if base is None else base.sha256,
        by=by,
    )
    _show_checked(door, saved, made, "done.request-drafted")


def _with_fields(begun: Draft, path: Path) -> Draft:
    """A draft with the fields of a file; raises FieldsNotReadable."""
    try:
        given = canonical.loads(read_file(path))
        if not isinstance(given, Mapping):
            raise NotCanonical(why=Phrase("why.field-strange"))
        filled_from_plain(Draft, {**_NEEDED, **given}, is_whole=False)
        made = filled_from_plain(Draft, {**plain(begun), **given}, is_whole=False)
        return made if "rights" in given else check_for(made, begun.addressee.country)
    except NotCanonical as error:
        raise FieldsNotReadable(path=str(path), why=error.params.get("why", "")) from error


_NEEDED = {
    "kind": "", "case": "", "reference": "", "country": "",
    "addressee": {"office": "", "kind": "", "name": ""},
}  # fmt: skip


def show(context: typer.Context, request: RequestName) -> None:
    """Show a request and what became of it.

    Where it stands, its fields in the order of a letter, and what is recorded of it.

        kancil request show R1
    """
    door = Door(context)
    found = find_request(door, request)
    held = read_version(door.workspace, found) if found.versions else None
    value = {**request_value(found), "draft": None if held is None else plain(held)}

    def say() -> None:
        params = {
            "request": found.label,
            "kind": render(f"name.request-{found.kind}"),
            "state": render(f"name.request-state-{found.state}"),
        }
        door.screen.say(render("note.request-stands", **params))
        if held is not None:
            _say_fields(door, kinds().named(held.kind), held)
        for entry in found.history.entries:
            what = str(entry.body.get("what") or entry.kind.partition(".")[2])
            said = render(f"name.request-event-{what}")
            door.screen.say(f"{door.time(entry.at)}  {said}  {door.roll.actor_name(entry)}")

    door.show(value, say)


def _say_fields(door: Door, kind: RequestKind, held: Draft) -> None:
    for name in kind.fields:
        if fields()[name].form.is_text and held.text(name):
            title = render(f"name.request-field-{name.replace('_', '-')}")
            door.screen.say(f"{title}: {held.text(name)}")
    for number, item in enumerate(held.items, 1):
        parts = (item.value, item.keeper, f"{item.amount} {item.asset}".strip(), item.proof)
        told = " · ".join(each for each in parts if each)
        door.screen.say(f"{number}. {render(f'name.sought-{item.sought}')}: {told}")


def check_request(context: typer.Context, request: RequestName) -> None:
    """Check a draft as the office that gets it would.

    What a reader would send the letter back for, and the letter by its reader's questions.
    Ends with status 0 whatever is found: the check decides nothing.

        kancil request check R1
    """
    door = Door(context)
    found = find_request(door, request)
    _show_checked(door, found, read_version(door.workspace, found), "note.request-checked")


def _show_checked(door: Door, found: Request, held: Draft, said: str) -> None:
    problems = problems_of(door.ledger, found.history.case, held)
    stopping = sum(each.stops for each in problems)
    value = {
        **request_value(found),
        "problems": [_problem(each) for each in problems],
        "questions": [
            {"question": each.question, "answered_by": list(each.fields), "open": list(each.open)}
            for each in readers_view(kinds().named(held.kind), held, problems)
        ],
    }

    def say() -> None:
        params = {"request": found.label, "kind": render(f"name.request-{held.kind}")}
        door.screen.say(render(said, **params, count=stopping))
        for each in problems:
            level = render(f"name.request-level-{each.level}")
            door.screen.say(f"- {level}: {render_phrase(each.said)}")

    door.show(value, say)


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "level": problem.level.value,
        "field": problem.field,
        "code": problem.said.key.removeprefix("problem."),
        "sentence": render_phrase(problem.said),
        "stops": problem.stops,
    }


def authorise(
    context: typer.Context,
    request: RequestName,
    authority: Annotated[str, typer.Option(help="Name of who decided that it may leave.")],
    post: Annotated[str, typer.Option(help="Their post and office.")],
) -> None:
    """Record that a named authority lets a request leave.

    The newest version may leave; a later version needs a new authorisation. Refused while the
    check stops it, or a finding that it rests on is not accepted. Kancil sends nothing.

        kancil request authorise R1 --authority 'Dara S.' --post 'Head of the unit'
    """
    door = Door(context)
    by = door.acting()
    found = find_request(door, request)
    from kancil.desk.requests.actions import authorise_request  # as in `draft`

    entry = authorise_request(
        door.ledger,
        door.workspace,
        door.vault,
        case=found.history.case,
        request=found.history.id,
        authority=door.needed(authority, "--authority"),
        post=door.needed(post, "--post"),
        by=by,
    )
    value = {"request": found.history.id, "number": found.label, "entry": entry.n,
             "sha256": entry.body["sha256"]}  # fmt: skip
    door.show(
        value,
        render("done.request-authorised", request=found.label, authority=authority),
    )
