"""The keys and values in which typed values leave: a changed form is seen here, and is a decision.

`tests/data/forms.json` was written by the methods that the converter replaced. A form that is
signed, recorded or read by other programs changes with a new version, never by a renamed field.
"""

from __future__ import annotations

import importlib
import json
import sys
import types
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain

FORMS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "forms.json").read_text(encoding="utf-8")
)
_FULL: dict[Any, Any] = {
    str: "text", int: 7, bool: True, bytes: b"\x01\xab", date: date(2026, 3, 9),
    datetime: datetime(2026, 3, 9, 14, 30, tzinfo=UTC), Phrase: Phrase("why.x", {"n": 1}),
    Any: "anything", type(None): None,
}  # fmt: skip
_BARE: dict[Any, Any] = {**_FULL, str: "", int: 0, bool: False, bytes: b""}


def made(kind: Any, *, full: bool) -> Any:
    """Make a value of a type: with something in every place, or with as little as may be."""
    known, inner = _FULL if full else _BARE, get_args(kind)
    kind = getattr(kind, "__supertype__", kind)
    if kind in known:
        return known[kind]
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        may_lack = type(None) in inner and not full
        return None if may_lack else made(inner[0], full=full)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return (made(inner[0], full=full), made(inner[0], full=False)) if full else ()
        return tuple(made(each, full=full) for each in inner)
    if origin in (dict, Mapping):
        return {"a": made(inner[1], full=full)} if full else {}
    if issubclass(kind, Enum):
        return list(kind)[-1 if full else 0]
    known_as = {**vars(sys.modules[kind.__module__]), "Any": Any}
    hints = get_type_hints(kind, known_as)
    values = {each.name: made(hints[each.name], full=full) for each in fields(kind)}
    return kind(**values)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_what_it_was(name: str) -> None:
    place, _, kind = name.partition(":")
    found = getattr(importlib.import_module(place), kind)
    assert [plain(made(found, full=full)) for full in (True, False)] == FORMS[name]
