"""How a dataclass stands in XML: each field says its place once, and is written and read by it.

Fields stand in the order of the schema. `at` puts a field into a child element that is there once:
`status: str = attribute("code", at="activity-status")` is `<activity-status code="2"/>`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from lxml import etree

T = TypeVar("T")
_PREFIX = "{http://www.w3.org/XML/1998/namespace}"
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_NAMED = 200
"""Kinds of places that are counted by name; further ones are counted together."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands in its element."""

    name: str
    """Of the attribute, or of the element; empty: it is the element's text."""
    at: str = ""
    of: type | None = None
    """The dataclass of an element."""
    is_many: bool = False


def attribute(name: str, at: str = "", default: Any = "") -> Any:
    """A field that is an attribute; `xml:lang` is written so."""
    return field(default=default, metadata={"": Place(name.replace("xml:", _PREFIX), at)})


def text(at: str = "", default: Any = "") -> Any:
    """A field that is the text of its element."""
    return field(default=default, metadata={"": Place("", at)})


def one(name: str, of: type) -> Any:
    """A field that is an element which may stand once."""
    return field(default=None, metadata={"": Place(name, of=of)})


def many(name: str, of: type, at: str = "") -> Any:
    """A field that is a tuple of elements."""
    return field(default=(), metadata={"": Place(name, at, of, is_many=True)})


# --- plain values ---------------------------------------------------------------------------------


def clean(value: str) -> str:
    """A text as XML can hold it, without blanks around it."""
    if value.isascii() and value.isprintable():  # as most are
        return value.strip()
    return _NOT_IN_XML.sub("", value).strip()


def _decimal(value: str) -> Decimal:
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise InvalidOperation
    return number


_READ: Mapping[type, Callable[[str], Any]] = {
    str: str,
    date: lambda value: date.fromisoformat(value[:10]),
    datetime: datetime.fromisoformat,
    Decimal: _decimal,
}


def _written(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else clean(str(value))


# --- the plan of a class --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    field: str
    place: Place
    read: Callable[[str], Any]


@cache
def _plan(of: Hashable) -> tuple[_Step, ...]:
    hints = get_type_hints(of)
    steps = []
    for each in fields(of):  # type: ignore[arg-type]  # a dataclass, as a key of the cache
        kind = next(iter(get_args(hints[each.name])), hints[each.name])
        steps.append(_Step(each.name, each.metadata[""], _READ.get(kind, str)))
        if each.default is MISSING:
            raise TypeError(f"{of}.{each.name} has no default")
    return tuple(steps)


def _key(of: type) -> Hashable:
    """A class, as the cache of plans takes it."""
    return of


def written(name: str, value: Any) -> Any:
    """The element of a value; what is empty is left out."""
    made = etree.Element(name)
    inner: dict[str, Any] = {"": made}
    for step in _plan(_key(type(value))):
        held, place = getattr(value, step.field), step.place
        if held is None or held == () or held == "":
            continue
        plain = "" if place.of else _written(held)
        if not (plain or place.of):
            continue
        if place.at not in inner:
            inner[place.at] = etree.SubElement(made, place.at)
        into = inner[place.at]
        if place.is_many:
            into.extend([written(place.name, each) for each in held])
        elif place.of:
            into.append(written(place.name, held))
        elif place.name:
            into.set(place.name, plain)
        else:
            into.text = plain
    return made


class NotUnderstood(Counter[str]):
    """What has no place, counted by its path; `lines`: on which each stands first."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.lines: dict[str, int] = {}


def read(of: type[T], element: Any, not_understood: Counter[str]) -> T:
    """The value of an element; what the class has no place for is counted by its path."""
    children: dict[str, list[Any]] = {}
    for each in element:
        if isinstance(each.tag, str):
            children.setdefault(each.tag, []).append(each)
    inner = {step.place.at: (children.get(step.place.at) or [None])[0] for step in _plan(_key(of))}
    inner[""] = element
    found: dict[str, Any] = {}
    known: set[tuple[str, str]] = set()
    for step in _plan(_key(of)):
        place, at = step.place, inner[step.place.at]
        known.add((place.at, place.name if place.of else f"@{place.name}"))
        if at is None:
            continue
        if place.of:
            listed = children.get(place.name, []) if at is element else at.findall(place.name)
            values: list[Any] = [read(place.of, each, not_understood) for each in listed]
            if place.is_many:
                found[step.field] = tuple(values)
            elif values:
                found[step.field] = values[0]
                _count(not_understood, f"{element.tag}/{place.name}", len(values) - 1, listed[-1])
            continue
        said = clean((at.get(place.name) if place.name else at.text) or "")
        if not said:
            continue
        try:
            found[step.field] = step.read(said)
        except (ValueError, InvalidOperation):
            path = f"{element.tag}/{place.at}@{place.name}".replace("/@", "@")
            _count(not_understood, path, 1, at)
    _count_rest(element, inner, children, known, not_understood)
    return of(**found)


def _count_rest(
    element: Any,
    inner: Mapping[str, Any],
    children: Mapping[str, list[Any]],
    known: set[tuple[str, str]],
    not_understood: Counter[str],
) -> None:
    for tag, listed in children.items():
        if tag in inner:
            _count(not_understood, f"{element.tag}/{tag}", len(listed) - 1, listed[-1])
        elif ("", tag) not in known:
            _count(not_understood, f"{element.tag}/{tag}", len(listed), listed[0])
    for at, there in inner.items():
        if there is None:
            continue
        path = f"{element.tag}/{at}".rstrip("/")
        for name in there.attrib:
            if (at, f"@{name}") not in known:
                _count(not_understood, f"{path}@{name.replace(_PREFIX, 'xml:')}", 1, there)
        if at:
            for each in there:
                if isinstance(each.tag, str) and (at, each.tag) not in known:
                    _count(not_understood, f"{path}/{each.tag}", 1, each)


def _count(into: Counter[str], path: str, times: int, element: Any) -> None:
    if times > 0:
        named = path[:120] if path[:120] in into or len(into) < MOST_NAMED else "…"
        into[named] += times
        if isinstance(into, NotUnderstood):
            into.lines.setdefault(named, int(element.sourceline or 0))
