"""The measures of a chain, from how many transactions it is to have: blocks, wallets, when what.

Every number here is a choice that makes a chain of ten transactions and one of ten million alike in
kind; none is measured on the real chain.
"""

from __future__ import annotations

from dataclasses import dataclass

MATURITY = 100
"""A coinbase can be spent in the 100th block after it (Bitcoin Core, COINBASE_MATURITY)."""
FIRST_HEIGHT = MATURITY + 1
"""The first block with anything but a coinbase."""
BLOCK_SECONDS = 600
MAX_TRANSACTIONS = 100_000_000
_MOST_PER_BLOCK, _BLOCKS_AT_LEAST = 3_000, 150


@dataclass(frozen=True, slots=True)
class Measures:
    """How large the parts of a chain are."""

    transactions: int
    """Without coinbases."""
    per_block: int
    """Transactions that a block gets, if wallets can pay and it has room."""
    blocks: int
    """Blocks with transactions, planned; there are more where planted instances take longer."""
    miners: int
    exchanges: int
    users: int


def measures_of(transactions: int) -> Measures:
    """The measures of a chain of so many transactions."""
    per_block = max(1, min(_MOST_PER_BLOCK, transactions // _BLOCKS_AT_LEAST))
    return Measures(
        transactions=transactions,
        per_block=per_block,
        blocks=-(-transactions // per_block),
        miners=3,
        exchanges=max(2, min(12, transactions // 20_000)),
        users=max(16, min(4_000_000, transactions // 6)),
    )
