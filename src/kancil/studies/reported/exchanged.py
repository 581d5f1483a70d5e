"""Rows that may be a conversion at one account: an asset came in, and soon another went out.

From a `Book` and a party; to pairs of rows for an officer to confirm, each with how they know. The
rule is the last payment in before each payment out, in another asset and within three days. It is
set here, and no error rate is known: people pay in and out of one account for many reasons.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .book import Book
from .follow import Conversion, converts
from .joins import CONVERSION, row_of
from .tricks import seen_as

DAYS_TO_CONVERT = 3
_WITHIN = DAYS_TO_CONVERT * 86_400_000_000
MOST = 6


def may_be_converted(
    book: Book,
    party: int,
    known: Collection[tuple[str, frozenset[Any]]] = (),
    aside: Collection[int] = (),
) -> list[Conversion]:
    """Pairs of an account, in time, the first few; `known`: what was decided about."""
    rows = book.rows
    found: list[Conversion] = []
    came: list[int] = []
    for place in book.order:
        if place in aside or rows.payer[place] == rows.payee[place] or not rows.amount[place]:
            continue
        if rows.payee[place] == party:
            came.append(place)
        elif rows.payer[place] == party:
            last = next((one for one in reversed(came) if _differ(book, one, place)), None)
            if last is None or rows.at[place] - rows.at[last] > _WITHIN:
                continue
            key = (CONVERSION, frozenset((row_of(book, last), row_of(book, place))))
            if key not in known and converts(book, last, place):
                found.append((last, place))
        if len(found) == MOST:
            break
    return found


def _differ(book: Book, one: int, other: int) -> bool:
    """Whether two rows are of assets that nobody takes for one."""
    first, second = (seen_as(book.assets[book.rows.asset[each]].symbol) for each in (one, other))
    return first != second
