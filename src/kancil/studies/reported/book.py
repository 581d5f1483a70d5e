"""All rows of some tables as columns: who paid whom what and when, as the tables report it.

From Arrow columns of stored transfers (`evidence.tables.transfer_store`); to whatever follows,
sums or draws them. A party is an identifier where the row gives one that holds its check; else a
name, which is its publisher's alone. Two accounts of one name stay two, and so does one account
number in the tables of two publishers, until an officer says that they are one.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

from kancil.bitcoin.script import selectors as bitcoin
from kancil.evidence.tables.moment import zone_named
from kancil.ground import canonical
from kancil.ground.clock import from_unix, to_text
from kancil.ground.digests import sha256_hex
from kancil.ground.units import grouped
from kancil.records.asset import BITCOIN, from_units
from kancil.records.selector import SelectorKind
from kancil.records.selectors import SELECTORS
from kancil.records.table import Column, Holds
from kancil.records.transfer import Direction

BITCOIN_ADDRESS = bitcoin.ADDRESS
TRON_ADDRESS = "tron-address"
ETHEREUM_ADDRESS = "ethereum-address"
ACCOUNT = "bank-account"
IBAN = "iban"
NAME = "name"
HOLDER = "holder"
VICTIM = "victim"
OWN_KINDS = frozenset({ACCOUNT, NAME, HOLDER, VICTIM})
"""Kinds whose values are their publisher's alone."""
COLUMNS = (
    "row", "place", "asset", "amount", "chain", "contract", "from_account", "from_address",
    "from_name", "to_account", "to_address", "to_name", "direction", "time", "day", "zone", "txid",
    "reference", "balance", "notes",
)  # fmt: skip
"""Of `records.transfer`, those that are read here."""
PARTY_KIND = (Column("party_kind", Holds.CODE, "name.party"),)
"""The column of a table that says what a party is."""
MOST_ROWS = 2_000_000
NONE = -1
_ALL: tuple[SelectorKind, ...] = (*bitcoin.SELECTORS, *SELECTORS)
_KINDS = {kind.name: kind for kind in _ALL}
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """Who paid or was paid, as far as a table says."""

    kind: str
    """A selector's kind; or `name`, `holder` (of a statement that does not name its own account),
    `victim` (of a complaint, by its row)."""
    value: str
    """In the kind's normal form."""
    publisher: str = ""
    """Of the table, where the value says nothing elsewhere."""

    @property
    def id(self) -> str:
        """Its id on a picture, the same from whatever table."""
        data = canonical.dumps([self.kind, self.value, self.publisher])
        return f"party-{sha256_hex(data)[:16]}"

    @property
    def is_address(self) -> bool:
        """Whether it is an address of a chain."""
        return self.kind in (BITCOIN_ADDRESS, TRON_ADDRESS, ETHEREUM_ADDRESS)


@dataclass(frozen=True, slots=True)
class Asset:
    """What was paid: a token by its contract, where the table names it."""

    symbol: str
    chain: str = ""
    contract: str = ""


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table that was read."""

    entry: int
    """Number of the ledger entry of its reading."""
    exhibit: str
    """Label of the exhibit: `E4`."""
    publisher: str
    exhibit_sha256: str = ""


@dataclass(eq=False, slots=True)
class Columns:
    """The rows, one place each, in the order of `Book.order`."""

    payer: array[int] = field(default_factory=lambda: array("i"))
    """Number of a party; `NONE` where the row does not say."""
    payee: array[int] = field(default_factory=lambda: array("i"))
    asset: array[int] = field(default_factory=lambda: array("i"))
    amount: list[int] = field(default_factory=list)
    """In the asset's last digit that any amount or balance states."""
    at: array[int] = field(default_factory=lambda: array("q"))
    """Microseconds since 1970, UTC; of a day without a time of day, its beginning in its zone."""
    has_clock: bytearray = field(default_factory=bytearray)
    table: array[int] = field(default_factory=lambda: array("i"))
    row: array[int] = field(default_factory=lambda: array("i"))


class Book:
    """Rows of tables, read once; nothing in it changes."""

    def __init__(
        self,
        tables: Sequence[TableSource],
        parties: Sequence[Party],
        names: Sequence[str],
        assets: Sequence[Asset],
        digits: Sequence[int],
        rows: Columns,
        texts: Mapping[str, list[str | None]],
        left: int = 0,
        kept_for: Mapping[int, int] | None = None,
        joined: Collection[Party] = (),
    ) -> None:
        """Take columns that `read_book` made."""
        self.tables, self.parties, self.names = tables, parties, names
        self.assets, self.digits, self.rows = assets, digits, rows
        self.texts = texts
        """`place`, `day`, `txid`, `reference`, `balance`, `direction` and `notes`, as stated."""
        self.left = left
        """Rows beyond `MOST_ROWS`, which are not here."""
        self.kept_for = kept_for or {}
        """Place of a row that another reports too, as an officer decided → place of that one."""
        self.joined = frozenset(joined)
        """Parties that stand for several, as an officer decided."""

    def __len__(self) -> int:
        """How many rows."""
        return len(self.rows.amount)

    @cached_property
    def numbers(self) -> dict[Party, int]:
        """The number of each party."""
        return {party: number for number, party in enumerate(self.parties)}

    @cached_property
    def by_id(self) -> dict[str, int]:
        """The number of each party by its id."""
        return {party.id: number for number, party in enumerate(self.parties)}

    @cached_property
    def order(self) -> list[int]:
        """Places of the rows in time; of one moment, in the order of their table.

        A row without a time of day comes at the beginning of its day.
        """
        rows = self.rows
        backwards = {number for number in range(len(self.tables)) if self._is_newest_first(number)}
        keys = [
            (at, table, -row if table in backwards else row)
            for at, table, row in zip(rows.at, rows.table, rows.row, strict=True)
        ]
        return sorted(range(len(keys)), key=keys.__getitem__)

    def _is_newest_first(self, table: int) -> bool:
        """Whether a table stands in falling order of time, as some publishers write it."""
        times = [at for at, of in zip(self.rows.at, self.rows.table, strict=True) if of == table]
        falls = sum(one > other for one, other in itertools.pairwise(times))
        rises = sum(one < other for one, other in itertools.pairwise(times))
        return falls > rises

    def amount_text(self, asset: int, amount: int) -> str:
        """An amount of this asset, exact."""
        sign = "-" if amount < 0 else ""
        return sign + from_units(abs(amount), self.digits[asset])

    def said_amount(self, asset: int, amount: int) -> str:
        """An amount in a sentence: its thousands grouped, without zeros at its end."""
        whole, _, part = self.amount_text(asset, amount).partition(".")
        sign, figures = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        part = part.rstrip("0")
        text = f"{sign}{grouped(int(figures))}{'.' if part else ''}{part}"
        return f"{text} {self.assets[asset].symbol}"

    def name_of(self, party: int) -> str:
        """How a party is called for people: its value, a name, and whose word that is.

        What an officer joined with another's is nobody's alone.
        """
        if party == NONE:
            return ""
        found, name = self.parties[party], self.names[party]
        publisher = "" if found in self.joined else found.publisher
        more = [text for text in (name, publisher) if text and text != found.value]
        return f"{found.value} ({', '.join(more)})" if more else found.value

    def day_of(self, place: int) -> str:
        """The day of a row as its table states it, in the table's own zone."""
        return self.texts["day"][place] or ""

    def time_of(self, place: int) -> str:
        """The time of a row as far as it is known."""
        if not self.rows.has_clock[place]:
            return self.day_of(place)
        return to_text(from_unix(self.rows.at[place] // 1_000_000)).replace(".000000Z", "Z")

    def place_of(self, place: int) -> str:
        """Where a row stands: `E4, line 12`."""
        table = self.tables[self.rows.table[place]]
        return f"{table.exhibit}, {self.texts['place'][place]}"

    def selected(self, keep: Callable[[int], bool]) -> list[int]:
        """Places of the rows, in time, that are kept."""
        return [place for place in self.order if keep(place)]


SameAs = Mapping[Party, Party]
"""Parties that an officer joined, each with the one that stands for all."""
Row = tuple[int, int]
"""Number of the entry of a table's reading, and of the row in it."""


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
            elif name and not self.names[known]:
                self.names[known] = name
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
        self.rows.amount = [
            figures * 10 ** (self.digits[asset] - digits)
            for asset, (figures, digits) in zip(self.rows.asset, self.amounts, strict=True)
        ]
        return Book(
            self.tables, list(self.parties), self.names, list(self.assets), self.digits,
            self.rows, self.texts, left, self._merge(), self.same.values(),
        )  # fmt: skip

    def _merge(self) -> dict[int, int]:
        """Give the kept row of each group its ends; gives the place that stands for each other."""
        wanted = {row: number for number, group in enumerate(self.one_transfer) for row in group}
        rows, entries = self.rows, [table.entry for table in self.tables]
        groups: dict[int, list[int]] = {}
        if wanted:
            for place, (table, row) in enumerate(zip(rows.table, rows.row, strict=True)):
                number = wanted.get((entries[table], row))
                if number is not None:
                    groups.setdefault(number, []).append(place)
        kept_for: dict[int, int] = {}
        for places in groups.values():
            places.sort(
                key=lambda place: ("complaint" in (self.texts["notes"][place] or ""), place)
            )
            kept, *others = places
            rows.payer[kept] = self._end_of(places, rows.payer, Direction.OUT)
            rows.payee[kept] = self._end_of(places, rows.payee, Direction.IN)
            kept_for |= dict.fromkeys(others, kept)
        return kept_for

    def _end_of(self, places: list[int], ends: array[int], own: Direction) -> int:
        """The end that its own statement names, else the first that any of the rows names."""
        told = sorted(places, key=lambda place: self.texts["direction"][place] != own.value)
        return next((ends[place] for place in told if ends[place] != NONE), NONE)


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
