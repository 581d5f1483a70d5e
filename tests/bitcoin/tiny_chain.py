"""Chains of a few written-out transactions, as the patterns' members look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.holdings.graph import COINBASE, UNKNOWN, Graph
from kancil.bitcoin.laundering.ground import Flow, Ground, Marked, Threshold, frozen
from kancil.bitcoin.laundering.pattern import Findings, Pattern

NEW = (-1, 0)
"""Spent where new coins are made."""
ELSEWHERE = (-2, 0)
"""Spent where the source is not held."""


@dataclass(frozen=True)
class Tx:
    """A transaction: what it spends (number of the transaction, place), pays (address, satoshi)."""

    spends: tuple[tuple[int, int], ...]
    pays: tuple[tuple[int, int], ...]
    minute: int
    rank: int | None = None
    """None: its place; -1: outside the graph."""


def tx(spends: Sequence[tuple[int, int]], pays: Sequence[tuple[int, int]], minute: int) -> Tx:
    return Tx(tuple(spends), tuple(pays), minute)


def graph_of(txs: Sequence[Tx]) -> tuple[Graph, Any]:
    """The graph and the address of each output; no output may be spent twice."""
    starts = np.cumsum([0, *(len(one.spends) for one in txs)]).astype(np.int64)
    outs = np.cumsum([0, *(len(one.pays) for one in txs)]).astype(np.int64)
    values = np.array([value for one in txs for _, value in one.pays], np.int64)
    source = np.full(starts[-1], UNKNOWN, np.int64)
    spender = np.full(outs[-1], -1, np.int64)
    number = 0
    for one in txs:
        for of, n in one.spends:
            if of >= 0:
                source[number] = outs[of] + n
                assert spender[source[number]] < 0
                spender[source[number]] = number
            elif (of, n) == NEW:
                source[number] = COINBASE
            number += 1
    known = np.where(source >= 0, values[np.maximum(source, 0)] if len(values) else -1, -1)
    rank = [place if one.rank is None else one.rank for place, one in enumerate(txs)]
    graph = Graph(
        tx_input_start=starts,
        tx_output_start=outs,
        tx_rank=np.array(rank, np.int64),
        tx_run=np.zeros(len(txs), np.int64),
        tx_run_after=np.zeros(len(txs), np.int64),
        tx_time=np.array([60 * one.minute if one.minute >= 0 else -1 for one in txs], np.int64),
        tx_block=np.zeros(len(txs), np.int32),
        input_source=source,
        input_value=known.astype(np.int64),
        output_value=values,
        output_spender=spender,
        output_spendable=np.ones(len(values), bool),
    )
    return graph, np.array([address for one in txs for address, _ in one.pays], np.int32)


def flow_of(graph: Graph) -> Flow:
    return Flow(*(frozen(getattr(graph, name)) for name in Flow._fields))


def ground(txs: Sequence[Tx], **more: Any) -> Ground:
    graph, of_row = graph_of(txs)
    columns = SimpleNamespace(output_count=len(of_row), tx_count=len(txs))
    chain = SimpleNamespace(graph=graph, columns=columns)
    made = Ground(
        chain=cast("Chain", chain),
        flow=flow_of(graph),
        of_row=frozen(of_row),
        addresses=int(of_row.max(initial=0)) + 1,
        span=frozen(np.array([0, 1 << 62], np.int64)),
    )
    return replace(made, **more)


def found(member: Pattern, txs: Sequence[Tx], *, more: dict[str, Any] | None = None,
          **given: int) -> Findings:  # fmt: skip
    """Find with the defaults, but for those given (`least_links` for `least-links`)."""
    chosen = {each.name: each.default for each in member.parameters}
    for name, value in given.items():
        assert name.replace("_", "-") in chosen
        chosen[name.replace("_", "-")] = value
    return member.find(ground(txs, **(more or {})), chosen, None)


def satoshi(sat: int) -> Threshold:
    """A threshold that is so many satoshi at all times."""
    told = (("currency", "BTC"), ("threshold", str(sat)), ("source", "-"), ("rows", 0))
    return Threshold(frozen(np.zeros(1, np.int64)), frozen(np.array([sat], np.int64)), told)


def marked(pairs: Sequence[tuple[int, int]], names: Sequence[str], reason: str) -> Marked:
    """Outputs that pay services: (output row, number of the service)."""
    ordered = sorted(pairs)
    return Marked(
        np.array([one for one, _ in ordered], np.int64),
        np.array([owner for _, owner in ordered], np.int64),
        tuple(names),
        tuple(reason for _ in names),
    )


def payers(count: int, to: int, minute: int = 0, value: int = 1_000) -> list[Tx]:
    """As many coinbases to addresses 100 and on, and a payment of each to one address."""
    made = [tx([NEW], [(100 + n, value)], minute) for n in range(count)]
    return made + [tx([(n, 0)], [(to, value)], minute + n) for n in range(count)]
