"""Binance's CSV of an account's deposits and withdrawals of coins.

Columns: `Date(UTC)`, `Coin`, `Network` (not in the oldest), `Amount`, `TransactionFee`, `Address`,
`TXID`, `SourceAddress`, `PaymentID`, `Status`; in a later form `Date(UTC+0)`, `Coin`, `Network`,
`Amount`, `Fee`, `Address`, `TXID`, `Status`, without `Fee` for deposits. Layout as seen in BittyTax
(src/bittytax/conv/parsers/binance/data_parsers.py, commit 696a97a, read in November 2026) and in
other public programs; not confirmed by Binance's own pages.

The older form serves deposits and withdrawals alike and does not say which it is; `Address` is
where the coins went in both. A coin's network decides what it is: BTC on the network BSC is no
bitcoin. Rows whose `Status` is not *Completed* are left out and counted. `Off-chain transfer …` in
`TXID` is no transaction id, and is noted.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import BY_NONE, BY_VALUE, ColumnMapping, DirectionRule
from kancil.evidence.tables.layout import picked
from kancil.evidence.tables.moment import TimeForm
from kancil.evidence.tables.table import TableForm

_NEEDED = {
    "time": ("Date(UTC)", "Date(UTC+0)"),
    "asset": ("Coin",),
    "amount": ("Amount",),
    "to_address": ("Address",),
    "txid": ("TXID",),
    "status": ("Status",),
}
_MORE = {
    "chain": ("Network",),
    "fee": ("TransactionFee", "Fee"),
    "from_address": ("SourceAddress",),
    "reference": ("PaymentID",),
}


class BinanceWithdrawals:
    """The layout of Binance's deposits and withdrawals."""

    name = "binance-withdrawals"
    version = 1
    source = "BittyTax src/bittytax/conv/parsers/binance/data_parsers.py 696a97a"
    is_confirmed = False

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns if those that every form has are there."""
        found = picked(columns, _NEEDED)
        if found.keys() != _NEEDED.keys():
            return None
        more = picked(columns, _MORE)
        rule = DirectionRule(BY_NONE)
        if found["time"] == "Date(UTC+0)":
            rule = DirectionRule(BY_VALUE, "out" if "fee" in more else "in")
        if "fee" in more:
            more["fee_asset"] = found["asset"]
        return ColumnMapping(
            name=self.name,
            version=self.version,
            table=form,
            columns=found | more,
            amount=AmountForm(".", ","),
            time=TimeForm(("YYYY-MM-DD hh:mm:ss",), "UTC"),
            direction=rule,
            done=("Completed",),
        )


BINANCE_WITHDRAWALS = BinanceWithdrawals()
