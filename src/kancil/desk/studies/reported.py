"""Reported transfers of a case as a book: its rows, what officers decided of them, what was met.

From the ledger's entries and the stored rows; for pages, the canvas, the report. Kept while neither
changes. What is decided stands in the ledger alone (`transfers.decided`, `victims.recorded`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerView
from kancil.evidence.vault import Vault
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace
from kancil.studies.reported.balances import Checked, check_balances
from kancil.studies.reported.book import COLUMNS, Book, Party, Row, TableSource
from kancil.studies.reported.cash_out import CashOut, cash_out
from kancil.studies.reported.joins import (
    Decided,
    Decision,
    Suggestion,
    decided,
    suggest_joins,
    undecided_twice,
)
from kancil.studies.reported.reading import read_book
from kancil.studies.reported.totals import Sum, by_party
from kancil.studies.reported.tricks import Tricks, find_tricks
from kancil.studies.reported.twice import Twice
from kancil.studies.reported.victims import Outcome, Victims, complaints_of, victims_of

from .read_again import ReadAgain
from .stated import StatedTable, counting, open_stated, readings_of_cases

DECISION, OUTCOME = "transfers.decided", "victims.recorded"
_MOST_ROWS_KEPT = 1_000_000
"""Rows of the books that are kept, besides the one asked for last."""


class CaseBook:
    """The rows of a case's tables, and what follows from them and from what was decided.

    Of a table that was read again the newest reading alone; decisions are about its rows.
    """

    def __init__(
        self, book: Book, tables: list[StatedTable], made: Decided,
        outcomes: Mapping[tuple[Row, str], Outcome], decisions: list[tuple[Entry, Decision]],
        key: tuple[Any, ...],
    ) -> None:  # fmt: skip
        """Take what was read."""
        self.book, self.tables, self.made = book, tables, made
        self.outcomes, self.decisions = outcomes, decisions
        self.key = key
        """Numbers of the entries that all of it rests on."""

    @cached_property
    def tricks(self) -> Tricks:
        """False tokens, look-alike addresses, dust, hubs."""
        return find_tricks(self.book)

    @cached_property
    def balances(self) -> Checked:
        """The statements' own balances, compared."""
        return check_balances(self.book)

    @cached_property
    def sums(self) -> list[tuple[int, int, Sum]]:
        """What came in and went out of each party, by asset, the one with the most rows first."""
        return by_party(self.book, self.aside)

    @cached_property
    def aside(self) -> frozenset[int]:
        """Rows that count for nothing in sums and ways.

        False tokens, dust, what another table reports too, payments that were sent back, and
        complaints, which a bank's own rows repeat.
        """
        return self.not_drawn | self.reversed | frozenset(complaints_of(self.book))

    @cached_property
    def reversed(self) -> frozenset[int]:
        """Rows of payments that were sent back, and of those that brought them back."""
        places, kept_for = self.book.places, self.book.kept_for
        found = {places[row] for row in self.made.reversals if row in places}
        return frozenset(kept_for.get(place, place) for place in found)

    @cached_property
    def conversions(self) -> tuple[tuple[int, int], ...]:
        """Places of rows that came in, each with one that went out for it in another asset."""
        places, kept_for = self.book.places, self.book.kept_for
        found = [[places[row] for row in pair if row in places] for pair in self.made.conversions]
        pairs = ((kept_for.get(pair[0], pair[0]), kept_for.get(pair[1], pair[1]))
                 for pair in found if len(pair) == 2)  # fmt: skip
        return tuple(dict.fromkeys(pairs))

    @cached_property
    def twice(self) -> Twice:
        """Rows that may report one payment, or one that was sent back, until it is decided."""
        return undecided_twice(self.book, self.made.keys, self.aside)

    @cached_property
    def not_drawn(self) -> frozenset[int]:
        """Rows that are not drawn: as `aside`, but complaints, unless a bank's row repeats them."""
        return self.tricks.aside | frozenset(self.book.kept_for)

    @cached_property
    def sinks(self) -> frozenset[int]:
        """Parties at which following stops: services by an officer's decision, and hubs."""
        numbers = self.book.numbers
        chosen = {numbers[party] for party in self.made.services if party in numbers}
        return self.tricks.hub_parties | frozenset(chosen)

    @cached_property
    def victims(self) -> Victims:
        """The complaints, each with what became of it."""
        return victims_of(
            self.book,
            aside=self.aside,
            sinks=self.sinks,
            opening=self.balances.opening,
            outcomes=self.outcomes,
            reversed=self.reversed,
            may_be_reversed=self.twice.sent_back,
            conversions=self.conversions,
        )

    @cached_property
    def cash_out(self) -> CashOut | None:
        """Where the money of all complaints ended; None where there are none, or too many rows."""
        return cash_out(
            self.book,
            aside=self.aside,
            sinks=self.sinks,
            opening=self.balances.opening,
            reversed=self.reversed,
            may_be_reversed=self.twice.sent_back,
            conversions=self.conversions,
        )

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """What may be one, and was not decided yet."""
        return suggest_joins(self.book, self.made.keys, self.aside)


_kept: OrderedDict[tuple[Any, ...], CaseBook] = OrderedDict()
_lock = threading.Lock()


def case_book(
    ledger: LedgerView, workspace: Workspace, vault: Vault, case: CaseId,
    more: Collection[Decision] = (),
) -> CaseBook:  # fmt: skip
    """The book of a case; raises what `open_stated` raises.

    `more`: decisions that are not recorded, to see what would follow of them.
    """
    readings = readings_of_cases(ledger, {case})
    tables = counting(readings)
    entries = [each for each in list(ledger.folded(Roll).reported) if each.case_id == case]
    key = (
        str(workspace.transfers_dir), case, tuple(each.n for each in readings),
        tuple(each.n for each in entries),
    )  # fmt: skip
    with _lock:
        if key in _kept and not more:
            _kept.move_to_end(key)
            return _kept[key]
    again = ReadAgain(readings, lambda table: open_stated(workspace, vault, table))
    decisions = [(each, again.decision(read_decision(each.body), each.n))
                 for each in entries if each.kind == DECISION]  # fmt: skip
    made = decided([*(decision for _, decision in decisions), *more])
    sources = (
        (
            TableSource(each.n, each.exhibit.label, each.stated_by, each.sha256),
            open_stated(workspace, vault, each).columns(COLUMNS),
        )
        for each in tables
    )
    found = CaseBook(
        read_book(sources, made.same, made.one_transfer),
        tables,
        made,
        _outcomes(entries, again),
        decisions,
        key,
    )
    if more:
        return found
    with _lock:
        _kept[key] = found
        while len(_kept) > 1 and sum(len(each.book) for each in _kept.values()) > _MOST_ROWS_KEPT:
            _kept.popitem(last=False)
    return found


def _outcomes(entries: Iterable[Entry], again: ReadAgain) -> dict[tuple[Row, str], Outcome]:
    found = {}
    for entry in entries:
        if entry.kind == OUTCOME:
            body = entry.body
            row = again.row((int(body["victim"]["entry"]), int(body["victim"]["row"])))
            outcome = Outcome(row, body["what"], body["amount"], body["asset"], body["reference"])
            found[row, outcome.what] = outcome
    return found


def read_decision(body: Mapping[str, Any]) -> Decision:
    """A decision as its entry has it."""
    return Decision(
        body["what"],
        _meant(body["one"]),
        None if body["other"] is None else _meant(body["other"]),
        body["decision"],
        body["reason"],
        body["remark"],
    )


def _meant(value: Mapping[str, Any]) -> Party | Row:
    if "entry" in value:
        return int(value["entry"]), int(value["row"])
    return Party(value["kind"], value["value"], value["publisher"])
