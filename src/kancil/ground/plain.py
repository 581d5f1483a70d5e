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

from collections.abc import Callable, Iterable, Mapping, Set
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


def where_filled(name: str) -> Mapping[str, Any]:
    """Metadata of a field `name` that is not written where it is empty: a key added later.

    What was written before there was such a field stays the same, byte for byte.
    """
    return {_WRITTEN: ("", lambda value: {name: value} if value else {}, True)}


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

    `writers`: for types that are to be written otherwise here, or that have no form of their own;
    plain text is never asked about. Raises TypeError for what has no form.
    """
    kind: type = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind in writers:
        return writers[kind](value)
    return _form(kind)(value, writers)


@cache
def _form(kind: type) -> Callable[[Any, Writers], Any]:
    """How values of a type are written; looked up once a type."""
    if is_dataclass(kind):
        return _shaped if hasattr(kind, "as_dict") else _object
    for base, form in _FORMS.items():
        if issubclass(kind, base):
            return form
    raise TypeError(f"{kind.__name__} has no plain form")


def _shaped(value: Any, writers: Writers) -> Any:
    return plain(value.as_dict(), writers)


def _object(value: Any, writers: Writers) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kind: type = type(value)
    for name, key, by, is_flat in _members(kind):
        each = plain(by(getattr(value, name)), writers)
        if is_flat:
            found |= each
        else:
            found[key] = each
    return found


def _word(value: Any, _writers: Writers) -> Any:
    name = value.name.lower().replace("_", "-")
    return name if isinstance(value, int) else value.value


def _whole(value: int, _writers: Writers) -> int | str:
    return int(value) if abs(value) <= MAX_SAFE_INTEGER else str(int(value))


def _mapping(value: Mapping[Any, Any], writers: Writers) -> dict[str, Any]:
    return {str(plain(key)): plain(each, writers) for key, each in value.items()}


def _unordered(value: Iterable[Any], writers: Writers) -> list[Any]:
    return sorted((plain(each, writers) for each in value), key=str)


def _listed(value: Iterable[Any], writers: Writers) -> list[Any]:
    return [plain(each, writers) for each in value]


_AS_THEY_ARE = frozenset((str, bool, float, type(None)))
_FORMS: Mapping[type, Callable[[Any, Writers], Any]] = {
    Enum: _word,
    int: _whole,
    str: lambda value, _: str(value),
    PurePath: lambda value, _: str(value),
    datetime: lambda value, _: clock.to_text(value),
    date: lambda value, _: value.isoformat(),
    bytes: lambda value, _: value.hex(),
    bytearray: lambda value, _: value.hex(),
    Mapping: _mapping,
    Set: _unordered,
    Iterable: _listed,
}
"""In this order: a word of an enumeration is a text or a number too, and a moment is a day."""


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
