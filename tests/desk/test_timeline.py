"""Times of disks on one line: placed by their zone, counted in bars, told in order."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.desk.evidence.timeline import STEPS, WHAT, Line, Timeline

LAOS = ZoneInfo("Asia/Vientiane")
NOON = datetime(2026, 3, 8, 12, 0, 0, tzinfo=UTC)


def ns(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) * 1000


def disk(rows: list[dict[str, Any]], label: str = "E1", fast: int = 0) -> Line:
    """A disk of these entries; a time that is not named is not stored."""
    columns = {
        "number": range(1, len(rows) + 1), "volume": [1] * len(rows),
        "path": [row.get("path", "a") for row in rows], "state": ["allocated"] * len(rows),
        "zone": [row.get("zone", "utc") for row in rows],
    }  # fmt: skip
    times = {f"{each}_ns": pa.array([row.get(each) for row in rows], pa.int64()) for each in WHAT}
    entries = pa.table({**columns, **times})
    exhibit = SimpleNamespace(label=label, number=int(label[1:]))
    return Line(cast(Any, exhibit), cast(Any, SimpleNamespace(entries=entries)), fast)


def line(*lines: Line, assumed: tzinfo = LAOS, shown: tzinfo = UTC) -> Timeline:
    return Timeline(lines, assumed, shown)


def test_a_time_without_a_zone_is_placed_by_the_assumed_one_and_stays_as_stored() -> None:
    made = line(disk([{"zone": "not-stored", "modified": ns(NOON)}, {"created": ns(NOON)}]))
    _, rows = made.between(None, None, 0, 10)
    assert [(each.what, each.at) for each in rows] == [
        ("modified", NOON - timedelta(hours=7)), ("created", NOON),
    ]  # fmt: skip
    assert {each.stored_ns for each in rows} == {ns(NOON)}
    assert made.without_zone == 1


def test_summer_time_counts_as_it_stood_on_that_day() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    rows = [{"zone": "not-stored", "modified": ns(each)} for each in (NOON, summer)]
    made = line(disk(rows), assumed=ZoneInfo("Europe/Vienna"))
    _, told = made.between(None, None, 0, 10)
    assert [each.at for each in told] == [NOON - timedelta(hours=1), summer - timedelta(hours=2)]


def test_a_clock_that_ran_fast_moves_its_own_disk_alone() -> None:
    made = line(disk([{"modified": ns(NOON)}], "E1", fast=90), disk([{"modified": ns(NOON)}], "E2"))
    _, rows = made.between(None, None, 0, 10)
    assert [(each.exhibit.label, each.at) for each in rows] == [
        ("E1", NOON - timedelta(seconds=90)), ("E2", NOON),
    ]  # fmt: skip


moments = st.integers(365, 84_000).flatmap(
    lambda days: st.integers(0, 86_399_999_999).map(
        lambda more: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days, microseconds=more)
    )
)


@given(st.lists(moments, max_size=30), moments, moments, st.integers(0, 5), st.integers(1, 9))
def test_what_lies_between_is_what_a_plain_look_finds(
    times: list[datetime], one: datetime, other: datetime, skip: int, most: int
) -> None:
    since, until = sorted((one, other))
    made = line(disk([{"accessed": ns(each)} for each in times]))
    plain = sorted(each for each in times if since <= each < until)
    count, rows = made.between(since, until, skip, most)
    assert count == len(plain)
    assert [each.at for each in rows] == plain[skip : skip + most]


@given(st.lists(moments, min_size=1, max_size=30), st.sampled_from(["UTC", "America/New_York"]))
def test_bars_hold_every_time_once_and_lie_side_by_side(times: list[datetime], zone: str) -> None:
    made = line(disk([{"created": ns(each)} for each in times]), shown=ZoneInfo(zone))
    step, bars = made.bars(None, None)
    assert sum(each.count for each in bars) == len(times)
    assert all(a.until == b.since for a, b in itertools.pairwise(bars))
    assert step == "year" or len(bars) <= 120
    for each in bars:
        assert made.between(each.since, each.until, 0, 0)[0] == each.count


def test_a_bar_opens_in_finer_ones_down_to_minutes() -> None:
    made = line(disk([{"modified": ns(NOON + timedelta(days=n))} for n in range(900)]))
    steps = []
    since, until = None, None
    for _ in range(5):
        step, bars = made.bars(since, until)
        steps.append(step)
        full = next(each for each in bars if each.count)
        since, until = full.since, full.until
    assert (steps[0], steps[-1]) == ("month", "minute")
    assert steps == sorted(steps, key=STEPS.index)


def test_no_disk_has_no_line() -> None:
    assert line().bars(None, None) == ("year", [])
    assert line().between(None, None, 0, 5) == (0, [])


@pytest.mark.parametrize("year", [1601, 2300])
def test_a_span_beyond_what_can_be_stored_holds_all_on_its_side(year: int) -> None:
    made = line(disk([{"modified": ns(NOON)}]))
    edge = datetime(year, 1, 1, tzinfo=UTC)
    assert made.between(edge, None, 0, 0)[0] == (year < 2000)
    assert made.between(None, edge, 0, 0)[0] == (year > 2000)
