"""A later month has the same day, or its last."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.days import months_after, span


def test_a_month_that_has_no_such_day_ends_with_its_last() -> None:
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(9999, 12, 1), 1) is None


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 600))
def test_twelve_months_are_a_year(day: date, months: int) -> None:
    found = months_after(day, months)
    assert found is not None
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day <= day.day


def test_a_span_names_both_days_and_one_day_once() -> None:
    first = date(2026, 3, 9)
    assert span(first, date(2026, 6, 18)) == "2026-03-09 – 2026-06-18"
    assert span(first, first) == "2026-03-09"
