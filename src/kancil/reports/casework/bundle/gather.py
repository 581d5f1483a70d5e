"""Gathering: from a chain and the questions asked of it, to the material of a bundle.

What is gathered: each transaction that a trace divided, under any policy; each start; each known
source of theirs; each spender of coins that a limit left out; the sources of each CoinJoin at which
a trace stopped; the way from unknown inputs through which coins out of sight could have come. For
each, its raw bytes and its path to a header.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kancil import __version__
from kancil.bitcoin.blocks.merkle_proof import sha256d
from kancil.bitcoin.holdings.graph import NO_SPEND_SEEN, UNKNOWN, Graph
from kancil.bitcoin.network import Network
from kancil.bitcoin.tracing.pool import NEVER, own_unknown, own_unseen
from kancil.bitcoin.tracing.result import TraceResult
from kancil.studies.trace.cited import CitedCoinjoin, CitedLabel, stops_of
from kancil.studies.trace.run import Asked
from kancil.studies.trace.tables import each_result

from .material import CitedBlock, CitedTransaction, Held, Material, Others, shown
from .rawtx import read_transaction


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """What is known of a block that holds a cited transaction."""

    header: bytes
    height: int | None
    height_source: str | None
    work: str
    links: tuple[bytes, ...]
    """Headers that show its work to a pinned checkpoint, oldest first, its own included; empty
    where the work is its own target only."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a transaction stands: its block's hash (internal order) and both Merkle paths."""

    block: bytes
    index: int
    path: tuple[bytes, ...]
    coinbase_txid: bytes | None
    coinbase_path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class HeldFacts:
    """What a chain holds as a whole."""

    block_hashes: Sequence[bytes]
    """Hashes of all blocks in the graph, internal order."""
    transactions: int
    inputs: tuple[str, ...]
    """SHA-256 of each source file, sorted."""
    last_block: bytes | None
    last_height: int | None
    last_time: str | None


class ChainView(Protocol):
    """What gathering needs of a chain; `chain_view.py` gives it of a stored one."""

    @property
    def network(self) -> Network:
        """The network."""

    @property
    def graph(self) -> Graph:
        """The spend graph."""

    def raw_transaction(self, tx: int) -> bytes:
        """A transaction's bytes as in the block."""

    def txid_of(self, tx: int) -> bytes:
        """A transaction's id, internal order."""

    def placement(self, tx: int) -> Placement | None:
        """A transaction's place in its block, None if no block is known."""

    def coinbase_of(self, tx: int) -> int | None:
        """The coinbase of a held transaction's block, None for one that came loose."""

    def block_facts(self, block: bytes) -> BlockFacts:
        """What is known of a block by its hash, internal order."""

    def held(self) -> HeldFacts:
        """What the chain holds as a whole."""


def gather_material(
    chain: ChainView, asked: Sequence[Asked], labels_of: Callable[[int], Iterable[CitedLabel]]
) -> Material:
    """Collect everything that a stranger needs to compute the traces again.

    `labels_of`: gives the labels of an output by its number.
    """
    graph = chain.graph
    wanted = _Wanted(graph)
    labels: set[CitedLabel] = set()
    coinjoins: set[CitedCoinjoin] = set()
    for trace in asked:
        for result in each_result(trace.results):
            wanted.add_result(result)
            for output in _touched(result):
                labels.update(labels_of(output))
            for tx in stops_of(graph, result):
                coinjoins.update(trace.coinjoins[tx])
    wanted.add_roots()
    txs = wanted.add_coinbases(chain)
    placements = {tx: chain.placement(tx) for tx in txs}
    numbers = _run_numbers(graph, txs)
    shown_ids = {chain.txid_of(tx) for tx in txs}
    transactions = tuple(_cite(chain, graph, tx, placements[tx], numbers, shown_ids) for tx in txs)
    blocks, headers = _cite_blocks(chain, [placements[tx] for tx in txs])
    return Material(
        network=chain.network.name,
        kancil=__version__,
        held=_held(chain, graph, set(txs), numbers),
        blocks=blocks,
        headers=headers,
        transactions=transactions,
        labels=tuple(sorted(labels)),
        questions=tuple(trace.question.as_dict() for trace in asked),
        coinjoins=tuple(sorted(coinjoins)),
    )


class _Wanted:
    """The transactions that a bundle must hold."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.divided: set[int] = set()
        """Those whose inputs must all be shown."""
        self.shown: set[int] = set()
        self.roots: dict[bool, set[int]] = {False: set(), True: set()}
        """By backward or not: transactions with unknown inputs that coins out of sight may have
        come in by, or (backward) with unspent outputs that they may have left by."""

    def add_result(self, result: TraceResult) -> None:
        """Take in what one trace touched."""
        graph = self.graph
        self.divided.update(step.tx for step in result.steps)
        self.shown.update(graph.tx_of_output(output) for output in _touched(result))
        for row in result.left_out:
            spender = int(graph.output_spender[row.output])
            if spender != NO_SPEND_SEEN:
                self.shown.add(graph.tx_of_input(spender))
        is_backward = result.parameters["direction"] == "backward"
        for fetch in result.fetch_list:
            if is_backward and fetch.kind == "spender":
                self.roots[True].add(graph.tx_of_output(fetch.output))
            elif not is_backward and fetch.kind == "source":
                self.roots[False].add(graph.tx_of_input(fetch.input))
        stops = stops_of(graph, result)
        self.shown.update(stops)
        # The sources of what stopped a trace are shown too, so that it can be judged again.
        for tx in (*(step.tx for step in result.steps), *stops):
            for number in graph.inputs_of(tx):
                source = int(graph.input_source[number])
                if source >= 0:
                    self.shown.add(graph.tx_of_output(source))

    def add_roots(self) -> None:
        """Add the ways between the roots and what is shown.

        A trace asks of each transaction beside its way whether coins out of sight can be in it;
        the answer lies in its ancestors (backward: descendants) up to such a root.
        """
        self.shown |= self.divided
        ways = (
            (self.roots[False], self._sources, self._spenders),
            (self.roots[True], self._spenders, self._sources),
        )
        for roots, towards, away in ways:
            if roots:
                near = _reachable(self.shown, towards)
                self.shown |= near & _reachable(roots & near, away)

    def _sources(self, tx: int) -> Iterable[int]:
        graph = self.graph
        for number in graph.inputs_of(tx):
            source = int(graph.input_source[number])
            if source >= 0:
                yield graph.tx_of_output(source)

    def _spenders(self, tx: int) -> Iterable[int]:
        graph = self.graph
        for output in graph.outputs_of(tx):
            spender = int(graph.output_spender[output])
            if spender != NO_SPEND_SEEN:
                yield graph.tx_of_input(spender)

    def add_coinbases(self, chain: ChainView) -> list[int]:
        """Add the coinbase of each block whose height it alone states; give all by rank."""
        blocks: dict[bytes, int] = {}
        for tx in sorted(self.shown):
            placement, coinbase = chain.placement(tx), chain.coinbase_of(tx)
            if placement is not None and coinbase is not None:
                blocks[placement.block] = coinbase
        for block, coinbase in blocks.items():
            if chain.block_facts(block).height_source == "coinbase":
                self.shown.add(coinbase)
        return sorted(self.shown, key=lambda tx: int(self.graph.tx_rank[tx]))


def _touched(result: TraceResult) -> set[int]:
    """The outputs that an answer speaks of."""
    touched = {start.output for start in result.starts}
    touched.update(row.output for row in result.transfers)
    touched.update(row.output for row in result.holdings)
    touched.update(row.output for row in result.left_out)
    touched.update(link.output for row in result.transfers for link in row.links)
    return {output for output in touched if output >= 0}


def _reachable(first: set[int], neighbours: Callable[[int], Iterable[int]]) -> set[int]:
    seen = set(first)
    waiting = list(first)
    while waiting:
        for tx in neighbours(waiting.pop()):
            if tx not in seen:
                seen.add(tx)
                waiting.append(tx)
    return seen


def _cite(
    chain: ChainView,
    graph: Graph,
    tx: int,
    placement: Placement | None,
    numbers: dict[int, int],
    shown_ids: set[bytes],
) -> CitedTransaction:
    raw = chain.raw_transaction(tx)
    read = read_transaction(raw)
    first_in, first_out = graph.inputs_of(tx).start, graph.outputs_of(tx).start
    unknown, stated = [], {}
    for number, item in zip(graph.inputs_of(tx), read.inputs, strict=True):
        source, value = int(graph.input_source[number]), int(graph.input_value[number])
        # An input that lost its output to another spender is unknown too, but its source is shown.
        if source != UNKNOWN or item.txid in shown_ids:
            continue
        unknown.append(number - first_in)
        if value != UNKNOWN:
            stated[number - first_in] = value
    unspent = [
        output - first_out
        for output in graph.outputs_of(tx)
        if int(graph.output_spender[output]) == NO_SPEND_SEEN
    ]
    coinbase = placement.coinbase_txid if placement is not None else None
    return CitedTransaction(
        txid=shown(sha256d(read.base)),
        raw=raw,
        base=read.base,
        block=None if placement is None else shown(placement.block),
        index=None if placement is None else placement.index,
        path=() if placement is None else placement.path,
        coinbase_txid=None if coinbase is None else shown(coinbase),
        coinbase_path=() if placement is None else placement.coinbase_path,
        run=(numbers[int(graph.tx_run[tx])], numbers[int(graph.tx_run_after[tx])]),
        unknown_inputs=tuple(unknown),
        unspent_outputs=tuple(unspent),
        stated_values=stated,
    )


def _cite_blocks(
    chain: ChainView, placements: Sequence[Placement | None]
) -> tuple[tuple[CitedBlock, ...], bytes]:
    """The cited blocks in the order of their transactions, and all headers, each once."""
    hashes = list(dict.fromkeys(p.block for p in placements if p is not None))
    facts = {block: chain.block_facts(block) for block in hashes}
    headers: dict[bytes, int] = {}
    for block in hashes:
        for header in (*facts[block].links, facts[block].header):
            headers.setdefault(header, len(headers))
    cited = tuple(
        CitedBlock(
            hash=shown(block),
            height=facts[block].height,
            height_source=facts[block].height_source,
            place=headers[facts[block].header],
            work=facts[block].work,
        )
        for block in hashes
    )
    return cited, b"".join(headers)


def _run_numbers(graph: Graph, txs: Sequence[int]) -> dict[int, int]:
    """Number anew the runs that matter here: those of the cited and the edges of the others."""
    rows = np.array(txs, dtype=np.int64)
    runs = {int(run) for run in graph.tx_run[rows]} | {int(run) for run in graph.tx_run_after[rows]}
    runs.update(_edges(graph, set(txs)))
    runs.discard(-1)
    numbers = {run: place for place, run in enumerate(sorted(runs))}
    return {-1: -1, **numbers}


def _edges(graph: Graph, cited: set[int]) -> tuple[int, int]:
    """The edges of what is not cited; -1 for none.

    They are the latest run with an unknown input and the earliest with an unspent output.
    """
    others = np.ones(graph.tx_count, dtype=bool)
    others[list(cited)] = False
    unknown, unseen = own_unknown(graph)[others], own_unseen(graph)[others]
    latest = int(unknown.max(initial=-1))
    earliest = int(unseen.min(initial=NEVER))
    # What stands before every run known is earliest of all, and not the same as none.
    return latest, -1 if earliest == NEVER else max(earliest, 0)


def _held(chain: ChainView, graph: Graph, cited: set[int], numbers: dict[int, int]) -> Held:
    facts = chain.held()
    others = np.ones(graph.tx_count, dtype=bool)
    others[list(cited)] = False
    outside = (graph.tx_run != graph.tx_run_after) & (graph.tx_rank >= 0)
    unknown, unseen = _edges(graph, cited)
    inside = (graph.tx_rank >= 0) & ~outside
    return Held(
        blocks=len(facts.block_hashes),
        transactions=facts.transactions,
        runs=len(np.unique(graph.tx_run[inside])),
        blocks_sha256=hashlib.sha256(b"".join(sorted(facts.block_hashes))).hexdigest(),
        inputs=facts.inputs,
        last_block=None if facts.last_block is None else shown(facts.last_block),
        last_height=facts.last_height,
        last_time=facts.last_time,
        others=Others(
            unknown_run=numbers[unknown],
            unseen_run=numbers[unseen],
            is_loose=bool((outside & others).any()),
        ),
    )
