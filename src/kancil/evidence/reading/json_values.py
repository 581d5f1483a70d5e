"""A value in a JSON file, item by item; a list of objects as a table.

Numbers stay as they are written: none becomes a float. A key that stands twice is kept twice, since
RFC 8259 (section 4) leaves open which one counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from kancil.evidence.errors import FileNotOfForm
from kancil.ground.encodings import encoding_of
from kancil.ground.phrase import Phrase

from .kinds import HEAD_BYTES
from .page import Asked, Found, JsonPage, Node

MAX_BYTES = 40_000_000
PAGE_ITEMS = 200
_TEXT_CHARACTERS = 4_000
_CELL_CHARACTERS = 600
_COLUMNS = 16
_LISTS = 8
_LEAST_LIST = 2


@dataclass(frozen=True, slots=True)
class _Number:
    """A number, as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class _Object:
    """Keys and values in the file's order."""

    pairs: tuple[tuple[str, Any], ...]


def json_page(stream: BinaryIO, asked: Asked) -> JsonPage:
    """Some items of the value that a pointer names; raises FileNotOfForm."""
    stream.seek(0)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise FileNotOfForm(way=Phrase("name.way-json"), why=Phrase("why.file-too-large"))
    encoding, _ = encoding_of(data[:HEAD_BYTES])
    try:
        whole = json.loads(
            data.decode(encoding).removeprefix("\ufeff"),
            object_pairs_hook=lambda pairs: _Object(tuple(pairs)),
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except (ValueError, RecursionError) as error:
        why = Phrase("why.file-not-parsed", {"what": str(error)[:160]})
        raise FileNotOfForm(way=Phrase("name.way-json"), why=why) from error
    value = _at(whole, asked.pointer)
    items = list(_items(value))
    at = max(0, min(asked.at, len(items)))
    part = items[at : at + PAGE_ITEMS]
    columns = _columns(value, [each for _, each in part])
    return JsonPage(
        asked.pointer,
        tuple(_node(asked.pointer, key, each) for key, each in part),
        columns,
        tuple(_row(columns, each) for _, each in part) if columns else (),
        at,
        len(items) if isinstance(value, list | _Object) else -1,
        tuple(sorted(_lists(whole, ""), key=lambda each: -each.size)[:_LISTS])
        if not asked.pointer
        else (),
    )


def _at(value: Any, pointer: str) -> Any:
    """The value at a pointer; of a key that stands twice the last. Raises FileNotOfForm."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        found = [each for name, each in _items(value) if name == key]
        if not found:
            why = Phrase("why.file-no-place")
            raise FileNotOfForm(way=Phrase("name.way-json"), why=why)
        value = found[-1]
    return value


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, _Object):
        yield from value.pairs
    elif isinstance(value, list):
        yield from ((str(number), each) for number, each in enumerate(value))
    else:
        yield "", value


def _node(pointer: str, key: str, value: Any) -> Node:
    step = key.replace("~", "~0").replace("/", "~1")
    size = len(value) if isinstance(value, list) else (
        len(value.pairs) if isinstance(value, _Object) else -1
    )  # fmt: skip
    text = _written(value, "  ") if size >= 0 else _plain(value)
    return Node(key, f"{pointer}/{step}", text[:_TEXT_CHARACTERS], size,
                len(text) > _TEXT_CHARACTERS)  # fmt: skip


def _plain(value: Any) -> str:
    """A value without parts, for people: text without its quotation marks."""
    return value if isinstance(value, str) else _written(value, "")


def _written(value: Any, indent: str, deep: int = 0) -> str:
    """A value as JSON; a little longer than what is shown of it, and no more."""
    if isinstance(value, _Number):
        return value.text
    if not isinstance(value, list | _Object):
        return json.dumps(value, ensure_ascii=False)
    opening, closing = "[]" if isinstance(value, list) else "{}"
    parts: list[str] = []
    room = _TEXT_CHARACTERS
    for key, each in _items(value):
        named = "" if isinstance(value, list) else f"{json.dumps(key, ensure_ascii=False)}: "
        parts.append(named + _written(each, indent, deep + 1))
        room -= len(parts[-1])
        if room < 0:
            break
    if not parts:
        return opening + closing
    if not indent:
        return f"{opening}{', '.join(parts)}{closing}"
    gap = "\n" + indent * (deep + 1)
    return f"{opening}{gap}{f',{gap}'.join(parts)}\n{indent * deep}{closing}"


def _columns(value: Any, part: list[Any]) -> tuple[str, ...]:
    """The keys of a list of objects, in the order in which they are met; empty for all else."""
    if not isinstance(value, list) or not part:
        return ()
    if not all(isinstance(each, _Object) for each in part):
        return ()
    keys = dict.fromkeys(key for each in part for key, _ in each.pairs)
    return tuple(keys)[:_COLUMNS]


def _row(columns: tuple[str, ...], value: _Object) -> tuple[str, ...]:
    held = dict(value.pairs)
    cells = (_cell(held[each]) if each in held else "" for each in columns)
    return tuple(cells)


def _cell(value: Any) -> str:
    text = _plain(value) if not isinstance(value, list | _Object) else _written(value, "")
    return text if len(text) <= _CELL_CHARACTERS else f"{text[:_CELL_CHARACTERS]}…"


def _lists(value: Any, pointer: str) -> Iterator[Found]:
    """Every list of objects with two items or more, outside of other such lists."""
    waiting = [(value, pointer)]
    while waiting:
        each, at = waiting.pop()
        if isinstance(each, list) and len(each) >= _LEAST_LIST and at and all(
            isinstance(one, _Object) for one in each
        ):  # fmt: skip
            yield Found(at, len(each))
            if len(each) > PAGE_ITEMS:
                continue
        for key, inner in _items(each) if isinstance(each, list | _Object) else ():
            step = key.replace("~", "~0").replace("/", "~1")
            if isinstance(inner, list | _Object):
                waiting.append((inner, f"{at}/{step}"))
