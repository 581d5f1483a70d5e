"""Values on their way to another process and back: JSON by their type, bytes beside it.

`pack` and `unpack` follow a type annotation on both sides. Nothing that crosses names a class or
a function: a sender that was taken over can lie about values, and can build nothing but the types
that the receiver expects (pickle cannot promise that). Known are text, numbers, bytes, days,
moments, enumerations, dataclasses, models, named tuples, lists, sets, mappings, and unions of them;
`Any` is plain JSON. A `Sequence` comes out as a tuple, a binary stream as one in memory. Paths do
not cross.
"""

from __future__ import annotations

import io
import types
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from typing import (
    Any,
    BinaryIO,
    Literal,
    NamedTuple,
    NewType,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

Blobs = list[bytes]
"""Bytes that cross beside the JSON, by number."""


class NotCrossing(TypeError):
    """A value is not of the type that was promised; its text says where."""


class _Form(NamedTuple):
    """How one type crosses."""

    pack: Callable[[Any, Blobs], Any]
    unpack: Callable[[Any, Blobs], Any]
    fits: Callable[[Any], bool]
    """Whether a value is of this member of a union, at first sight."""


def pack(kind: object, value: object, blobs: Blobs) -> Any:
    """Make a value ready for JSON; raises NotCrossing."""
    return _form(kind).pack(value, blobs)


def unpack(kind: object, packed: object, blobs: Blobs) -> Any:
    """Make the value again; raises NotCrossing for what is not of the type."""
    try:
        return _form(kind).unpack(packed, blobs)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise NotCrossing(f"{kind}: {type(error).__name__}") from error


@cache
def _form(kind: Any) -> _Form:
    if isinstance(kind, NewType):
        return _form(kind.__supertype__)
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin in (Union, types.UnionType):
        return _union(inner)
    if origin is Literal:
        return _Form(_same, partial(_one_of, inner), lambda value: value in inner)
    if origin is tuple or kind is tuple:
        return _tuple(inner)
    if origin in _MANY:
        return _many(_MANY[origin], inner[0])
    if origin in _BY_KEY:
        return _mapping(_BY_KEY[origin], inner)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _Form(
            lambda value, _: value.name,
            lambda packed, _: kind[packed],
            lambda value: isinstance(value, kind),
        )
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, [each.name for each in fields(kind) if each.init])
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return _record(kind, list(kind._fields))
    if isinstance(kind, type) and hasattr(kind, "model_fields"):  # of pydantic, which checks it
        return _record(kind, list(kind.model_fields))
    raise NotCrossing(f"{kind} does not cross")


# --- single values --------------------------------------------------------------------------------


def _same(value: Any, _blobs: Blobs) -> Any:
    return value


def _one_of(values: tuple[Any, ...], packed: Any, _blobs: Blobs) -> Any:
    if packed not in values:
        raise NotCrossing(f"none of {values}")
    return packed


def _exactly(*kinds: type) -> _Form:
    """A type that JSON has: neither a truth value for a number nor a word for its letters."""

    def check(value: Any, _blobs: Blobs) -> Any:
        if type(value) not in kinds:
            raise NotCrossing(f"{type(value).__name__} for {kinds[0].__name__}")
        return value

    return _Form(check, check, lambda value: type(value) in kinds)


def _written(kind: type, write: Callable[[Any], Any], read: Callable[[Any], Any]) -> _Form:
    return _Form(
        lambda value, _: write(value),
        lambda packed, _: read(packed),
        lambda value: type(value) is kind,
    )


def _put_bytes(value: Any, blobs: Blobs) -> int:
    blobs.append(bytes(value))
    return len(blobs) - 1


def _take_bytes(packed: Any, blobs: Blobs) -> bytes:
    found: bytes = blobs[packed]
    return found


def _put_stream(value: Any, blobs: Blobs) -> int:
    value.seek(0)
    number = _put_bytes(value.read(), blobs)
    value.seek(0)
    return number


def _plain_json(value: Any, _blobs: Blobs) -> Any:
    """Let through what JSON gives back as it was; raises NotCrossing."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if type(each) is dict:
            waiting += [*each, *each.values()]
            if not all(type(key) is str for key in each):
                raise NotCrossing("a key that is no text")
        elif type(each) is list:
            waiting += each
        elif type(each) not in (str, int, float, bool, type(None)):
            raise NotCrossing(f"{type(each).__name__} where plain JSON was promised")
    return value


_ANYTHING = _Form(_plain_json, _same, lambda _value: True)
_PLAIN: dict[Any, _Form] = {
    **{kind: _exactly(kind) for kind in (str, int, bool, type(None))},
    float: _exactly(float, int),  # a number without a fraction stays one
    None: _exactly(type(None)),
    Any: _ANYTHING,
    object: _ANYTHING,
    bytes: _Form(_put_bytes, _take_bytes, lambda value: isinstance(value, bytes)),
    BinaryIO: _Form(
        _put_stream,
        lambda packed, blobs: io.BytesIO(_take_bytes(packed, blobs)),
        lambda value: hasattr(value, "read"),
    ),
    Decimal: _written(Decimal, str, Decimal),
    date: _written(date, date.isoformat, date.fromisoformat),
    time: _written(time, time.isoformat, time.fromisoformat),
    datetime: _written(datetime, datetime.isoformat, datetime.fromisoformat),
    timedelta: _written(
        timedelta,
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda packed: timedelta(*packed),
    ),
}


# --- values of several ----------------------------------------------------------------------------


def _items(value: Any) -> list[Any]:
    if type(value) is not list:
        raise NotCrossing(f"{type(value).__name__} for a list")
    return value


_MANY: dict[Any, Callable[[Iterable[Any]], Any]] = {
    list: list, Sequence: tuple, Collection: tuple, Iterable: tuple,
    set: set, frozenset: frozenset, Set: frozenset,
}  # fmt: skip
_BY_KEY: dict[Any, Callable[[Iterable[Any]], Any]] = {dict: dict, Mapping: dict, Counter: dict}


def _many(make: Callable[[Iterable[Any]], Any], inner: Any) -> _Form:
    form = _form(inner)
    return _Form(
        lambda value, blobs: [form.pack(each, blobs) for each in value],
        lambda packed, blobs: make(form.unpack(each, blobs) for each in _items(packed)),
        lambda value: isinstance(value, list | tuple | set | frozenset),
    )


def _tuple(inner: tuple[Any, ...]) -> _Form:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return _many(tuple, inner[0])
    forms = [_form(each) for each in inner]

    def put(value: Any, blobs: Blobs) -> list[Any]:
        return [form.pack(each, blobs) for form, each in zip(forms, value, strict=True)]

    def take(packed: Any, blobs: Blobs) -> tuple[Any, ...]:
        return tuple(
            form.unpack(each, blobs) for form, each in zip(forms, _items(packed), strict=True)
        )

    return _Form(put, take, lambda value: isinstance(value, tuple))


def _mapping(make: Callable[[Iterable[Any]], Any], inner: tuple[Any, ...]) -> _Form:
    key, value = _form(inner[0]), _form(inner[1] if len(inner) > 1 else int)

    def put(mapping: Any, blobs: Blobs) -> list[Any]:
        return [[key.pack(k, blobs), value.pack(v, blobs)] for k, v in mapping.items()]

    def take(packed: Any, blobs: Blobs) -> Any:
        pairs = [_items(each) for each in _items(packed)]
        return make((key.unpack(k, blobs), value.unpack(v, blobs)) for k, v in pairs)

    return _Form(put, take, lambda mapping: isinstance(mapping, Mapping))


def _union(members: tuple[Any, ...]) -> _Form:
    """One of several types: `null`, or the number of the member and the value.

    Members are numbered by their names: `str | int` equals `int | str`, so that which of them a
    process has met first, and keeps, must not tell.
    """
    forms = [_form(each) for each in sorted(members, key=repr) if each is not type(None)]
    may_lack = len(forms) < len(members)

    def put(value: Any, blobs: Blobs) -> Any:
        if value is None and may_lack:
            return None
        for number, form in enumerate(forms):
            if form.fits(value):
                return [number, form.pack(value, blobs)]
        raise NotCrossing(f"{type(value).__name__} for one of {members}")

    def take(packed: Any, blobs: Blobs) -> Any:
        if packed is None and may_lack:
            return None
        number, value = _items(packed)
        if type(number) is not int or number < 0:
            raise NotCrossing("no member of a union")
        return forms[number].unpack(value, blobs)

    return _Form(put, take, lambda value: any(form.fits(value) for form in forms))


def _record(kind: type, names: list[str]) -> _Form:
    """A dataclass or named tuple: its fields in order. Looked up late, since types name others."""
    hints: list[_Form] = []

    def forms() -> list[_Form]:
        if not hints:
            known = get_type_hints(kind)
            hints.extend(_form(known[name]) for name in names)
        return hints

    def put(value: Any, blobs: Blobs) -> list[Any]:
        if type(value) is not kind:
            raise NotCrossing(f"{type(value).__name__} for {kind.__name__}")
        return [
            form.pack(getattr(value, name), blobs)
            for name, form in zip(names, forms(), strict=True)
        ]

    def take(packed: Any, blobs: Blobs) -> Any:
        values = [
            form.unpack(each, blobs) for form, each in zip(forms(), _items(packed), strict=True)
        ]
        return kind(**dict(zip(names, values, strict=True)))

    return _Form(put, take, lambda value: type(value) is kind)
