"""Which transactions cannot be: those that pay out more than they take in, or than there is.

Columns, graph and heights come from `build`; verdicts go to `chain.ingest_child`, which takes such
blocks out, and by `chain.amounts_open` to `status`. Only outputs held count: what a file merely
states of an output that is not held is compared where it is read (`spent`), and accuses no block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.columns import LOOSE, Columns
from kancil.bitcoin.blocks.headers import HeaderTree, HeightSource
from kancil.bitcoin.network import Network
from kancil.ground.skipped import Skipped

from .amount_state import AmountState
from .graph import UNKNOWN, Graph
from .merge import Aside
from .sources import Source

Array = NDArray[Any]


_WRONG = AmountState.OVERSPENT


@dataclass(frozen=True, slots=True)
class Allowed:
    """The most new coins that each block may make, satoshi: int64 `[nb]`."""

    subsidy: Array
    is_exact: Array
    """bool `[nb]`: for its own height; else it is the most of any height."""


def allowed_at(heights: Array, network: Network) -> Allowed:
    """`heights`: int64 `[nb]`, negative where not known well enough."""
    known, number_of = np.unique(np.maximum(heights, 0), return_inverse=True)
    subsidy = np.array([network.subsidy_sat(height) for height in known.tolist()], np.int64)
    values = subsidy[number_of] if len(heights) else np.zeros(0, np.int64)
    values[heights < 0] = network.subsidy_sat(0)
    return Allowed(values, heights >= 0)


def allowed_in(tree: HeaderTree, heights: Array, network: Network) -> Allowed:
    """What the first blocks of a tree may make; `heights`: int64, as `Built` has them.

    A height must be counted from a pinned block, or claimed where the rules make claims true:
    before BIP 34 a coinbase may state any number.
    """
    source = tree.height_source[: len(heights)]
    is_sure = source == HeightSource.LINKED
    is_sure |= (source == HeightSource.CLAIMED) & (heights >= network.bip34_height)
    is_sure &= ~tree.height_disputed[: len(heights)].astype(np.bool_)
    return allowed_at(np.where(is_sure, heights, -1), network)


class Amounted(Protocol):
    """The columns that amounts are judged by, as in `Columns`."""

    @property
    def tx_input_start(self) -> Array: ...
    @property
    def tx_output_start(self) -> Array: ...
    @property
    def output_value(self) -> Array: ...


def judged(rows: Amounted, starts: Array, values: Array, allowed: Allowed) -> Array:
    """The `AmountState` of each transaction: uint8 `[nt]`.

    `starts`: int64 `[nb + 1]`, where the transactions of each block begin; behind the last stand
    those in no block. `values`: int64 `[ni]`, satoshi, negative where not known.
    """
    from . import amount_kernels as kernels  # Numba is slow to import

    txs = (rows.tx_input_start, rows.tx_output_start)
    verdict = np.zeros(len(txs[0]) - 1, np.uint8)
    amounts = (values, rows.output_value)
    limits = (allowed.subsidy, allowed.is_exact)
    kernels.judge_blocks(starts, txs, amounts, limits, verdict)
    kernels.judge_alone(int(starts[-1]), txs, amounts, verdict)
    return verdict


def judge(rows: Columns, graph: Graph, allowed: Allowed) -> Array:
    """The `AmountState` of each transaction of a chain: uint8 `[nt]`."""
    values = np.where(graph.input_source >= 0, graph.input_value, UNKNOWN)
    return judged(rows, rows.block_tx_start, values, allowed)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Blocks and loose transactions that cannot be."""

    reasons: Array
    """uint8 `[nb]`: `Aside`, or 0."""
    loose: Array
    """bool `[loose]`: those that may stay."""
    skipped: list[Skipped]


def wrong_in(
    rows: Columns, loose_source: Array, verdict: Array, sources: Sequence[Source]
) -> Wrong | None:
    """What has to be taken out by these verdicts, each told with its txid; None if nothing has."""
    wrong = np.flatnonzero(verdict >= _WRONG)
    if not len(wrong):
        return None
    reasons = np.zeros(rows.block_count, np.uint8)
    first_loose = rows.tx_count - len(loose_source)
    loose = np.ones(len(loose_source), np.bool_)
    skipped = []
    for tx in wrong.tolist():
        block, txid = int(rows.tx_block[tx]), bytes(rows.tx_id[tx])[::-1].hex()
        if block == LOOSE:
            loose[tx - first_loose] = False
            place = sources[int(loose_source[tx - first_loose])].path
            skipped.append(Skipped("transaction-amounts-wrong", place, {"txid": txid}))
            continue
        if reasons[block]:
            continue
        is_reward = verdict[tx] == AmountState.REWARD
        reason = Aside.REWARD_WRONG if is_reward else Aside.AMOUNTS_WRONG
        reasons[block] = reason
        name = bytes(rows.block_hash[block])[::-1].hex()
        source = sources[int(rows.block_source[block])]
        place = f"{source.path}, byte {int(rows.block_offset[block])}"
        skipped.append(Skipped(reason.skip_code, place, {"name": name, "txid": txid}))
    return Wrong(reasons, loose, skipped)


__all__ = [
    "Allowed",
    "AmountState",
    "Wrong",
    "allowed_at",
    "allowed_in",
    "judge",
    "judged",
    "wrong_in",
]
