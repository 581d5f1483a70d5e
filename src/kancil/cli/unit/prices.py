"""Commands for dated prices."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.evidence.tables.amount import AmountForm, read_amount
from kancil.evidence.tables.exhibit_table import table_bytes
from kancil.evidence.tables.foreign import read_price_table
from kancil.evidence.tables.price_store import StoredPrices, load_prices
from kancil.evidence.tables.price_table import PriceRead, PricesStated
from kancil.ground.clock import from_person, to_text
from kancil.ground.errors import OptionNotUsable
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase
from kancil.records.price import NotValued, Price, Valued, value_at


def import_prices(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A table, CSV or TSV.")],
    source: Annotated[str, typer.Option(help="Who published the prices, and where you got them.")],
    currency: Annotated[
        str | None, typer.Option(help="Currency of the prices: USD, LAK, THB …")
    ] = None,
    asset: Annotated[str | None, typer.Option(help="What they are the prices of: BTC.")] = None,
    licence: Annotated[str, typer.Option(help="Licence of the table.")] = "",
    fetched_on: Annotated[
        str | None, typer.Option(help="Day on which you got it, 2026-03-09.")
    ] = None,
    zone: Annotated[str, typer.Option(help="Time zone of its days and times.")] = "UTC",
    per: Annotated[str, typer.Option(help="What a row covers: day, hour or minute.")] = "day",
    date_column: Annotated[str | None, typer.Option(help="Column of the dates.")] = None,
    price_column: Annotated[str | None, typer.Option(help="Column of the prices.")] = None,
    date_format: Annotated[
        str | None, typer.Option(help="How dates are written: DD/MM/YYYY.")
    ] = None,
    decimal: Annotated[
        str | None, typer.Option(help="Decimal mark: a point or a comma; the other groups.")
    ] = None,
) -> None:
    """Import a dated table of prices.

    A row answers for its own day, hour or minute and for no other; nothing is filled in between.
    Dates and amounts that can be read in two ways are refused until you say which.

        kancil prices import prices.csv --source 'Example Bank' --asset BTC --currency USD
    """
    door = Door(context)
    by = door.acting()
    if decimal not in (None, ".", ","):
        raise OptionNotUsable(option="--decimal", value=decimal[:20], why=". ,")
    stated = PricesStated(
        source=door.needed(source, "--source"),
        currency=currency.upper() if currency else None,
        asset=asset,
        licence=licence,
        fetched_on=_day(fetched_on),
        zone=zone,
        span=per,
        time_format=date_format,
        amount=None if decimal is None else AmountForm(decimal, "," if decimal == "." else "."),
        time_column=date_column,
        price_column=price_column,
    )
    data = table_bytes(file)
    with door.screen.progress() as progress:
        found = read_price_table(io.BytesIO(data), file.name, stated, progress)
    from kancil.desk.studies.actions import keep_prices  # once the roll has opened the desk

    stored = keep_prices(door.ledger, door.workspace, found, by=by)
    door.show(_import_as_dict(found, stored), lambda: _show_import(door, found, stored))


def _ends(found: PriceRead) -> tuple[Price, Price]:
    """The earliest and the latest row."""
    rows = sorted(found.prices, key=lambda price: price.start)
    return rows[0], rows[-1]


def _import_as_dict(found: PriceRead, stored: StoredPrices) -> dict[str, Any]:
    first, last = _ends(found)
    return {
        "assets": list(found.assets),
        "currencies": list(found.currencies),
        "first": to_text(first.start),
        "id": stored.id,
        "is_new": stored.is_new,
        "last": to_text(last.start),
        "reasons": [render_phrase(each) for each in found.reasons],
        "rows": len(found.prices),
        "sha256": found.file_sha256,
        "skipped": skipped_as_dicts(found.skipped),
    }


def _show_import(door: Door, found: PriceRead, stored: StoredPrices) -> None:
    for each in found.reasons:
        door.screen.say("- " + render_phrase(each))
    first, last = _ends(found)
    key = "done.prices-imported" if stored.is_new else "done.prices-known"
    pairs = f"{', '.join(found.assets)} / {', '.join(found.currencies)}"
    rows = grouped(len(found.prices))
    door.screen.say(render(key, rows=rows, pairs=pairs, first=first.dated, last=last.dated))
    door.show_skipped(found.skipped, limit=3)


def price_at(
    context: typer.Context,
    asset: Annotated[str, typer.Argument(help="What is priced: BTC.")],
    moment: Annotated[
        str, typer.Argument(metavar="TIME", help="2026-03-09T14:00Z, or a day: its noon UTC.")
    ],
    currency: Annotated[str, typer.Option(help="USD, LAK, THB …")] = "USD",
    amount: Annotated[str, typer.Option(help="How much of the asset.")] = "1",
) -> None:
    """Show the price that a source gives for a time, or that there is none.

    The answer names the row it is based on. Where no row covers that time there is no price;
    where sources differ all of them are shown and none is taken.

        kancil prices at BTC 2026-03-09 --currency USD
    """
    door = Door(context)
    given = read_amount(amount, AmountForm("."))
    if given is None or given.value < 0:
        raise OptionNotUsable(option="--amount", value=amount[:40], why="0.5")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", moment):
        moment += "T12:00:00Z"
    when = from_person(moment, door.workspace.zone)
    code = currency.upper()
    answer = value_at(load_prices(door.workspace.prices_dir), asset, when, code, given.value)
    asked = {"amount": given.text, "asset": asset, "currency": code, "time": to_text(when)}
    value = {"id": f"{asset}/{code}/{to_text(when)}", **asked, **_answer_as_dict(answer)}
    door.show(value, lambda: _show_answer(door, asked, answer))


def _answer_as_dict(answer: Valued | NotValued) -> dict[str, Any]:
    if isinstance(answer, NotValued):
        rows = [_price_as_dict(row) for row in answer.rows]
        return {"reason": answer.reason, "rows": rows, "value": None}
    return {
        "exact": format(answer.exact, "f"),
        "row": _price_as_dict(answer.row),
        "value": format(answer.shown, "f"),
    }


def _show_answer(door: Door, asked: dict[str, str], answer: Valued | NotValued) -> None:
    if isinstance(answer, NotValued):
        door.screen.say(render(f"note.price-{answer.reason}", **asked))
        for row in answer.rows:
            door.screen.say("  " + _price_line(row))
        return
    value = format(answer.shown, "f")
    door.screen.say(render("done.price-at", value=value, row=_price_line(answer.row), **asked))


def _price_as_dict(row: Price) -> dict[str, Any]:
    return {
        "dated": row.dated,
        "end": to_text(row.end),
        "fetched_on": row.fetched_on,
        "file_sha256": row.file_sha256,
        "licence": row.licence,
        "place": row.place,
        "price": format(row.price, "f"),
        "source": row.source,
        "start": to_text(row.start),
    }


def _price_line(row: Price) -> str:
    return render(
        "note.price-row",
        price=format(row.price, "f"),
        currency=row.currency,
        asset=row.asset,
        dated=row.dated,
        source=row.source,
        place=row.place,
    )


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise OptionNotUsable(option="--fetched-on", value=text[:40], why="2026-03-09") from error
