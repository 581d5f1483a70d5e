"""One request on one page: what is asked of whom, where it stands, what is next; then its parts.

Parts are `?tab=`: the letter as text, what stands against it, the letter by its reader's questions,
what happened with what came of it, and its versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.requests.due import Due, due_of
from kancil.desk.requests.queries import (
    Request,
    kind_of,
    problems_of,
    read_version,
    request_named,
)
from kancil.evidence.tables.amount import AmountForm, read_amount
from kancil.ground.clock import now
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import grouped_decimal
from kancil.legal.quality import readers_view
from kancil.legal.request import Draft, Problem
from kancil.legal.request_events import State, What, may_follow
from kancil.web.cases.history import who_acted
from kancil.web.cases.pages import crumbs
from kancil.web.cells import (
    Section,
    button,
    identifier,
    joined,
    limits,
    link,
    note,
    table,
    when,
)
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Kind, Tag
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import said, tabs
from kancil.web.unit_desk import UnitDesk, unit_desk

from .events import happened_sections
from .letter_text import changed_fields, field_name, letter_parts, values_of
from .letters import file_buttons
from .pages import deadline

TABS = ("letter", "check", "reader", "happened", "versions")
_LEVELS: dict[str, Kind] = {"advice": "warn", "missing": "unknown"}
_OPEN = (State.DRAFT, State.AUTHORISED)


@page("cases/<str:case>/requests/<int:number>/", "request", may=EVERYONE, of="case")
def request_page(request: HttpRequest, case: Case, number: int) -> HttpResponse:
    """A request: the answer first, then the part that is asked for."""
    desk = unit_desk()
    held = request_named(desk.ledger, CaseId(case.id), f"R{number}")
    if held.history.is_incoming:
        return redirect("request_received", case=case.number, number=held.label)
    letter = read_version(desk.workspace, held)
    problems = problems_of(desk.ledger, CaseId(case.id), letter)
    stops = [each for each in problems if each.stops]
    due = [each for each in due_of(desk.ledger, desk.workspace, [CaseId(case.id)], now())
           if each.request.history.id == held.history.id]  # fmt: skip
    asked = request.GET.get("tab", "")
    given = request.GET.get("version", "")
    known = [str(place) for place in range(1, len(held.versions) + 1)]
    version = int(given) if given in known else None
    first = "happened" if held.state not in _OPEN else "check" if stops else "letter"
    tab = asked if asked in TABS else first
    counts = {"check": len(problems), "happened": len(held.events),
              "versions": len(held.versions)}  # fmt: skip
    acts = person_of(request).acts
    sections: list[Section] = [
        said(_answer(held, letter, stops, due, desk.workspace.zone)),
        tabs({each: Phrase(f"web.request-tab.{each}") for each in TABS}, counts, tab),
        *_part(tab, desk, case, held, letter, problems, version=version, acts=acts),
        limits([Phrase(f"web.request-limit.{each}") for each in ("sends", "check", "holds")]),
    ]
    title = Phrase("web.letter.heading", {"request": held.label,
                                        "kind": Phrase(f"name.request-{held.kind}")})  # fmt: skip
    way = crumbs(case, (reverse("requests", kwargs={"case": case.number}),
                        Phrase("web.room.requests")))  # fmt: skip
    shown = {"title": title, "sections": sections, "crumbs": way,
             "buttons": _buttons(case, held, stops, acts=acts)}  # fmt: skip
    return render(request, "kancil/request.html", shown)


def _answer(
    held: Request, letter: Draft, stops: Sequence[Problem], due: Sequence[Due], zone: ZoneInfo
) -> list[Phrase]:
    """What is asked of whom; where it stands and since when; what is next."""
    to = letter.addressee
    office: str | Phrase = to.name or Phrase("web.request.no-office")
    stands: dict[str, Param] = {
        "state": Phrase(f"name.request-state-{held.state}"),
        "day": held.events[-1].day(zone).isoformat(),
    }
    through = [Phrase("web.request.through", {"office": to.through})] if to.through else []
    return [
        _asks(letter, {"request": held.label, "office": office}),
        *through,
        Phrase("web.request.stands", stands),
        *_next(held, stops, due),
    ]


def _asks(letter: Draft, params: dict[str, Param]) -> Phrase:
    """What is asked; of how much, where there is one asset alone; and of which account."""
    if not letter.items:
        what = Phrase(f"name.request-title-{letter.kind}")
        return Phrase("web.request.tells", {**params, "what": what})
    items, first = letter.items, letter.items[0]
    values = {each.value for each in items}
    params["which"] = first.value
    if len(values) > 1:
        params["which"] = Phrase("web.request.many", {"count": len(values)})
    amounts = [read_amount(each.amount, AmountForm(".", ",")) for each in items]
    if len({each.asset for each in items}) == 1 and first.asset and None not in amounts:
        total = sum(each.value for each in amounts if each is not None)
        money = Phrase("web.request.amount", {"amount": grouped_decimal(f"{total:f}"),
                                              "asset": first.asset})  # fmt: skip
    else:
        money = Phrase("web.request.money")
    return Phrase(f"web.request-asks.{first.sought}", {**params, "money": money})


def _next(held: Request, stops: Sequence[Problem], due: Sequence[Due]) -> list[Phrase]:
    state = held.state
    if state is State.DRAFT:
        return [Phrase("web.request.next-mend", {"count": len(stops)}) if stops
                else Phrase("web.request.next-authorise")]  # fmt: skip
    if state is State.AUTHORISED:
        return [Phrase("web.request.next-send")]
    late = [each for each in due if each.is_over]
    coming = next((each for each in due if not each.is_over), None)
    told = [Phrase("web.request.late", {"first": deadline(late[0])})] if late else []
    if coming is not None:
        told.append(Phrase("web.request.next-day", {"first": deadline(coming)}))
    return told


def _buttons(
    case: Case, held: Request, stops: Sequence[Problem], *, acts: bool
) -> list[dict[str, Any]]:
    """What may be done now, the next act first."""
    if not acts:
        return []
    given = {"case": case.number, "number": held.history.number}
    state, found = held.state, []
    if state is State.DRAFT and not stops:
        found.append(button(reverse("request_authorise", kwargs=given), "web.request.authorise",
                            main=True))  # fmt: skip
    if state is State.AUTHORISED:
        found.append(button(record_url(case, held, What.SENT), "web.request.record-sent",
                            main=True))  # fmt: skip
    if state in _OPEN:
        main = state is State.DRAFT and bool(stops)
        found.append(button(reverse("request_edit", kwargs=given), "web.request.edit", main=main))
    else:
        after = reverse("request_new", kwargs={"case": case.number}) + f"?after={held.label}"
        found.append(button("?tab=happened#record", "web.request.record", main=True))
        found.append(button(after, "web.request.follow"))
    if any(each.body.get("amounts") for each in held.history.entries):
        victims = f"{reverse('stated', kwargs={'case': case.number})}?tab=victims"
        found.append(button(victims, "web.keepers.to-victims"))
    return found


def record_url(case: Case, held: Request, what: What) -> str:
    """Address of the form that records one thing of a request."""
    given = {"case": case.number, "number": held.history.number, "what": what.value}
    return reverse("request_record", kwargs=given)


def _part(
    tab: str, desk: UnitDesk, case: Case, held: Request, letter: Draft,
    problems: Sequence[Problem], *, version: int | None, acts: bool,
) -> list[Section]:  # fmt: skip
    if tab == "letter":
        if version is not None:
            letter = read_version(desk.workspace, held, held.versions[version - 1])
        return [{"kind": "letter", "heading": Phrase(f"name.request-title-{letter.kind}"),
                 "files": file_buttons(case, held), "parts": letter_parts(letter)}]  # fmt: skip
    if tab == "check":
        return _check(case, held, problems, acts=acts)
    if tab == "reader":
        return _reader(letter, problems)
    if tab == "versions":
        return [_versions(desk, case, held)]
    follows = [each for each in may_follow(held.events)
               if each not in (What.DRAFTED, What.AUTHORISED, What.RECEIVED)]  # fmt: skip
    offered = [
        {"url": record_url(case, held, each), "name": Phrase(f"web.request-did.{each}"),
         "text": Phrase(f"web.request-did.{each}-text")}
        for each in follows
    ] if acts else []  # fmt: skip
    return happened_sections(desk, case, held, offered)


def _check(case: Case, held: Request, problems: Sequence[Problem], *, acts: bool) -> list[Section]:
    """Each problem with a link to its field."""
    if not problems:
        return [note("intact", "web.request.no-problem")]
    edit = reverse("request_edit", kwargs={"case": case.number, "number": held.history.number})
    may_edit = acts and held.state in _OPEN
    rows = [
        (
            Tag(_LEVELS.get(each.level, "danger"), Phrase(f"name.request-level-{each.level}")),
            link(f"{edit}#field-{each.field}", field_name(each.field))
            if may_edit else field_name(each.field),
            each.said,
        )
        for each in problems
    ]  # fmt: skip
    since = [] if held.state in _OPEN else [note("info", "web.request.check-now")]
    return [*since, table("web.request.problems", ("level", "field", "sentence"), rows)]


def _reader(letter: Draft, problems: Sequence[Problem]) -> list[Section]:
    """The letter as the office that gets it reads it: by its questions."""
    parts = []
    for each in readers_view(kind_of(letter), letter, problems):
        parts.append({
            "heading": Phrase(f"name.request-question-{each.question}"),
            "values": [value for name in each.fields for value in values_of(letter, name)],
            "open": [field_name(name) for name in each.open],
            "problems": [one for one in each.problems if one.level != "missing"],
            "is_silent": not (each.fields or each.open),
        })  # fmt: skip
    return [{"kind": "letter", "heading": Phrase("web.request.reader"), "parts": parts}]


def _versions(desk: UnitDesk, case: Case, held: Request) -> Section:
    names, authorised = queries.officer_names(), held.authorisation
    rows = [
        (
            link(f"?tab=letter&version={place}", str(place)),
            who_acted(entry, names),
            when(entry.at),
            identifier(str(entry.body["sha256"]), short=True),
            Tag("intact", Phrase("name.request-state-authorised"))
            if authorised is not None and authorised.body["sha256"] == entry.body["sha256"]
            else "",
            _changed(desk, held, place),
        )
        for place, entry in enumerate(held.versions, 1)
    ]  # fmt: skip
    return table("web.request-tab.versions",
                 ("version", "who", "when", "sha256", "state", "changed"), rows[::-1])  # fmt: skip


def _changed(desk: UnitDesk, held: Request, place: int) -> str | Phrase:
    """Which fields a version changed."""
    if place == 1:
        return Phrase("web.request.first-version")
    before, after = (read_version(desk.workspace, held, held.versions[at])
                     for at in (place - 2, place - 1))  # fmt: skip
    return joined(changed_fields(before, after))
