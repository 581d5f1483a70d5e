"""Items in time: when they end, and which do not wait for what they depend on."""

from __future__ import annotations

from datetime import date

from kancil.assessment.planning.timing import Timed, too_early
from kancil.ground.days import months_after


def test_an_item_that_begins_before_what_it_depends_on_is_over_is_named() -> None:
    law = Timed("law", date(2026, 9, 1), 6, ())
    undated = Timed("undated", None, 6, ())
    early = Timed("early", date(2027, 2, 28), 3, ("law", "undated", "gone"))
    in_time = Timed("in-time", date(2027, 3, 1), 3, ("law",))
    assert law.ends_on == date(2027, 3, 1)
    assert too_early([law, undated, early, in_time]) == {"early": ("law",)}


def test_a_month_has_a_last_day_and_time_an_end() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(9999, 12, 1), 1) is None
