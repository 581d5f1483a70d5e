"""Amounts, days and moments of a letter, as its reader may copy them.

They come from a draft, which may hold anything: what is no number or no moment stays as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from kancil.legal.request import Item
from kancil.reports.document.blocks import Cell, cell, muted


def amount_text(amount: str, asset: str) -> str:
    """An amount with its thousands grouped, and its asset: `150 000 THB`."""
    value = _number(amount)
    shown = amount if value is None else f"{value:,f}".replace(",", "\u202f")
    return f"{shown}\u00a0{asset}" if shown and asset else shown or asset


def totals(items: Iterable[Item]) -> list[str]:
    """The sum of items by asset, in the order in which assets come; what is no number is not in."""
    found: dict[str, Decimal] = {}
    for item in items:
        value = _number(item.amount)
        if value is not None and item.asset:
            found[item.asset] = found.get(item.asset, Decimal()) + value
    return [amount_text(f"{value:f}", asset) for asset, value in found.items()]


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def moment_cell(text: str, tag: str = "", zone: ZoneInfo | None = None) -> Cell:
    """A moment in the zone that it was written in, and in UTC; a day or anything else as it is.

    `zone`: is named where the moment is written in it; one that is written in UTC is told in it.
    """
    moment = _moment(text)
    if moment is None:
        return cell(muted(text, tag)) if tag else cell(text)
    if zone is not None and moment.utcoffset() == timedelta(0):
        moment = moment.astimezone(zone)
    local = moment.isoformat(sep=" ", timespec="auto" if moment.second else "minutes")
    shown = f"{local[:-6]} {local[-6:]}"
    if zone is not None and moment.utcoffset() == moment.astimezone(zone).utcoffset():
        shown = f"{shown} ({zone.key})"
    return cell(muted(shown, tag) if tag else shown, muted(_utc(moment)))


def moment_text(text: str) -> str:
    """The same in one line."""
    first, *more = (each.text for each in moment_cell(text) or cell(text or " "))
    return f"{first} ({more[0]})" if more else first.strip()


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _utc(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S UTC" if at.second else "%Y-%m-%d %H:%M UTC")
