"""One description of a form of data, for every door: what is typed, searched for, imported.

An `Input` is a pydantic model. Its annotations say what doors need and pydantic does not; the text
below a field is the help of a command. Its label is the sentence `field.<name>`, the hint on a page
`field.<name>.help`; `Called` says another name where the word means something else elsewhere.

    class OrganisationInput(Input):
        name: Annotated[str, Line(200)]
        kind: OrganisationKind
        country: Annotated[str | None, Of("country")] = None
        \"\"\"Three letters; without one it is regional or international.\"\"\"
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from kancil.ground.phrase import Phrase, field_name
from kancil.records.errors import FieldNotUsable

Given = TypeVar("Given", bound="Input")


class Input(BaseModel):
    """What somebody says of one thing. Blank is None where a field may be None."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A text of one line, as `one_line` makes it."""

    most: int = 300
    """Characters."""

    def __get_pydantic_core_schema__(self, kind: Any, _next: GetCoreSchemaHandler) -> CoreSchema:
        """Check as a text."""
        return core_schema.no_info_before_validator_function(
            lambda text: one_line(text) if isinstance(text, str) else text,
            core_schema.str_schema(max_length=self.most),
        )


@dataclass(frozen=True, slots=True)
class Lines:
    """A text of several lines, without blanks at its ends."""

    most: int = 100_000
    """Characters."""
    rows: int = 4
    """Of its box on a page."""

    def __get_pydantic_core_schema__(self, kind: Any, _next: GetCoreSchemaHandler) -> CoreSchema:
        """Check as a text."""
        return core_schema.str_schema(max_length=self.most, strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class Amount(Line):
    """An amount of money as it is typed; how it is read, the currency beside it says."""

    most: int = 40


@dataclass(frozen=True, slots=True)
class Of:
    """The id of a row of a register, by the register's name."""

    register: str


@dataclass(frozen=True, slots=True)
class Called:
    """By which name its sentences stand: `ledger_code` of a grant's `reference`."""

    name: str


@dataclass(frozen=True, slots=True)
class Past:
    """A day that is not to come."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of several words, of which a page takes none for an answer until somebody chooses."""


def one_line(text: str) -> str:
    """A text in one line, composed (NFC), without characters that nobody sees steering others."""
    kept = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


@dataclass(frozen=True, slots=True)
class Item:
    """One field of an input, as a door needs it."""

    name: str
    kind: type
    """str, bool, int, date, Decimal, or a StrEnum."""
    is_several: bool
    """It holds any number of them, as a tuple."""
    is_needed: bool
    default: Any
    """None where it is needed."""
    text: Line | Lines | None
    of: str
    """Name of the register whose ids it holds; else empty."""
    is_past: bool
    is_chosen: bool
    called: str
    """The name by which its sentences stand."""
    help: str
    example: str
    """What somebody may write, where its kind does not say it."""

    @property
    def label(self) -> Phrase:
        """Its name to a reader."""
        return field_name(self.called)

    @property
    def words(self) -> type[StrEnum] | None:
        """The words of which it is one."""
        return self.kind if issubclass(self.kind, StrEnum) else None


def named(value: StrEnum) -> Phrase:
    """The name of a word to a reader: `<craft>.<kind of word>.<value>`."""
    kind = type(value)
    craft = kind.__module__.split(".")[1]
    return Phrase(f"{craft}.{re.sub(r'(?<!^)(?=[A-Z])', '-', kind.__name__).lower()}.{value}")


@cache
def items(model: type[Input]) -> tuple[Item, ...]:
    """The fields of an input, in their order."""
    found = []
    for name, field in model.model_fields.items():
        kinds = [each for each in get_args(field.annotation) if each is not NoneType]
        kind = field.annotation if not kinds else kinds[0]
        marks = {type(each): each for each in field.metadata}
        of = marks.get(Of)
        found.append(
            Item(
                name=name,
                kind=kind,  # type: ignore[arg-type]
                is_several=get_origin(field.annotation) is tuple,
                is_needed=field.is_required(),
                default=None if field.is_required() else field.default,
                text=marks.get(Line) or marks.get(Lines) or marks.get(Amount),
                of=of.register if of else "",
                is_past=Past in marks,
                is_chosen=Chosen in marks,
                called=marks[Called].name if Called in marks else name,
                help=" ".join((field.description or "").split()),
                example=str((field.examples or [""])[0]),
            )
        )
    return tuple(found)


def read(
    model: type[Given], values: Mapping[str, Any], *, today: date, is_json: bool = False
) -> Given:
    """An input of values as a door has them, checked; `today`: in the workspace's zone.

    `is_json`: they are JSON, in which no text stands for a number or for yes. Raises FieldNotUsable
    with the first field that is wrong.
    """
    given = {}
    for each in items(model):
        value = values.get(each.name)
        if value in (None, ""):
            if each.is_needed:
                raise _unusable(model, each.name, "blank")
            continue
        given[each.name] = value
    try:
        if is_json:
            found = model.model_validate_json(json.dumps(given), strict=True)
        else:
            found = model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        if first["type"] == "string_too_long":
            raise _unusable(model, name, "too-long", most=first["ctx"]["max_length"]) from error
        if first["type"] == "value_error":
            other, _, why = str(first["ctx"]["error"]).rpartition(": ")
            raise _unusable(model, other or name, why) from error
        if first["type"] == "enum":
            words = next(each.words for each in items(model) if each.name == name)
            raise _unusable(model, name, "words", words=", ".join(words or ())) from error
        raise _unusable(model, name, "not-usable") from error
    for each in items(model):
        value = getattr(found, each.name)
        if each.is_needed and value == "":
            raise _unusable(model, each.name, "blank")
        if each.is_past and value is not None and value > today:
            raise _unusable(model, each.name, "future")
    return found


def _unusable(model: type[Input], name: str, why: str, **params: int | str) -> FieldNotUsable:
    label = next((each.label for each in items(model) if each.name == name), field_name(name))
    return FieldNotUsable(field=label, why=Phrase(f"why.value-{why}", params))
