"""The requests of a case: what waits, where each stands, and which kind to begin."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.requests.due import Due, due_of
from kancil.desk.requests.queries import Request, read_version, requests_of
from kancil.ground.clock import now
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Param, Phrase
from kancil.legal.clock import DeadlineKind
from kancil.legal.request import RequestKind, Sought
from kancil.legal.request_events import State, is_outgoing
from kancil.legal.requests import kinds
from kancil.web.cases.pages import basis_ended_note, crumbs
from kancil.web.cells import Section, button, empty, link, show, table, tag
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Kind, Several, Tag
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import said
from kancil.web.unit_desk import UnitDesk, unit_desk

_STATE_KINDS: dict[State, Kind] = {
    State.DRAFT: "unknown", State.AUTHORISED: "now", State.ANSWERED: "intact",
    State.REFUSED: "danger", State.INFORMATION_ASKED: "warn", State.RECEIVED: "warn",
    State.WITHDRAWN: "plain", State.CLOSED: "plain",
}  # fmt: skip
_ENDS = (DeadlineKind.HOLD_ENDS, DeadlineKind.PRESERVED_UNTIL)
GROUPS = ("stop", "keep", "get", "tell", "end")


@page("cases/<str:case>/requests/", "requests", may=EVERYONE, of="case", menu="case", order=35)
def requests(request: HttpRequest, case: Case) -> HttpResponse:
    """What waits for whom, then every request, the newest first."""
    desk, acts = unit_desk(), person_of(request).acts
    new = reverse("request_new", kwargs={"case": case.number})
    receive = reverse("request_receive", kwargs={"case": case.number})
    received = [button(receive, "web.received.new")] if acts else []
    found = requests_of(desk.ledger, CaseId(case.id))
    if not found:
        sections: list[Section] = [empty("web.requests.empty", url=new if acts else "")]
        return show(request, Phrase("web.room.requests"), sections, crumbs=crumbs(case),
                    buttons=received)  # fmt: skip
    due = due_of(desk.ledger, desk.workspace, [CaseId(case.id)], now())
    rows = [_row(desk, case, each, due) for each in found]
    sections = [
        said(answers(found, due)),
        table("web.room.requests", ("request", "kind", "other-side", "state", "deadline"), rows),
    ]
    buttons = [button(new, "web.requests.new", main=True), *received] if acts else []
    title = Phrase("web.room.requests")
    return show(request, title, sections, crumbs=crumbs(case), buttons=buttons)


def answers(found: Sequence[Request], due: Sequence[Due]) -> list[Phrase]:
    """What waits, in a sentence; then what ends or is due next."""
    ours = [each for each in found if not each.history.is_incoming]
    waiting = sum(each.awaits_answer for each in ours)
    asked = sum(each.state is State.INFORMATION_ASKED for each in ours)
    drafts = sum(each.state in (State.DRAFT, State.AUTHORISED) for each in ours)
    few = ("none", "one")[waiting] if waiting < 2 else "many"
    told = [Phrase(f"web.requests-waiting.{few}", {"count": waiting})]
    if asked:
        told.append(Phrase("web.requests.asked", {"count": asked}))
    late = [each for each in due if each.is_over]
    coming = next((each for each in due if not each.is_over), None)
    if late:
        told.append(Phrase("web.requests.late", {"count": len(late), "first": deadline(late[0])}))
    if coming is not None:
        told.append(Phrase("web.requests.next", {"first": deadline(coming)}))
    ends = (each for each in due if not each.is_over and each.deadline.kind in _ENDS)
    end = next(ends, None)
    if end is not None and end is not coming:
        told.insert(1, Phrase("web.requests.next-end", {"first": deadline(end)}))
    if drafts:
        told.append(Phrase("web.requests.drafts", {"count": drafts}))
    return told


def deadline(due: Due) -> Phrase:
    """One day of one request: what it is for, when, and how far that is."""
    days = (due.deadline.day - now().astimezone(due.deadline.zone).date()).days
    params: dict[str, Param] = {
        "request": due.request.label,
        "what": Phrase(f"name.deadline-{due.deadline.kind}"),
        "day": due.deadline.day.isoformat(),
        "count": abs(days),
    }
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return Phrase(f"web.requests-day.{near.get(days, 'past' if days < 0 else 'in')}", params)


def state_tag(state: State) -> Cell:
    """Where a request stands."""
    return Tag(_STATE_KINDS.get(state, "service"), Phrase(f"name.request-state-{state}"))


def url_of_request(case: Case, found: Request) -> str:
    """Address of the page of a request."""
    return reverse("request", kwargs={"case": case.number, "number": found.history.number})


def _row(desk: UnitDesk, case: Case, found: Request, due: Sequence[Due]) -> tuple[Cell, ...]:
    days = [each for each in due if each.request.history.id == found.history.id]
    url = url_of_request(case, found)
    first = next((each for each in days if not each.is_over), None)
    cells: list[Cell] = [tag("danger", "web.requests.overdue")] if any(
        each.is_over for each in days) else []  # fmt: skip
    if first is not None:
        cells.append(deadline_short(first))
    return (
        link(url, found.label),
        Several([Phrase(f"name.request-{found.kind}"),
                 *([] if is_outgoing(found.events) else [Phrase("web.requests.incoming")])]),
        other_side(desk, found),
        state_tag(found.state),
        Several(cells) if cells else "",
    )  # fmt: skip


def deadline_short(due: Due) -> Phrase:
    """What a day is for, and the day."""
    params: dict[str, Param] = {
        "what": Phrase(f"name.deadline-{due.deadline.kind}"),
        "day": due.deadline.day.isoformat(),
    }
    return Phrase("web.requests.what-day", params)


def other_side(desk: UnitDesk, found: Request) -> Cell:
    """To whom it goes, or from whom it came."""
    if found.versions:
        to = read_version(desk.workspace, found).addressee
        name, office, country = to.name, to.kind, to.country
    else:
        body = found.first.body["addressee"]
        name, office, country = "", str(body["kind"]), str(body["country"])
    kind = Phrase(f"name.office-{office}") if office else Phrase("note.not-stated")
    return Several([name or kind, *([country] if country else [])])


# --- which kind -----------------------------------------------------------------------------------


def reach(kind: RequestKind) -> str:
    """What one wants to reach by a kind: one of `GROUPS`, by what it asks for."""
    if not kind.sought or {"information", "message"} & {*kind.required}:
        return "tell"
    first = kind.sought[0]
    groups = {Sought.HOLD: "stop", Sought.PRESERVE: "keep", Sought.RELEASE: "end",
              Sought.TRANSFER: "end"}  # fmt: skip
    return groups.get(first, "get")


def choose_kind(request: HttpRequest, case: Case) -> HttpResponse:
    """The kinds, grouped by what one wants to reach; `?after=` goes on to the form."""
    here = reverse("request_new", kwargs={"case": case.number})
    after = request.GET.get("after", "")[:20]
    keep = f"&after={after}" if after.isalnum() else ""
    found = list(kinds())
    sections: list[Section] = [
        {
            "kind": "acts",
            "heading": Phrase(f"web.requests-reach.{group}"),
            "rows": [
                {
                    "url": f"{here}?kind={each.name}{keep}",
                    "name": Phrase(f"name.request-{each.name}"),
                    "text": Phrase(f"name.request-{each.name}.help"),
                }
                for each in found
                if reach(each) == group
            ],
        }
        for group in GROUPS
    ]
    there = reverse("requests", kwargs={"case": case.number})
    way = crumbs(case, (there, Phrase("web.room.requests")))
    lead = Phrase("web.requests.new-lead")
    sections = [*basis_ended_note(case), *sections]
    return show(request, Phrase("web.requests.new"), sections, crumbs=way, lead=lead)
