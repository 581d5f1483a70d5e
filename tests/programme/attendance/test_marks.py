"""Marks as they are signed and read: RFC 4231's example, and days about midnight in other zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kancil.programme.attendance.marks import (
    Event,
    Refusal,
    SentMark,
    is_uuid,
    read_mark,
    refusal,
    signature,
)

BADGE = "0b5f0c1e-8a52-4c8e-9d27-6d1f0f2f7a01"
NOON = datetime(2026, 3, 9, 5, tzinfo=UTC)
EVENT = Event(date(2026, 3, 9), date(2026, 3, 11), NOON, NOON + timedelta(hours=48), {BADGE})


def test_a_signature_is_that_of_rfc_4231() -> None:
    # Test case 2 of RFC 4231: key "Jefe".
    found = signature(b"Jefe", "what do ya want for nothing?")
    assert found == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.mark.parametrize(
    ("at", "day", "why"),
    [
        ("2026-03-09T16:59:00Z", date(2026, 3, 9), None),
        ("2026-03-10T16:00:00Z", date(2026, 3, 11), None),  # already the 11th in Suva
        ("2026-03-11T04:59:59Z", date(2026, 3, 11), None),
        ("2026-03-11T05:00:01Z", date(2026, 3, 11), Refusal.EXPIRED),
        ("2026-03-09T04:30:00Z", date(2026, 3, 9), None),  # a clock that is behind
        ("2026-03-09T03:59:59Z", date(2026, 3, 9), Refusal.BEFORE),
        ("2026-03-09T06:00:00Z", date(2026, 3, 11), Refusal.DAY_APART),
        ("2026-03-09T06:00:00Z", date(2026, 3, 8), Refusal.DAY_OUTSIDE),
    ],
)
def test_a_mark_is_held_to_day_and_hours(at: str, day: date, why: Refusal | None) -> None:
    mark = SentMark(BADGE, BADGE, day, datetime.fromisoformat(at), "badge")
    assert refusal(mark, EVENT) is why


def test_a_mark_of_nobody_here_is_refused() -> None:
    mark = SentMark(BADGE, BADGE.replace("0b", "0c"), date(2026, 3, 9), NOON, "badge")
    assert refusal(mark, EVENT) is Refusal.NOT_REGISTERED


def test_a_mark_as_a_browser_writes_it_is_read() -> None:
    given = {
        "id": BADGE, "badge": BADGE, "day": "2026-03-09", "at": "2026-03-09T05:00:00.123Z",
        "how": "name",
    }  # fmt: skip
    found = read_mark(given)
    assert found is not None
    assert found.marked_at == NOON.replace(microsecond=123_000)
    assert read_mark({**given, "how": "sheet"}) is None, "only the desk says that"
    assert not is_uuid(BADGE.upper())
