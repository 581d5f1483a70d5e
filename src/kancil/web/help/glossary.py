"""The glossary: terms of the field with their sources, and the pages beside which they stand.

Which term stands where is data (`terms.yaml`); the words are in `glossary.po`, in each language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase

_DATA = Path(__file__).parent / "terms.yaml"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field."""

    id: str
    source: str
    """Where the word is defined: standard and clause, paper and section, judgment."""
    see: tuple[str, ...]
    """Terms that are read with it."""

    @property
    def name(self) -> Phrase:
        """The word."""
        return Phrase(f"glossary.{self.id}.name")

    @property
    def means(self) -> Phrase:
        """What it means, in a sentence or two."""
        return Phrase(f"glossary.{self.id}.means")


@dataclass(frozen=True, slots=True)
class Topic:
    """What some pages are for."""

    id: str
    pages: tuple[str, ...]
    """Names of the pages."""
    terms: tuple[str, ...]
    """Terms that stand on them."""

    @property
    def name(self) -> Phrase:
        """Its title."""
        return Phrase(f"help.{self.id}.name")

    @property
    def text(self) -> Phrase:
        """What the pages are for, and what they do not say."""
        return Phrase(f"help.{self.id}.text")


@cache
def _data() -> dict[str, Any]:
    return dict(yaml.safe_load(_DATA.read_text(encoding="utf-8")))


@cache
def terms() -> dict[str, Term]:
    """All terms, by id."""
    found = _data()["terms"].items()
    return {name: Term(name, each["source"], tuple(each["see"])) for name, each in found}


@cache
def topics() -> dict[str, Topic]:
    """All topics, by id."""
    found = _data()["topics"].items()
    return {name: Topic(name, tuple(each["pages"]), tuple(each["terms"])) for name, each in found}


@cache
def _of_page() -> dict[str, Topic]:
    return {page: topic for topic in topics().values() for page in topic.pages}


def topic_of(page: str) -> Topic | None:
    """What a page is for, by its name; None for one that needs no explanation of its own."""
    return _of_page().get(page)


def find_terms(text: str) -> list[Term]:
    """The terms whose name or meaning holds a text, in the spoken language; names first."""
    wanted = folded(text.strip())
    named = [each for each in terms().values() if wanted in folded(render_phrase(each.name))]
    meant = [each for each in terms().values() if wanted in folded(render_phrase(each.means))]
    return list(dict.fromkeys([*named, *meant]))


def find_topics(text: str) -> list[Topic]:
    """The topics whose name or text holds a text, in the spoken language."""
    wanted = folded(text.strip())
    return [
        each
        for each in topics().values()
        if wanted in folded(f"{render_phrase(each.name)} {render_phrase(each.text)}")
    ]
