"""A bank statement: debit went out, credit came in, and a footer is no transfer."""

from __future__ import annotations

from dataclasses import replace

from kancil.evidence.tables.moment import TimeForm
from kancil.ground.skipped import Skipped
from kancil.records.transfer import StatedTransfer
from tests.evidence.tables.making import asked, read, suggested

# Usual names with invented rows; years as Thai banks count them.
TABLE = """\
Bank of Nowhere
Account No;0101-2

Date;Description;Debit;Credit;Balance
25/03/2567;Shop;1.500.000,00;;2.000.000,00
26/03/2567;Work;;20,50;2.000.020,50
;Total;1.500.000,00;20,50;
"""


def test_a_statement_is_read_once_currency_zone_and_holder_are_stated() -> None:
    found = suggested(TABLE)
    assert found.mapping.name == "bank-statement"
    assert found.mapping.table.header_line == 4
    assert found.open == ("stated_by", "asset", "time.zone")
    assert found.mapping.time == TimeForm(("DD/MM/YYYY",), None, "buddhist")
    mapping = replace(
        found.mapping.by("Bank of Nowhere"),
        constants={"asset": "THB", "own_account": "0101-2"},
        time=TimeForm(("DD/MM/YYYY",), "Asia/Bangkok", "buddhist"),
    )
    went, came, total = read(TABLE, mapping)
    assert isinstance(went, StatedTransfer)
    assert isinstance(came, StatedTransfer)
    assert (went.day, went.direction, went.units) == ("2024-03-25", "out", "150000000")
    assert (went.from_account, went.to_account) == ("0101-2", None)
    assert (came.to_account, came.amount, came.place) == ("0101-2", "20.50", "line 6")
    assert isinstance(total, Skipped)
    assert (total.code, total.place) == ("stated-total", "line 7")


def test_one_amount_beside_a_balance_needs_a_direction() -> None:
    found = suggested("Date,Amount,Balance\n2024-03-25,5.50,10.00\n")
    assert found.mapping.name == "bank-statement"
    assert "direction" in found.open
    assert "note.suggest-direction-open" in asked(found)
