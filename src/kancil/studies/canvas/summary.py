"""What a view does not show: how many boxes its author hid, and what amount they hold.

From a view and its picture; to a count that stands with a saved view, in the report and in the
bundle, so that nobody takes a picture with holes for a whole one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.amounts import btc
from kancil.studies.moneygraph.model import MoneyGraph, Node

from .view import Filter, View


@dataclass(frozen=True, slots=True)
class Hidden:
    """How much of a picture is not shown."""

    boxes: int = 0
    """Boxes of the picture that the author hid."""
    filtered: int = 0
    """Boxes that the filter by value and time leaves out besides."""
    value_sat: int = 0
    """Whole value of the outputs that these boxes hold, or that move in or out of them; each once.
    Of reported transfers nothing is in it."""
    unknown_values: int = 0
    """Boxes among them of which no output is known."""

    @property
    def is_anything(self) -> bool:
        """Whether anything is not shown."""
        return bool(self.boxes or self.filtered)

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
    """Count what a view does not show of its picture."""
    hidden = {node.id for node in graph.nodes} & set(view.hidden)
    filtered = {
        node.id for node in graph.nodes
        if node.id not in hidden and not is_shown(node, view.filter)
    }  # fmt: skip
    gone = hidden | filtered
    outputs: dict[str, set[int]] = {node.id: set(node.outputs) for node in graph.nodes}
    for edge in graph.edges:
        for end in (edge.source, edge.target):
            outputs[end].update(edge.outputs)
    held = {output for ident in gone for output in outputs[ident]}
    return Hidden(
        boxes=len(hidden),
        filtered=len(filtered),
        value_sat=_sum(chain, held),
        unknown_values=sum(not outputs[ident] for ident in gone),
    )


def is_shown(node: Node, by: Filter) -> bool:
    """Whether a filter shows a box: one of unknown value or time is always shown."""
    value = node.amount.value_sat
    if value is not None and value < by.min_sat:
        return False
    times = [datetime.fromisoformat(time) for time in node.times]
    if times and by.since is not None and max(times) < by.since:
        return False
    return not (times and by.until is not None and min(times) > by.until)


def read_hidden(value: dict[str, Any]) -> Hidden:
    """Read what `plain` gives, from a ledger entry."""
    return Hidden(**{name: int(value[name]) for name in plain(Hidden())})


def _sum(chain: Chain | None, outputs: Iterable[int]) -> int:
    if chain is None:
        return 0
    return sum(max(0, int(chain.graph.output_value[output])) for output in outputs)
