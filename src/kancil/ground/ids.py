"""Ids as types: UUIDv7 text for what travels between units, short numbers for people.

Source: RFC 9562 section 5.7 (UUID version 7: 48 bits of Unix milliseconds, then random bits).
"""

from __future__ import annotations

import re
import secrets
import time
from typing import NewType

UnitId = NewType("UnitId", str)
OfficerId = NewType("OfficerId", str)
CaseId = NewType("CaseId", str)
ExhibitId = NewType("ExhibitId", str)
FindingId = NewType("FindingId", str)
BasisId = NewType("BasisId", str)
TraceId = NewType("TraceId", str)
StudyId = NewType("StudyId", str)
ViewId = NewType("ViewId", str)
RequestId = NewType("RequestId", str)

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id() -> str:
    """A new UUIDv7 as lower-case text (36 characters).

    Ids of one process sort in the order of their making: the 12 bits after the millisecond are its
    fraction (RFC 9562, section 6.2, method 3), a quarter of a microsecond each.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    value = milliseconds << 80 | 7 << 76 | rest * 4096 // 1_000_000 << 64
    value |= 2 << 62 | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_id(text: str) -> bool:
    """Whether the text is a UUIDv7 in the form that `new_id` gives."""
    return _UUID7.fullmatch(text) is not None
