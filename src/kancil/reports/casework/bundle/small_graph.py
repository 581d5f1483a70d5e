"""The spend graph of a bundle alone, joined plainly from its raw transactions.

What the trace ran on was a graph over a whole chain, joined by kernels; this one is joined by a
dictionary from the few transactions that the bundle holds. That the same trace over both gives
the same rows is checked when a bundle is written and again when it is verified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.holdings.graph import COINBASE, NO_SPEND_SEEN, NO_TIME, UNKNOWN, Graph
from kancil.bitcoin.network import Network
from kancil.bitcoin.script.script import address_of_script

from .material import CitedTransaction, Material, Others
from .rawtx import RawTransaction

_OP_RETURN = b"\x6a"


_NOT_SHOWN = COINBASE
"""Source of an input that the maker holds and does not show: no unknown coins can come from it.
The trace must not depend on such an input; `not_shown` says where they are."""


@dataclass(frozen=True, slots=True, eq=False)
class SmallGraph:
    """A graph over the bundle's transactions, numbered as in `transactions.json`.

    Behind them stand up to three made-up transactions, joined to nothing: they stand for those
    that were held and are not in the bundle (`Others`).
    """

    graph: Graph
    material: Material
    read: tuple[RawTransaction, ...]
    """Transactions as read, in the same order."""
    outpoints: tuple[str, ...]
    """`txid:n` of each output."""
    outputs: dict[str, int]
    """Number of each output by `txid:n`."""
    addresses: tuple[str, ...]
    """Address of each output, empty where it has none."""
    inputs_not_shown: frozenset[int]
    """Inputs whose source is held by the maker and not in the bundle."""
    spends_not_shown: frozenset[int]
    """Outputs that the maker saw spent by a transaction that is not in the bundle."""


def build_small_graph(
    material: Material, read: Mapping[str, RawTransaction], network: Network
) -> SmallGraph:
    """Join the transactions of the material; `read` holds each by txid."""
    transactions = tuple(read[t.txid] for t in material.transactions)
    outpoints: list[str] = []
    addresses: list[str] = []
    for cited, raw in zip(material.transactions, transactions, strict=True):
        outpoints.extend(f"{cited.txid}:{n}" for n in range(len(raw.outputs)))
        addresses.extend(address_of_script(o.script, network) or "" for o in raw.outputs)
    join = _Join(material, transactions)
    join.run()
    rows = _Rows.of(material, transactions, join)
    rows.add_others(material.held.others)
    return SmallGraph(
        graph=rows.as_graph(len(material.blocks) - 1, [t.txid for t in material.transactions]),
        material=material,
        read=transactions,
        outpoints=tuple(outpoints),
        outputs={outpoint: number for number, outpoint in enumerate(outpoints)},
        addresses=tuple(addresses),
        inputs_not_shown=frozenset(join.inputs_not_shown),
        spends_not_shown=frozenset(join.spends_not_shown),
    )


class _Join:
    """Inputs to outputs, by a dictionary."""

    def __init__(self, material: Material, transactions: tuple[RawTransaction, ...]) -> None:
        self.pairs = list(zip(material.transactions, transactions, strict=True))
        self.source: list[int] = []
        self.spender: list[int] = []
        self.inputs_not_shown: set[int] = set()
        self.spends_not_shown: set[int] = set()

    def run(self) -> None:
        """Join all.

        Where two transactions spend one output, one in a block stands before a loose one, an
        earlier before a later; the other's source is unknown, as in the graph of the whole chain.
        """
        number_of: dict[tuple[bytes, int], int] = {}
        in_block: list[bool] = []
        for cited, raw in self.pairs:
            for number, item in enumerate(raw.inputs):
                self._add_input(cited, raw, number, number_of.get((item.txid, item.index)))
                in_block.append(cited.is_held)
            txid = bytes.fromhex(cited.txid)[::-1]
            for n in range(len(raw.outputs)):
                number_of[txid, n] = len(self.spender) + n
            self.spender.extend([NO_SPEND_SEEN] * len(raw.outputs))
        for number, output in enumerate(self.source):
            if output >= 0:
                self._settle(number, output, in_block)
        self._mark_spent()

    def _add_input(
        self, cited: CitedTransaction, raw: RawTransaction, number: int, output: int | None
    ) -> None:
        if raw.is_coinbase:
            self.source.append(COINBASE)
        elif output is not None:
            self.source.append(output)
        elif number in cited.unknown_inputs:
            self.source.append(UNKNOWN)
        else:
            self.inputs_not_shown.add(len(self.source))
            self.source.append(_NOT_SHOWN)

    def _settle(self, number: int, output: int, in_block: list[bool]) -> None:
        loser, other = number, self.spender[output]
        if other == NO_SPEND_SEEN or (in_block[number] and not in_block[other]):
            self.spender[output], loser = number, other
        if loser != NO_SPEND_SEEN:
            self.source[loser] = UNKNOWN

    def _mark_spent(self) -> None:
        first = 0
        for cited, raw in self.pairs:
            for n in range(len(raw.outputs)):
                unspent = n in cited.unspent_outputs
                if self.spender[first + n] == NO_SPEND_SEEN and not unspent:
                    self.spends_not_shown.add(first + n)
            first += len(raw.outputs)


@dataclass(slots=True)
class _Rows:
    """The graph's columns as lists."""

    input_counts: list[int]
    output_counts: list[int]
    runs: list[tuple[int, int]]
    times: list[int]
    blocks: list[int]
    source: list[int]
    values_in: list[int]
    values: list[int]
    spender: list[int]
    spendable: list[bool]

    @classmethod
    def of(cls, material: Material, transactions: tuple[RawTransaction, ...], join: _Join) -> _Rows:
        place = {block.hash: row for row, block in enumerate(material.blocks)}
        # As in the graph of the whole chain, a block known by proof alone gives its time too.
        blocks = [place[t.block or ""] if t.is_held else -1 for t in material.transactions]
        times = {
            b.hash: int.from_bytes(material.header(b)[68:72], "little") for b in material.blocks
        }
        outputs = [output for raw in transactions for output in raw.outputs]
        values = [output.value_sat for output in outputs]
        spendable = [
            output.script[:1] != _OP_RETURN and number not in join.spends_not_shown
            for number, output in enumerate(outputs)
        ]
        return cls(
            input_counts=[len(raw.inputs) for raw in transactions],
            output_counts=[len(raw.outputs) for raw in transactions],
            runs=[t.run for t in material.transactions],
            times=[times.get(t.block or "", NO_TIME) for t in material.transactions],
            blocks=blocks,
            source=list(join.source),
            values_in=_input_values(join, values),
            values=values,
            spender=list(join.spender),
            spendable=spendable,
        )

    def add_others(self, others: Others) -> None:
        """Add the made-up transactions that stand for what is held and not shown."""
        if others.unknown_run >= 0:
            self._add(UNKNOWN, (others.unknown_run, others.unknown_run), is_spendable=False)
        if others.unseen_run >= 0:
            self._add(COINBASE, (others.unseen_run, others.unseen_run), is_spendable=True)
        if others.is_loose:
            self._add(COINBASE, (-1, 0), is_spendable=False)

    def _add(self, source: int, run: tuple[int, int], *, is_spendable: bool) -> None:
        self.input_counts.append(1)
        self.output_counts.append(1)
        self.runs.append(run)
        self.times.append(NO_TIME)
        self.blocks.append(-1)
        self.source.append(source)
        self.values_in.append(1)
        self.values.append(1)
        self.spender.append(NO_SPEND_SEEN)
        self.spendable.append(is_spendable)

    def as_graph(self, last_block: int, txids: Sequence[str]) -> Graph:
        """The graph; the order of the list is the order in time."""
        ids = b"".join(bytes.fromhex(txid)[::-1] for txid in txids)
        return Graph(
            tx_input_start=_starts(self.input_counts),
            tx_output_start=_starts(self.output_counts),
            tx_rank=np.arange(len(self.runs), dtype=np.int64),
            tx_run=np.array([run for run, _ in self.runs], dtype=np.int64),
            tx_run_after=np.array([run for _, run in self.runs], dtype=np.int64),
            tx_time=np.array(self.times, dtype=np.int64),
            tx_block=np.array(self.blocks, dtype=np.int32),
            input_source=np.array(self.source, dtype=np.int64),
            input_value=np.array(self.values_in, dtype=np.int64),
            output_value=np.array(self.values, dtype=np.int64),
            output_spender=np.array(self.spender, dtype=np.int64),
            output_spendable=np.array(self.spendable, dtype=bool),
            last_block=last_block,
            tx_id=np.frombuffer(ids, np.uint8).reshape(-1, 32),
        )


def _starts(counts: list[int]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _input_values(join: _Join, values: list[int]) -> list[int]:
    """What each input spends: held output, stated value, all of a coinbase, unknown."""
    result: list[int] = []
    for cited, raw in join.pairs:
        for number, _ in enumerate(raw.inputs):
            output = join.source[len(result)]
            if output >= 0:
                result.append(values[output])
            elif raw.is_coinbase:
                result.append(sum(o.value_sat for o in raw.outputs))
            else:
                result.append(cited.stated_values.get(number, UNKNOWN))
    return result
