"""What an activity brings to results: a panel of its page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.results.framework import fed_by
from kancil.web.cells import Section, link, table
from kancil.web.parts import Cell
from kancil.web.programme.activities.panels import panel


@panel(80)
def fed_indicators(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """The indicators for which records of the activity may count."""
    if not sight.desk.sees_framework:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            each.code,
            link(reverse("indicator", args=[each.id]), each.text.title),
        )
        for each in fed_by(sight.activity)
    ]
    columns = ("result-code", "result-indicator")
    return [table("web.result.feeds", columns, rows)] if rows else []
