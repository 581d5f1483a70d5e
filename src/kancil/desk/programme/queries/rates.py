"""Tables of rates in use, and what is converted by them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from kancil.desk.programme.access import Desk
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import RateTableNotFound
from kancil.desk.programme.models import Rate, RateTable
from kancil.programme.money import rates as craft


@dataclass(frozen=True, slots=True)
class RateTableRow:
    """A table in a list."""

    id: str
    source: str
    base: str
    valid_from: date
    count: int
    by: str
    is_withdrawn: bool


def rate_tables(desk: Desk) -> list[RateTableRow]:
    """All tables, the newest first; raises ActNotYours for whoever keeps no money."""
    require(desk.sees_money, desk)
    found = RateTable.objects.select_related("by").annotate(count=Count("rates"))
    found = found.order_by("-valid_from", "-at")
    return [
        RateTableRow(
            row.id,
            row.source,
            row.base,
            row.valid_from,
            row.count,
            row.by.name,
            row.withdrawn_at is not None,
        )
        for row in found
    ]


def rates_of(desk: Desk, table: str) -> tuple[RateTableRow, list[tuple[str, str]]]:
    """A table with its rates by currency; raises RateTableNotFound, ActNotYours."""
    row = next((each for each in rate_tables(desk) if each.id == table), None)
    if row is None:
        raise RateTableNotFound
    found = Rate.objects.filter(table_id=row.id).order_by("currency")
    return row, list(found.values_list("currency", "per_base"))


def rates_for(currencies: Collection[str]) -> craft.Rates:
    """The tables in use, as far as they list these currencies."""
    if len(set(currencies)) < 2:
        return craft.NO_RATES
    by_table: dict[str, dict[str, Decimal]] = {}
    listed = Rate.objects.filter(table__withdrawn_at=None, currency__in=set(currencies))
    for table, currency, per_base in listed.values_list("table_id", "currency", "per_base"):
        by_table.setdefault(table, {})[currency] = Decimal(per_base)
    rows = RateTable.objects.filter(withdrawn_at=None)
    return craft.Rates(
        tuple(
            craft.RateTable(row.source, row.base, row.valid_from, by_table[row.id])
            for row in rows
            if row.id in by_table
        )
    )
