"""What a view does not show: how many boxes its author hid, and what amount they hold.

From a view and its picture; to a count that stands with a saved view, in the report and in the
bundle, so that nobody takes a picture with holes for a whole one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.amounts import btc
from kancil.studies.moneygraph.model import MoneyGraph

from .shown import shown_of
from .view import View


@dataclass(frozen=True, slots=True)
class Hidden:
    """How much of a picture is not shown."""

    boxes: int = 0
    """Boxes of the picture that the author hid."""
    filtered: int = 0
    """Boxes that the filter by value and time leaves out besides."""
    value_sat: int = 0
    """Whole value of the outputs that these boxes hold, that move in or out of them, or that stand
    in a line left out between boxes that are shown; each once. Of reported transfers nothing."""
    unknown_values: int = 0
    """Boxes among them of which no output is known."""

    @property
    def is_anything(self) -> bool:
        """Whether anything is not shown."""
        return bool(self.boxes or self.filtered or self.value_sat)

    @property
    def sentence(self) -> str:
        """How much is not shown, in words."""
        if not self.is_anything:
            return render("note.canvas-nothing-hidden")
        return render(
            "note.canvas-hidden",
            boxes=grouped(self.boxes),
            filtered=grouped(self.filtered),
            amount=btc(self.value_sat),
        )


def hidden_of(chain: Chain | None, view: View, graph: MoneyGraph) -> Hidden:
    """Count what a view does not show of its picture, by the rule by which it is drawn."""
    shown = shown_of(graph, view)
    gone = {node.id for node in (*shown.hidden, *shown.filtered)}
    outputs: dict[str, set[int]] = {node.id: set(node.outputs) for node in graph.nodes}
    for edge in graph.edges:
        for end in (edge.source, edge.target):
            outputs[end].update(edge.outputs)
    kept = {edge.id for edge in shown.graph.edges}
    held = {output for ident in gone for output in outputs[ident]}
    held |= {output for edge in graph.edges if edge.id not in kept for output in edge.outputs}
    return Hidden(
        boxes=len(shown.hidden),
        filtered=len(shown.filtered),
        value_sat=_sum(chain, held),
        unknown_values=sum(not outputs[ident] for ident in gone),
    )


def read_hidden(value: dict[str, Any]) -> Hidden:
    """Read what `plain` gives, from a ledger entry."""
    return Hidden(**{name: int(value[name]) for name in plain(Hidden())})


def _sum(chain: Chain | None, outputs: Iterable[int]) -> int:
    if chain is None:
        return 0
    return sum(max(0, int(chain.graph.output_value[output])) for output in outputs)
