"""An exchange's return in no layout known here: a coin, an amount, and an address or transaction.

Names that exchanges use for their columns, as seen in the public parsers of many of them (BittyTax,
src/bittytax/conv/parsers, read in November 2026); no publisher confirms any of it. Whether the rows
went out or came in, and how dates and amounts are written, is seen in the first rows or left open.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.evidence.tables.column_mapping import ColumnMapping
from kancil.evidence.tables.layout import picked
from kancil.evidence.tables.table import TableForm

_WANTED = {
    "time": (
        "Date(UTC)", "Time(UTC)", "Date (UTC)", "Time (UTC)", "Timestamp", "Created At", "Datetime",
        "Date Time", "Date", "Time", "Transaction Date",
    ),
    "asset": ("Coin", "Currency", "Asset", "Symbol", "Token", "Cryptocurrency"),
    "amount": ("Amount", "Quantity", "Volume", "Value"),
    "chain": ("Network", "Chain", "Blockchain"),
    "fee": ("Fee", "Transaction Fee", "Network Fee", "Withdrawal Fee"),
    "to_address": ("Address", "To", "To Address", "Destination", "Destination Address",
                   "Recipient", "Withdrawal Address"),
    "from_address": ("From", "From Address", "Source Address", "Sender"),
    "txid": ("TXID", "Tx ID", "Transaction ID", "Transaction Hash", "Tx Hash", "Txhash", "Hash"),
    "direction": ("Type", "Direction", "Side", "Transaction Type"),
    "reference": ("Reference", "Ref ID", "Order ID", "Id"),
    "status": ("Status", "State"),
}  # fmt: skip


class ExchangeWithdrawals:
    """The layout of an exchange's list of transfers, by usual names."""

    name = "exchange-withdrawals"
    version = 1
    source = "BittyTax src/bittytax/conv/parsers"
    is_confirmed = False

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns if they are about coins that went to an address or in a transaction."""
        found = picked(columns, _WANTED)
        if not {"time", "asset", "amount"} <= found.keys() or not {"to_address", "txid"} & set(
            found
        ):
            return None
        return ColumnMapping(self.name, self.version, form, found)


EXCHANGE_WITHDRAWALS = ExchangeWithdrawals()
