"""A CSV export of TRC-20 transfers of a TRON address, as explorers give it.

Columns: `Tx Hash`, `blockHeight`, `blockTime(UTC+8)`, `blockTime(UTC)`, `from`, `to`, `value`,
`symbol`, `tokenAddress`, `isConfirm`. Layout as seen in two public programs, read in November 2026:
one calls it Tronscan's export (`TRON-tokenTransfer-<address>--<time>.csv`), the other OKLink's; it
is confirmed by neither publisher, so the officer names who made the file. Dates stand with dashes
or with slashes, the year first.

A transaction of TRON can fail and stand in the list all the same: its tokens did not move. Where a
column says what became of it (`Result` or `contractRet` with the words of TRON's `contractResult`,
`Status`, `isConfirm`), only what succeeded is read, and the rest is left out and counted.

Of the two time columns the one in UTC is read. That it is of TRON is seen in its addresses. A
token's symbol is chosen by whoever issues it; the contract's address says which token it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import BY_NONE, ColumnMapping, DirectionRule
from kancil.evidence.tables.layout import picked
from kancil.evidence.tables.moment import TimeForm
from kancil.evidence.tables.table import TableForm

_WANTED = {
    "txid": ("Tx Hash",),
    "time": ("blockTime(UTC)",),
    "from_address": ("from",),
    "to_address": ("to",),
    "amount": ("value",),
    "asset": ("symbol",),
    "contract": ("tokenAddress",),
}
_RESULT = {"status": ("Result", "contractRet", "Status", "isConfirm", "Confirmed")}
"""The first that is there; the others are read by the rules for columns of their name."""


class TronscanTransfers:
    """The layout of an explorer's list of TRC-20 transfers."""

    name = "tronscan-transfers"
    version = 2
    source = "two public programs (Tronscan's or OKLink's)"
    is_confirmed = False

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns if all of them are there."""
        found = picked(columns, _WANTED)
        if found.keys() != _WANTED.keys():
            return None
        result = picked(columns, _RESULT)
        return ColumnMapping(
            name=self.name,
            version=self.version,
            table=form,
            columns=found | result,
            amount=AmountForm(".", ","),
            time=TimeForm(("YYYY-MM-DD hh:mm:ss", "YYYY/MM/DD hh:mm:ss"), "UTC"),
            direction=DirectionRule(BY_NONE),
            done=("SUCCESS", "CONFIRMED", "true") if result else None,
        )


TRONSCAN_TRANSFERS = TronscanTransfers()
