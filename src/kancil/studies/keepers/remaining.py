"""What may remain of followed money at an account, from the rows of all tables of a case.

From a book, the money that moved in each row under each convention, and the last balances that
statements have; to `Rest`. The larger result of the conventions bounds what may remain; the
smaller one tells whether the account passed money on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from kancil.ground.clock import from_unix
from kancil.studies.reported.book import NONE, Book
from kancil.studies.reported.follow import Account

from .rest import Rest


class Remaining:
    """Tells what may remain at accounts."""

    def __init__(
        self, book: Book, amounts: Sequence[Mapping[int, int]],
        closing: Mapping[Account, tuple[int, int]], aside: Collection[int],
        shared: Collection[int], converted: Collection[int] = (),
    ) -> None:  # fmt: skip
        """Take what moved in each row under each convention; `closing`: last balances, with place.

        `aside`: rows that count for nothing; `shared`: wallets of many, of whose payments nobody
        can say whose money they were; `converted`: rows that went out in another asset, as an
        officer confirmed.
        """
        self.book, self.amounts, self.closing, self.shared = book, amounts, closing, shared
        self.converted = converted
        self._out: defaultdict[int, list[int]] = defaultdict(list)
        """Places of the rows by which an account paid, in time."""
        for place in book.order:
            if book.rows.payer[place] != NONE and place not in aside:
                self._out[book.rows.payer[place]].append(place)

    def of(self, account: int, own: int, asset: int, places: Sequence[int], arrived: int) -> Rest:
        """What may remain of `arrived`, which came by the rows `places`, in time.

        `own`: the party as which the account stands in its own statement, else the account again.
        """
        came = [sum(each.get(place, 0) for place in places) for each in self.amounts]
        gone = [place for place in places if place in self.converted]
        out = [self._out_of(each, account, asset) + sum(each.get(place, 0) for place in gone)
               for each in self.amounts]  # fmt: skip
        most = min(arrived, max(0, *(one - other for one, other in zip(came, out, strict=True))))
        least = min(most, max(0, arrived - max(out) - self._out_alike(own, asset, places)))
        soon, other = self._departure(account, own, asset, places)
        closing = self.closing.get((own, asset))
        if closing is None or not self._is_later(closing[1], places[-1]):
            return Rest(most, arrived, least, soon, other)
        balance, place = closing
        table = self.book.tables[self.book.rows.table[place]]
        return Rest(
            min(most, max(0, balance)), arrived, min(least, max(0, balance)), soon, other, balance,
            self.book.day_of(place), table.publisher,
        )  # fmt: skip

    def _out_of(self, moved: Mapping[int, int], account: int, asset: int) -> int:
        """What of the money followed left an account in its asset, under one convention."""
        if account in self.shared:
            return 0
        rows = self.book.rows
        return sum(moved.get(each, 0) for each in self._out[account] if rows.asset[each] == asset)

    def _out_alike(self, own: int, asset: int, places: Sequence[int]) -> int:
        """What an account paid out later in the same token, by rows of which nobody followed it.

        One table names the contract, another does not: it may be the same money.
        """
        if own in self.shared:
            return 0
        book, rank = self.book, self.book.rank
        later = (each for each in self._out[own] if rank[each] > rank[places[0]])
        digits = book.digits[asset]
        return sum(
            int(Decimal(book.amount_text(book.rows.asset[each], book.rows.amount[each])).scaleb(
                digits)) for each in later if self._is_alike(book.rows.asset[each], asset)
        )  # fmt: skip

    def _is_alike(self, one: int, other: int) -> bool:
        first, second = self.book.assets[one], self.book.assets[other]
        return one != other and first.symbol == second.symbol and (
            not (first.contract and second.contract) or first.contract == second.contract
        )  # fmt: skip

    def _departure(
        self, account: int, own: int, asset: int, places: Sequence[int]
    ) -> tuple[timedelta | None, str]:
        """How soon money left after it came, and in which other asset if in another."""
        rows, rank = self.book.rows, self.book.rank
        if account in self.shared:
            return None, ""
        later = [place for place in self._out[own] if rank[place] > rank[places[0]]]
        same = (
            place for place in later
            if (rows.asset[place] == asset and self._moves(place, account, own))
            or self._is_alike(rows.asset[place], asset)
        )  # fmt: skip
        first = next(same, None)
        if first is not None:
            return self._between(places, first), ""
        last = rank[places[-1]]
        first = next((each for each in later if rank[each] > last
                      and rows.asset[each] != asset), None)  # fmt: skip
        if first is None:
            return None, ""
        return self._between(places, first), self.book.assets[rows.asset[first]].symbol

    def _moves(self, place: int, account: int, own: int) -> bool:
        return own != account or any(each.get(place) for each in self.amounts)

    def _between(self, places: Sequence[int], departure: int) -> timedelta | None:
        """From the last arrival before a departure; None where a time of day is not known."""
        rank, clock = self.book.rank, self.book.rows.has_clock
        before = [place for place in places if rank[place] < rank[departure]]
        if not before or not (clock[before[-1]] and clock[departure]):
            return None
        return self._at(departure) - self._at(before[-1])

    def _is_later(self, balance: int, arrival: int) -> bool:
        """Whether a balance is later than an arrival, by the statement's order or by the times."""
        rows, rank = self.book.rows, self.book.rank
        if rows.table[balance] == rows.table[arrival]:
            return rank[balance] >= rank[arrival]
        day = timedelta(0) if rows.has_clock[arrival] else timedelta(days=1)
        return self._at(balance) >= self._at(arrival) + day

    def _at(self, place: int) -> datetime:
        return from_unix(self.book.rows.at[place] // 1_000_000)
