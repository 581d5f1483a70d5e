"""Handling codes: the condition under which material came, what it forbids, and what lifts it.

From `handling.yaml`; to whoever shows an exhibit or lets something leave. A code says what an
office that sends material usually asks for. The condition that this office wrote stands over it;
what a court admits, or the defence must be given, is a question of law that is not decided here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("handling.yaml")


class Use(StrEnum):
    """What material is wanted for."""

    BUNDLE = "bundle"
    REPORT = "report"
    DISCLOSURE = "disclosure"
    """The report for the defence."""
    OTHER_CASE = "other-case"
    """New work in a case that is not the exhibit's."""
    REQUEST = "request"
    """A letter that asks somebody outside the unit."""


class Way(StrEnum):
    """What lifts a limit."""

    MUTUAL_ASSISTANCE = "mutual-assistance"
    CONSENT = "consent"
    MISTAKE = "mistake"
    """The exhibit never came under this condition."""


@dataclass(frozen=True, slots=True)
class HandlingCode:
    """One code, with where it comes from."""

    id: str
    forbids: frozenset[Use]
    lifted_by: tuple[Way, ...]
    only_in_cases: bool
    """It forbids nothing in the cases that the limit names."""
    has_end: bool
    """It ends after the day that the limit names."""
    law: str
    source: str
    confidence: str
    as_of: date


@cache
def handling_codes() -> dict[str, HandlingCode]:
    """All codes by id, in the order of the file."""
    stated = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        each["id"]: HandlingCode(
            each["id"],
            frozenset(Use(use) for use in each["forbids"]),
            tuple(Way(way) for way in each["lifted_by"]),
            each.get("only_in_cases", False),
            each.get("has_end", False),
            each["law"],
            each["source"],
            each["confidence"],
            stated["as_of"],
        )
        for each in stated["codes"]
    }


def is_forbidden(
    code: str, use: Use, *, case: str, cases: Collection[str], until: date | None, on: date
) -> bool:
    """Whether a code forbids a use in a case on a day of the unit's calendar.

    `cases`: those that the limit names; `until`: the last day it covers. A code that is not known
    here, such as one of a later version, forbids everything.
    """
    known = handling_codes().get(code)
    if known is None:
        return True
    if use not in known.forbids or (known.only_in_cases and case in cases):
        return False
    return not (known.has_end and until is not None and on > until)
