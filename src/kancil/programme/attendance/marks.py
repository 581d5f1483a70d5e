"""Marks as a device sends them: who signed them, and which of them can be taken.

A file carried by hand and an upload are the same bytes: JSON whose `payload` is a text, signed with
HMAC-SHA-256 (RFC 2104) under the device's key. What is signed is that text as it stands, so that
no two programs must agree on how JSON is written.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from kancil.ground.phrase import Phrase
from kancil.programme.errors import MarksNotReadable, MarksNotSigned

FORMAT, NUMBER = "kancil-marks", 1
MOST_BYTES = 1_000_000
MOST_MARKS = 5_000
"""Of one upload; a device sends more in several."""
MOST_SHEETS = 1_000
_APART = timedelta(days=1)
"""A day begins earlier or later in another zone, by less than this."""
_EARLY = timedelta(hours=1)
"""A device's clock may be behind by so much when it is prepared."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_HOW = ("badge", "name")
_LONE = re.compile("[\ud800-\udfff]")
"""Half of a pair of UTF-16, which JSON can name and UTF-8 cannot write."""


class Refusal(StrEnum):
    """Why a mark is not taken; its words: `programme.mark-refused.<value>`."""

    NOT_READABLE = "not-readable"
    NOT_REGISTERED = "not-registered"
    DAY_OUTSIDE = "day-outside"
    DAY_APART = "day-apart"
    """It was made on another day than it is for."""
    BEFORE = "before-prepared"
    EXPIRED = "after-expiry"

    @property
    def words(self) -> Phrase:
        """As a sentence."""
        return Phrase(f"programme.mark-refused.{self.value}")


@dataclass(frozen=True, slots=True)
class SentMark:
    """A mark as a device made it."""

    id: str
    badge: str
    day: date
    marked_at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Event:
    """What a device's marks are held to."""

    begins_on: date
    ends_on: date
    prepared_at: datetime
    expires_at: datetime
    badges: Collection[str]
    """Of those who are registered."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What came signed by a device."""

    device: str
    payload: str
    hmac: str

    def require_signed(self, key: bytes) -> None:
        """Compare with what the device's key signs, in constant time; raises MarksNotSigned."""
        if not hmac.compare_digest(signature(key, self.payload), self.hmac):
            raise MarksNotSigned


@dataclass(frozen=True, slots=True)
class Payload:
    """What a device signed: marks and evaluation sheets, not yet judged."""

    marks: tuple[Any, ...]
    sheets: tuple[Any, ...]


def signature(key: bytes, payload: str) -> str:
    """HMAC-SHA-256 of a payload's UTF-8, in hex."""
    return hmac.new(key, payload.encode(), hashlib.sha256).hexdigest()


def read_upload(data: bytes) -> Upload:
    """Read the envelope, before anything in it is believed; raises MarksNotReadable."""
    if len(data) > MOST_BYTES:
        raise MarksNotReadable(why=Phrase("why.marks-too-large"))
    found = _json(data)
    if not isinstance(found, dict) or (found.get("format"), found.get("number")) != (
        FORMAT, NUMBER,
    ):  # fmt: skip
        raise MarksNotReadable(why=Phrase("why.marks-format"))
    device, payload, signed = (found.get(name) for name in ("device", "payload", "hmac"))
    texts = isinstance(device, str) and isinstance(payload, str) and isinstance(signed, str)
    if not texts or _UUID.fullmatch(device or "") is None or not (signed or "").isascii():
        raise MarksNotReadable(why=Phrase("why.marks-format"))
    if _LONE.search(str(payload)):
        raise MarksNotReadable(why=Phrase("why.marks-format"))
    return Upload(str(device), str(payload), str(signed))


def read_payload(upload: Upload) -> Payload:
    """Read what was signed; raises MarksNotReadable, also for another device's."""
    found = _json(upload.payload.encode())
    if not isinstance(found, dict) or found.get("device") != upload.device:
        raise MarksNotReadable(why=Phrase("why.marks-format"))
    marks, sheets = found.get("marks", []), found.get("sheets", [])
    if not isinstance(marks, list) or not isinstance(sheets, list):
        raise MarksNotReadable(why=Phrase("why.marks-format"))
    if len(marks) > MOST_MARKS or len(sheets) > MOST_SHEETS:
        raise MarksNotReadable(why=Phrase("why.marks-too-many", {"most": MOST_MARKS}))
    return Payload(tuple(marks), tuple(sheets))


def is_uuid(text: object) -> bool:
    """Whether it is a UUID as browsers and `new_id` write them."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def read_mark(given: Any) -> SentMark | None:
    """One mark; None where it cannot be read."""
    if not isinstance(given, Mapping):
        return None
    id, badge, how = given.get("id"), given.get("badge"), given.get("how")
    if not is_uuid(id) or not is_uuid(badge) or how not in _HOW:
        return None
    try:
        day = date.fromisoformat(given.get("day", ""))
        at = datetime.fromisoformat(given.get("at", ""))
    except (TypeError, ValueError):
        return None
    return None if at.tzinfo is None else SentMark(str(id), str(badge), day, at, str(how))


def refusal(mark: SentMark, event: Event) -> Refusal | None:
    """Why a mark cannot be taken; None: it can. The first reason of several."""
    if not event.begins_on <= mark.day <= event.ends_on:
        return Refusal.DAY_OUTSIDE
    if mark.marked_at > event.expires_at:
        return Refusal.EXPIRED
    if mark.marked_at < event.prepared_at - _EARLY:
        return Refusal.BEFORE
    if abs(mark.marked_at.astimezone(UTC).date() - mark.day) > _APART:
        return Refusal.DAY_APART
    return None if mark.badge in event.badges else Refusal.NOT_REGISTERED


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise MarksNotReadable(why=Phrase("why.marks-format")) from error
