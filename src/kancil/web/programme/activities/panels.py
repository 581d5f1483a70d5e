"""Panels of the page of an activity: each room adds its own, and this room imports none of theirs.

    @panel(order=40)
    def budget(request: HttpRequest, sight: ActivitySight) -> list[Section]:
        …

A panel says nothing (an empty list) to whoever may not see what it shows. Orders: 10 to 30 are this
room's own, 40 registrations and head counts, 50 attendance, 60 evaluations, 70 budget and spending,
80 figures, 90 what was published of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpRequest

from kancil.desk.programme.access import ActivitySight
from kancil.web.cells import Section

Panel = Callable[[HttpRequest, ActivitySight], list[Section]]

PANELS: list[tuple[int, str, Panel]] = []
"""Order, name and function of each."""


def panel(order: int) -> Callable[[Panel], Panel]:
    """Put what a function shows of an activity onto its page, in this place."""

    def register(shown: Panel) -> Panel:
        name = f"{shown.__module__}.{getattr(shown, '__name__', '')}"
        PANELS[:] = sorted(
            [each for each in PANELS if each[1] != name] + [(order, name, shown)],
            key=lambda each: each[:2],
        )
        return shown

    return register


def panels_of(request: HttpRequest, sight: ActivitySight) -> Iterator[Section]:
    """All that the rooms show of an activity, in order."""
    for _, _, shown in PANELS:
        yield from shown(request, sight)
