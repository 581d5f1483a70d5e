"""A dataclass filled from another value: what both call by one name is not written out again."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

_Kind = TypeVar("_Kind")


def filled(kind: type[_Kind], source: object, /, **given: Any) -> _Kind:
    """Make a dataclass of the attributes of `source` that have the names of its fields.

    `given`: fields that have no attribute of their name there, or another value than it. No
    default is taken: a field that is found in neither is an AttributeError, a name that is no
    field a TypeError. Types are not converted.
    """
    names = [each.name for each in fields(kind) if each.init and each.name not in given]  # type: ignore[arg-type]
    return kind(**{name: getattr(source, name) for name in names}, **given)
