"""How rows of the desk are written: whole, and checked.

SQLite would take a text of any length, and PostgreSQL would not say which field was too long.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Field, JSONField, Model, TextField

from kancil.ground.phrase import Phrase, field_name
from kancil.records.errors import FieldNotUsable, ReasonMissing

from .errors import TextNotStorable

MOST_TEXT = 100_000
"""Characters of a long text."""


def fill(row: Model, said: Any, *, as_it_is: Collection[str] = ()) -> list[str]:
    """Put what a dataclass says into the columns of its names; gives these.

    Texts without blanks at their ends, but for those `as_it_is`. A field that names a row is its
    id; one that has no column is left out.
    """
    columns = {each.name: each for each in row._meta.concrete_fields}
    names = [each.name for each in fields(said) if each.name in columns]
    for name in names:
        value = getattr(said, name)
        if isinstance(value, str) and name not in as_it_is:
            value = value.strip()
        setattr(row, columns[name].attname, value)
    return names


def keep(row: Model, *needed: str) -> None:
    """Write a new row; raises FieldNotUsable, TextNotStorable. `needed`: texts not to be empty."""
    check(row, needed)
    row.save(force_insert=True)


def keep_changed(row: Model, fields: Collection[str], *needed: str) -> None:
    """Write some fields of a row that is there; raises as `keep` does."""
    check(row, needed)
    row.save(update_fields=sorted(fields))


def check(row: Model, needed: Collection[str] = ()) -> None:
    """Refuse a row with a field that not every database would take as it is."""
    for each in row._meta.concrete_fields:
        value = getattr(row, each.attname)
        if isinstance(each, JSONField):
            _check_storable(value)
        elif isinstance(value, str):
            _check_text(each, value, each.name in needed)
        elif value is None and not each.null and not _is_given_by_itself(each):
            raise FieldNotUsable(field=field_name(each.name), why=Phrase("why.value-blank"))
        elif not each.is_relation and value is not None:
            _check_value(each, value)


def _is_given_by_itself(each: Field[Any, Any]) -> bool:
    return each.primary_key or getattr(each, "auto_now_add", False)


def _check_text(each: Field[Any, Any], value: str, is_needed: bool) -> None:
    _check_storable(value)
    if is_needed and not value.strip():
        raise FieldNotUsable(field=field_name(each.name), why=Phrase("why.value-blank"))
    most = each.max_length if isinstance(each, CharField) else None
    most = MOST_TEXT if isinstance(each, TextField) else most
    if most is not None and len(value) > most:
        why = Phrase("why.value-too-long", {"most": most})
        raise FieldNotUsable(field=field_name(each.name), why=why)
    if each.choices and value not in {str(choice) for choice, _ in each.flatchoices}:
        raise unusable(each.name)


def _check_storable(value: Any) -> None:
    """Refuse a text with the character NUL, or with half of one, also deep in a list."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise TextNotStorable
    elif isinstance(value, dict):
        for key, each in value.items():
            _check_storable(key)
            _check_storable(each)
    elif isinstance(value, list):
        for each in value:
            _check_storable(each)


def _check_value(each: Field[Any, Any], value: Any) -> None:
    try:
        each.run_validators(each.to_python(value))
    except ValidationError as error:
        raise unusable(each.name) from error


def unusable(name: str, why: str = "not-usable", **params: str | int) -> FieldNotUsable:
    """The error for a field, and why: `unknown` with `value`, and the like."""
    return FieldNotUsable(field=field_name(name), why=Phrase(f"why.value-{why}", params))


def reason_for(thing: str, reason: str) -> str:
    """A reason without its blanks; raises ReasonMissing where none was given."""
    if not reason.strip():
        raise ReasonMissing(thing=Phrase(f"thing.reason-{thing}"))
    return reason.strip()
