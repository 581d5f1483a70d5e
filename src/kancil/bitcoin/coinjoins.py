"""CoinJoins over a whole chain: what each heuristic says of it, and what joins no addresses.

From a chain's columns and graph, in slices of rows; for the clusters (`Excluding`) and for whoever
counts. A kernel (`coinjoin_kernels`) lets through the few transactions of which a heuristic could
say yes or unknown, and the heuristic itself judges those: so an answer here *is* the member's, and
there is no second copy of a rule. Of everything else the answer is no.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kancil.ground.progress import SILENT, Progress

from .chain import Chain
from .clusters import Excluding, Exclusions
from .columns import Array
from .heuristic import Answer, Heuristic
from .heuristics import EQUAL_OUTPUT, HEURISTICS
from .looks import PROTOCOLS, shown_at

_SLICE = 1 << 18
"""Transactions looked through at a time."""
KEPT_OUT: tuple[Heuristic, ...] = (*PROTOCOLS, EQUAL_OUTPUT)
"""Heuristics at whose yes a transaction joins no addresses; of several the first is named."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What heuristics say of every transaction of a chain; of one not here each says no."""

    heuristics: tuple[Heuristic, ...]
    rules: tuple[str, ...]
    """Codes of the rules that fired; the first is empty."""
    tx: Array
    """int64 `[n]`: row of a transaction, ascending."""
    heuristic: Array
    """uint8 `[n]`: which of `heuristics` speaks."""
    rule: Array
    """uint8 `[n]`: which of `rules` fired; 0: it cannot tell, for want of an input."""
    asked: int
    """How many transactions were left for at least one heuristic to judge."""

    @property
    def is_told(self) -> Array:
        """Say of each whether the answer is yes, and not unknown: bool `[n]`."""
        return self.rule > 0


def judge_chain(
    chain: Chain, heuristics: Sequence[Heuristic] = HEURISTICS, progress: Progress = SILENT
) -> Judged:
    """Judge every transaction of a chain by each heuristic."""
    rules: dict[str, int] = {"": 0}
    found: list[tuple[int, int, int]] = []
    parts = [np.zeros((0, 3), np.int64)]
    asked = 0
    progress.start(chain.graph.tx_count, "transactions", "progress.coinjoins")
    for start in range(0, chain.graph.tx_count, _SLICE):
        stop = min(start + _SLICE, chain.graph.tx_count)
        for tx, which in _left(chain, heuristics, start, stop):
            asked += 1
            shown = shown_at(chain, tx)
            for number in which:
                verdict = heuristics[number].judge(shown)
                if verdict.answer is not Answer.NO:
                    found.append((tx, number, rules.setdefault(verdict.rule, len(rules))))
        parts.append(np.array(found, np.int64).reshape(-1, 3))
        found.clear()
        progress.advance(stop - start)
    progress.finish()
    rows = np.concatenate(parts)
    return Judged(
        heuristics=tuple(heuristics),
        rules=tuple(rules),
        tx=rows[:, 0],
        heuristic=rows[:, 1].astype(np.uint8),
        rule=rows[:, 2].astype(np.uint8),
        asked=asked,
    )


def _left(
    chain: Chain, heuristics: Sequence[Heuristic], start: int, stop: int
) -> Iterator[tuple[int, list[int]]]:
    """Give the transactions of a slice that a heuristic has to judge, and which of them."""
    could = could_be(chain, start, stop)
    bits = np.array([_bit_of(each) for each in heuristics], np.uint8)
    # A heuristic, or a version of one, that the kernel does not know is asked of everything.
    always = [number for number, bit in enumerate(bits.tolist()) if not bit]
    mask = np.uint8(np.bitwise_or.reduce(bits, initial=0))
    rows = range(stop - start) if always else np.flatnonzero(could & mask).tolist()
    for row in rows:
        mine = int(could[row])
        yield start + row, [n for n, bit in enumerate(bits.tolist()) if not bit or bit & mine]


def could_be(chain: Chain, start: int, stop: int) -> Array:
    """Say of each transaction of a slice, as bits, which heuristics could say yes or unknown."""
    from . import coinjoin_kernels as kernels  # Numba is slow to import

    rows, graph = chain.columns, chain.graph
    outputs = np.asarray(graph.tx_output_start[start : stop + 1])
    first, last = int(outputs[0]), int(outputs[-1])
    most = int(np.diff(outputs).max(initial=0))
    could = np.empty(stop - start, np.uint8)
    payload_start = np.concatenate(([0], np.cumsum(rows.payload_sizes(first, last))))
    kernels.could_be(
        0,
        graph.tx_input_start[start : stop + 1],
        outputs - first,
        graph.input_source,
        (
            rows.output_value[first:last],
            rows.output_script[first:last],
            payload_start.astype(np.int64),
        ),
        np.empty(max(most, 1), np.int64),
        could,
    )
    return could


def _bit_of(heuristic: Heuristic) -> int:
    from . import coinjoin_kernels as kernels

    return kernels.BITS.get((heuristic.name, heuristic.version), 0)


def find_coinjoins(chain: Chain, progress: Progress = SILENT) -> Array:
    """Find the transactions that a detector takes for CoinJoins: bool `[transactions]`."""
    return called_coinjoins(chain, judge_chain(chain, PROTOCOLS, progress))


def called_coinjoins(chain: Chain, judged: Judged) -> Array:
    """Give what `find_coinjoins` finds, from a chain that `PROTOCOLS`, and more, have judged."""
    numbers = [judged.heuristics.index(each) for each in PROTOCOLS]
    found = np.zeros(chain.graph.tx_count, np.bool_)
    found[judged.tx[judged.is_told & np.isin(judged.heuristic, numbers)]] = True
    return found


def exclude_coinjoins(
    heuristics: Sequence[Heuristic] = KEPT_OUT, progress: Progress = SILENT
) -> Excluding:
    """Give the way by which clusters leave out what has the form of a CoinJoin."""
    method = ", ".join(f"{each.name} {each.version}" for each in heuristics)

    def find(chain: Chain) -> Exclusions:
        return _exclusions(judge_chain(chain, heuristics, progress), chain.graph.tx_count)

    return Excluding(method, find)


def _exclusions(judged: Judged, transactions: int) -> Exclusions:
    """Exclude what a heuristic calls; of several, the first one's word is the reason."""
    excluded = np.zeros(transactions, np.bool_)
    reason = np.zeros(transactions, np.uint8)
    called = judged.is_told
    pairs = np.stack((judged.heuristic[called], judged.rule[called]), axis=1).astype(np.int64)
    kinds, number = np.unique(pairs, axis=0, return_inverse=True)
    txs = judged.tx[called]
    # From the last to the first, so that the word of the first stands.
    for one in range(len(txs) - 1, -1, -1):
        reason[txs[one]] = number.reshape(-1)[one]
    excluded[txs] = True
    reasons = tuple(
        f"{judged.heuristics[which].name} {judged.heuristics[which].version} {judged.rules[rule]}"
        for which, rule in kinds.tolist()
    )
    untold = np.unique(judged.tx[~called])
    return Exclusions(excluded, reason, reasons, untold[~excluded[untold]])


__all__ = [
    "KEPT_OUT",
    "Judged",
    "called_coinjoins",
    "could_be",
    "exclude_coinjoins",
    "find_coinjoins",
    "judge_chain",
]
