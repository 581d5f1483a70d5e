"""A question bank: items in the order of their file, each of one of the kinds that GIFT has.

Numbers stay the decimal text that was written: a tolerance of 0.1 is exactly that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

GAP = "_____"
"""Stands in the words of an item where the answer belongs inside a sentence."""


class Markup(StrEnum):
    """How a text is written; `moodle` is plain text whose line ends are spaces."""

    MOODLE = "moodle"
    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"


class ItemKind(StrEnum):
    """What is asked; the words are `name.item-<value>`."""

    CATEGORY = "category"
    DESCRIPTION = "description"
    ESSAY = "essay"
    TRUE_FALSE = "true-false"
    CHOICE = "choice"
    SHORT = "short"
    NUMBER = "number"
    MATCHING = "matching"


@dataclass(frozen=True, slots=True)
class Text:
    """Words and how they are written."""

    text: str
    markup: Markup = Markup.MOODLE


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers that are right: one with its tolerance, or a lowest and a highest."""

    low: str
    """Decimal; the number itself where `high` is empty."""
    tolerance: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers of a choice, a short answer or a number."""

    is_right: bool
    """Whether it was marked `=`."""
    text: Text
    """Empty where it is a number."""
    weight: str = ""
    """Percent of the points, decimal, below 0 too; empty: all for a right one, none for another."""
    feedback: Text | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that belong together; without words on the left it only misleads."""

    left: Text
    right: str


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a bank."""

    kind: ItemKind
    stem: Text
    """Of a category its path."""
    after: str = ""
    """Words after the answer, where it stands inside the sentence."""
    title: str | None = None
    id: str | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Comments that stood above it, ids and tags apart."""
    feedback: Text | None = None
    """Shown whatever was answered."""
    is_true: bool = False
    """Of true-false."""
    if_wrong: Text | None = None
    if_right: Text | None = None
    """Feedback of true-false."""
    options: tuple[Option, ...] = ()
    pairs: tuple[Pair, ...] = ()
    is_list: bool = True
    """Of a number: whether its answers were marked one by one."""
    line: int = field(default=0, compare=False)
    """Where it begins in its file."""

    @property
    def words(self) -> str:
        """What is asked, with a gap where the answer stands inside the sentence."""
        return (
            " ".join(filter(None, (self.stem.text, GAP, self.after)))
            if self.after
            else (self.stem.text)
        )

    @property
    def is_asked(self) -> bool:
        """Whether it is a question at all."""
        return self.kind not in (ItemKind.CATEGORY, ItemKind.DESCRIPTION)

    @property
    def takes_many(self) -> bool:
        """Whether several options may be chosen: those whose parts make up the whole."""
        return self.kind is ItemKind.CHOICE and not any(
            each.is_right and not each.weight for each in self.options
        )


@dataclass(frozen=True, slots=True)
class Bank:
    """The items of one file."""

    items: tuple[Item, ...]

    @property
    def asked(self) -> tuple[Item, ...]:
        """Its questions, without categories and descriptions."""
        return tuple(each for each in self.items if each.is_asked)
