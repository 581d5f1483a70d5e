"""Instruments on which a request may stand, article by article, for which kinds of request.

From `instruments.yaml`, which comes with the package and is trusted. Not legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent


class Confidence(StrEnum):
    """How sure the authors of the data are."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Role(StrEnum):
    """What an article is to a kind of request."""

    OWN = "own"
    """It is about this kind."""
    GENERAL = "general"
    """It carries it as assistance of any sort."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article, in our own words."""

    number: str
    title: str
    gives: str
    kinds: Mapping[str, Role]
    """By the name of a kind of request."""
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether an instrument itself is in force. Both days None: not known here."""

    source: str
    in_force_on: date | None = None
    not_before: date | None = None
    """It cannot have been in force before this day; of later time this says nothing."""
    note: str | None = None
    verified_on: date | None = None
    """When an officer of the unit looked at it."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty or a protocol."""

    id: str
    name: str
    title: str
    ref: str
    check_at: str
    """Where its depositary says who is a party."""
    conditions: str
    """When it applies, for an officer to look at; nothing here decides it."""
    entry: Entry
    confidence: Confidence
    source: str
    articles: tuple[Article, ...]
    open_to: tuple[str, ...] = ()
    """The only countries that can be Parties, by two letters; empty: any country can."""
    is_limited: bool = False
    """Whether it serves only cases of its own subject, such as corruption."""

    def carrying(self, kind: str) -> tuple[Article, ...]:
        """Its articles for a kind of request, those about it first."""
        found = [each for each in self.articles if kind in each.kinds]
        return tuple(sorted(found, key=lambda each: each.kinds[kind] is not Role.OWN))


def packaged(name: str) -> Any:
    """A data file of this folder."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def instruments() -> Mapping[str, Instrument]:
    """The instruments by their ids, the more particular before the wider."""
    rows = packaged("instruments.yaml")["instruments"]
    return MappingProxyType({row["id"]: _instrument(row) for row in rows})


def articles_for(kind: str) -> list[str]:
    """The articles that carry a kind of request, as `budapest.29`; those about it alone."""
    return [
        f"{each.id}.{article.number}"
        for each in instruments().values()
        for article in each.carrying(kind)
        if article.kinds[kind] is Role.OWN
    ]


def _instrument(row: dict[str, Any]) -> Instrument:
    values = row | {
        "entry": Entry(**row["entry"]),
        "confidence": Confidence(row["confidence"]),
        "articles": tuple(_article(each) for each in row["articles"]),
        "open_to": tuple(row.get("open_to", ())),
    }
    return Instrument(**values)


def _article(row: dict[str, Any]) -> Article:
    kinds = {kind: Role(role) for kind, role in row["kinds"].items()}
    values = row | {"kinds": MappingProxyType(kinds), "confidence": Confidence(row["confidence"])}
    return Article(**values)
