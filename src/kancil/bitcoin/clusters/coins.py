"""What one cluster received, and what of it was not seen to be spent.

From a chain's indexes, address by address, so that a cluster costs what it has of outputs and not
the chain; for `views`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.script.kind import ScriptKind

MOST_COUNTED = 20_000
"""Addresses, and outputs and stated inputs of one cluster, that are counted at most."""


@dataclass(frozen=True, slots=True)
class Coins:
    """The coins of a cluster in the blocks held."""

    transactions: int
    """Transactions that pay it or are seen to spend from it."""
    outputs: int
    received_sat: int
    no_spend_seen_sat: int
    """Of this, in outputs of which no spend was seen: never that there is none."""
    stated_spends: int
    """Inputs that spend from it by a spent-outputs file alone: their outputs are not held."""


def coins_of(chain: Chain, scripts: Iterable[tuple[ScriptKind, bytes]]) -> Coins | None:
    """Add up the coins of scripts, each given once; None above `MOST_COUNTED`.

    Outputs in stale blocks count for nothing.
    """
    graph = chain.graph
    txs: set[int] = set()
    outputs = received = unspent = stated = 0
    for kind, payload in scripts:
        found = chain.find_outputs_in_graph(kind, payload)
        named = chain.find_stated_in_graph(kind, payload)
        outputs += len(found)
        stated += len(named)
        if outputs + stated > MOST_COUNTED:
            return None
        txs.update(chain.txs_of_outputs(found).tolist())
        for output in found.tolist():
            value, spender = int(graph.output_value[output]), int(graph.output_spender[output])
            received += value
            if spender >= 0:
                txs.add(graph.tx_of_input(spender))
            else:
                unspent += value
        txs.update(map(graph.tx_of_input, named.tolist()))
    return Coins(len(txs), outputs, received, unspent, stated)
