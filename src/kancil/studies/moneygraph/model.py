"""What a money graph is to whoever shows it: nodes, edges, notes, as plain values.

Amounts are integers in satoshi here and strings in `as_dict`; places are whole pixels. Words come
out in the language that is spoken when the graph is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kancil.bitcoin.tracing.result import Bounds
from kancil.studies.drawing.box_words import Line

from .heard import Heard, ToldGroup
from .parts import Subject
from .patterned import ToldPattern
from .query import GraphQuery

Point = tuple[int, int]
NOTHING = Subject("fold", "", "")


@dataclass(frozen=True, slots=True)
class Traced:
    """What one of several traces says of the same coins."""

    name: str
    """The trace's, as `T3`."""
    share: Bounds


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, as far as it can be said."""

    share: Bounds | None
    """Of the coins asked about, under the policy; None: no policy, or its amounts do not add up."""
    second: Bounds | None = None
    """The same under the second policy."""
    value_sat: int | None = None
    """Whole value of the outputs on the chain; None: not all are known."""
    unknown: int = 0
    """Outputs whose value is not known."""
    traced: tuple[Traced, ...] = ()
    """Where several traces are drawn together: what each says, never added up."""

    @property
    def is_determined(self) -> bool:
        """Whether it is one number."""
        if self.share is None:
            return self.value_sat is not None
        return self.share.lower == self.share.upper

    @property
    def difference(self) -> Bounds | None:
        """Second policy less the first, between two amounts; None where either says none."""
        if self.share is None or self.second is None:
            return None
        return Bounds(self.second.lower - self.share.upper, self.second.upper - self.share.lower)

    def as_dict(self) -> dict[str, Any]:
        """The form for JSON."""
        return {
            "lower_sat": None if self.share is None else str(self.share.lower),
            "upper_sat": None if self.share is None else str(self.share.upper),
            "value_sat": None if self.value_sat is None else str(self.value_sat),
            "unknown_values": self.unknown,
            "determined": self.is_determined,
            "second": _bounds(self.second),
            "difference": _bounds(self.difference),
        }


@dataclass(frozen=True, slots=True)
class ToldLabel:
    """What a publisher alleges, as much of it as fits beside a node."""

    label: str
    publisher: str
    category: str
    law: str
    listed_on: str
    fetched_on: str
    source: str
    is_service: bool

    def as_dict(self) -> dict[str, Any]:
        """The form for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Node:
    """One node."""

    id: str
    kind: str
    """`tx`; `start`, `output` (spent onwards), `end`: one output; `ends`, `chain`, `stage`,
    `below`: folds; `cluster`: addresses spent together; `party`: who paid or was paid, as a table
    states."""
    state: str
    """Why coins end here; of a fold, of all that it holds."""
    tone: str
    """`sanctioned`, `mix`, `service`, `labelled`, `coinjoin`, `unknown`, `stated`, or empty."""
    count: int
    """Outputs or transactions it stands for; of a cluster, its addresses that are drawn."""
    labelled: int
    """Outputs among them, or moving inside it, that have labels."""
    amount: Amount
    txid: str
    """Of a transaction."""
    outpoint: str
    """Of one output, `txid:n`."""
    address: str
    times: tuple[str, ...]
    """First and last block time, as the miners stated them."""
    hops: tuple[int, ...]
    """Least and most distance from the start, in transactions."""
    labels: tuple[ToldLabel, ...]
    rows: tuple[int, ...]
    """Numbers of the trace's transfer rows that it stands for."""
    reasons: tuple[str, ...]
    """Sentences on why shares are two amounts."""
    after_service: bool
    opens: str
    """What opens behind it; empty: nothing more is held."""
    closes: bool
    """It can be folded back, or what lies behind it can be hidden."""
    parent: str
    """What was opened to show it."""
    lines: tuple[Line, ...]
    layer: int
    x: int
    y: int
    width: int
    height: int
    labels_left: int = 0
    """Labels beyond those told."""
    worth: str = ""
    """Its value at block time, with source and date; empty where no price table was imported."""
    heuristics: tuple[Heard, ...] = ()
    """What heuristics say of it, each with its source and what is known of its error."""
    findings: tuple[int, ...] = ()
    """Numbers of the pattern findings that it takes part in."""
    subject: Subject = NOTHING
    """What one asks about to learn more of it."""
    txs: tuple[int, ...] = ()
    """Rows of the transactions that it stands for."""
    outputs: tuple[int, ...] = ()
    """Rows of the outputs that it stands for, or that move inside it."""

    def as_dict(self) -> dict[str, Any]:
        """The form for JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "tone": self.tone,
            "count": self.count,
            "labelled": self.labelled,
            "amount": self.amount.as_dict(),
            "txid": self.txid,
            "outpoint": self.outpoint,
            "address": self.address,
            "times": list(self.times),
            "hops": list(self.hops),
            "labels": [label.as_dict() for label in self.labels],
            "labels_left": self.labels_left,
            "row_count": len(self.rows),
            "reasons": list(self.reasons),
            "after_service": self.after_service,
            "opens": bool(self.opens),
            "closes": self.closes,
            "lines": [[line.kind, line.text] for line in self.lines],
            "layer": self.layer,
            "x": self.x,
            "y": self.y,
            "w": self.width,
            "h": self.height,
            "worth": self.worth,
            "heuristics": [heard.as_dict() for heard in self.heuristics],
            "findings": list(self.findings),
        }


@dataclass(frozen=True, slots=True)
class Edge:
    """Coins that go from one node to another."""

    id: str
    source: str
    target: str
    amount: Amount
    count: int
    """Outputs in it."""
    tone: str
    after_service: bool
    goes_back: bool
    """It leads to the left: two folds hold earlier and later things of each other."""
    rows: tuple[int, ...]
    reasons: tuple[str, ...]
    stated_by: str
    """Publisher of the table that states it; empty: the chain proves it."""
    times: tuple[str, ...]
    """First and last time or day that the table states; empty where the chain proves it."""
    told: str
    """Its amount in words."""
    words: tuple[str, ...]
    """Amounts written beside it; empty where a node at its end says the same."""
    width: int
    points: tuple[Point, ...]
    """Its way: right side of the source, lanes, left side of the target."""
    worth: str = ""
    """Its value at block time, with source and date; empty where no price table was imported."""
    findings: tuple[int, ...] = ()
    """Numbers of the pattern findings that rest on its outputs."""
    outputs: tuple[int, ...] = ()
    """Rows of its outputs."""

    def as_dict(self) -> dict[str, Any]:
        """The form for JSON."""
        return {
            "id": self.id,
            "source": self.source,
            "target": self.target,
            "amount": self.amount.as_dict(),
            "count": self.count,
            "tone": self.tone,
            "after_service": self.after_service,
            "goes_back": self.goes_back,
            "reasons": list(self.reasons),
            "stated_by": self.stated_by,
            "times": list(self.times),
            "told": self.told,
            "words": list(self.words),
            "width": self.width,
            "points": [list(point) for point in self.points],
            "worth": self.worth,
            "findings": list(self.findings),
        }


@dataclass(frozen=True, slots=True, eq=False)
class MoneyGraph:
    """One picture, whole."""

    query: GraphQuery
    question: dict[str, Any] | None
    """Parameters of the trace whose rows are drawn, as its ledger entry would have them."""
    nodes: tuple[Node, ...]
    """In the order of the picture: layer by layer, from the top."""
    edges: tuple[Edge, ...]
    """In the order of their sources, from the top."""
    axis: tuple[tuple[int, str], ...]
    """Left edge of each layer, and its days."""
    width: int
    height: int
    totals: tuple[dict[str, Any], ...]
    """Sums of the trace under each policy asked."""
    fetch_list: tuple[tuple[str, str], ...]
    """`spender` or `source`, and the outpoint whose transaction is not held."""
    notes: tuple[str, ...]
    """What has to be said of this picture."""
    kept_closed: tuple[str, ...]
    """What was to be opened and is not, since the picture would have grown too large."""
    title: str
    network: str
    is_real_money: bool
    findings: tuple[ToldPattern, ...] = ()
    """Patterns that what is drawn takes part in, each with all that must stand beside it."""
    pattern_groups: tuple[ToldGroup, ...] = ()
    """The same, those of one pattern together."""
    heard_groups: tuple[ToldGroup, ...] = ()
    """What heuristics say of what is drawn, those of one heuristic together."""
    patterns_said: tuple[str, ...] = ()
    """What was looked for and not found, and what was not looked for."""
    is_out_of_time: bool = False
    """Whether some patterns were not looked for since time was up: another try may tell more."""

    def as_dict(self) -> dict[str, Any]:
        """The form for JSON."""
        return {
            "nodes": [node.as_dict() for node in self.nodes],
            "edges": [edge.as_dict() for edge in self.edges],
            "axis": [list(mark) for mark in self.axis],
            "width": self.width,
            "height": self.height,
            "totals": [dict(row) for row in self.totals],
            "fetch_count": len(self.fetch_list),
            "notes": list(self.notes),
            "kept_closed": list(self.kept_closed),
            "title": self.title,
            "network": self.network,
            "is_real_money": self.is_real_money,
            "findings": [group.as_dict() for group in self.pattern_groups],
            "heard": [group.as_dict() for group in self.heard_groups],
            "patterns_said": list(self.patterns_said),
        }

    def node(self, ident: str) -> Node | None:
        """The node of this id, None if the picture has none."""
        return next((node for node in self.nodes if node.id == ident), None)


def _bounds(bounds: Bounds | None) -> dict[str, str] | None:
    if bounds is None:
        return None
    return {"lower_sat": str(bounds.lower), "upper_sat": str(bounds.upper)}


def sum_bounds(parts: Sequence[Bounds]) -> Bounds:
    """Add bounds to bounds."""
    return Bounds(sum(part.lower for part in parts), sum(part.upper for part in parts))
