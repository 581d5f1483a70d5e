"""What a donor report says: its periods, what is missing, and the way there and back as JSON."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.filled import filled_from_plain
from kancil.ground.plain import plain
from kancil.programme.donor_report import ReportSection, Said, periods_of
from tests.reports.programme.sample_donor import figure, said, unreconciled

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def test_periods_follow_the_terms_of_a_grant_and_end_with_it() -> None:
    found = list(periods_of(date(2024, 8, 31), date(2025, 12, 15), 6, 90))
    assert [(each.begins_on, each.ends_on) for each in found] == [
        (date(2024, 8, 31), date(2025, 2, 27)),
        (date(2025, 2, 28), date(2025, 8, 30)),
        (date(2025, 8, 31), date(2025, 12, 15)),
    ]
    assert found[0].due_on == date(2025, 5, 28)


@given(DAYS, st.integers(0, 4000), st.integers(1, 36))
def test_periods_cover_each_day_of_a_grant_once(begins: date, days: int, months: int) -> None:
    ends = begins + timedelta(days=days)
    found = list(periods_of(begins, ends, months, 60))
    assert found[0].begins_on == begins
    assert found[-1].ends_on == ends
    for one, following in pairwise(found):
        assert following.begins_on == one.ends_on + timedelta(days=1)
    assert all(each.begins_on <= each.ends_on for each in found)


def test_what_was_published_is_read_back_as_it_was() -> None:
    for each in (said(), unreconciled(said(corrects=date(2026, 1, 1)))):
        kept = json.loads(json.dumps(plain(each)))
        assert filled_from_plain(Said, kept) == each
        assert filled_from_plain(Said, kept).sha256 == each.sha256


def test_another_number_is_another_report() -> None:
    assert said().sha256 != said(figures=(figure(value="85"),)).sha256


def test_what_is_missing_is_named() -> None:
    keys = [each.key for each in unreconciled(said(figures=())).missing]
    sections = [each for each in keys if each.endswith("section")]
    assert len(sections) == len(ReportSection) - 4
    assert set(keys) == {
        "programme.report-missing.section", "programme.report-missing.figures",
        "programme.report-missing.reconciled", "programme.report-missing.undone",
    }  # fmt: skip


def test_progress_goes_from_the_baseline_to_the_target() -> None:
    assert figure(baseline="20", value="84", target="120").share_of_target == 64
    assert figure(baseline="40", value="30", target="20").share_of_target == 50
    assert figure(value="good").share_of_target is None
    assert figure(baseline="120").share_of_target is None
