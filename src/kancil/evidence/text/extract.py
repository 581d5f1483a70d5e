"""The text of a file by its kind: of a format that is read, else the strings in its bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from kancil.evidence.members.opening import is_archive

from .office import office_text
from .plain import plain_text, strings

MAX_CHARACTERS = 16_000_000
"""Of one file or member; a longer text is cut there."""
_STRINGS = frozenset({"bytes", "ole", "program", "blocks"})
"""Kinds of which only the strings are taken."""


@cache
def _readers() -> dict[str, Callable[[bytes], str]]:
    """By kind. A reader gives what it can of broken bytes."""
    return {
        "text": plain_text,
        "zip": office_text,
        **dict.fromkeys(_STRINGS, strings),
    }


def is_read(kind: str) -> bool:
    """Whether `text_of` or `members_of` wants the whole bytes of a file of a kind."""
    return kind in _readers() or is_archive(kind)


def text_of(kind: str, path: str, data: bytes) -> str | None:
    """The text of a file, at most `MAX_CHARACTERS`; None where its kind has none.

    `kind`: of the file (`reading.kinds`). `path`: on the disk, or inside of a file of it.
    """
    reader = _readers().get(kind)
    text = reader(data)[:MAX_CHARACTERS] if reader is not None else ""
    return text or None
