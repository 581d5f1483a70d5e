"""A part of a sentence: a key and named parameters, put into words with the sentence around it.

An error that says why a file was not readable names the reason by key, so that the whole sentence
comes out in the reader's language. This file imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand as a parameter inside other words."""

    key: str
    """Its words, whole: `why.too-long`."""
    params: Mapping[str, Param] = field(default_factory=dict)

    def __str__(self) -> str:
        """The key and the parameters, for a log; only a door gives the words."""
        return f"{self.key} {self.params}" if self.params else self.key


Param = str | int | Phrase
"""A named parameter of a sentence: data as they are, or a phrase."""


def field_name(name: str) -> Phrase:
    """The name of a field to a reader, whichever door or table has it."""
    return Phrase(f"field.{name.replace('_', '-')}")


def as_json(params: Mapping[str, Param]) -> dict[str, Any]:
    """Parameters in JSON-ready form; a phrase becomes `{"key", "params"}`."""
    return {
        name: {"key": value.key, "params": as_json(value.params)}
        if isinstance(value, Phrase)
        else value
        for name, value in params.items()
    }


def from_json(params: Mapping[str, Any]) -> dict[str, Param]:
    """Read parameters that `as_json` wrote, from a part of Kancil itself."""
    return {
        name: Phrase(value["key"], from_json(value["params"])) if isinstance(value, dict) else value
        for name, value in params.items()
    }
