"""After an activity: its report, what delegations agreed, and what is done about it by whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.activities import compared
from kancil.desk.programme.activities.facets import FollowUp, asks, follow_up_of, report_of
from kancil.desk.programme.activities.follow_up import add_follow_up, close_follow_up
from kancil.desk.programme.activities.planning import write_report
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.activity import Facet
from kancil.web.acting import today
from kancil.web.cells import Section, note, table, tag
from kancil.web.drafts import DraftedForm
from kancil.web.forms import choose, day, text
from kancil.web.meanwhile import version_read
from kancil.web.parts import Cell
from kancil.web.programme_page import ACTIVE, page
from kancil.web.signed_in import person_of

from .panels import panel
from .parts import PartActForm, change, shown_part
from .words import day_text

_COLUMNS = ("follow-agreed", "owner", "due-day", "state", "came-of-it")


class ReportForm(DraftedForm):
    """The report, and a conference's outcome statement."""

    act = "report"
    begins = "after_"
    after_report = text(100_000, required=False, lines=10)
    after_outcome_statement = text(100_000, required=False, lines=8)
    after_version = version_read(required=True)


class FollowForm(PartActForm):
    """What was agreed, and who does it."""

    act = "follow"
    begins = "follow_"
    does = staticmethod(add_follow_up)
    follow_what = text(500, lines=2)
    follow_owner = text(200)
    follow_due_on = day()


class ClosedForm(PartActForm):
    """What came of something that was agreed."""

    act = "closed"
    begins = "closed_"
    past = ("closed_done_on",)
    does = staticmethod(close_follow_up)
    closed_follow_up = forms.TypedChoiceField(choices=(), coerce=int)
    closed_done_on = day(required=True)
    closed_outcome = text(500, lines=2)

    def __init__(self, *args: Any, rows: list[FollowUp], **kwargs: Any) -> None:
        """Offer what is not done yet."""
        super().__init__(*args, **kwargs)
        choose(self, "closed_follow_up", [(str(each.pk), each.what) for each in rows])

    def more(self) -> dict[str, Any]:
        """The day by which it is not to come."""
        return {"today": today()}


def _told(sight: ActivitySight) -> list[Section]:
    report = report_of(sight)
    found: list[Section] = [
        {"kind": "words", "heading": Phrase(f"web.activity.{name}"), "text": written}
        for name, written in (("the-report", report.report),
                              ("the-outcome", report.outcome_statement))
        if written
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (each.what, each.owner, day_text(each.due_on), _state(each), each.outcome or "–")
        for each in follow_up_of(sight)
    ]
    if rows:
        found.append(table("web.activity.follow-up", _COLUMNS, rows))
    return found


def _state(row: FollowUp) -> Cell:
    if row.done_on is not None:
        return tag("intact", "web.activity.done-on", day=row.done_on.isoformat())
    late = row.due_on is not None and row.due_on < today()
    return tag("warn" if late else "unknown", f"web.activity.{'late' if late else 'open'}")


@panel(order=24)
def after_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """What was written and agreed, once there is something."""
    found = _told(sight)
    if found:
        change(sight, found[-1], "activity_after", may=sight.may_write)
    return found


@page(
    "activities/<str:activity>/after/", "activity_after", may=ACTIVE, of="activity",
    methods=("GET", "POST"), menu="activity", order=14,
)  # fmt: skip
def activity_after(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """The report, the outcome statement and the follow-up."""
    if not sight.may_write:
        read = _told(sight) or [note("info", "web.activity.no-after")]
        return shown_part(request, sight, "activity_after", lambda: read, [])
    report, sections = report_of(sight), list[Section]()
    filled = ReportForm.asked(request, initial={
        "after_report": report.report, "after_outcome_statement": report.outcome_statement,
        "after_version": report.version,
    })  # fmt: skip
    if not (asks(sight, Facet.OUTCOME) or report.outcome_statement):
        del filled.fields["after_outcome_statement"]
    if filled.is_ready:
        given = filled.by_name()
        version = given.pop("version")
        found = compared(sight, given, version)
        if found.both:
            sections.append(note("warn", "web.activity.meanwhile-report", name=found.name))
            sections += [
                {"kind": "words", "heading": Phrase("web.column.stands-now"),
                 "text": found.now[name]}
                for name in found.both
            ]  # fmt: skip
            data = request.POST.copy()
            data["after_version"] = str(report.version)
            filled.data = data
        else:
            with filled.telling():
                write_report(by=person_of(request), activity=sight.activity, version=version,
                             **given)  # fmt: skip
                messages.success(request, words("web.activity.saved"))
                return redirect("activity_after", activity=sight.activity)
    rows = follow_up_of(sight)
    todo = [each for each in rows if each.done_on is None]
    asked: list[PartActForm] = [FollowForm.asked(request)]
    if todo:
        asked.append(ClosedForm.asked(request, rows=todo))

    def told() -> list[Section]:
        return [*sections, filled.section("web.activity.report", submit="web.activity.save"),
                *(each for each in _told(sight) if each["kind"] == "table")]  # fmt: skip

    return shown_part(request, sight, "activity_after", told, asked)
