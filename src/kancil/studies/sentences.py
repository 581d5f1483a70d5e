"""Parts of the sentences in which studies answer: days, lists, shares; the same in every study."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kancil.ground.phrase import Phrase


def date_of(day: date) -> Phrase:
    """A day in words: `12 January 2009`."""
    month = Phrase(f"name.month-{day.month}")
    return Phrase("name.date", {"day": str(day.day), "month": month, "year": str(day.year)})


def joined(parts: Sequence[Phrase], word: str = "and") -> Phrase:
    """Several parts as one: `a, b and c`; `word`: `and` or `or`. Raises IndexError for none."""
    told = parts[0]
    for part in parts[1:-1]:
        told = Phrase("study.list-comma", {"first": told, "more": part})
    if len(parts) == 1:
        return told
    return Phrase(f"study.list-{word}", {"first": told, "more": parts[-1]})


def transactions(count: int) -> Phrase:
    """So many transactions, in words."""
    if count == 1:
        return Phrase("study.transactions-one")
    return Phrase("study.transactions", {"count": f"{count:,}"})
