"""One fault of an IATI file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kancil.ground.phrase import Phrase


class Severity(StrEnum):
    """How grave a fault is, as the standard has it."""

    ERROR = "error"
    """The file is not valid."""
    WARNING = "warning"
    """The file is valid; who reads it may still go astray."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a file breaks which rule."""

    line: int
    """From 1; of the element that the rule is about, or the one that lacks something."""
    severity: Severity
    rule: str
    """`schema`, `xml`, `version`, or the id of a rule of the standard ruleset, such as `6.11.1`."""
    activity: str
    """Identifier of the activity or organisation; empty: of the file as a whole."""
    phrase: Phrase
    """What is wrong; the standard's own words, in English, are its `text`."""
