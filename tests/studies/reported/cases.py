"""Invented cases of which all is known: victims, a mule, an exchange, TRON; and who reports what.

A `Payment` is what truly happened, once; its `reports` are the rows of tables that tell of it, each
on its publisher's own clock. Tables may be imported in any order (`book`): what the officer joins
(`joins`) is the truth, so that whatever is computed can be compared with it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pyarrow as pa
from hypothesis import strategies as st

from kancil.records.record import batch_of
from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.book import ACCOUNT, COLUMNS, Book, Party, SameAs, TableSource
from kancil.studies.reported.joins import PARTY, SAME, TRANSFER, Decision, decided
from kancil.studies.reported.reading import read_book
from tests.data.scam.make import TETHER, invented

MULE, AT_EXCHANGE = "9876543210", "X-100"
HOT, FIRST, SECOND = (invented(f"case {name}") for name in ("hot wallet", "first", "second"))
BEGIN = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
"""Half an hour before midnight in Bangkok, half an hour after it in Manila."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Teller:
    """Who makes a table, and on which clock."""

    name: str
    zone: str = "UTC"
    late: timedelta = timedelta()
    """By how much its clock is behind the payment."""


VICTIMS_BANK = Teller("Victims' bank", "Asia/Bangkok")
MULES_BANK = Teller("Mule's bank", "Asia/Manila", 3 * MINUTE)
POLICE = Teller("Police", "Asia/Bangkok")
EXCHANGE = Teller("Exchange", "UTC", 2 * MINUTE)
EXPLORER = Teller("Explorer", "UTC")
TELLERS = (VICTIMS_BANK, MULES_BANK, POLICE, EXCHANGE, EXPLORER)


@dataclass
class Payment:
    """One payment that truly happened."""

    id: str
    amount: int
    asset: str
    at: datetime
    reports: list[tuple[Teller, int]] = field(default_factory=list)
    """Who reports it, and in which row of its table."""


@dataclass
class Case:
    """What happened, and the tables that report it."""

    payments: list[Payment] = field(default_factory=list)
    rows: defaultdict[str, list[StatedTransfer]] = field(default_factory=lambda: defaultdict(list))
    reversed: set[str] = field(default_factory=set)
    """Payments of victims that the mule's bank sent back whole."""

    def happens(self, id: str, amount: int, asset: str, at: datetime) -> Payment:
        """A payment, which nobody reports yet."""
        self.payments.append(Payment(id, amount, asset, at))
        return self.payments[-1]

    def report(self, payment: Payment, by: Teller, **more: str | tuple[str, ...] | None) -> None:
        """Let a teller report a payment in the next row of its table."""
        rows = self.rows[by.name]
        at = payment.at + by.late
        number = len(rows) + 1
        rows.append(
            StatedTransfer(
                row=number, place=f"line {number + 1}", asset=payment.asset,
                amount=str(payment.amount), stated_by=by.name,
                exhibit_sha256=sha256(by.name.encode()).hexdigest(),
                time=at.strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
                day=at.astimezone(ZoneInfo(by.zone)).date().isoformat(), zone=by.zone,
                **more,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        payment.reports.append((by, number))

    def tellers(self) -> list[Teller]:
        """Those who made a table."""
        return [each for each in TELLERS if self.rows[each.name]]

    def joins(self, order: Sequence[Teller]) -> list[Decision]:
        """What is one, in truth: accounts of one number, and rows that report one payment."""
        entries = entries_of(order)
        numbers: defaultdict[str, set[Party]] = defaultdict(set)
        for rows in self.rows.values():
            for row in rows:
                for account in (row.from_account, row.to_account):
                    if account and account.isdecimal():
                        numbers[account].add(Party(ACCOUNT, account, row.stated_by))
        pairs = [
            Decision(PARTY, one, other, SAME, "own")
            for parties in numbers.values()
            for one, other in itertools.pairwise(sorted(parties))
        ]
        for payment in self.payments:
            told = [(entries[by.name], row) for by, row in payment.reports if by in order]
            pairs += [
                Decision(TRANSFER, one, other, SAME, "own")
                for one, other in itertools.pairwise(told)
            ]
        return pairs

    def book(self, order: Sequence[Teller], decisions: Iterable[Decision] = ()) -> Book:
        """The tables, imported in this order; each exhibit keeps its label."""
        made = decided(decisions)
        tables = [
            (
                TableSource(
                    entry,
                    f"E{TELLERS.index(by) + 1}",
                    by.name,
                    self.rows[by.name][0].exhibit_sha256,
                ),
                pa.Table.from_batches([batch_of(StatedTransfer, self.rows[by.name])]).select(
                    COLUMNS
                ),
            )
            for entry, by in enumerate(order, 1)
        ]
        same: SameAs = made.same
        return read_book(tables, same, made.one_transfer)

    def conversions(self, book: Book) -> list[tuple[int, int]]:
        """All that the mule sent to the exchange, each payment with what was withdrawn for it."""
        kept = {self.payment_of(book, place): place
                for place in range(len(book)) if place not in book.kept_for}  # fmt: skip
        return [(place, kept["withdrawn"])
                for payment, place in kept.items() if payment.startswith("on ")]  # fmt: skip

    def payment_of(self, book: Book, place: int) -> str:
        """Which payment a row of a book reports."""
        publisher = book.tables[book.rows.table[place]].publisher
        row = book.rows.row[place]
        return next(
            payment.id
            for payment in self.payments
            for by, number in payment.reports
            if (by.name, number) == (publisher, row)
        )


def entries_of(order: Sequence[Teller]) -> dict[str, int]:
    """The number of the entry of each table, imported in this order."""
    return {by.name: entry for entry, by in enumerate(order, 1)}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case: each victim pays the mule, who hands it on at once to the exchange, or sends it back.

    So whose money came where is known, under whatever convention.
    """
    case, at = Case(), BEGIN
    amounts = draw(st.lists(st.sampled_from([500, 700, 700, 1_000]), min_size=1, max_size=4))
    for number, amount in enumerate(amounts):
        at += draw(st.integers(20, 600)) * MINUTE
        _victim(draw, case, number, amount, at)
    at += 60 * MINUTE
    bought = case.happens("withdrawn", 90, "USDT", at)
    txid = sha256(b"withdrawn").hexdigest()
    case.report(bought, EXCHANGE, direction="out", from_account=AT_EXCHANGE, to_address=FIRST,
                chain="tron", txid=txid)  # fmt: skip
    tron = {"chain": "tron", "contract": TETHER}
    if draw(st.booleans()):
        case.report(bought, EXPLORER, from_address=HOT, to_address=FIRST, txid=txid, **tron)
        for step, (payer, payee) in enumerate(((FIRST, SECOND), (SECOND, HOT))):
            on = case.happens(f"step {step}", 90, "USDT", at + (step + 1) * 10 * MINUTE)
            case.report(on, EXPLORER, from_address=payer, to_address=payee,
                        txid=sha256(on.id.encode()).hexdigest(), **tron)  # fmt: skip
    return case


def _victim(draw: st.DrawFn, case: Case, number: int, amount: int, at: datetime) -> None:
    victim = f"555000{number:04}"
    paid = case.happens(f"paid {number}", amount, "THB", at)
    ends = {"from_account": victim, "to_account": MULE}
    if draw(st.booleans()):
        case.report(paid, VICTIMS_BANK, direction="out", **ends)
    case.report(paid, MULES_BANK, direction="in", **ends)
    if draw(st.booleans()):
        case.report(paid, POLICE, to_account=MULE, notes=("complaint",))
    if draw(st.integers(0, 3)) == 0:
        case.reversed.add(paid.id)
        back = case.happens(f"back {number}", amount, "THB", at + 8 * MINUTE)
        ends = {"from_account": MULE, "to_account": victim}
        case.report(back, MULES_BANK, direction="out", **ends)
        if VICTIMS_BANK in [by for by, _ in paid.reports]:
            case.report(back, VICTIMS_BANK, direction="in", **ends)
        return
    on = case.happens(f"on {number}", amount, "THB", at + 9 * MINUTE)
    case.report(on, MULES_BANK, direction="out", from_account=MULE, to_account="3330001111")
    case.report(on, EXCHANGE, direction="in", from_account=MULE, to_account=AT_EXCHANGE)
