"""Tables of rates of exchange, typed or from a published file: whose they are and of which day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from hashlib import sha256

from django.db.models import Prefetch, QuerySet

from kancil.desk.assessment.keeping import record
from kancil.desk.base.action import Action
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.base.register import Register, Shown
from kancil.desk.people.models import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.books import BOOKS, KEEPING_MONEY
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.errors import FileImportedBefore, RateTableNotFound
from kancil.desk.programme.models import ImportBatch, Rate, RateTable
from kancil.ground import clock
from kancil.programme.funding import RateTableInput, RateTableSearch
from kancil.programme.money import rates as craft
from kancil.programme.money.amount import digits_of
from kancil.programme.money.ledger_file import read_rate_file
from kancil.programme.money.rates import read_rate
from kancil.records.described import Input
from kancil.records.table import Column, Holds

MOST_RATES = 400


def _seen(desk: Desk) -> QuerySet[RateTable]:
    """All tables; raises ActNotYours for whoever keeps no money."""
    require(desk.sees_money, desk)
    rates = Prefetch("rates", Rate.objects.order_by("currency"))
    return RateTable.objects.select_related("by", "batch").prefetch_related(rates)


RATE_TABLES = Register(
    name="rate_table",
    seen=_seen,
    asked=RateTableSearch,
    missing=lambda _id: RateTableNotFound(),
    named=lambda row: row.source,
    columns=[
        Shown(Column("rate_table", Holds.ID), lambda row: row.id),
        Shown(Column("valid_from", Holds.DAY), lambda row: row.valid_from, lists=True),
        Shown(Column("source"), lambda row: row.source, lists=True),
        Shown(Column("base"), lambda row: row.base, lists=True),
        Shown(Column("by"), lambda row: row.by.name, lists=True),
        Shown(Column("withdrawn"), lambda row: row.withdrawn_at is not None, lists=True),
        Shown(Column("rates", Holds.COUNT), lambda row: len(row.rates.all()), lists=True),
    ],
    sorts={"valid-from": ("-valid_from", "-at"), "source": ("source", "-valid_from", "-at")},
)


def add_rate_table(*, by: Person, given: RateTableInput) -> RateTable:
    """Add a table as it was typed.

    Raises CurrencyUnknown, RateNotUsable, FieldNotUsable, ActNotYours.
    """
    with changing_books(by, money=True):
        return _kept(by, given, given.per_base, None)


def import_rate_table(
    *, by: Person, given: RateTableInput, data: bytes, file_name: str
) -> RateTable:
    """Add a table from a file with a column of currencies and one of rates.

    What the file lists under a code of no currency is refused, not passed over. Raises
    FileImportedBefore, LedgerNotReadable, and as `add_rate_table` does.
    """
    desk = desk_of(by)
    require(desk.may_keep_money, desk)
    found = read_rate_file(data, file_name[:200])
    rates = dict(found)
    if len(rates) < len(found):
        raise unusable("rates")
    digest = sha256(data).hexdigest()
    with changing_books(by, money=True):
        same = {"kind": "rates", "sha256": digest, "undone_at": None}
        if ImportBatch.objects.filter(**same).exists():
            raise FileImportedBefore(name=file_name[:200])
        batch = ImportBatch(
            kind="rates",
            file_name=file_name[:200],
            sha256=digest,
            rows=len(rates),
            taken=len(rates),
            by=by,
            at=clock.now(),
        )
        keep(batch)
        return _kept(by, given, rates, batch)


def _kept(
    by: Person, given: RateTableInput, rates: Mapping[str, str], batch: ImportBatch | None
) -> RateTable:
    if not 0 < len(rates) <= MOST_RATES:
        raise unusable("rates")
    row = RateTable(**given.model_dump(exclude={"rates"}), batch=batch, by=by, at=clock.now())
    keep(row, "source")
    for currency, per_base in rates.items():
        digits_of(currency)
        if currency != row.base:
            keep(Rate(table=row, currency=currency, per_base=str(read_rate(per_base))))
    day = row.valid_from.isoformat()
    record("rates.added", by=by, about=row.source, id=row.id, base=row.base, day=day,
           count=len(rates))  # fmt: skip
    return row


def _withdraw(desk: Desk, row: RateTable, _given: Input) -> None:
    """Raises RateTableNotFound, also for one that was withdrawn."""
    if row.withdrawn_at is not None:
        raise RateTableNotFound
    row.withdrawn_at = clock.now()
    if row.batch is not None:
        row.batch.undone_at, row.batch.undone_by_id = row.withdrawn_at, desk.person
        keep_changed(row.batch, ["undone_at", "undone_by"])


withdraw_rate_table = Action(
    name="rates.withdrawn", books=BOOKS, on=RATE_TABLES, may=KEEPING_MONEY, given=Input,
    do=_withdraw, line=lambda row, _was: {"about": row.source, "id": row.id},
)  # fmt: skip
"""Takes a table that was wrong out of use; sums are made anew without it."""


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
