"""Tables of rates of exchange, typed or from a published file: whose they are and of which day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.errors import FileImportedBefore, RateTableNotFound
from kancil.desk.programme.models import ImportBatch, Rate, RateTable
from kancil.ground import clock
from kancil.programme.money.amount import digits_of
from kancil.programme.money.ledger_file import read_rate_file
from kancil.programme.money.rates import read_rate

MOST_RATES = 400


def add_rate_table(
    *, by: Person, source: str, base: str, valid_from: date, rates: Mapping[str, str]
) -> str:
    """Add a table; gives its id. `rates`: units of each currency for one of the base, as printed.

    Raises CurrencyUnknown, RateNotUsable, FieldNotUsable, ActNotYours.
    """
    with changing_books(by, money=True):
        return _kept(by, source, base, valid_from, rates, None)


def import_rate_table(
    *, by: Person, source: str, base: str, valid_from: date, data: bytes, file_name: str
) -> str:
    """Add a table from a file with a column of currencies and one of rates; gives its id.

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
        return _kept(by, source, base, valid_from, rates, batch)


def withdraw_rate_table(*, by: Person, table: str) -> None:
    """Take a table that was wrong out of use; sums are made anew without it.

    Raises RateTableNotFound, ActNotYours.
    """
    with changing_books(by, money=True):
        held = RateTable.objects.select_for_update(no_key=True, of=("self",))
        row = held.filter(id=table[:36], withdrawn_at=None).first()
        if row is None:
            raise RateTableNotFound
        row.withdrawn_at = clock.now()
        keep_changed(row, ["withdrawn_at"])
        if row.batch is not None:
            row.batch.undone_at, row.batch.undone_by = row.withdrawn_at, by
            keep_changed(row.batch, ["undone_at", "undone_by"])
        record("rates.withdrawn", by=by, about=row.source, id=row.id)


def _kept(
    by: Person,
    source: str,
    base: str,
    valid_from: date,
    rates: Mapping[str, str],
    batch: ImportBatch | None,
) -> str:
    digits_of(base)
    if not 0 < len(rates) <= MOST_RATES:
        raise unusable("rates")
    row = RateTable(
        source=source.strip(), base=base, valid_from=valid_from, batch=batch, by=by, at=clock.now()
    )
    keep(row, "source")
    for currency, per_base in rates.items():
        digits_of(currency)
        if currency != base:
            keep(Rate(table=row, currency=currency, per_base=str(read_rate(per_base))))
    day = valid_from.isoformat()
    record("rates.added", by=by, about=row.source, id=row.id, base=base, day=day, count=len(rates))
    return row.id
