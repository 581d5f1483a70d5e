"""CoinJoins over a whole chain: what each heuristic says of it, and what joins no addresses.

From a chain's columns and graph, in slices of rows; for the clusters (`Excluding`) and for whoever
counts. A kernel (`coinjoins.kernels`) lets through the few transactions of which a heuristic could
say yes or unknown, and the heuristic itself judges those: so an answer here *is* the member's, and
there is no second copy of a rule. Of everything else the answer is no.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.heuristic import Answer, Heuristic
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.coinjoins.heuristics.wasabi1 import COORDINATOR
from kancil.bitcoin.coinjoins.verdicts import PROTOCOLS, shown_at
from kancil.ground.progress import SILENT, Progress

from .clusters import Excluding, Exclusions

_SLICE = 1 << 18
"""Transactions looked through at a time."""


def kept_out(heuristics: Sequence[Heuristic]) -> tuple[Heuristic, ...]:
    """Of these heuristics those that keep transactions out: protocols, then equal outputs."""
    says = ("coinjoin", "equal-outputs")
    return tuple(each for word in says for each in heuristics if each.says == word)


KEPT_OUT: tuple[Heuristic, ...] = kept_out(HEURISTICS)
"""Heuristics at whose yes or unsure a transaction joins no addresses; of several the first is
named, but one that is sure before one that is not."""


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
    is_sure: Array
    """bool `[n]`: whether the answer is yes; where a rule fired else, it is unsure."""
    asked: int
    """How many transactions were left for at least one heuristic to judge."""

    @property
    def is_fired(self) -> Array:
        """Of each whether a rule fired, so that the answer is yes or unsure: bool `[n]`."""
        return self.rule > 0


def judge_chain(
    chain: Chain, heuristics: Sequence[Heuristic] = HEURISTICS, progress: Progress = SILENT
) -> Judged:
    """Judge every transaction of a chain by each heuristic."""
    rules: dict[str, int] = {"": 0}
    found: list[tuple[int, int, int, bool]] = []
    parts = [np.zeros((0, 4), np.int64)]
    asked = 0
    paying = _paying_coordinator(chain)
    progress.start(chain.graph.tx_count, "transactions", "progress.coinjoins")
    for start in range(0, chain.graph.tx_count, _SLICE):
        stop = min(start + _SLICE, chain.graph.tx_count)
        for tx, which in _left(chain, heuristics, paying, start, stop):
            asked += 1
            shown = shown_at(chain, tx)
            for number in which:
                verdict = heuristics[number].judge(shown)
                if verdict.answer is not Answer.NO:
                    rule = rules.setdefault(verdict.rule, len(rules))
                    found.append((tx, number, rule, verdict.answer is Answer.YES))
        parts.append(np.array(found, np.int64).reshape(-1, 4))
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
        is_sure=rows[:, 3].astype(np.bool_),
        asked=asked,
    )


def _left(
    chain: Chain, heuristics: Sequence[Heuristic], paying: Array, start: int, stop: int
) -> Iterator[tuple[int, list[int]]]:
    """The transactions of a slice that a heuristic has to judge, and which of them."""
    could = could_be(chain, paying, start, stop)
    bits = np.array([_bit_of(each) for each in heuristics], np.uint8)
    # A heuristic, or a version of one, that the kernel does not know is asked of everything.
    always = [number for number, bit in enumerate(bits.tolist()) if not bit]
    mask = np.uint8(np.bitwise_or.reduce(bits, initial=0))
    rows = range(stop - start) if always else np.flatnonzero(could & mask).tolist()
    for row in rows:
        mine = int(could[row])
        yield start + row, [n for n, bit in enumerate(bits.tolist()) if not bit or bit & mine]


def could_be(chain: Chain, paying: Array, start: int, stop: int) -> Array:
    """Of each transaction of a slice, as bits, which heuristics could say anything but no.

    `paying`: transactions that pay Wasabi's coordinator, ascending.
    """
    from kancil.bitcoin.coinjoins import kernels  # Numba is slow to import

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
    low, high = np.searchsorted(paying, (start, stop))
    could[paying[low:high] - start] |= np.uint8(kernels.WASABI1)
    return could


def _paying_coordinator(chain: Chain) -> Array:
    """The transactions that pay one of the coordinator's fixed addresses, ascending."""
    rows = [chain.find_outputs(kind, payload) for kind, payload in sorted(COORDINATOR)]
    return np.unique(chain.txs_of_outputs(np.concatenate(rows)))


def _bit_of(heuristic: Heuristic) -> int:
    from kancil.bitcoin.coinjoins import kernels

    return kernels.BITS.get((heuristic.name, heuristic.version), 0)


def find_coinjoins(chain: Chain, progress: Progress = SILENT) -> Array:
    """Find the transactions that a detector calls, surely or not: bool `[transactions]`."""
    return called_coinjoins(chain, judge_chain(chain, PROTOCOLS, progress))


def called_coinjoins(chain: Chain, judged: Judged) -> Array:
    """What `find_coinjoins` finds, from a chain that `PROTOCOLS`, and more, have judged."""
    numbers = [judged.heuristics.index(each) for each in PROTOCOLS]
    found = np.zeros(chain.graph.tx_count, np.bool_)
    found[judged.tx[judged.is_fired & np.isin(judged.heuristic, numbers)]] = True
    return found


def exclude_coinjoins(
    heuristics: Sequence[Heuristic] = KEPT_OUT,
    progress: Progress = SILENT,
    *,
    unsure_join: bool = False,
) -> Excluding:
    """The way by which clusters leave out what has the form of a CoinJoin.

    `unsure_join`: what a heuristic is unsure of joins as others do.
    """
    method = ", ".join(f"{each.name} {each.version}" for each in heuristics)
    if unsure_join:
        method += "; unsure ones join"

    def find(chain: Chain) -> Exclusions:
        judged = judge_chain(chain, heuristics, progress)
        return _exclusions(judged, chain.graph.tx_count, unsure_join=unsure_join)

    return Excluding(method, find)


def _exclusions(judged: Judged, transactions: int, *, unsure_join: bool) -> Exclusions:
    """Exclude what a heuristic calls; of several, the first one's word is the reason.

    A sure one's word goes before that of one that is unsure.
    """
    excluded = np.zeros(transactions, np.bool_)
    reason = np.zeros(transactions, np.uint8)
    called = judged.is_sure if unsure_join else judged.is_fired
    is_sure = judged.is_sure[called]
    pairs = np.stack((judged.heuristic[called], judged.rule[called]), axis=1).astype(np.int64)
    kinds, number = np.unique(pairs, axis=0, return_inverse=True)
    number, txs = number.reshape(-1), judged.tx[called]
    # From the last to the first, so that the word of the first stands; the sure ones on top.
    for those in (np.flatnonzero(~is_sure)[::-1], np.flatnonzero(is_sure)[::-1]):
        for one in those.tolist():
            reason[txs[one]] = number[one]
    excluded[txs] = True
    reasons = tuple(
        f"{judged.heuristics[which].name} {judged.heuristics[which].version} {judged.rules[rule]}"
        for which, rule in kinds.tolist()
    )
    untold = np.unique(judged.tx[~judged.is_fired])
    unsure = np.setdiff1d(judged.tx[called & ~judged.is_sure], judged.tx[judged.is_sure])
    return Exclusions(excluded, reason, reasons, untold[~excluded[untold]], unsure)


__all__ = [
    "KEPT_OUT",
    "Judged",
    "called_coinjoins",
    "could_be",
    "exclude_coinjoins",
    "find_coinjoins",
    "judge_chain",
]
