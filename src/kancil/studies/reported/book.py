"""All rows of some tables as columns: who paid whom what and when, as the tables report it.

From Arrow columns of stored transfers (`evidence.tables.transfer_store`); to whatever follows,
sums or draws them. A party is an identifier where the row gives one that holds its check; else a
name, which is its publisher's alone. Two accounts of one name stay two, and so does one account
number in the tables of two publishers, until an officer says that they are one.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kancil.bitcoin.script import selectors as bitcoin
from kancil.ground import canonical
from kancil.ground.clock import from_unix, to_text
from kancil.ground.digests import sha256_hex
from kancil.ground.units import grouped_decimal
from kancil.records.asset import from_units
from kancil.records.table import Column, Holds

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


def ranks_of(tables: Sequence[TableSource]) -> list[int]:
    """Of each table, where it stands among all by publisher, bytes and exhibit."""
    order = sorted(
        range(len(tables)),
        key=lambda number: (
            tables[number].publisher, tables[number].exhibit_sha256, tables[number].exhibit,
            tables[number].entry,
        ),
    )  # fmt: skip
    ranks = [0] * len(tables)
    for rank, number in enumerate(order):
        ranks[number] = rank
    return ranks


SameAs = Mapping[Party, Party]
"""Parties that an officer joined, each with the one that stands for all."""
Row = tuple[int, int]
"""Number of the entry of a table's reading, and of the row in it."""


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
        also_paid: Mapping[int, tuple[int, ...]] | None = None,
        names_stated: Mapping[int, tuple[tuple[str, str], ...]] | None = None,
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
        self.also_paid = also_paid or {}
        """Place of a kept row → every party that it, or a row it stands for, names as payee."""
        self.names_stated = names_stated or {}
        """Number of a party → each name that a table has for it, with the table's publisher."""

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
    def table_rank(self) -> list[int]:
        """Of each table, where it stands among all by publisher and bytes.

        It is the same in whatever order the tables were read, and so is all that rests on it.
        """
        return ranks_of(self.tables)

    @cached_property
    def order(self) -> list[int]:
        """Places of the rows in time; of one moment, by their table's rank, in its own order.

        A row without a time of day comes at the beginning of its day.
        """
        rows = self.rows
        backwards = {number for number in range(len(self.tables)) if self._is_newest_first(number)}
        keys = [
            (at, self.table_rank[table], -row if table in backwards else row)
            for at, table, row in zip(rows.at, rows.table, rows.row, strict=True)
        ]
        return sorted(range(len(keys)), key=keys.__getitem__)

    @cached_property
    def by_table(self) -> list[int]:
        """Places of the rows, the tables one after another by their rank."""
        rows, rank = self.rows, self.table_rank
        return sorted(
            range(len(self)), key=lambda place: (rank[rows.table[place]], rows.row[place])
        )

    @cached_property
    def places(self) -> dict[Row, int]:
        """The place of each row, by the number of its table's entry and its own."""
        rows, tables = self.rows, self.tables
        return {
            (tables[table].entry, row): place
            for place, (table, row) in enumerate(zip(rows.table, rows.row, strict=True))
        }

    @cached_property
    def rank(self) -> dict[int, int]:
        """Place of a row → where it stands in `order`."""
        return {place: at for at, place in enumerate(self.order)}

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
        return f"{grouped_decimal(self.amount_text(asset, amount))} {self.assets[asset].symbol}"

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

    def place_named(self, text: str) -> int | None:
        """The row that a person means: `E4, line 12` or `E4 12`."""
        parts = text.replace(",", " ").split()
        if not parts or len(parts) > 3:
            return None
        line, exhibit = f"line {parts[-1]}", parts[0].casefold()
        return next(
            (place for place, at in enumerate(self.texts["place"])
             if at == line and self.tables[self.rows.table[place]].exhibit.casefold() == exhibit),
            None,
        )  # fmt: skip

    def selected(self, keep: Callable[[int], bool]) -> list[int]:
        """Places of the rows, in time, that are kept."""
        return [place for place in self.order if keep(place)]
