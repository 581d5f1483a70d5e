"""What amounts were worth at their blocks' time, by the price tables that the unit imported.

A row of a table answers for its own day or hour and for no other; where none does there is no
price, and where sources differ none is taken (`records/price.py`). It says nothing of what anybody
paid or received. Data: the transfers of a trace and the workspace's prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kancil.ground.units import SAT_PER_BTC
from kancil.ground.words import render
from kancil.records.price import NotValued, Price, PriceBook, Valued, value_at
from kancil.reports.casework.bundle.content import TraceContent
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Table,
    cell,
    mono,
    muted,
    strong,
    table,
)
from kancil.studies.amounts import btc_range

from .times import local_text, read_time

ASSET = "BTC"
MOST_CURRENCIES = 3
"""Columns that a page has room for; further currencies are named and left out."""


def currencies_of(prices: PriceBook) -> list[str]:
    """The currencies in which bitcoin is priced, in order."""
    return [currency for asset, currency in prices.pairs if asset == ASSET]


def values_blocks(trace: TraceContent, prices: PriceBook, zone: ZoneInfo) -> list[Block]:
    """The values of a trace's transfers; only a sentence where no table was imported."""
    currencies = currencies_of(prices)
    caption = render("note.pdf-values")
    title = Heading(caption, 3)
    if not currencies:
        return [title, Paragraph(render("note.pdf-values-none"), "muted")]
    shown, used = currencies[:MOST_CURRENCIES], dict[str, Price]()
    rows = [
        _row(raw, shown, prices, zone, used)
        for _, raw in zip(trace.transfers.rows, trace.answer.tables["transfers"], strict=False)
    ]
    left = currencies[MOST_CURRENCIES:]
    width = 0.48 / len(shown)
    columns = [
        Column(render("note.report-col-row"), 0.06),
        Column(render("note.pdf-col-here"), 0.26),
        Column(render("note.pdf-col-amount"), 0.2, is_number=True),
        *(Column(currency, width, is_number=True) for currency in shown),
    ]
    more = render("note.pdf-values-left", currencies=", ".join(left)) if left else ""
    blocks: list[Block] = [title, Paragraph(render("note.pdf-values-what"), "muted")]
    blocks.append(table(caption, columns, rows, note=more, empty=trace.transfers.empty))
    if used:
        blocks.append(_tables_used(list(used.values())))
    return blocks


def _row(
    raw: Sequence[object],
    currencies: Sequence[str],
    prices: PriceBook,
    zone: ZoneInfo,
    used: dict[str, Price],
) -> Sequence[Cell]:
    """Value one row of transfers; `used` gets the tables that answered, by their file."""
    moment, lower, upper = read_time(str(raw[4] or "")), int(str(raw[9])), int(str(raw[10]))
    time = render("note.report-no-block") if moment is None else local_text(moment, zone)
    cells = [cell(strong(str(raw[0]))), cell(time), cell(btc_range(lower, upper))]
    return [*cells, *(_value(moment, lower, upper, one, prices, used) for one in currencies)]


def _value(
    moment: datetime | None,
    lower: int,
    upper: int,
    currency: str,
    prices: PriceBook,
    used: dict[str, Price],
) -> Cell:
    if moment is None:
        return cell(muted(render("note.pdf-no-price")))
    ends = [
        value_at(prices, ASSET, moment, currency, Decimal(sat) / SAT_PER_BTC)
        for sat in dict.fromkeys((lower, upper))
    ]
    valued = [one for one in ends if isinstance(one, Valued)]
    if len(valued) < len(ends):
        differ = [one for one in ends if isinstance(one, NotValued) and one.rows]
        key = "note.pdf-prices-differ" if differ else "note.pdf-no-price"
        return cell(muted(render(key)))
    row = valued[0].row
    used.setdefault(row.file_sha256, row)
    amounts = "\u2013".join(_grouped(one.shown) for one in valued)
    return cell(strong(amounts), muted(render("note.pdf-price-dated", dated=row.dated)))


def _grouped(value: Decimal) -> str:
    return f"{value:,f}".replace(",", "\u202f")


def _tables_used(rows: Sequence[Price]) -> Table:
    return table(
        "",
        (Column(render("note.pdf-col-prices"), 0.46), Column(render("note.pdf-col-hash"), 0.54)),
        [
            (
                cell(
                    strong(one.source),
                    muted(one.fetched_on or "", render("name.pdf-fetched")),
                    muted(one.licence, render("name.pdf-licence")),
                ),
                cell(mono(one.file_sha256)),
            )
            for one in rows
        ],
    )
