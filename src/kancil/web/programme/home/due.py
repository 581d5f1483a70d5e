"""Late and due: what a person has to see to in all the programme, and the same for a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.assessment.queries.due import Due, due_calendar, due_words
from kancil.desk.base.opening import current_workspace
from kancil.desk.people.queries import Person
from kancil.desk.programme.due import UNMATCHED, all_due
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.web.acting import today
from kancil.web.cells import Section, button, empty, link, show, table, tag
from kancil.web.parts import Cell
from kancil.web.programme_page import MONEY, READING, page
from kancil.web.signed_in import person_of

_SOON = timedelta(days=14)
_MOST, _A_PAGE = 4, 25
"""Rows on Home, and on the page."""
_PAGES = {
    "comments": "comments", "term": "comments", "term-over": "comments", "sign-off": "sign_off",
    "close": "round_close", "review": "plan", "plan": "plan", "road": "road",
}  # fmt: skip
"""Where each kind is seen to; else the round itself."""
_OF_ACTIVITY = {
    "activity-begin": "activity",
    "activity-report": "activity_after", "activity-answer": "activity_delegations",
    "activity-evaluation": "evaluations", "activity-follow-up": "activity_after",
    "activity-use": "activity_equipment",
}  # fmt: skip


@page("due/", "due", may=READING | MONEY, menu="site", order=5)
def due_page(request: HttpRequest) -> HttpResponse:
    """All that is late or due, the latest first."""
    found = all_due(person_of(request), today())
    title = Phrase("web.room.due")
    if not found:
        return show(request, title, [empty("web.assess-due.nothing", url=reverse("home"))])
    buttons = [button(reverse("due_calendar"), "web.assess-due.calendar")]
    lead = Phrase("web.assess-due.lead")
    pages = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    one = {**due_table(list(pages)), "pages": pages}
    return show(request, title, [one], lead=lead, buttons=buttons)


@page("due/calendar.ics", "due_calendar", may=READING | MONEY)
def calendar(request: HttpRequest) -> HttpResponse:
    """The same as a file for a calendar."""
    day = today()
    content = due_calendar(
        all_due(person_of(request), day), day, current_workspace().zone, clock.now()
    )
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="kancil-due.ics"'
    return answer


def due_soon(person: Person) -> list[Section]:
    """What is late, or due within two weeks, for Home; before it, where comments are asked for now.

    A ministry has nothing else on Home that says what it is here for.
    """
    until, found = today() + _SOON, all_due(person, today())
    soon = [each for each in found if each.day is None or each.day <= until]
    asked = [each for each in found if each.kind == "term" and each not in soon]
    if not asked and not soon:
        return []
    one = due_table([*asked, *soon][:_MOST])
    one["more"] = {
        "url": reverse("due"), "text": Phrase("web.assess-due.all", {"count": len(soon)}),
    }  # fmt: skip
    return [one]


def due_table(found: Sequence[Due]) -> Section:
    """What there is to see to, where, and by when."""
    rows: list[tuple[Cell, ...]] = [
        (
            each.day.isoformat() if each.day else "–",
            tag("warn" if each.is_late else "plain", f"web.assess-due.{_state(each)}"),
            link(_address(each), due_words(each)),
            ", ".join(one for one in (each.country_name, each.title) if one),
        )
        for each in found
    ]
    return table("web.room.due", ("due-day", "state", "to-do", "due-of"), rows)


def _state(due: Due) -> str:
    return "late" if due.is_late else "due"


def _address(due: Due) -> str:
    if due.kind == UNMATCHED:
        return reverse("spending_file", kwargs={"batch": due.id})
    if due.grant:
        return reverse("grant", kwargs={"grant": due.grant})
    if due.activity:
        return reverse(_OF_ACTIVITY[due.kind], kwargs={"activity": due.activity})
    if not due.round:
        return reverse("board", kwargs={"country": due.country})
    return reverse(_PAGES.get(due.kind, "round"), kwargs={"round": due.round})
