"""The graph as a table: the same arrows in the same order, for reading and for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kancil.ground.cells import Cell, plain_cell, write_table
from kancil.ground.words import render
from kancil.studies.trace.tables import yes_no

from .model import Edge, MoneyGraph, Node

COLUMNS = (
    "from", "from_node", "to", "to_node", "outputs", "value_sat", "lower_sat", "upper_sat",
    "second_lower_sat", "second_upper_sat", "difference_lower_sat", "difference_upper_sat",
    "determined", "after_service", "stated_by", "stated", "first_time", "last_time", "labels",
    "reasons", "value_at_block_time", "heuristics", "patterns",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TwinRow:
    """One arrow, with the nodes at its ends."""

    edge: Edge
    source: Node
    target: Node

    @property
    def times(self) -> tuple[str, ...]:
        """First and last block time of what moved it; of what a table states, its own times."""
        if self.edge.stated_by:
            return self.edge.times
        ends = (self.target, self.source) if self.target.txid else (self.source, self.target)
        return ends[0].times or ends[1].times

    @property
    def labels(self) -> tuple[str, ...]:
        """What publishers say of the outputs at its ends, each with its publisher and dates."""
        told = dict.fromkeys((*self.source.labels, *self.target.labels))
        said = tuple(
            render(
                "note.graph-label",
                label=label.label,
                publisher=label.publisher,
                listed_on=label.listed_on or render("note.no-listed-on"),
                fetched_on=label.fetched_on or render("note.no-fetched-on"),
            )
            for label in told
        )
        left = self.source.labels_left + self.target.labels_left
        return (*said, render("note.graph-more-labels", count=left)) if left else said

    @property
    def heuristics(self) -> tuple[str, ...]:
        """What heuristics say of its ends, each with its source and what is known of its error."""
        heard = (*self.source.heuristics, *self.target.heuristics)
        return tuple(dict.fromkeys(one.sentence for one in heard))

    @property
    def findings(self) -> tuple[int, ...]:
        """Numbers of the pattern findings that it, or a node at its end, takes part in."""
        ends = (self.edge, self.source, self.target)
        return tuple(sorted({number for one in ends for number in one.findings}))


def twin_rows(graph: MoneyGraph) -> tuple[TwinRow, ...]:
    """The rows, in the order of the picture."""
    nodes = {node.id: node for node in graph.nodes}
    return tuple(TwinRow(edge, nodes[edge.source], nodes[edge.target]) for edge in graph.edges)


def node_name(node: Node) -> str:
    """Name a node in full: its txid, or outpoint and address; of a fold, what it holds."""
    if node.txid:
        return node.txid
    if node.outpoint:
        return " ".join(name for name in (node.outpoint, node.address) if name)
    return ", ".join(line.text for line in node.lines)


def write_csv(graph: MoneyGraph, caption: Sequence[str] = ()) -> bytes:
    """The table as CSV; no cell runs as a formula. `caption`: sentences, a row each, at its end."""
    told: set[int] = set()
    rows = [_cells(row, _findings(graph, row.findings, told)) for row in twin_rows(graph)]
    left = [each.number for each in graph.findings if each.number not in told]
    more = [*_findings(graph, left, told), *(graph.patterns_said if graph.query.patterns else ())]
    rows += [[*[""] * (len(COLUMNS) - 1), plain_cell(text)] for text in (*more, *caption)]
    return write_table(COLUMNS, rows)


def _findings(graph: MoneyGraph, numbers: Sequence[int], told: set[int]) -> list[str]:
    """Tell findings: all that must stand beside one where it comes first, its name after that."""
    by_number = {each.number: each for each in graph.findings}
    found = [by_number[number] for number in numbers]
    texts = [each.title if each.number in told else each.sentence for each in found]
    told.update(numbers)
    return texts


def _cells(row: TwinRow, findings: Sequence[str]) -> list[Cell]:
    edge, amount, times = row.edge, row.edge.amount, row.times
    return [
        plain_cell(node_name(row.source)),
        row.source.id,
        plain_cell(node_name(row.target)),
        row.target.id,
        edge.count or None,
        amount.value_sat,
        *(amount.share or (None, None)),
        *(amount.second or (None, None)),
        *(amount.difference or (None, None)),
        "" if edge.stated_by else yes_no(amount.is_determined),
        yes_no(edge.after_service),
        plain_cell(edge.stated_by),
        plain_cell(edge.told) if edge.stated_by else "",
        times[0] if times else "",
        times[-1] if times else "",
        plain_cell("; ".join(row.labels)),
        plain_cell("; ".join(edge.reasons)),
        plain_cell(edge.worth),
        plain_cell(" ".join(row.heuristics)),
        plain_cell(" ".join(findings)),
    ]
