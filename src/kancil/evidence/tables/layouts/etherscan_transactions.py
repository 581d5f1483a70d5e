"""Etherscan's CSV export of an address's transactions, in the chain's own coin.

Columns: `Txhash` (later `Transaction Hash`), `Blockno`, `UnixTimestamp`, `DateTime` (later
`DateTime (UTC)`), `From`, `To`, `ContractAddress`, `Value_IN(ETH)`, `Value_OUT(ETH)`,
`CurrentValue @ …`, `TxnFee(ETH)`, `TxnFee(USD)`, `Historical $Price/Eth`, `Status`, `ErrCode`,
`Method`. Layout as seen in BittyTax (src/bittytax/conv/parsers/etherscan.py, commit 0418cd3, read
in November 2026) and in other public programs; not confirmed by Etherscan's own pages.

`Status` is empty for a transaction that went through and `Error(0)` for one that failed: a failed
one moved no value, though its fee was paid, and is left out and counted. Etherscan's sister sites
use the same form with their own coin in its place (BscScan `Value_IN(BNB)`), those of Arbitrum and
Optimism with ETH too: the table does not say which chain it is of, so the officer does
(`constants.chain`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import BY_COLUMNS, ColumnMapping, DirectionRule
from kancil.evidence.tables.layout import picked
from kancil.evidence.tables.moment import UNIX, TimeForm
from kancil.evidence.tables.table import TableForm

_WANTED = {
    "txid": ("Transaction Hash", "Txhash"),
    "time": ("UnixTimestamp",),
    "from_address": ("From",),
    "to_address": ("To",),
    "status": ("Status",),
}
_COIN = re.compile(r"Value_IN\(([A-Za-z]{2,8})\)", re.IGNORECASE)


class EtherscanTransactions:
    """The layout of Etherscan's list of transactions."""

    name = "etherscan-transactions"
    version = 2
    source = "BittyTax src/bittytax/conv/parsers/etherscan.py 0418cd3"
    is_confirmed = False

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns if all of them are there."""
        coin = next((found[1].upper() for found in map(_COIN.fullmatch, columns) if found), "ETH")
        wanted = _WANTED | {
            "amount_in": (f"Value_IN({coin})",),
            "amount_out": (f"Value_OUT({coin})",),
            "fee": (f"TxnFee({coin})",),
        }
        found = picked(columns, wanted)
        if found.keys() != wanted.keys():
            return None
        return ColumnMapping(
            name=self.name,
            version=self.version,
            table=form,
            columns=found,
            constants={"asset": coin, "fee_asset": coin},
            amount=AmountForm(".", ","),
            time=TimeForm((UNIX,), "UTC"),
            direction=DirectionRule(BY_COLUMNS),
            done=("",),
        )


ETHERSCAN_TRANSACTIONS = EtherscanTransactions()
