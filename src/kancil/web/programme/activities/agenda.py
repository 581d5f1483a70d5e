"""The agenda of an activity: sessions by day, with who speaks."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.agenda import add_session, remove_sessions
from kancil.desk.programme.activities.facets import agenda_of, asks, next_day
from kancil.ground.phrase import Phrase
from kancil.programme.activity import Facet
from kancil.web.cells import Section, choosing, empty, table
from kancil.web.forms import day, text
from kancil.web.parts import Cell, Tick
from kancil.web.programme_page import ACTIVE, page
from kancil.web.signed_in import person_of

from .panels import panel
from .parts import PartActForm, change, shown_part

_COLUMNS = ("session-day", "session-hours", "session", "speaker")


def _hour() -> forms.TimeField:
    box = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(required=False, widget=box)


class SessionForm(PartActForm):
    """A session."""

    act = "session"
    begins = "session_"
    does = staticmethod(add_session)
    session_day = day(required=True)
    session_begins = _hour()
    session_ends = _hour()
    session_title = text(300)
    session_speaker = text(300, required=False)


def _cells(sight: ActivitySight) -> list[tuple[Cell, ...]]:
    return [
        (
            each.day.isoformat(),
            " – ".join(f"{one:%H:%M}" for one in (each.begins, each.ends) if one) or "–",
            each.title, each.speaker or "–",
        )
        for each in agenda_of(sight)
    ]  # fmt: skip


@panel(order=10)
def agenda_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """The agenda, where there is one or should be."""
    rows = _cells(sight)
    if not rows and not (asks(sight, Facet.AGENDA) and sight.may_write):
        return []
    one = table("web.room.activity-agenda", _COLUMNS, rows)
    return [change(sight, one, "activity_agenda", may=sight.may_write)]


@page(
    "activities/<str:activity>/agenda/", "activity_agenda", may=ACTIVE, of="activity",
    methods=("GET", "POST"), menu="activity", order=10,
)  # fmt: skip
def activity_agenda(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """The agenda, and the form that adds a session."""
    if request.method == "POST" and "session" in request.POST:
        ticked = [int(one) for one in request.POST.getlist("session") if one.isdecimal()]
        remove_sessions(by=person_of(request), activity=sight.activity, sessions=ticked)
        return redirect("activity_agenda", activity=sight.activity)

    def told() -> list[Section]:
        rows, sessions = _cells(sight), agenda_of(sight)
        if not rows:
            return [empty("web.activity.no-agenda")]
        if not sight.may_write:
            return [table("web.room.activity-agenda", _COLUMNS, rows)]
        ticked: list[tuple[Cell, ...]] = [
            (*cells, Tick("session", str(each.pk), Phrase("web.activity.tick-session",
                                                          {"title": each.title})))
            for cells, each in zip(rows, sessions, strict=True)
        ]  # fmt: skip
        return [choosing("web.room.activity-agenda", (*_COLUMNS, "tick"), ticked,
                         submit="web.activity.remove-sessions")]  # fmt: skip

    form = SessionForm.asked(request, initial={"session_day": next_day(sight)})
    return shown_part(request, sight, "activity_agenda", told, [form] if sight.may_write else [])
