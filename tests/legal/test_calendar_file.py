"""The calendar file, against RFC 5545 (iCalendar), by its octets and read back as a calendar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from kancil.legal.calendar_file import Days, Entry, calendar_file
from tests.examples import examples

MADE = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def unfolded(data: bytes) -> list[str]:
    """Read content lines as section 3.1 says: CRLF and one space or tab are no part of them."""
    assert data.endswith(b"\r\n")
    return re.sub(rb"\r\n[ \t]", b"", data).decode().removesuffix("\r\n").split("\r\n")


def test_an_entry_has_what_section_3_6_1_asks_for() -> None:
    at = datetime(1997, 7, 14, 13, 30, tzinfo=timezone(timedelta(hours=-4)))
    lines = unfolded(calendar_file([Entry("a", at, "R3: freeze, hold ends", 3)], MADE))
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kancil//Dates//EN"]
    assert lines[-1] == "END:VCALENDAR"
    assert "DTSTAMP:20260301T080000Z" in lines
    assert "DTSTART:19970714T173000Z" in lines  # the example of section 3.3.5, form 2
    assert r"SUMMARY:R3: freeze\, hold ends" in lines
    assert "TRIGGER:-P3D" in lines
    for part in ("VEVENT", "VALARM"):
        assert lines.index(f"BEGIN:{part}") < lines.index(f"END:{part}")


def test_a_calendar_that_reads_it_finds_the_same_facts() -> None:
    zone = timezone(timedelta(hours=7))
    said = "R3: freeze, hold ends; \\ Δ — ខ្មែរ " * 6
    timed = Entry("R3 hold-ends", datetime(2026, 3, 5, 17, 0, tzinfo=zone), said.strip(), 3)
    days = Days("A", date(2026, 4, 5), date(2026, 4, 7), "Tracing, part 2", "Kasa; hall 2",
                "CANCELLED")  # fmt: skip
    data = calendar_file([timed, days], MADE)
    assert b"TZID" not in data
    read = Calendar.from_ical(data)
    assert (read["VERSION"], read["CALSCALE"]) == ("2.0", "GREGORIAN")
    assert not [each for each in read.walk() if each.name == "VTIMEZONE"]
    first, second = read.walk("VEVENT")
    assert [each.decoded("DTSTAMP") for each in (first, second)] == [MADE, MADE]
    assert first.decoded("DTSTART") == timed.at
    assert (first["SUMMARY"], first["CLASS"]) == (said.strip(), "CONFIDENTIAL")
    (alarm,) = first.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(days=-3)
    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", said.strip())
    assert (second.decoded("DTSTART"), second.decoded("DTEND")) == (days.first, date(2026, 4, 8))
    assert (second["SUMMARY"], second["LOCATION"]) == (days.summary, days.place)
    assert second["STATUS"] == "CANCELLED"
    assert second.walk("VALARM") == []
    assert {first["TRANSP"], second["TRANSP"]} == {"TRANSPARENT"}


def test_the_uid_is_the_same_in_each_file_and_says_nothing() -> None:
    later = MADE + timedelta(days=4)
    one = calendar_file([Entry("R3 hold-ends", MADE, "one")], MADE)
    two = calendar_file([Entry("R3 hold-ends", later, "two")], later)
    other = calendar_file([Entry("R4 hold-ends", MADE, "one")], MADE)
    uids = [
        [line for line in unfolded(each) if line.startswith("UID:")] for each in (one, two, other)
    ]
    assert uids[0] == uids[1] != uids[2]
    assert "R3" not in uids[0][0]


def test_text_is_escaped_as_section_3_3_11_has_it() -> None:
    """Its example: Project XYZ Final Review / Conference Room - 3B / Come Prepared."""
    said = "Project XYZ Final Review\nConference Room - 3B\nCome Prepared."
    lines = unfolded(calendar_file([Entry("a", MADE, said)], MADE))
    assert r"SUMMARY:Project XYZ Final Review\nConference Room - 3B\nCome Prepared." in lines


@examples(100)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_no_line_is_longer_than_75_octets_and_none_is_cut_inside_a_character(said: str) -> None:
    data = calendar_file([Entry("a", MADE, said)], MADE)
    parts = data.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(part) <= 75 and part.decode() is not None for part in parts)
    escaped = said.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert f"SUMMARY:{escaped}" in unfolded(data)


def test_a_line_break_makes_no_new_property() -> None:
    lines = unfolded(calendar_file([Entry("a", MADE, "x\r\nATTACH:file:///etc\rY")], MADE))
    assert not [line for line in lines if line.startswith(("ATTACH", "Y"))]
    assert len(lines) == len(unfolded(calendar_file([Entry("a", MADE, "x")], MADE)))


def test_a_control_character_reaches_no_calendar() -> None:
    lines = unfolded(calendar_file([Entry("a", MADE, "a\x00b\x07c\x7fd")], MADE))
    assert "SUMMARY:abcd" in lines


def test_whole_days_end_on_the_day_after_as_section_3_6_1_asks() -> None:
    held = Days("a", date(2007, 6, 28), date(2007, 7, 8), "Festival, no. 1", "Bola; hall 2")
    lines = unfolded(calendar_file([held], MADE))
    assert "DTSTART;VALUE=DATE:20070628" in lines  # the second example of section 3.6.1
    assert "DTEND;VALUE=DATE:20070709" in lines
    assert r"SUMMARY:Festival\, no. 1" in lines
    assert r"LOCATION:Bola\; hall 2" in lines
    assert "STATUS:CONFIRMED" in lines
    assert not [line for line in lines if line.startswith("BEGIN:VALARM")]


def test_the_last_day_of_all_has_none_after_it() -> None:
    lines = unfolded(calendar_file([Days("a", date.max, date.max, "one")], MADE))
    assert "DTSTART;VALUE=DATE:99991231" in lines
    assert not [line for line in lines if line.startswith("DTEND")]  # then it is that day alone
