"""The codes of IATI that a programme's own words stand for (`tables/codes.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CODES = Path(__file__).with_name("tables") / "codes.yaml"
STATUS = {
    "planned": "1", "confirmed": "2", "done": "4", "cancelled": "5", "postponed": "6",
}  # fmt: skip
"""ActivityStatus by the state of an activity; one that is confirmed and has not begun is 1."""
RESULT_TYPES = {"output": "1", "outcome": "2", "impact": "3"}
MEASURES = {"unit": "1", "percentage": "2", "qualitative": "5"}


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its name in the codelist."""

    code: str
    name: str


@cache
def _tables() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(CODES.read_text(encoding="utf-8"))
    return found


def code_of(table: str, word: str) -> Code:
    """The code of a word of ours in one of the tables, or that table's `default`."""
    listed = _tables()[table]
    return Code(**listed.get(word.casefold().replace(" ", "-"), listed["default"]))


def significance(gender_marker: str) -> str:
    """Of OECD's policy marker of gender equality; empty: not marked."""
    return str(_tables()["gender_markers"].get(gender_marker, ""))


def region_named(code: str) -> str:
    """The name of a DAC region, where it is one of those in the table; else empty."""
    listed = _tables()["regions"].values()
    return next((str(each["name"]) for each in listed if each["code"] == code), "")
