"""How far coins spread: one haircut through a whole chain at once, to the last output.

A trace (`kancil.bitcoin.tracing.trace`) tells of every step and can be recorded; after a hundred
thousand steps nobody reads it and it takes long. This gives the same amounts of the haircut policy
for any number of transactions, in one pass in chain order, and only the sums and the largest places
where coins are now. It stops where a trace stops: at labelled services and at CoinJoins, as asked.
It is exact or refused: where an input's source is not held, or starts meet, a trace gives bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import StartHasNoCoins
from kancil.bitcoin.clusters.coinjoins import find_coinjoins
from kancil.bitcoin.errors import SpreadNotExact
from kancil.bitcoin.holdings.graph import NO_RANK
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.tracing.result import Start
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress

SERVICE, COINJOIN = 1, 2
_MOST_OUTPUTS = 1 << 17
"""Outputs of one transaction; a block of 4 MB holds no more."""
_SLICE = 1 << 22


@dataclass(frozen=True, slots=True)
class Place:
    """Coins on one output."""

    outpoint: str
    address: str | None
    state: str
    """`no-spend-seen`, `unspendable`, `service`, `coinjoin`."""
    value_sat: int
    traced_sat: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Where coins are, by haircut. Start = resting + unspendable + service + coinjoin + fees."""

    start_sat: int
    transactions: int
    """Transactions that made an output with traced coins, those of the starts included."""
    outputs: int
    """Outputs that ever held some."""
    resting_sat: int
    unspendable_sat: int
    service_sat: int
    coinjoin_sat: int
    fees_sat: int
    places: tuple[Place, ...]
    """The largest."""
    place_count: int
    """All outputs on which traced coins are now, or where they were not followed further."""


def spread(
    chain: Chain,
    starts: Sequence[Start],
    labels: LabelIndex | None = None,
    *,
    stops_at_coinjoins: bool = True,
    most: int = 40,
    progress: Progress = SILENT,
) -> Spread:
    """Carry the coins of the starts to where they are.

    Raises SpreadNotExact where the answer would be bounds, StartHasNoCoins for a share that is
    larger than its output.
    """
    from .kernels import haircut_all  # Numba is slow to import

    graph = chain.graph
    order = _order(chain)
    if order is not None:
        raise SpreadNotExact(txid=chain.txid(order), why=Phrase("why.spread-order"))
    traced = np.zeros(len(graph.output_value), np.int64)
    for start in starts:
        value = int(graph.output_value[start.output])
        share = value if start.share_sat is None else start.share_sat
        if share > value or traced[start.output]:
            name = chain.outpoint(start.output)
            raise StartHasNoCoins(start=name, why=Phrase("why.spread-share"))
        traced[start.output] = share
    declared = int(traced.sum())
    stops = _stops(chain, labels, progress, at_coinjoins=stops_at_coinjoins)
    end = haircut_all(
        (np.asarray(graph.tx_input_start), np.asarray(graph.tx_output_start)),
        np.asarray(graph.input_source),
        np.asarray(graph.output_value),
        stops,
        traced,
        np.empty(_MOST_OUTPUTS, np.int64),
    )
    if end >= 0:
        raise SpreadNotExact(txid=chain.txid(int(end)), why=Phrase("why.spread-unknown"))
    return _told(chain, traced, stops, declared, most)


def _order(chain: Chain) -> int | None:
    """A transaction that does not stand in the order of the chain; None if all do."""
    if chain.store is not None:
        return None
    rank = chain.graph.tx_rank
    falls = np.flatnonzero((np.diff(rank) < 0) | (rank[1:] == NO_RANK))
    return int(falls[0]) + 1 if len(falls) else None


def _stops(
    chain: Chain, labels: LabelIndex | None, progress: Progress, *, at_coinjoins: bool
) -> Array:
    """Mark the outputs at which coins are not followed: uint8 `[outputs]`."""
    graph = chain.graph
    stops = np.zeros(len(graph.output_value), np.uint8)
    if at_coinjoins:
        for tx in np.flatnonzero(find_coinjoins(chain, progress)).tolist():
            inputs = graph.inputs_of(tx)
            source = np.asarray(graph.input_source[inputs.start : inputs.stop])
            stops[source[source >= 0]] = COINJOIN
    for label in labels.all_labels() if labels is not None else ():
        if label.is_service and label.kind is not None:
            stops[chain.find_outputs(label.kind, label.payload)] = SERVICE
    return stops


def _told(chain: Chain, traced: Array, stops: Array, declared: int, most: int) -> Spread:
    graph = chain.graph
    sums = dict.fromkeys(("no-spend-seen", "unspendable", "service", "coinjoin"), 0)
    largest: list[tuple[int, int, str]] = []
    outputs = places = makers_seen = 0
    last_maker = -1
    for first in range(0, len(traced), _SLICE):
        rows = first + np.flatnonzero(traced[first : first + _SLICE])
        outputs += len(rows)
        makers = np.searchsorted(graph.tx_output_start, rows, side="right") - 1
        makers_seen += len(np.unique(makers[makers > last_maker]))
        last_maker = int(makers[-1]) if len(makers) else last_maker
        is_spent = np.asarray(graph.output_spender[rows]) >= 0
        spendable = np.asarray(graph.output_spendable[rows])
        at = np.select(
            [stops[rows] == SERVICE, is_spent & (stops[rows] == COINJOIN), is_spent, spendable],
            [2, 3, -1, 0],
            default=1,
        )
        for code, state in enumerate(sums):
            mine = rows[at == code]
            amounts = traced[mine]
            sums[state] += int(amounts.sum())
            places += len(mine)
            top = np.argsort(-amounts, kind="stable")[:most]
            largest += [(int(amounts[one]), int(mine[one]), state) for one in top]
    largest.sort(key=lambda each: (-each[0], each[1]))
    return Spread(
        start_sat=declared,
        transactions=makers_seen,
        outputs=outputs,
        resting_sat=sums["no-spend-seen"],
        unspendable_sat=sums["unspendable"],
        service_sat=sums["service"],
        coinjoin_sat=sums["coinjoin"],
        fees_sat=declared - sum(sums.values()),
        places=tuple(
            Place(
                chain.outpoint(output),
                chain.address_of(output),
                state,
                int(graph.output_value[output]),
                amount,
            )
            for amount, output, state in largest[:most]
        ),
        place_count=places,
    )
