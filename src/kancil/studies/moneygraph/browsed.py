"""The net of coins with no policy: what the chain alone says of a neighbourhood.

From starts on a chain; to strands that carry whole outputs. Nothing is said of whose coins went
where, since without a policy nobody can say. What looks like a CoinJoin is drawn, and nothing
beyond it unless the query passes CoinJoins.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kancil.bitcoin.holdings.graph import COINBASE, UNKNOWN
from kancil.bitcoin.tracing.result import Fetch

from .net import AROUND, COINJOIN, FURTHER, NOT_DRAWN, Net, Sight, Strand, rest_state, spender_of
from .query import GraphQuery

MOST_REACHED = 2_000
"""Transactions that are looked at in one go."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a browsed picture begins: outputs, or whole transactions."""

    outputs: tuple[int, ...] = ()
    txs: tuple[int, ...] = ()


class BrowsedReach:
    """The neighbourhood of some starts, and which of its transactions are drawn."""

    def __init__(self, sight: Sight, begun: Begun, query: GraphQuery) -> None:
        """Walk as many transactions away as the query says; one if it does not say."""
        self._sight = sight
        self._graph = sight.graph
        self._begun = begun
        self._starts = frozenset(begun.outputs)
        self._query = query
        self._since = math.ceil(query.since.timestamp()) if query.since else None
        self._until = math.floor(query.until.timestamp()) if query.until else None
        self._stops_at = query.stops_at or ()
        self._hop_of: dict[int, int] = dict.fromkeys(begun.txs, 0)
        self._is_cut = False
        self._walk(query.hops or 1)

    def _walk(self, hops: int) -> None:
        queue: deque[int] = deque(self._begun.txs)
        for output in self._begun.outputs:
            self._take(self._across(output), 1, queue)
        while queue:
            tx = queue.popleft()
            if self._hop_of[tx] < hops:
                self._take(self._from(tx), self._hop_of[tx] + 1, queue)

    def _take(self, found: Iterable[int], hop: int, queue: deque[int]) -> None:
        for tx in found:
            if tx in self._hop_of:
                continue
            if len(self._hop_of) >= MOST_REACHED:
                self._is_cut = True
                return
            self._hop_of[tx] = hop
            queue.append(tx)

    def _across(self, output: int) -> Iterator[int]:
        """The transactions on the sides of an output that the direction allows."""
        if self._query.direction != "forward":
            tx = self._graph.tx_of_output(output)
            if not self._stop(output, tx):
                yield tx
        if self._query.direction != "backward":
            tx = spender_of(self._graph, output)
            if tx >= 0 and not self._stop(output, tx):
                yield tx

    def _from(self, tx: int) -> Iterator[int]:
        """The transactions to which the direction leads from this one."""
        if self._ends_here(tx):
            return
        if self._query.direction != "forward":
            for source in self._sources(tx):
                if source >= 0:
                    maker = self._graph.tx_of_output(source)
                    if not self._stop(source, maker):
                        yield maker
        if self._query.direction != "backward":
            for output in self._graph.outputs_of(tx):
                spender = spender_of(self._graph, output)
                if spender >= 0 and not self._stop(output, spender):
                    yield spender

    def _sources(self, tx: int) -> list[int]:
        inputs = self._graph.inputs_of(tx)
        found: list[int] = self._graph.input_source[inputs.start : inputs.stop].tolist()
        return found

    def _ends_here(self, tx: int) -> bool:
        """Whether a transaction looks like a CoinJoin at which one is to stop."""
        if tx < 0 or not self._stops_at:
            return False
        return bool(self._sight.stops(tx, self._stops_at))

    def _stop(self, output: int, tx: int) -> str:
        """Name the limit that forbids going over an output to a transaction; empty when none.

        What was asked about is itself gone over, whatever labels it has.
        """
        stops = output not in self._starts and self._query.pass_services is None
        if stops and any(label.is_service for label in self._sight.label_of(output)):
            return "service"
        if int(self._graph.output_value[output]) < self._query.min_sat:
            return "min-sat"
        time = int(self._graph.tx_time[tx])
        if time >= 0 and self._since is not None and time < self._since:
            return "since"
        if time >= 0 and self._until is not None and time > self._until:
            return "until"
        return ""

    def _joins(self, tx: int) -> Iterator[tuple[int, int]]:
        """The outputs that a transaction spends and makes, and the transaction beyond each.

        Over an output of a labelled service nobody goes by hand either, without a reason.
        """
        graph = self._graph
        pairs = [
            (source, graph.tx_of_output(source)) for source in self._sources(tx) if source >= 0
        ]
        pairs += [(output, spender_of(graph, output)) for output in graph.outputs_of(tx)]
        for output, other in pairs:
            if output in self._starts or (other >= 0 and self._stop(output, other) != "service"):
                yield output, other

    def draw(self, tx: int) -> bool:
        """Draw a neighbour of what is drawn."""
        hops = []
        for output, other in self._joins(tx):
            if output in self._starts:
                hops.append(0)
            elif other in self._hop_of and not self._ends_here(other):
                hops.append(self._hop_of[other])
        if not hops or len(self._hop_of) >= MOST_REACHED:
            return False
        self._hop_of.setdefault(tx, min(hops) + 1)
        return True

    def draw_around(self, tx: int) -> bool:
        """Draw the largest neighbours of a transaction that is drawn, on both its sides."""
        if tx not in self._hop_of or self._ends_here(tx):
            return False
        graph = self._graph
        found: dict[int, int] = {}
        for output, other in self._joins(tx):
            if other >= 0 and other not in self._hop_of:
                found[other] = found.get(other, 0) + int(graph.output_value[output])
        largest = sorted(found, key=lambda other: (-found[other], int(graph.tx_rank[other])))
        drew = [self.draw(other) for other in largest[:AROUND]]
        return any(drew)

    def net(self) -> Net:
        """The net of all that is drawn."""
        strands: dict[int, Strand] = {}
        fetches: set[Fetch] = set()
        for output in self._begun.outputs:
            strands[output] = self._output(output, fetches)
        for tx in self._hop_of:
            for number, source in zip(self._graph.inputs_of(tx), self._sources(tx), strict=True):
                key = source if source >= 0 else -1 - number
                if key not in strands:
                    strands[key] = (
                        self._output(source, fetches)
                        if source >= 0
                        else self._unseen(tx, number, source, fetches)
                    )
            for output in self._graph.outputs_of(tx):
                if output not in strands:
                    strands[output] = self._output(output, fetches)
        return Net(
            hops=dict(self._hop_of),
            fees={},
            strands=list(strands.values()),
            fetches=sorted(fetches),
            policies=0,
            cut=self._is_cut,
        )

    def _output(self, output: int, fetches: set[Fetch]) -> Strand:
        graph = self._graph
        maker, spender = graph.tx_of_output(output), spender_of(graph, output)
        strand = Strand(
            output=output,
            input=-1,
            value_sat=int(graph.output_value[output]),
            made_by=maker if maker in self._hop_of else NOT_DRAWN,
            spent_by=spender if spender in self._hop_of else NOT_DRAWN,
            is_start=output in self._starts,
            labels=self._sight.label_of(output),
        )
        strand.declared_sat = strand.value_sat if strand.is_start else 0
        if spender < 0:
            strand.state = rest_state(graph, output)
            if strand.state == "no-spend-seen":
                fetches.add(Fetch("spender", output, -1))
        elif strand.spent_by < 0:
            strand.state, strand.further = self._stop(output, spender) or FURTHER, spender
        elif strand.made_by < 0 and not strand.is_start:
            strand.state, strand.further = self._stop(output, maker) or FURTHER, maker
        if strand.made_by < 0 and strand.further < 0:
            strand.further = maker
        if strand.state == "service":
            strand.further = NOT_DRAWN
        if strand.further >= 0 and not strand.is_start:
            drawn = strand.made_by if strand.made_by >= 0 else strand.spent_by
            if self._ends_here(drawn):
                strand.state, strand.stopped_at, strand.further = COINJOIN, drawn, NOT_DRAWN
        return strand

    def _unseen(self, tx: int, number: int, source: int, fetches: set[Fetch]) -> Strand:
        is_new = source == COINBASE
        if source == UNKNOWN:
            fetches.add(Fetch("source", -1, number))
        return Strand(
            output=-1,
            input=number,
            value_sat=int(self._graph.input_value[number]),
            spent_by=tx,
            state="newly-issued" if is_new else "unknown-source",
        )


def begun_of(outputs: Sequence[int], txs: Sequence[int]) -> Begun:
    """Where to begin, each thing once."""
    return Begun(tuple(dict.fromkeys(outputs)), tuple(dict.fromkeys(txs)))
