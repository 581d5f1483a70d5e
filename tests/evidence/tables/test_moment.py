"""Dates are read by a stated format alone; without a zone there is no UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.tables.moment import (
    AMBIGUOUS,
    BUDDHIST,
    NO_ZONE,
    ZONE_UNKNOWN,
    TimeForm,
    is_time_format,
    read_moment,
    zone_named,
)


def utc(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, micro: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, micro, UTC)


def form(*formats: str, zone: str | None = "UTC", calendar: str = "gregorian") -> TimeForm:
    return TimeForm(formats, zone, calendar)


@pytest.mark.parametrize(
    ("text", "time_format", "expected"),
    [
        ("2024-03-04 05:06:07", "YYYY-MM-DD hh:mm:ss", utc(2024, 3, 4, 5, 6, 7)),
        ("04/03/2024 05:06", "DD/MM/YYYY hh:mm", utc(2024, 3, 4, 5, 6)),
        ("3/4/2024 5:06 PM", "MM/DD/YYYY hh:mm AP", utc(2024, 3, 4, 17, 6)),
        ("12:00 a.m. 4 Mar 2024", "hh:mm AP DD MON YYYY", utc(2024, 3, 4)),
        ("2024-03-04T05:06:07.123456Z", "YYYY-MM-DDThh:mm:ssZZ",
         utc(2024, 3, 4, 5, 6, 7, 123456)),
        ("2024-03-04 12:06:07 +0700", "YYYY-MM-DD hh:mm:ss ZZ", utc(2024, 3, 4, 5, 6, 7)),
        ("20240304 05:06", "YYYYMMDD hh:mm", utc(2024, 3, 4, 5, 6)),
        ("1709528767", "unix", utc(2024, 3, 4, 5, 6, 7)),
        ("1709528767123", "unix-ms", utc(2024, 3, 4, 5, 6, 7, 123000)),
        ("  2024-03-04\u00a005:06:07 ", "YYYY-MM-DD hh:mm:ss", utc(2024, 3, 4, 5, 6, 7)),
        ("២០២៤-០៣-០៤ ០៥:០៦", "YYYY-MM-DD hh:mm", utc(2024, 3, 4, 5, 6)),  # Khmer digits
    ],
)  # fmt: skip
def test_a_time_is_read_by_its_format(text: str, time_format: str, expected: datetime) -> None:
    moment = read_moment(text, form(time_format))
    assert moment is not None
    assert moment.at == expected


def test_the_third_of_april_and_the_fourth_of_march_are_told_apart_by_the_format() -> None:
    one = read_moment("03/04/2024", form("DD/MM/YYYY"))
    other = read_moment("03/04/2024", form("MM/DD/YYYY"))
    assert one is not None
    assert other is not None
    assert (one.day, other.day) == (date(2024, 4, 3), date(2024, 3, 4))


def test_a_day_is_a_day_and_not_its_midnight() -> None:
    moment = read_moment("2024-03-04", form("YYYY-MM-DD", zone="Asia/Vientiane"))
    assert moment is not None
    assert (moment.day, moment.at, moment.zone) == (date(2024, 3, 4), None, "Asia/Vientiane")


def test_a_time_without_a_known_zone_has_no_utc() -> None:
    moment = read_moment("2024-03-04 05:06", form("YYYY-MM-DD hh:mm", zone=ZONE_UNKNOWN))
    assert moment is not None
    assert (moment.at, moment.note, moment.day) == (None, NO_ZONE, date(2024, 3, 4))


def test_local_time_becomes_utc_and_the_day_stays_local() -> None:
    moment = read_moment("2024-03-04 01:30", form("YYYY-MM-DD hh:mm", zone="Asia/Vientiane"))
    assert moment is not None
    assert moment.at == datetime(2024, 3, 3, 18, 30, tzinfo=UTC)
    assert moment.day == date(2024, 3, 4)


@pytest.mark.parametrize("text", ["2024-10-27 02:30", "2024-03-31 02:30"])
def test_an_hour_that_stands_twice_or_not_at_all_is_not_decided(text: str) -> None:
    moment = read_moment(text, form("YYYY-MM-DD hh:mm", zone="Europe/Berlin"))
    assert moment is not None
    assert (moment.at, moment.note) == (None, AMBIGUOUS)


def test_years_are_counted_from_the_buddha_where_it_is_stated() -> None:
    thai = form("DD/MM/YYYY", calendar=BUDDHIST)
    moment = read_moment("13/04/2567", thai)
    assert moment is not None
    assert moment.day == date(2024, 4, 13)
    short = read_moment("13/04/67", form("DD/MM/YY", calendar=BUDDHIST))
    assert short is not None
    assert short.day == date(2024, 4, 13)
    leap = read_moment("29/02/2567", thai)
    assert leap is not None
    assert leap.day == date(2024, 2, 29)
    assert read_moment("13/04/2567", form("DD/MM/YYYY")) is None


@pytest.mark.parametrize(
    ("text", "time_format"),
    [
        ("2024-02-30", "YYYY-MM-DD"), ("2024-13-01", "YYYY-MM-DD"), ("0000-01-01", "YYYY-MM-DD"),
        ("1969-12-31", "YYYY-MM-DD"), ("2201-01-01", "YYYY-MM-DD"), ("", "YYYY-MM-DD"),
        ("2024-03-04 24:00", "YYYY-MM-DD hh:mm"), ("2024-03-04 13:00 PM", "YYYY-MM-DD hh:mm AP"),
        ("2024-03-04 0:00 AM", "YYYY-MM-DD hh:mm AP"), ("2024111", "YYYYMMDD"),
        ("4 Foo 2024", "DD MON YYYY"), ("-1", "unix"), ("1.5", "unix"), ("9" * 15, "unix"),
        ("2024-03-04 05:06:07", "YYYY-MM-DD"), ("x" * 61, "YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_what_does_not_exist_or_does_not_fit_is_none(text: str, time_format: str) -> None:
    assert read_moment(text, form(time_format)) is None


@pytest.mark.parametrize(
    ("text", "hours"), [("UTC", 0), ("Z", 0), ("+07:00", 7), ("UTC+7", 7), ("-0330", -3.5)]
)
def test_a_zone_may_be_an_offset(text: str, hours: float) -> None:
    zone = zone_named(text)
    assert zone is not None
    assert zone.utcoffset(None) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "Mars/Olympus", "../etc/passwd", "+99:00", "\0", "x" * 999])
def test_what_is_no_zone_is_none(text: str) -> None:
    assert zone_named(text) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("unix", True), ("DD.MM.YY", True), ("MON DD, YYYY", True), ("DD/MM", False), ("", False),
        ("YYYY-MM-DD MM", False), ("YYYY YY MM DD", False), ("%Y-%m-%d", False),
    ],
)  # fmt: skip
def test_a_format_names_year_month_and_day_once(text: str, is_one: bool) -> None:
    assert is_time_format(text) is is_one


@given(st.integers(10**5, 7 * 10**9), st.sampled_from(["+07:00", "UTC", "-03:00"]))
def test_a_written_time_is_read_back(seconds: int, zone: str) -> None:
    known = zone_named(zone)
    moment = datetime.fromtimestamp(seconds, known)
    text = moment.strftime("%d.%m.%Y %H:%M:%S")
    read = read_moment(text, form("DD.MM.YYYY hh:mm:ss", zone=zone))
    assert read is not None
    assert read.at == moment
    assert read.day == moment.date()


@given(
    st.text(max_size=70), st.sampled_from(["DD/MM/YYYY hh:mm", "unix", "MON DD, YYYY", "YYMMDD"])
)
def test_any_text_is_a_time_or_none(text: str, time_format: str) -> None:
    moment = read_moment(text, form(time_format, zone="Asia/Bangkok"))
    assert moment is None or 1970 <= moment.day.year <= 2200
