"""What people call the rows of a stored chain, for tables outside a bundle.

Keeps the promise `result_tables.Names`; the tables come out the same as from a bundle's own graph.
"""

from __future__ import annotations

from kancil.bitcoin.blocks.headers import NOT_HELD
from kancil.bitcoin.chain.chain import Chain, shown
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.clock import from_unix


class ChainNames:
    """Names of a chain's transactions, outputs and inputs."""

    def __init__(self, chain: Chain) -> None:
        """Take an open chain."""
        self._chain = chain

    def txid(self, tx: int) -> str:
        """A transaction's id."""
        return self._chain.txid(tx)

    def block_hash(self, tx: int) -> str:
        """The hash of its block, held or by Merkle proof; empty if it has none."""
        row = self._chain.header_row_of_tx(tx)
        return "" if row == NOT_HELD else shown(self._chain.hash_of(row))

    def block_time(self, tx: int) -> str:
        """The miner's time of its block, empty if it has none."""
        _height, time = self._chain.height_and_time_of_tx(tx)
        return "" if time is None else utc_text(time)

    def outpoint(self, output: int) -> str:
        """`txid:n` of an output."""
        return self._chain.outpoint(output)

    def spent_outpoint(self, number: int) -> str:
        """`txid:n` that an input spends; empty for newly issued coins."""
        columns = self._chain.columns
        txid, index = columns.input_prev_id[number], int(columns.input_prev_index[number])
        return "" if not txid.any() else f"{shown(txid)}:{index}"

    def address(self, output: int) -> str:
        """The address of an output, empty where it has none."""
        return self._chain.address_of(output) or ""


def bare_key(chain: Chain, output: int) -> str:
    """The key, in hex, that an output pays directly (P2PK); empty for any other output."""
    kind, payload = chain.columns.script_at(output)
    return payload.hex() if kind == ScriptKind.P2PK else ""


def utc_text(seconds: int) -> str:
    """Write a Unix time as tables do."""
    return from_unix(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
