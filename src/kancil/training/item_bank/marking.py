"""One answer to one item, marked exactly: the share of its point that it earns.

An answer is plain JSON by the item's kind; None: not answered, which earns nothing.

    choice of one        place of the option in the file, from 0
    choice of several    places of the options
    true-false           true or false
    number               text: "3.14", in any script's digits, without exponent
    short                text
    matching             for each pair with words on the left the text on the right; "": none

Source of what a weight, a tolerance and `*` mean: Moodle, *GIFT format*.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from .bank import Item, ItemKind, Option, Pair

NOTHING, ALL = Fraction(0), Fraction(1)
_NUMBER = re.compile(r"[-+\u2212]?\d{1,30}(?:\.\d{0,30})?")
MOST_TEXT = 2_000
"""Characters of an answer."""


def mark_item(item: Item, answer: Any) -> Fraction:
    """The share of the item's point, 0 to 1; what is no answer of its kind earns nothing."""
    if answer is None:
        return NOTHING
    if item.kind is ItemKind.TRUE_FALSE:
        return ALL if answer is item.is_true else NOTHING
    if item.kind is ItemKind.CHOICE:
        return _many(item, answer) if item.takes_many else _one(item, answer)
    if item.kind is ItemKind.MATCHING:
        return _matched(asked_pairs(item), answer)
    if not isinstance(answer, str) or len(answer) > MOST_TEXT:
        return NOTHING
    fits = _fits_number if item.kind is ItemKind.NUMBER else _fits_text
    earned = (share(each) for each in item.options if fits(each, answer))
    return max((each for each in earned), default=NOTHING)


def is_answer(item: Item, value: Any) -> bool:
    """Whether a value is an answer of the item's kind, right or wrong."""
    if item.kind is ItemKind.TRUE_FALSE:
        return isinstance(value, bool)
    if item.kind is ItemKind.CHOICE and not item.takes_many:
        return _is_place(value, item.options)
    if item.kind in (ItemKind.CHOICE, ItemKind.MATCHING):
        if not isinstance(value, list):
            return False
        if item.kind is ItemKind.CHOICE:
            return all(_is_place(each, item.options) for each in value)
        fits = all(each == "" or each in offered(item) for each in value)
        return len(value) == len(asked_pairs(item)) and fits
    return isinstance(value, str) and len(value) <= MOST_TEXT


def share(option: Option) -> Fraction:
    """What an option earns alone; one that takes points away earns nothing."""
    return max(NOTHING, _weight(option))


def _weight(option: Option) -> Fraction:
    if option.weight:
        return Fraction(Decimal(option.weight)) / 100
    return ALL if option.is_right else NOTHING


def _one(item: Item, answer: Any) -> Fraction:
    if not _is_place(answer, item.options):
        return NOTHING
    return share(item.options[answer])


def _many(item: Item, answer: Any) -> Fraction:
    """Right ones by their part of all right ones, wrong ones by their weight; not below 0."""
    if not isinstance(answer, list) or not all(_is_place(each, item.options) for each in answer):
        return NOTHING
    weights = [_weight(item.options[place]) for place in set(answer)]
    whole = sum((share(each) for each in item.options), NOTHING)
    if not whole:
        return NOTHING
    right = sum((each for each in weights if each > 0), NOTHING) / whole
    return max(NOTHING, right + sum((each for each in weights if each < 0), NOTHING))


def _is_place(answer: Any, options: Sequence[Option]) -> bool:
    return type(answer) is int and 0 <= answer < len(options)


def asked_pairs(item: Item) -> tuple[Pair, ...]:
    """The pairs that are asked; one without words on the left only misleads."""
    return tuple(each for each in item.pairs if each.left.text)


def offered(item: Item) -> tuple[str, ...]:
    """What may be matched, in an order that says nothing of the pairs."""
    return tuple(sorted({each.right for each in item.pairs}))


def _matched(pairs: Sequence[Pair], answer: Any) -> Fraction:
    if not isinstance(answer, list) or len(answer) != len(pairs) or not pairs:
        return NOTHING
    right = sum(said == pair.right for said, pair in zip(answer, pairs, strict=True))
    return Fraction(right, len(pairs))


def number_of(text: str) -> Fraction | None:
    """The number that a text is; None for what is none, or could be read in two ways."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    return Fraction(Decimal(found[0].replace("\u2212", "-")))


def _fits_number(option: Option, answer: str) -> bool:
    said = number_of(answer)
    if said is None:
        return False
    if option.span is None:
        return option.text.text == "*"
    low = Fraction(Decimal(option.span.low))
    if option.span.high:
        high = Fraction(Decimal(option.span.high))
        return min(low, high) <= said <= max(low, high)
    return abs(said - low) <= Fraction(Decimal(option.span.tolerance or 0))


def _fits_text(option: Option, answer: str) -> bool:
    """Whether an answer is the right one, in which `*` stands for anything; in linear time."""
    first, *parts = (_folded(each) for each in option.text.text.split("*"))
    said = _folded(answer)
    if not parts:
        return said == first
    if not said.startswith(first):
        return False
    at, last = len(first), parts.pop()
    for part in parts:
        found = said.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(said) - len(last) >= at and said.endswith(last)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def order_of(item: Item, seed: str) -> tuple[int, ...]:
    """In which order one sitting shows the options: places in the file, mixed by its seed.

    Files often name the right one first; two trainees side by side see two orders.
    """

    def key(place: int) -> bytes:
        return sha256(f"{seed}\x00{item.words}\x00{place}".encode()).digest()

    return tuple(sorted(range(len(item.options)), key=key))


def is_right(earned: Fraction) -> bool:
    """Whether an item counts as right in its difficulty and discrimination: all of its point."""
    return earned >= ALL
