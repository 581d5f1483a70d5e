"""Typed values as JSON: the one converter, for `--json`, the API, entries, and recorded results.

A frozen dataclass becomes an object with its fields in their order, each under its own name, then
the properties that its class names in `PLAIN_ALSO`. Where one field is written in another way, the
field says so itself: `field(metadata=written("set"))`, `written(by=time_text)`, `LEFT_OUT`, `FLAT`.
A class whose form is another one than its fields has a method `as_dict`, and that is asked.

Numbers that other readers might round become text: fields that end as `AS_TEXT` has it, and every
integer beyond 2^53-1. Times are as `clock.to_text` writes them, days `2026-03-09`, bytes hex; an
enumeration is its value, or its name in small letters where its value is a number. A `Phrase` is
its key and parameters. What stands in a mapping is written by its type alone, not by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from . import clock
from .canonical import MAX_SAFE_INTEGER

AS_TEXT = ("_sat", "_minor", "_bytes")
"""Ends of the names of whole numbers that are text in JSON, however small they are."""
Writer = Callable[[Any], Any]
Writers = Mapping[type, Writer]
_WRITTEN = "plain"
_NO_WRITERS: Writers = MappingProxyType({})


def written(name: str = "", *, by: Writer | None = None) -> Mapping[str, Any]:
    """Metadata of a field that is written under another name, or by a function of its own.

    `by` gives a value that is converted in its turn, and is asked for None too; the end of the
    field's name then says nothing.
    """
    return {_WRITTEN: (name, by, False)}


LEFT_OUT: Mapping[str, Any] = {_WRITTEN: None}
"""Metadata of a field that is not written."""

FLAT: Mapping[str, Any] = {_WRITTEN: ("", None, True)}
"""Metadata of a field whose dataclass stands with its own keys beside the others."""


def itself(value: Any) -> Any:
    """Writer of a number that stays one, though its name ends as `AS_TEXT` has it."""
    return value


def as_text(value: Any) -> Any:
    """Writer of text for a whole number; what is none, such as None or bounds, stays as it is."""
    return str(value) if isinstance(value, int) else value


def or_none(value: Any) -> Any:
    """Writer of what is null in JSON where it is empty."""
    return value or None


def plain(value: Any, writers: Writers = _NO_WRITERS) -> Any:
    """Convert to dicts, lists, text, numbers, booleans and None.

    `writers`: for types that are to be written otherwise here, or that have no form of their own.
    Raises TypeError for what has none.
    """
    kind = type(value)
    if kind in writers:
        return writers[kind](value)
    if value is None or kind in (str, bool, float):
        return value
    if isinstance(value, Enum):
        return value.name.lower().replace("_", "-") if isinstance(value, int) else value.value
    if isinstance(value, int):
        return int(value) if abs(value) <= MAX_SAFE_INTEGER else str(int(value))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each, writers) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, writers) for each in value]
    if is_dataclass(value):
        return _object(value, kind, writers)
    return _single(value, writers)


def _object(value: Any, kind: type, writers: Writers) -> Any:
    if hasattr(kind, "as_dict"):
        return plain(value.as_dict(), writers)
    found: dict[str, Any] = {}
    for name, key, by, is_flat in _members(kind):
        each = plain(by(getattr(value, name)), writers)
        found |= each if is_flat else {key: each}
    return found


def _single(value: Any, writers: Writers) -> Any:
    if isinstance(value, str | PurePath):
        return str(value)
    if isinstance(value, datetime):
        return clock.to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, set | frozenset):
        return sorted((plain(each, writers) for each in value), key=str)
    if isinstance(value, Iterable):
        return [plain(each, writers) for each in value]
    raise TypeError(f"{type(value).__name__} has no plain form")


@cache
def _members(kind: type) -> tuple[tuple[str, str, Writer, bool], ...]:
    """What is written of a class: attribute, key, what makes the value of it, and if it is flat."""
    found = []
    for each in fields(kind):
        said = each.metadata.get(_WRITTEN, ("", None, False))
        if said is not None:
            key, by, is_flat = said
            found.append((each.name, key or each.name, by or _by_name(each.name), is_flat))
    also: tuple[str, ...] = getattr(kind, "PLAIN_ALSO", ())
    return (*found, *((name, name, _by_name(name), False) for name in also))


def _by_name(name: str) -> Writer:
    return as_text if name.endswith(AS_TEXT) else itself
