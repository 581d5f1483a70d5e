"""Reading price tables: a date, a price, and what the officer states of the rest.

A row answers for its own span only: a daily row for that day in the table's zone, which is UTC
unless the officer says otherwise. Where a table does not say what its prices are of, the officer
does; a row that says something else is read as it says.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import BinaryIO

from kancil.evidence.errors import (
    MappingColumnMissing,
    MappingIncomplete,
    MappingNotReadable,
    NothingStated,
)
from kancil.ground.clock import now
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Param, Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped
from kancil.records.asset import MINOR_UNITS
from kancil.records.price import Price

from .amount import AmountForm, read_amount
from .forms import seen_amounts, seen_times
from .layout import picked
from .moment import GREGORIAN, UNIX, TimeForm, is_time_format, read_moment, zone_named
from .table import Sniffed, Table, TableRow, sniff_table

SPANS = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}
_NAMES = {
    "time": ("Date", "Day", "Time", "Timestamp", "snapped_at", "Date(UTC)", "unix"),
    "price": ("Price", "Close", "Closing Price", "Rate", "Mid", "Average"),
    "asset": ("Asset", "Coin", "Symbol", "Base"),
    "currency": ("Currency", "Quote"),
}


@dataclass(frozen=True, slots=True)
class PricesStated:
    """What the officer states of a price table."""

    source: str
    """Who published the prices, and where they were got."""
    currency: str | None = None
    asset: str | None = None
    licence: str = ""
    fetched_on: date | None = None
    zone: str = "UTC"
    """Zone of the table's days and times."""
    span: str = "day"
    """How long a row answers: a key of `SPANS`."""
    time_format: str | None = None
    """None: as the rows show it beyond doubt."""
    amount: AmountForm | None = None
    time_column: str | None = None
    price_column: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The JSON-ready form."""
        return {
            "asset": self.asset,
            "currency": self.currency,
            "decimal": self.amount.decimal if self.amount else None,
            "fetched_on": self.fetched_on.isoformat() if self.fetched_on else None,
            "licence": self.licence,
            "price_column": self.price_column,
            "source": self.source,
            "span": self.span,
            "thousands": self.amount.thousands if self.amount else None,
            "time_column": self.time_column,
            "time_format": self.time_format,
            "zone": self.zone,
        }


@dataclass(frozen=True, slots=True)
class PriceRead:
    """What reading one price table gave."""

    file_name: str
    file_sha256: str
    stated: PricesStated
    prices: tuple[Price, ...]
    skipped: tuple[Skipped, ...]
    reasons: tuple[Phrase, ...]
    """How encoding, separator, dates and amounts were read, and why so."""

    @property
    def assets(self) -> tuple[str, ...]:
        """Assets that the table prices, sorted."""
        return tuple(sorted({price.asset for price in self.prices}))

    @property
    def currencies(self) -> tuple[str, ...]:
        """Currencies in which it prices them, sorted."""
        return tuple(sorted({price.currency for price in self.prices}))

    @property
    def skipped_codes(self) -> dict[str, int]:
        """How many rows were left out for which reason, the most first."""
        return dict(Counter(skip.code for skip in self.skipped).most_common())


def read_prices(
    stream: BinaryIO, name: str, stated: PricesStated, progress: Progress = SILENT
) -> PriceRead:
    """Read a price table.

    Raises TableNotReadable, TableTooLarge, TableIsNoText, MappingNotReadable for a zone, span,
    currency or time format that is none and for a day to come, MappingColumnMissing where it has no
    column of dates or prices, MappingIncomplete where something is neither stated nor seen beyond
    doubt, NothingStated.
    """
    _check(stated)
    sniffed = sniff_table(stream, name)
    reader = _Reader(sniffed, stated)
    stream.seek(0)
    sha256 = sha256_hex(stream.read())
    prices: list[Price] = []
    skipped: list[Skipped] = []
    progress.start(None, "rows", "progress.prices")
    for row in Table(stream, sniffed.form, name).rows():
        progress.advance(1)
        found = reader.read(row, sha256)
        if isinstance(found, Price):
            prices.append(found)
        else:
            skipped.append(found)
    progress.finish()
    if not prices:
        reason: Param = Phrase("why.table-empty")
        if skipped:
            reason = Phrase(f"skip.{skipped[0].code}", {"place": skipped[0].place,
                                                        **skipped[0].params})  # fmt: skip
        raise NothingStated(path=name, skipped=len(skipped), reason=reason)
    return PriceRead(name, sha256, stated, tuple(prices), tuple(skipped), reader.reasons)


def _check(stated: PricesStated) -> None:
    """Refuse what was stated and cannot be; raises MappingNotReadable."""
    for part, value, is_right in (
        ("--zone", stated.zone, zone_named(stated.zone) is not None),
        ("--per", stated.span, stated.span in SPANS),
        ("--date-format", stated.time_format, is_time_format(stated.time_format or UNIX)),
        ("--currency", stated.currency, stated.currency is None or stated.currency in MINOR_UNITS),
    ):
        if not is_right:
            why = Phrase("why.mapping-value", {"value": str(value)[:80]})
            raise MappingNotReadable(part=part, why=why)
    if stated.fetched_on is not None and stated.fetched_on > now().date() + timedelta(days=1):
        raise MappingNotReadable(part="--fetched-on", why=Phrase("note.not-yet"))


class _Reader:
    """What was stated and what was seen, made ready for the rows of one table."""

    def __init__(self, sniffed: Sniffed, stated: PricesStated) -> None:
        self._stated = stated
        self._width = len(sniffed.columns)
        self._places = _places_of(sniffed.columns, stated)
        amounts = seen_amounts(_texts(sniffed, self._places["price"]))
        column = sniffed.columns[self._places["time"]]
        times = seen_times(_texts(sniffed, self._places["time"]), column)
        formats = times.form.formats if times.form else ()
        if stated.time_format is not None:
            formats = (stated.time_format,)
        calendar = times.form.calendar if times.form and formats == times.form.formats else None
        amount = stated.amount or amounts.form
        missing = [
            name
            for name, is_missing in (
                ("--decimal", amount is None),
                ("--date-format", not formats),
                ("--asset", not stated.asset and "asset" not in self._places),
                ("--currency", not stated.currency and "currency" not in self._places),
            )
            if is_missing
        ]
        if missing or amount is None:
            raise MappingIncomplete(missing=", ".join(missing))
        self._amount = amount
        self._zone = zone_named(stated.zone)
        self._time = TimeForm(formats, stated.zone, calendar or GREGORIAN)
        self._span = SPANS[stated.span]
        self.reasons = (*sniffed.reasons, *amounts.reasons, *times.reasons)
        self._seen: set[tuple[str, str, datetime]] = set()

    def read(self, row: TableRow, file_sha256: str) -> Price | Skipped:
        """Read one row."""
        cells = [cell.strip() for cell in row.cells]
        if len(cells) < self._width:
            params: dict[str, Param] = {"cells": len(cells), "columns": self._width}
            return Skipped("stated-row-cells", row.place, params)
        named = {field: cells[place] for field, place in self._places.items()}
        amount = read_amount(named["price"], self._amount)
        if amount is None or amount.value <= 0:
            return Skipped("price-form", row.place, {"text": named["price"][:80]})
        span = self._span_of(named["time"])
        if span is None:
            return Skipped("price-time", row.place, {"text": named["time"][:80]})
        asset = self._stated.asset or named.get("asset", "")
        currency = (self._stated.currency or named.get("currency", "")).upper()
        if not asset or not currency:
            return Skipped("price-of-what", row.place)
        key = (asset, currency, span[0])
        if key in self._seen:
            return Skipped("price-repeated", row.place, {"time": named["time"][:80]})
        self._seen.add(key)
        fetched_on = self._stated.fetched_on
        return Price(
            asset=asset,
            currency=currency,
            price=amount.value,
            start=span[0],
            end=span[1],
            dated=named["time"],
            source=self._stated.source,
            licence=self._stated.licence,
            fetched_on=fetched_on.isoformat() if fetched_on else None,
            file_sha256=file_sha256,
            place=row.place,
        )

    def _span_of(self, text: str) -> tuple[datetime, datetime] | None:
        """The first moment for which a row answers and the first for which it does not.

        A daily row that states a time of day other than midnight is a price at that time, not of
        that day.
        """
        moment = read_moment(text, self._time)
        if moment is None:
            return None
        if self._span < timedelta(days=1):
            return None if moment.at is None else (moment.at, moment.at + self._span)
        midnight = datetime.combine(moment.day, time(), self._zone)
        following = datetime.combine(moment.day + self._span, time(), self._zone)
        if moment.at is not None and moment.at != midnight.astimezone(UTC):
            return None
        return midnight.astimezone(UTC), following.astimezone(UTC)


def _places_of(columns: tuple[str, ...], stated: PricesStated) -> dict[str, int]:
    """Field → place of its column; raises MappingColumnMissing."""
    found = picked(columns, _NAMES)
    asked = {"time": stated.time_column, "price": stated.price_column}
    found |= {field: column for field, column in asked.items() if column is not None}
    known = ", ".join(columns)[:400]
    for field in ("time", "price"):
        if found.get(field) not in columns:
            column = found.get(field) or " / ".join(_NAMES[field])
            raise MappingColumnMissing(column=column, known=known)
    return {field: columns.index(column) for field, column in found.items()}


def _texts(sniffed: Sniffed, place: int) -> list[str]:
    return [row.cells[place] for row in sniffed.rows if place < len(row.cells)]
