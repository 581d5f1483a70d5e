"""The layouts of tables: `LAYOUTS` names every member, the most particular first.

To add one: write `<publisher>_<table>.py` with a member that keeps the promise of
`kancil.evidence.tables.layout`, citing where its column names were read; name it in the tuple; add
its test and its row in `docs/howto/stated-transfers.md`.
"""

from kancil.evidence.tables.layout import Layout
from kancil.evidence.tables.layouts.bank_statement import BANK_STATEMENT
from kancil.evidence.tables.layouts.binance_withdrawals import BINANCE_WITHDRAWALS
from kancil.evidence.tables.layouts.blockchair_outputs import BLOCKCHAIR_OUTPUTS
from kancil.evidence.tables.layouts.camt053_entries import CAMT053_ENTRIES
from kancil.evidence.tables.layouts.etherscan_tokens import ETHERSCAN_TOKENS
from kancil.evidence.tables.layouts.etherscan_transactions import ETHERSCAN_TRANSACTIONS
from kancil.evidence.tables.layouts.exchange_withdrawals import EXCHANGE_WITHDRAWALS
from kancil.evidence.tables.layouts.tronscan_transfers import TRONSCAN_TRANSFERS

LAYOUTS: tuple[Layout, ...] = (
    ETHERSCAN_TRANSACTIONS,
    ETHERSCAN_TOKENS,
    TRONSCAN_TRANSFERS,
    BINANCE_WITHDRAWALS,
    BLOCKCHAIR_OUTPUTS,
    CAMT053_ENTRIES,
    EXCHANGE_WITHDRAWALS,
    BANK_STATEMENT,
)

__all__ = [
    "BANK_STATEMENT",
    "BINANCE_WITHDRAWALS",
    "BLOCKCHAIR_OUTPUTS",
    "CAMT053_ENTRIES",
    "ETHERSCAN_TOKENS",
    "ETHERSCAN_TRANSACTIONS",
    "EXCHANGE_WITHDRAWALS",
    "LAYOUTS",
    "TRONSCAN_TRANSFERS",
]
