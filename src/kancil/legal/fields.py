"""The fields of requests, as `fields.yaml` has them: form, the reader's question, source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

_FILE = Path(__file__).with_name("fields.yaml")


class Form(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    ITEMS = "items"
    PERSONS = "persons"
    OFFENCES = "offences"
    BASES = "bases"
    SHARES = "shares"
    FINDINGS = "findings"
    ATTACHMENTS = "attachments"
    RIGHTS = "rights"

    @property
    def is_text(self) -> bool:
        """Whether its value stands among the texts of a draft."""
        return self in (Form.LINE, Form.TEXT, Form.DAY, Form.MOMENT)


@dataclass(frozen=True, slots=True)
class Field:
    """One field; its words are `name.request-field-<id>` and, for who fills it in, `….help`."""

    id: str
    form: Form
    asks: str
    """The question of the letter's reader that it answers."""
    source: str
    confidence: str


@cache
def fields() -> Mapping[str, Field]:
    """All fields by id, in the order of a letter."""
    found = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({
        id: Field(id, Form(each["form"]), each["asks"], found["sources"][each["source"]],
                  each["confidence"])
        for id, each in found["fields"].items()
    })  # fmt: skip


@cache
def questions() -> tuple[str, ...]:
    """What the reader of a letter asks, in their order; words `name.request-question-<id>`."""
    found = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(found["questions"])
