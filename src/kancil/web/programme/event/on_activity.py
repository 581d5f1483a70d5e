"""What the page of an activity shows of attendance and evaluations."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.taking_part.attendance import attendance_of, days_of
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, table
from kancil.web.parts import Cell
from kancil.web.programme.activities.panels import panel

from .attendance import counted
from .evaluations import one_line


@panel(50)
def attendance_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """How many of those registered came, by day; nothing where nobody is registered."""
    counts = attendance_of(sight)
    if counts.registered == 0:
        return []
    shown = counted(counts, days_of(sight.activity))
    if sight.may_write:
        there = reverse("attendance", args=[sight.activity])
        shown = {**shown, "more": {"url": there, "text": Phrase("web.attendance.open")}}
    return [shown]


@panel(60)
def evaluation_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """Each evaluation in one line; nothing where there is no sheet."""
    rows: list[tuple[Cell, ...]] = [*one_line(sight)]
    if not rows:
        return []
    more = {
        "url": reverse("evaluations", args=[sight.activity]),
        "text": Phrase("web.evaluation.open"),
    }
    columns = ("evaluation-moment", "evaluation-said")
    return [{**table("web.evaluation.panel", columns, rows), "more": more}]
