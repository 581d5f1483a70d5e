"""A dataclass filled from another value: what both call by one name is not written out again."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import NotCanonical
from .phrase import Phrase
from .plain import plain

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_Kind = TypeVar("_Kind")


def filled(kind: type[_Kind], source: object, /, **given: Any) -> _Kind:
    """Make a dataclass of the attributes of `source` that have the names of its fields.

    `given`: fields that have no attribute of their name there, or another value than it. No
    default is taken: a field that is found in neither is an AttributeError, a name that is no
    field a TypeError. Types are not converted.
    """
    names = [each.name for each in fields(kind) if each.init and each.name not in given]  # type: ignore[arg-type]
    return kind(**{name: getattr(source, name) for name in names}, **given)


def filled_from_plain(kind: type[_Kind], value: Any, *, is_whole: bool = True) -> _Kind:
    """The value that `plain` wrote: the way back of the one converter, for any dataclass.

    Strict: NotCanonical is raised for what `plain` would write otherwise (a key more or less,
    another spelling of a day) and for what a field's type cannot hold. `is_whole`: False where a
    person wrote it, who may leave out what has a default.
    """
    of: type = kind
    try:
        found: _Kind = _adapter(of).validate_python(value)
    except ValueError as error:
        raise NotCanonical(why=str(error).splitlines()[-1][:160]) from error
    written = plain(found)
    if written != value if is_whole else not _has(written, value):
        raise NotCanonical(why=Phrase("why.field-strange"))
    return found


def _has(written: Any, value: Any) -> bool:
    """Whether all that was given came out, in its place."""
    if isinstance(value, dict):
        known = isinstance(written, dict) and value.keys() <= written.keys()
        return known and all(_has(written[name], each) for name, each in value.items())
    if isinstance(value, list):
        return len(value) == len(written) and all(map(_has, written, value))
    return bool(written == value)


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # slow to load; only who reads asks for it

    return TypeAdapter(kind)
