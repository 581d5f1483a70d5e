"""The coins that a question reaches, before anything is folded: transactions, and what joins them.

A strand is the coins of one output, or of one input whose output is not held. It is the same with
and without a policy; shares stand on it only where a policy told them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from kancil.bitcoin.coinjoins.verdicts import Look
from kancil.bitcoin.holdings.graph import NO_SPEND_SEEN, Graph
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.tracing.result import ZERO, Bounds, Fetch
from kancil.studies.trace.cited import LIMIT
from kancil.studies.trace.tables import Names

NOT_DRAWN = -1
COINJOIN = LIMIT
"""State of coins that stop before, or at, what looks like a CoinJoin."""
FURTHER = "further"
"""State of coins that go on to, or come from, a transaction held here that is not drawn."""


def _no_key(output: int) -> str:
    return ""


def _no_looks(tx: int) -> tuple[Look, ...]:
    return ()


def _no_stops(tx: int, stops_at: Iterable[tuple[str, str]]) -> tuple[Look, ...]:
    return ()


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What the picture is made from: a graph, what its rows are called, and the labels."""

    graph: Graph
    names: Names
    label_of: Callable[[int], tuple[Label, ...]]
    tx_of: Callable[[str], int]
    """Row of a transaction by its id; -1 if it is not held."""
    looks_of: Callable[[int], tuple[Look, ...]] = _no_looks
    """What the CoinJoin heuristics say of a transaction that say yes, or cannot tell."""
    stops: Callable[[int, Iterable[tuple[str, str]]], tuple[Look, ...]] = _no_stops
    """What those say of it that say yes, of the heuristics named with their versions, old too."""
    chain: str = ""
    """Name of the chain."""
    key_of: Callable[[int], str] = _no_key
    """The public key that an output pays directly, hex; empty where it pays none."""

    def owner(self, output: int) -> str:
        """The address of an output, or the key that it pays directly; empty where neither is."""
        return self.names.address(output) or self.key_of(output)


@dataclass(slots=True)
class Share:
    """What one policy says of a strand."""

    made: Bounds = ZERO
    """Of these coins, when the output was made (forward) or asked for (backward)."""
    spent: Bounds = ZERO
    """Of these coins, when the output was spent."""
    reason: str = ""
    """Why a share is two amounts; `note.bounds-<reason>`."""
    after_service: bool = False
    row: int = 0
    """Number of its row in the trace's transfers; 0: it has none."""


@dataclass(slots=True)
class Strand:
    """The coins of one output, or of one input whose output is not held."""

    output: int
    """-1: not held, or newly issued coins."""
    input: int
    """The input by which it was reached; -1: none."""
    value_sat: int
    """Whole value on the chain; -1 not known."""
    made_by: int = NOT_DRAWN
    """Transaction drawn that made it."""
    spent_by: int = NOT_DRAWN
    """Transaction drawn that spends it."""
    state: str = ""
    """Why it is not drawn on; empty where both its transactions are."""
    is_start: bool = False
    declared_sat: int = 0
    """Of a start: satoshi of it that are meant."""
    further: int = NOT_DRAWN
    """Transaction held here that is not drawn and may be."""
    stopped_at: int = NOT_DRAWN
    """Transaction that looks like a CoinJoin, where one is why it is not drawn on."""
    labels: tuple[Label, ...] = ()
    shares: list[Share] = field(default_factory=list)
    """One a policy asked; empty without."""
    traced: dict[int, Share] = field(default_factory=dict)
    """Where several traces are drawn together: what each says of it, by its place among them."""
    _place: tuple[int, int, int, int] | None = None

    def place(self, graph: Graph) -> tuple[int, int, int, int]:
        """Its place in the chain: rank and row of the transaction it is told by, its number.

        That is the transaction that made it, else the one that spends it.
        """
        if self._place is None:
            if self.output >= 0:
                tx = graph.tx_of_output(self.output)
            else:
                tx = graph.tx_of_input(self.input)
            self._place = int(graph.tx_rank[tx]), tx, self.output, self.input
        return self._place

    @property
    def key(self) -> int:
        """Its number: the output's, or below zero the input's."""
        return self.output if self.output >= 0 else -1 - self.input

    @property
    def is_plain(self) -> bool:
        """Whether an arrow says all of it."""
        joins = self.made_by >= 0 and self.spent_by >= 0
        return joins and not (self.is_start or self.labels or self.state)


@dataclass(slots=True)
class Net:
    """Transactions drawn, by row, and all strands that touch them."""

    hops: dict[int, int]
    """Transaction → its distance from the start."""
    fees: dict[int, list[Bounds]]
    """Transaction → what of the traced coins it paid in fees, one a policy; none: not known."""
    strands: list[Strand]
    fetches: list[Fetch]
    policies: int
    """How many policies told shares: 0, 1 or 2."""
    adds_up: tuple[bool, ...] = ()
    """Of each policy: whether its amounts may be added."""
    is_backward: bool = False
    """Rows of the trace belong to the transaction that spent, not to the one that made."""
    cut: bool = False
    """More was reached than is looked at in one go."""
    traces: tuple[str, ...] = ()
    """Where several traces are drawn together: their names."""
    traces_add_up: tuple[bool, ...] = ()
    """Of each of these: whether its amounts may be added."""


class Reach(Protocol):
    """What a question reaches, of which more can be drawn transaction by transaction."""

    def draw(self, tx: int) -> bool:
        """Draw a neighbour of what is drawn; False if it is none."""

    def draw_around(self, tx: int) -> bool:
        """Draw the largest neighbours of a transaction that is drawn; False if it has none."""

    def net(self) -> Net:
        """The net of all that is drawn."""


AROUND = 12
"""Neighbours that are drawn in one go."""


def spender_of(graph: Graph, output: int) -> int:
    """The transaction that spends an output, -1 if no spend was seen."""
    spender = int(graph.output_spender[output])
    return graph.tx_of_input(spender) if spender != NO_SPEND_SEEN else -1


def rest_state(graph: Graph, output: int) -> str:
    """How coins rest on an output that nothing here spends."""
    return "no-spend-seen" if graph.output_spendable[output] else "unspendable"
