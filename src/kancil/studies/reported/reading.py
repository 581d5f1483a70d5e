"""Tables of stored transfers read into a book: parties, assets and amounts as numbers.

From Arrow columns (`evidence.tables.transfer_store`) and what an officer joined; to a `Book`. Each
cell is read once for all rows that have it.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from kancil.bitcoin.script import selectors as bitcoin
from kancil.evidence.tables.moment import zone_named
from kancil.records.asset import BITCOIN
from kancil.records.selector import SelectorKind
from kancil.records.selectors import SELECTORS
from kancil.records.transfer import Direction

from .book import (
    ACCOUNT,
    BITCOIN_ADDRESS,
    COLUMNS,
    ETHEREUM_ADDRESS,
    HOLDER,
    IBAN,
    MOST_ROWS,
    NAME,
    NONE,
    TRON_ADDRESS,
    VICTIM,
    Asset,
    Book,
    Columns,
    Party,
    Row,
    SameAs,
    TableSource,
    ranks_of,
)
from .tricks import issuer_of, seen_as

_ALL: tuple[SelectorKind, ...] = (*bitcoin.SELECTORS, *SELECTORS)
_KINDS = {kind.name: kind for kind in _ALL}


def read_book(
    tables: Iterable[tuple[TableSource, Any]],
    same: SameAs | None = None,
    one_transfer: Iterable[Collection[Row]] = (),
    most: int = MOST_ROWS,
) -> Book:
    """Read the columns `COLUMNS` of tables, as Arrow tables.

    `same`, `one_transfer`: parties, and rows, that an officer says are one. Of such rows one is
    kept; who paid is as the payer's own statement has it, and who was paid as the payee's has it.
    """
    reader = _Reader(same or {}, [frozenset(each) for each in one_transfer])
    left = 0
    for source, columns in tables:
        room = most - len(reader.rows.amount)
        left += max(0, columns.num_rows - room)
        reader.take(source, columns.slice(0, max(0, room)))
    return reader.book(left)


class _Reader:
    def __init__(self, same: SameAs, one_transfer: list[frozenset[Row]]) -> None:
        self.same, self.one_transfer = same, one_transfer
        self.tables: list[TableSource] = []
        self.parties: dict[Party, int] = {}
        self.names: list[str] = []
        self.assets: dict[Asset, int] = {}
        self.digits: list[int] = []
        self.amounts: list[tuple[int, int]] = []
        self.rows = Columns()
        self.texts: dict[str, list[str | None]] = {
            name: []
            for name in ("place", "day", "txid", "reference", "balance", "direction", "notes")
        }
        self._ends: dict[tuple[str | None, ...], int] = {}
        self.also_paid: dict[int, tuple[int, ...]] = {}
        self.names_stated: defaultdict[int, dict[tuple[str, str], None]] = defaultdict(dict)

    def take(self, source: TableSource, columns: Any) -> None:
        """Add the rows of a table."""
        table = len(self.tables)
        self.tables.append(source)
        found: dict[str, list[Any]] = {
            name: columns.column(name).to_pylist()
            if name in columns.column_names
            else [None] * columns.num_rows
            for name in COLUMNS
        }
        for name, texts in self.texts.items():
            texts.extend(found[name])
        rows = self.rows
        rows.row.extend(found["row"])
        rows.table.extend([table] * columns.num_rows)
        for end, numbers in (("from", rows.payer), ("to", rows.payee)):
            own = Direction.OUT.value if end == "from" else Direction.IN.value
            numbers.extend(
                self._end(source, account, address, name, chain, direction == own, row, notes, end)
                for account, address, name, chain, direction, row, notes in zip(
                    found[f"{end}_account"], found[f"{end}_address"], found[f"{end}_name"],
                    found["chain"], found["direction"], found["row"], found["notes"], strict=True,
                )
            )  # fmt: skip
        self._amounts(found)
        for time, day, zone in zip(found["time"], found["day"], found["zone"], strict=True):
            at, has_clock = _moment(time, day, zone)
            rows.at.append(at)
            rows.has_clock.append(has_clock)

    def _end(
        self, source: TableSource, account: str | None, address: str | None, name: str | None,
        chain: str | None, is_own: bool, row: int, notes: str | None, end: str,
    ) -> int:  # fmt: skip
        is_victim = end == "from" and notes is not None and "complaint" in notes.split()
        if not (account or address or name or is_own or is_victim):
            return NONE
        key = (
            source.publisher, account, address, name, chain if address else None,
            source.exhibit if is_own and not (account or address or name) else None,
            f"{source.exhibit}:{row}" if is_victim and not (account or address) else None,
        )  # fmt: skip
        known = self._ends.get(key)
        if known is None:
            party = _party(source, account, address, name, chain)
            if party is None:
                kind, value = (VICTIM, f"{source.exhibit}:{row}") if is_victim else (
                    HOLDER, source.exhibit
                )  # fmt: skip
                party = Party(kind, value, source.publisher)
            party = self.same.get(party, party)
            known = self._ends[key] = self.parties.setdefault(party, len(self.parties))
            if known == len(self.names):
                self.names.append(name or "")
            elif name and not "" < self.names[known] <= name:
                self.names[known] = name
            if name and name != party.value:
                self.names_stated[known][name, source.publisher] = None
        return known

    def _amounts(self, found: dict[str, list[Any]]) -> None:
        for symbol, chain, contract, amount, balance in zip(
            found["asset"],
            found["chain"],
            found["contract"],
            found["amount"],
            found["balance"],
            strict=True,
        ):
            asset = Asset(symbol, chain or "", contract or "")
            number = self.assets.setdefault(asset, len(self.assets))
            whole, _, part = amount.partition(".")
            if number == len(self.digits):
                self.digits.append(0)
            finer = len(balance.partition(".")[2]) if balance else 0
            self.digits[number] = max(self.digits[number], len(part), finer)
            self.rows.asset.append(number)
            self.amounts.append((int(whole + part), len(part)))

    def book(self, left: int) -> Book:
        """What was taken."""
        groups = self._groups()
        self._name_contracts(groups)
        rows = self.rows
        rows.amount = [
            figures * 10 ** (self.digits[asset] - digits)
            for asset, (figures, digits) in zip(rows.asset, self.amounts, strict=True)
        ]
        return Book(
            self.tables, list(self.parties), self.names, list(self.assets), self.digits,
            rows, self.texts, left, self._merge(groups), self.same.values(), self.also_paid,
            {party: tuple(sorted(names)) for party, names in self.names_stated.items()},
        )  # fmt: skip

    def _groups(self) -> list[list[int]]:
        """Places of the rows that are one transfer, that which is kept first.

        A complaint comes last, and a day without a time of day after a moment; then the payer's own
        statement comes first, then the earlier row, then the table of the first rank.
        """
        wanted = {row: number for number, group in enumerate(self.one_transfer) for row in group}
        rows, entries = self.rows, [table.entry for table in self.tables]
        groups: dict[int, list[int]] = {}
        if wanted:
            for place, (table, row) in enumerate(zip(rows.table, rows.row, strict=True)):
                number = wanted.get((entries[table], row))
                if number is not None:
                    groups.setdefault(number, []).append(place)
        ranks = ranks_of(self.tables)
        for places in groups.values():
            places.sort(
                key=lambda place: (
                    "complaint" in (self.texts["notes"][place] or ""),
                    not rows.has_clock[place],
                    self.texts["direction"][place] != Direction.OUT.value,
                    rows.at[place],
                    ranks[rows.table[place]],
                    rows.row[place],
                )
            )
        return list(groups.values())

    def _name_contracts(self, groups: list[list[int]]) -> None:
        """Let a token without a contract bear that of the row that is the same transfer.

        So do the publisher's other rows of this token on this chain, where all that was joined
        bears one contract: what an exchange calls USDT on TRON is one token in all of its rows.
        """
        rows, assets = self.rows, list(self.assets)
        named: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        for places in groups:
            for place in places:
                asset = assets[rows.asset[place]]
                found = {
                    rows.asset[other]
                    for other in places
                    if _names_contract_of(assets[rows.asset[other]], asset)
                }
                if len(found) == 1:
                    publisher = self.tables[rows.table[place]].publisher
                    named[publisher, rows.asset[place]] |= found
                    rows.asset[place] = next(iter(found))
        one = {key: next(iter(found)) for key, found in named.items() if len(found) == 1}
        if one:
            publishers = [table.publisher for table in self.tables]
            for place, (table, number) in enumerate(zip(rows.table, rows.asset, strict=True)):
                rows.asset[place] = one.get((publishers[table], number), number)
        for place, number in enumerate(rows.asset if named else ()):
            balance = self.texts["balance"][place]
            finer = len(balance.partition(".")[2]) if balance else 0
            self.digits[number] = max(self.digits[number], self.amounts[place][1], finer)

    def _merge(self, groups: list[list[int]]) -> dict[int, int]:
        """Place that stands for each row of a group; the kept row takes the ends of all of them."""
        rows = self.rows
        kept_for: dict[int, int] = {}
        for places in groups:
            kept, *others = places
            self.also_paid[kept] = tuple(dict.fromkeys(rows.payee[place] for place in places))
            ends = (
                self._end_of(places, rows.payer, Direction.OUT),
                self._end_of(places, rows.payee, Direction.IN),
            )
            rows.payer[kept], rows.payee[kept] = ends
            kept_for |= dict.fromkeys(others, kept)
        return kept_for

    def _end_of(self, places: list[int], ends: array[int], own: Direction) -> int:
        """The end that its own statement names, else the first that any of the rows names."""
        told = sorted(places, key=lambda place: self.texts["direction"][place] != own.value)
        return next((ends[place] for place in told if ends[place] != NONE), NONE)


def _names_contract_of(asset: Asset, other: Asset) -> bool:
    """Whether an asset may be another that names no contract, by symbol and chain."""
    return bool(
        asset.contract
        and not other.contract
        and seen_as(asset.symbol) == seen_as(other.symbol)
        and other.chain in ("", asset.chain)
        and issuer_of(asset) is None
    )


def _moment(time: str | None, day: str | None, zone: str | None) -> tuple[int, bool]:
    """Microseconds since 1970; the beginning of the day where the time of day is not known."""
    if time is not None:
        moment = datetime.fromisoformat(time)
        return int(moment.timestamp()) * 1_000_000 + moment.microsecond, True
    return _begin_of(day or "1970-01-01", zone), False


@lru_cache(maxsize=1 << 14)
def _begin_of(day: str, zone: str | None) -> int:
    """The beginning of a day in its zone, UTC where none is known."""
    known = (zone_named(zone) if zone else None) or UTC
    return int(datetime.fromisoformat(day).replace(tzinfo=known).timestamp()) * 1_000_000


def _party(
    source: TableSource, account: str | None, address: str | None, name: str | None,
    chain: str | None,
) -> Party | None:  # fmt: skip
    """The party that a row's cells name: an address before an account before a name."""
    if address:
        kinds = [TRON_ADDRESS, ETHEREUM_ADDRESS]
        for kind in [*kinds, BITCOIN_ADDRESS] if chain in (None, BITCOIN) else kinds:
            value = _KINDS[kind].read(address)
            if value is not None:
                return Party(kind, value)
    for text in (account, address):
        if not text:
            continue
        iban = _KINDS[IBAN].read(text)
        if iban is not None:
            return Party(IBAN, iban)
        number = _KINDS[ACCOUNT].read(text)
        if number is not None:
            return Party(ACCOUNT, number, source.publisher)
    known = account or address or name
    return Party(NAME, known, source.publisher) if known else None
