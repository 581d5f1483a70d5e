"""What a folded net is made of: nodes before they have words and places, and the arrows between.

Made by `folding.py`; `stated.py` hangs on what tables state, `composing.py` draws it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Protocol

from kancil.studies.drawing.box_words import Line

from .net import Sight, Strand

TX, CHAIN, STAGE, BELOW = "tx", "chain", "stage", "below"
START, OUTPUT, END, ENDS, PARTY = "start", "output", "end", "ends", "party"
CLUSTER, ADDRESS, JUNCTION = "cluster", "address", "junction"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a box stands for, by which one can ask about it."""

    kind: str
    """`transaction`, `output`, `address`, `cluster`, `party` or `fold`."""
    chain: str
    """Name of the chain; of a party, of its network or `bank`; empty where it has none."""
    value: str


@dataclass(slots=True)
class Part:
    """One node before it has words and a place."""

    id: str
    kind: str
    """`tx`, `chain`, `stage`, `below`: transactions; `start`, `output`, `end`, `ends`: coins;
    `party`: who paid or was paid, as a table states; `cluster`: addresses spent together, with the
    transactions that spend from them alone; `address`: all drawn outputs of one; `junction`: a
    transaction of which the chain does not settle who paid whom."""
    state: str = ""
    tone: str = ""
    txs: list[int] = field(default_factory=list)
    strands: list[Strand] = field(default_factory=list)
    """Coins that the node itself stands for."""
    inside: list[Strand] = field(default_factory=list)
    """Coins that move only inside it."""
    parent: str = ""
    """What was opened to show it: closing that folds it again."""
    opens: str = ""
    """What to open to see more; empty if nothing more is held."""
    told: tuple[str, ...] = ()
    """Of a party: its names as stated, and who states them."""
    own_lines: tuple[Line, ...] = ()
    """Of a party: its words, where its source wrote them itself."""
    subject: Subject | None = None
    """Of a party: what it stands for, where its source says so."""
    cluster: int = -1
    """Number of the cluster that it stands for."""
    addresses: int = 0
    """Addresses of it that are drawn."""
    hides: bool = False
    """All behind it can be hidden."""
    order: int = 0
    """Its place on the money's way: twice a transaction's depth, coins one beside it."""


@dataclass(slots=True)
class Tie:
    """One arrow: all coins that go from one node to another."""

    source: str
    target: str
    strands: list[tuple[Strand, bool]] = field(default_factory=list)
    """Coins, and whether the arrow is on the side where they were spent."""
    after_service: bool = False
    stated: Stated | None = None
    """What a table states of it; None: it is the chain's."""


class Hanging(Protocol):
    """What is hung on a picture of a chain once it is folded: what tables state."""

    @property
    def key(self) -> Hashable:
        """All that the picture depends on of it."""

    def hang(self, sight: Sight, folded: Folded) -> tuple[str, ...]:
        """Add its nodes and arrows; gives what has to be said of them."""


class OfCluster(Protocol):
    """Which cluster an output belongs to."""

    def address_of(self, output: int) -> int:
        """The number of the address that an output pays, -1 if none."""

    def of(self, output: int) -> int:
        """The cluster of two addresses or more that an output pays, -1 if none."""

    def is_set_aside(self, tx: int, address: int) -> bool:
        """Whether a transaction that spends from an address joins nothing."""

    def name_of(self, number: int) -> str:
        """What a cluster is known by: its first address."""


class Stated(Protocol):
    """What a dotted arrow says."""

    @property
    def stated_by(self) -> str:
        """Who states it."""

    @property
    def asset(self) -> str:
        """Of what."""

    @property
    def told(self) -> str:
        """How much, in words."""

    @property
    def times(self) -> tuple[str, ...]:
        """First and last time or day, as stated."""

    @property
    def words(self) -> tuple[str, ...]:
        """Words beside it."""

    @property
    def is_contradicted(self) -> bool:
        """Whether the chain says otherwise."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the chain says of it, in sentences."""


@dataclass(slots=True)
class Folded:
    """All nodes by id, and the arrows."""

    parts: dict[str, Part]
    ties: list[Tie]
