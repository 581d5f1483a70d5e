"""The values of a protocol file's keys: each taken as what it must be, or told as a fault.

Trees come from `kancil.ground.yaml_tree`; what was taken goes to `reading`, which makes a protocol
of it. A taker gives None for what it cannot take, and has then kept the fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import takewhile
from typing import TypeVar

from kancil.assessment.protocol import Text
from kancil.assessment.protocol_files.keys import Form
from kancil.ground.phrase import Param
from kancil.ground.yaml_tree import Fault, Listed, Mapped, Node, Scalar

SHOWN = 60
"""Characters of a wrong value that a fault shows."""
LIMIT_FAULTS = 2000
"""After so many the rest of the file is not looked at, and that is said."""
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_INDICATOR_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_VERSION = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Reference:
    """An id that must stand in one of the file's lists."""

    of: str
    id: str
    node: Node


@dataclass(slots=True)
class Reading:
    """One file while it is read: its faults, the ids it has, the ids it speaks of."""

    file: str
    language: str = "en"
    faults: list[Fault] = field(default_factory=list)
    known: dict[str, dict[str, Node]] = field(default_factory=dict)
    """Ids by list, each with its place."""
    references: list[Reference] = field(default_factory=list)
    places: dict[str, Node] = field(default_factory=dict)
    """Nodes by their way from the top: `indicators/LF10/stages`."""

    @property
    def is_full(self) -> bool:
        """Whether there are so many faults that the rest is not looked at."""
        return len(self.faults) >= LIMIT_FAULTS

    def fault(self, code: str, node: Node, **params: Param) -> None:
        """Keep a fault at a node."""
        self.faults.append(Fault(code, self.file, node.line, node.column, params))


Taker = Callable[[Reading, Node], T | None]


class Keys:
    """The keys of one mapping: those it may not have and those it lacks are told at once."""

    def __init__(self, reading: Reading, node: Node, form: Form, place: str | None = None) -> None:
        """Take a node that must be a mapping; `place`: its way from the top, if it is looked up."""
        self.reading, self.node, self.place = reading, node, place
        self.nodes: dict[str, Node] = {}
        if not isinstance(node, Mapped):
            reading.fault("protocol-not-a-mapping", node, known=", ".join(form.known))
            return
        for name, (key, value) in node.pairs.items():
            if reading.is_full:
                return
            if name not in form.known:
                known = ", ".join(form.known)
                reading.fault("protocol-unknown-key", key, key=name[:SHOWN], known=known)
            elif isinstance(value, Scalar) and value.is_null and name != "checked":
                reading.fault("protocol-empty-value", key, key=name)
            else:
                self.nodes[name] = value
                if place is not None:
                    reading.places.setdefault(f"{place}/{name}".lstrip("/"), value)
        for name in form.needed:
            if name not in node.pairs:
                reading.fault("protocol-missing-key", node, key=name)

    def take(self, key: str, taker: Taker[T]) -> T | None:
        """Take a key's value; None where it is missing or wrong."""
        node = self.nodes.get(key)
        return None if node is None else taker(self.reading, node)

    def need(self, key: str, taker: Taker[T], instead: T) -> T:
        """Take a key's value; `instead`: what stands there where a fault is already kept."""
        found = self.take(key, taker)
        return instead if found is None else found

    def text(self, key: str) -> Text:
        """Take a Text that must be there."""
        return self.need(key, text, Text({}, self.reading.language))

    def line(self, key: str) -> str:
        """Take a string that must be there."""
        return self.need(key, line, "")

    def some(self, key: str, taker: Taker[T], *, may_be_empty: bool = True) -> tuple[T, ...]:
        """Take the items of a list; an empty tuple where it is missing."""
        items = items_of(self.reading, self.nodes.get(key), key, may_be_empty=may_be_empty)
        taken = (taker(self.reading, item) for item in items)
        return tuple(each for each in taken if each is not None)


def items_of(
    reading: Reading, node: Node | None, key: str, *, may_be_empty: bool = True
) -> Iterator[Node]:
    """Go through the items of a list; none where it is missing or no list."""
    if node is None:
        return
    if not isinstance(node, Listed):
        reading.fault("protocol-not-a-list", node, key=key)
    elif not node.items and not may_be_empty:
        reading.fault("protocol-empty-list", node, key=key)
    else:
        yield from takewhile(lambda _: not reading.is_full, node.items)


def written(node: Node) -> str:
    """What stands at a node, cut to what a fault shows."""
    if isinstance(node, Scalar):
        return node.text[:SHOWN]
    return "[…]" if isinstance(node, Listed) else "{…}"


def line(reading: Reading, node: Node) -> str | None:
    """Take a string that is not empty and that every YAML reader takes as one."""
    if not isinstance(node, Scalar):
        reading.fault("protocol-not-text", node, written=written(node))
    elif not node.is_text:
        reading.fault("protocol-not-quoted", node, written=written(node))
    elif not node.text.strip():
        reading.fault("protocol-empty-text", node)
    else:
        return node.text.strip()
    return None


def text(reading: Reading, node: Node) -> Text | None:
    """Take a Text: a string in the protocol's own language, or strings by language."""
    own = reading.language
    if not isinstance(node, Mapped):
        said = line(reading, node)
        return None if said is None else Text({own: said}, own)
    found: dict[str, str] = {}
    for language, (key, value) in node.pairs.items():
        if _LANGUAGE.fullmatch(language) is None:
            reading.fault("protocol-language-wrong", key, written=language[:SHOWN])
        words = line(reading, value)
        if words is not None:
            found[language] = words
    if own not in node.pairs:
        reading.fault("protocol-own-language-missing", node, language=own)
    return Text(found, own)


def _formed(form: re.Pattern[str], code: str) -> Taker[str]:
    def take(reading: Reading, node: Node) -> str | None:
        found = line(reading, node)
        if found is None or form.fullmatch(found) is not None:
            return found
        reading.fault(code, node, written=written(node))
        return None

    return take


ident = _formed(_ID, "protocol-id-wrong")
"""Takes an id of small letters, digits, `-` and `_`."""
indicator_id = _formed(_INDICATOR_ID, "protocol-id-wrong")
"""Takes an id of an indicator, which may also have capitals and dots."""
version = _formed(_VERSION, "protocol-version-wrong")
language = _formed(_LANGUAGE, "protocol-language-wrong")
address = _formed(_ADDRESS, "protocol-address-wrong")


def whole(reading: Reading, node: Node) -> int | None:
    """Take a whole number."""
    if isinstance(node, Scalar) and node.is_plain and _WHOLE.fullmatch(node.text) is not None:
        return int(node.text)
    reading.fault("protocol-not-whole", node, written=written(node))
    return None


def year(reading: Reading, node: Node) -> int | None:
    """Take a year."""
    found = whole(reading, node)
    if found is None or 1800 <= found <= 2200:
        return found
    reading.fault("protocol-not-a-year", node, written=written(node))
    return None


def number(reading: Reading, node: Node) -> float | None:
    """Take a number that is not below 0."""
    if isinstance(node, Scalar) and node.is_plain and _NUMBER.fullmatch(node.text) is not None:
        return float(node.text)
    reading.fault("protocol-not-a-number", node, written=written(node))
    return None


def weight(reading: Reading, node: Node) -> float | None:
    """Take a weight: a number above 0."""
    found = number(reading, node)
    if found != 0:
        return found
    reading.fault("protocol-weight-wrong", node, written=written(node))
    return None


def percent(reading: Reading, node: Node) -> float | None:
    """Take a percentage: 0 to 100."""
    found = number(reading, node)
    if found is None or found <= 100:
        return found
    reading.fault("protocol-percent-wrong", node, written=written(node))
    return None


def flag(reading: Reading, node: Node) -> bool | None:
    """Take true or false; `yes` and `no`, which YAML readers take differently, are neither."""
    if isinstance(node, Scalar) and node.is_plain and node.text in {"true", "false"}:
        return node.text == "true"
    reading.fault("protocol-not-a-flag", node, written=written(node))
    return None


def day(reading: Reading, node: Node) -> date | None:
    """Take a day, 2026-03-09."""
    if isinstance(node, Scalar) and _DAY.fullmatch(node.text) is not None:
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            pass
    reading.fault("protocol-not-a-day", node, written=written(node))
    return None


def one_of(kind: type[E]) -> Taker[E]:
    """A taker of the words of an enumeration."""

    def take(reading: Reading, node: Node) -> E | None:
        if isinstance(node, Scalar) and node.text in set(kind):
            return kind(node.text)
        known = ", ".join(kind)
        reading.fault("protocol-not-one-of", node, written=written(node), known=known)
        return None

    return take


def word_of(*words: str) -> Taker[str]:
    """A taker of some words."""

    def take(reading: Reading, node: Node) -> str | None:
        if isinstance(node, Scalar) and node.text in words:
            return node.text
        known = ", ".join(words)
        reading.fault("protocol-not-one-of", node, written=written(node), known=known)
        return None

    return take


def reference(of: str) -> Taker[str]:
    """A taker of an id that must stand in the list `of`; looked up when all is read."""
    form = indicator_id if of == "indicators" else ident

    def take(reading: Reading, node: Node) -> str | None:
        found = form(reading, node)
        if found is not None:
            reading.references.append(Reference(of, found, node))
        return found

    return take


def entries(
    keys: Keys,
    key: str,
    form: Form,
    make: Callable[[Keys, str], T],
    *,
    taker: Taker[str] = ident,
    may_be_empty: bool = True,
) -> dict[str, T]:
    """Take a list of mappings by their ids, each of which stands once; `make` makes one of them."""
    reading, found, seen = keys.reading, {}, dict[str, Node]()
    items = items_of(reading, keys.nodes.get(key), key, may_be_empty=may_be_empty)
    way = f"{keys.place}/{key}" if keys.place else key
    for order, item in enumerate(items):
        each = Keys(reading, item, form, f"{way}/{_id_of(item) or order}")
        id_node = each.nodes.get("id")
        id = each.take("id", taker) or ""
        made = make(each, id)
        if not id or id_node is None:
            continue
        if id in seen:
            reading.fault("protocol-duplicate-id", id_node, id=id, first=seen[id].line)
            continue
        seen[id] = id_node
        found[id] = made
    if not keys.place:
        reading.known[key] = seen
    return found


def _id_of(node: Node) -> str | None:
    pair = node.pairs.get("id") if isinstance(node, Mapped) else None
    return pair[1].text if pair is not None and isinstance(pair[1], Scalar) else None
