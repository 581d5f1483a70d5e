"""Terms of a grant: its periods follow each other without a gap, the last ends with it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.days import months_after
from kancil.programme.money.terms import Period, report_periods, uncovered

DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


def test_half_years_from_the_end_of_august_are_those_of_the_calendar() -> None:
    found = report_periods(date(2025, 8, 31), date(2026, 12, 31), 6)
    assert [(str(each.begins_on), str(each.ends_on)) for each in found] == [
        ("2025-08-31", "2026-02-27"), ("2026-02-28", "2026-08-30"), ("2026-08-31", "2026-12-31"),
    ]  # fmt: skip
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)


@given(DAYS, st.integers(0, 3000), st.integers(1, 60))
def test_periods_cover_a_grant_without_gap_or_overlap(begins: date, days: int, every: int) -> None:
    ends = begins + timedelta(days=days)
    found = report_periods(begins, ends, every)
    assert (found[0].begins_on, found[-1].ends_on) == (begins, ends)
    assert uncovered(Period(begins, ends), found) == []
    assert sum((each.ends_on - each.begins_on).days + 1 for each in found) == days + 1


def test_days_that_no_file_covers_are_told() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    files = [
        Period(date(2026, 5, 1), date(2026, 6, 30)),
        Period(date(2025, 12, 1), date(2026, 3, 31)),
        Period(date(2026, 6, 1), date(2026, 6, 15)),
    ]
    assert uncovered(year, files) == [
        Period(date(2026, 4, 1), date(2026, 4, 30)),
        Period(date(2026, 7, 1), date(2026, 12, 31)),
    ]
