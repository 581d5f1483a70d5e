"""Etherscan's CSV export of an address's ERC-20 token transfers.

Columns: `Txhash` (later `Transaction Hash`), `Blockno`, `UnixTimestamp`, `DateTime` (later
`DateTime (UTC)`), `From`, `To`, `TokenValue` (once `Value`), `USDValueDayOfTx`, `ContractAddress`,
`TokenName`, `TokenSymbol`. Layout as seen in BittyTax (src/bittytax/conv/parsers/etherscan.py,
commit 0418cd3, read in November 2026); not confirmed by Etherscan's own pages.

A token's symbol is chosen by whoever issues it: false ones called USDT are common. The contract's
address says which token it is, and smallest units are given only for contracts known here. The
table says neither whose statement it is (so no direction is given; `From` and `To` say it) nor of
which chain, since Etherscan's sister sites use the same form (so the officer does).
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import BY_NONE, ColumnMapping, DirectionRule
from kancil.evidence.tables.layout import picked
from kancil.evidence.tables.moment import UNIX, TimeForm
from kancil.evidence.tables.table import TableForm

_WANTED = {
    "txid": ("Transaction Hash", "Txhash"),
    "time": ("UnixTimestamp",),
    "from_address": ("From",),
    "to_address": ("To",),
    "amount": ("TokenValue", "Value"),
    "contract": ("ContractAddress",),
    "asset": ("TokenSymbol",),
}


class EtherscanTokens:
    """The layout of Etherscan's list of ERC-20 transfers."""

    name = "etherscan-tokens"
    version = 1
    source = "BittyTax src/bittytax/conv/parsers/etherscan.py 0418cd3"
    is_confirmed = False

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns if all of them are there."""
        found = picked(columns, _WANTED)
        if found.keys() != _WANTED.keys():
            return None
        return ColumnMapping(
            name=self.name,
            version=self.version,
            table=form,
            columns=found,
            amount=AmountForm(".", ","),
            time=TimeForm((UNIX,), "UTC"),
            direction=DirectionRule(BY_NONE),
        )


ETHERSCAN_TOKENS = EtherscanTokens()
