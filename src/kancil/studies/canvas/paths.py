"""A path: output after output as the officer clicks them, checked step by step on the chain.

From outpoints in order; to the steps with their amounts, and which transaction joins each two. The
chain proves each step: the next output must be made by the very transaction that spends the one
before. That the coins of the one are the coins of the other it does not prove where the transaction
has more inputs or outputs: that would take a policy, and the path says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kancil.bitcoin.chain.chain import Chain
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.net import spender_of
from kancil.studies.trace.chain_names import utc_text

from .errors import OutpointNotHeld, PathBroken
from .view import Path, read_outpoint


@dataclass(frozen=True, slots=True)
class Step:
    """One output of a path."""

    outpoint: str
    value_sat: int
    address: str
    time: str
    """Block time of the transaction that made it; empty where none is known."""
    spent_by: str
    """Transaction that spends it; empty: no spend in the blocks held."""


@dataclass(frozen=True, slots=True)
class DrawnPath:
    """A path and the boxes and arrows of a picture that it goes through."""

    name: str
    colour: str
    steps: tuple[Step, ...]
    nodes: tuple[str, ...]
    edges: tuple[str, ...]


def output_of(chain: Chain, outpoint: str) -> int:
    """Row of an output by its name; raises OutpointNotHeld, ViewNotReadable for what is no name."""
    txid, _, number = read_outpoint(outpoint).partition(":")
    row = chain.output_row(bytes.fromhex(txid)[::-1], int(number))
    if row is None:
        raise OutpointNotHeld(output=outpoint)
    return row


def rows_of(chain: Chain, outpoints: Sequence[str]) -> list[int]:
    """The rows of a path's outputs; raises OutpointNotHeld, PathBroken where it does not go on."""
    rows = [output_of(chain, outpoint) for outpoint in outpoints]
    graph = chain.graph
    for place in range(1, len(rows)):
        spender = spender_of(graph, rows[place - 1])
        if spender < 0 or spender != graph.tx_of_output(rows[place]):
            raise PathBroken(output=outpoints[place], before=outpoints[place - 1])
    return rows


def steps_of(chain: Chain, rows: Iterable[int]) -> tuple[Step, ...]:
    """The outputs of a path in words."""
    found = []
    for row in rows:
        spender = spender_of(chain.graph, row)
        maker = chain.graph.tx_of_output(row)
        found.append(
            Step(
                outpoint=chain.outpoint(row),
                value_sat=int(chain.graph.output_value[row]),
                address=chain.address_of(row) or "",
                time=_time(chain, maker),
                spent_by=chain.txid(spender) if spender >= 0 else "",
            )
        )
    return tuple(found)


def draw_path(chain: Chain, path: Path, graph: MoneyGraph) -> DrawnPath:
    """Where a path goes through a picture; raises OutpointNotHeld, PathBroken."""
    rows = rows_of(chain, path.outpoints)
    outputs = set(rows)
    joined = {spender_of(chain.graph, row) for row in rows[:-1]}
    nodes = {
        node.id
        for node in graph.nodes
        if not joined.isdisjoint(node.txs) or not outputs.isdisjoint(node.outputs)
    }
    edges = [edge for edge in graph.edges if not outputs.isdisjoint(edge.outputs)]
    nodes |= {end for edge in edges for end in (edge.source, edge.target)}
    return DrawnPath(
        name=path.name,
        colour=path.colour,
        steps=steps_of(chain, rows),
        nodes=tuple(node.id for node in graph.nodes if node.id in nodes),
        edges=tuple(edge.id for edge in edges),
    )


def _time(chain: Chain, tx: int) -> str:
    _height, time = chain.height_and_time_of_tx(tx)
    return "" if time is None else utc_text(time)
