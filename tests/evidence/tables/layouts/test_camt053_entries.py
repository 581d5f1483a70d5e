"""A statement with ISO 20022 names: the indicator says the direction, also of a reversal."""

from __future__ import annotations

from dataclasses import replace

from kancil.evidence.tables.moment import TimeForm
from kancil.ground.skipped import Skipped
from kancil.records.transfer import StatedTransfer
from tests.evidence.tables.making import read, suggested

# The standard's names with invented rows.
TABLE = """\
IBAN;BookgDt;ValDt;Amt;Ccy;CdtDbtInd;Sts;AcctSvcrRef
XX00TEST0001;2024-03-25;2024-03-25;1250.50;EUR;CRDT;BOOK;R1
XX00TEST0001;2024-03-26;2024-03-26;80.00;EUR;DBIT;BOOK;R2
XX00TEST0001;2024-03-27;2024-03-27;80.00;EUR;DBIT;PDNG;R3
"""


def test_credit_came_in_debit_went_out_and_pending_is_left_out() -> None:
    found = suggested(TABLE)
    assert found.mapping.name == "camt053-entries"
    assert found.open == ("stated_by", "time.zone")
    mapping = replace(found.mapping.by("Bank"), time=TimeForm(("YYYY-MM-DD",), "Europe/Berlin"))
    came, went, pending = read(TABLE, mapping)
    assert isinstance(came, StatedTransfer)
    assert isinstance(went, StatedTransfer)
    assert (came.direction, came.to_account, came.units) == ("in", "XX00TEST0001", "125050")
    assert (went.direction, went.from_account, went.reference) == ("out", "XX00TEST0001", "R2")
    assert (came.day, came.time) == ("2024-03-25", None)
    assert isinstance(pending, Skipped)
    assert pending.code == "stated-not-done"
