"""What comes with Kancil: offices, and what is known of the practice of keepers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from .office import Confidence, Kind, Office
from .reading import read_offices

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Rule:
    """Practice of keepers of some kinds; its sentence is the word `name.rule-<id>`."""

    id: str
    kinds: tuple[Kind, ...]
    law: str
    """Country whose law it is; empty: practice alone."""
    source: str
    as_of: date
    confidence: Confidence
    days: int | None = None


@cache
def shipped_offices() -> tuple[Office, ...]:
    """The offices of `offices.yaml`; none of their channels was used by us."""
    path = _FOLDER / "offices.yaml"
    return read_offices(path.read_bytes(), path.name)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of `rules.yaml`, in the order in which they are shown."""
    whole = yaml.safe_load((_FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    return tuple(
        Rule(**{
            **row,
            "kinds": tuple(Kind(each) for each in row["kinds"]),
            "as_of": date.fromisoformat(row["as_of"]),
            "confidence": Confidence(row["confidence"]),
        })
        for row in whole["rules"]
    )  # fmt: skip


def rules_for(kind: Kind) -> tuple[Rule, ...]:
    """The rules that speak to offices of a kind."""
    return tuple(each for each in rules() if kind in each.kinds)
