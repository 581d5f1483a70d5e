"""Rows that may report one payment, and payments that may have been sent back.

From a `Book`; to pairs for an officer to decide, and to the rows that a sum leaves out to be the
least that it may be. Two rows may be one payment where they stand in two tables, have one symbol
and amount, lie within ten minutes of each other (or on one day, where a time of day is not known),
and name no two accounts that differ at one end. That is a rule without a known error rate: people
pay equal amounts at one time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from .book import ACCOUNT, IBAN, NONE, Book

MINUTES_APART = 10
DAYS_TO_REVERSE = 31
_APART = MINUTES_APART * 60_000_000
_DAY = 86_400_000_000
_MOST_ALIKE = 60
"""Rows with which one row is compared; of more, none is told from another."""


def alike(book: Book) -> Iterator[tuple[int, int]]:
    """Places of two rows that may be one payment, by amount and time; each pair once."""
    rows = book.rows
    by_amount: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place in range(len(book)):
        if rows.amount[place] and place not in book.kept_for:
            by_amount[_amount_of(book, place)].append(place)
    for places in by_amount.values():
        if len({rows.table[place] for place in places}) > 1:
            yield from _within(book, places)


def _amount_of(book: Book, place: int) -> tuple[str, str]:
    asset = book.rows.asset[place]
    text = book.amount_text(asset, book.rows.amount[place])
    return book.assets[asset].symbol, text.rstrip("0").rstrip(".") if "." in text else text


def _within(book: Book, places: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs of rows of one amount that lie near enough to each other."""
    rows = book.rows
    timed = sorted((place for place in places if rows.has_clock[place]), key=rows.at.__getitem__)
    moments = [rows.at[place] for place in timed]
    for number, place in enumerate(timed):
        end = bisect_left(moments, moments[number] + _APART + 1)
        yield from _with(book, place, timed[number + 1 : min(end, number + 1 + _MOST_ALIKE)])
    by_day: defaultdict[str, list[int]] = defaultdict(list)
    for place in places:
        if not rows.has_clock[place]:
            begin = bisect_left(moments, rows.at[place])
            end = bisect_left(moments, rows.at[place] + _DAY)
            yield from _with(book, place, timed[begin : min(end, begin + _MOST_ALIKE)])
            yield from _with(book, place, by_day[book.day_of(place)][:_MOST_ALIKE])
            by_day[book.day_of(place)].append(place)


def _with(book: Book, one: int, others: Iterable[int]) -> Iterator[tuple[int, int]]:
    tables = book.rows.table
    for other in others:
        if tables[one] != tables[other] and may_be_one(book, one, other):
            yield min(one, other), max(one, other)


def may_be_one(book: Book, one: int, other: int) -> bool:
    """Whether no end of two rows names accounts or addresses that differ."""
    rows = book.rows
    return all(_may_be_same(book, ends[one], ends[other]) for ends in (rows.payer, rows.payee))


def _may_be_same(book: Book, one: int, other: int) -> bool:
    if one == other or NONE in (one, other):
        return True
    first, second = book.parties[one], book.parties[other]
    if {first.kind, second.kind} <= {ACCOUNT, IBAN}:
        # One bank writes a number with its branch or country before it, another without.
        return first.value.endswith(second.value) or second.value.endswith(first.value)
    return not (first.is_address and first.kind == second.kind)


def only_pairs(book: Book, pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those pairs of which neither row has another one in the other's table."""
    listed = list(pairs)
    tables = book.rows.table
    counts: defaultdict[tuple[int, int], int] = defaultdict(int)
    for one, other in listed:
        counts[one, tables[other]] += 1
        counts[other, tables[one]] += 1
    for one, other in listed:
        if counts[one, tables[other]] == counts[other, tables[one]] == 1:
            yield one, other


def sent_back(book: Book, aside: Collection[int] = ()) -> list[tuple[int, int]]:
    """Places of a payment and of the next one that brings the same amount back within a month.

    Between the same two parties, of which neither is an address. Each row is in one pair at most.
    """
    rows, apart = book.rows, {*aside, *book.kept_for}
    waiting: defaultdict[tuple[int, int, tuple[str, str]], list[int]] = defaultdict(list)
    found = []
    for place in book.order:
        payer, payee = rows.payer[place], rows.payee[place]
        if place in apart or not rows.amount[place] or payer == payee or NONE in (payer, payee):
            continue
        if book.parties[payer].is_address or book.parties[payee].is_address:
            continue
        amount = _amount_of(book, place)
        before = waiting[payee, payer, amount]
        while before and rows.at[place] - rows.at[before[0]] > DAYS_TO_REVERSE * _DAY:
            before.pop(0)
        if before:
            found.append((before.pop(0), place))
        else:
            waiting[payer, payee, amount].append(place)
    return found


@dataclass(frozen=True, slots=True)
class Twice:
    """Rows that may count twice or not at all, until an officer decides."""

    groups: tuple[tuple[int, ...], ...]
    """Places of rows that may be one payment; of each table of a group as many are told apart."""
    sent_back: frozenset[int]
    """Places of payments that may have been sent back, and of those that brought them back."""
    tables: tuple[int, ...]
    """Number of the table of each row."""

    def again(self, places: Collection[int] | None = None) -> frozenset[int]:
        """Rows that the least of a sum over these rows leaves out; None: over all.

        Of a group the rows of the one table that has the most of them are counted: rows of one
        table are payments of their own.
        """
        found: set[int] = set()
        for group in self.groups:
            by_table: defaultdict[int, list[int]] = defaultdict(list)
            for place in group:
                if places is None or place in places:
                    by_table[self.tables[place]].append(place)
            most = max(by_table.values(), key=len, default=[])
            found.update(place for of in by_table.values() if of is not most for place in of)
        return frozenset(found)

    def least_without(self, places: Collection[int] | None = None) -> frozenset[int]:
        """All rows that the least leaves out: reported twice, or sent back."""
        back = self.sent_back if places is None else self.sent_back & set(places)
        return self.again(places) | back


def find_twice(
    book: Book,
    pairs: Iterable[tuple[int, int]],
    back: Iterable[tuple[int, int]],
    aside: Collection[int],
) -> Twice:
    """What may be reported twice; `pairs`, `back`: places of rows that nobody has decided yet."""
    root: dict[int, int] = {}

    def first(place: int) -> int:
        while root.get(place, place) != place:
            place = root[place]
        return place

    for one, other in pairs:
        if one not in aside and other not in aside:
            low, high = sorted((first(one), first(other)))
            root[high] = low
            root.setdefault(low, low)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in root:
        groups[first(place)].append(place)
    ranked = sorted(groups.values(), key=min)
    order = {place: number for number, place in enumerate(book.by_table)} if ranked else {}
    return Twice(
        tuple(tuple(sorted(each, key=order.__getitem__)) for each in ranked),
        frozenset(place for pair in back for place in pair if not {*pair} & set(aside)),
        tuple(book.rows.table),
    )
