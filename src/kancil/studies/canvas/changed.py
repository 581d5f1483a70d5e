"""What changed since the traces of a picture were recorded: new labels on it, new blocks.

From the boxes drawn and both sets of labels; to a count that the page tells, with *Run again*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.label import Label
from kancil.ground.words import render
from kancil.studies.moneygraph.model import MoneyGraph

from .picture import Material, RecordedTrace
from .view import TraceSource, View


@dataclass(frozen=True, slots=True)
class Changed:
    """What a trace that is drawn did not know."""

    labels: int
    """Labels of today on addresses drawn that a trace did not look at."""
    blocks: bool
    """A trace comes out otherwise than recorded, since blocks were added."""
    traces: tuple[int, ...]
    """The traces that these concern."""
    gone: tuple[int, ...] = ()
    """Traces that the view names and the case does not have, or not with that result."""

    otherwise: tuple[int, ...] = ()
    """Traces that are drawn as they come out today, not as recorded."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What has to be said of it beside the picture."""
        told = (("trace-gone", self.gone), ("trace-otherwise", self.otherwise))
        return tuple(
            render(f"note.canvas-{what}", trace=f"T{number}")
            for what, numbers in told
            for number in numbers
        )


def changed_of(material: Material, view: View, graph: MoneyGraph) -> Changed:
    """Compare the traces of a view with the labels and blocks of today."""
    sources = [one for one in view.sources if isinstance(one, TraceSource)]
    found_of = {one.trace: material.traces.get(one.trace) for one in sources}
    traces = [trace for trace in found_of.values() if trace is not None]
    gone = tuple(number for number, trace in found_of.items() if trace is None)
    concerned: dict[int, None] = {}
    new: dict[tuple[str, Label], None] = {}
    for trace in traces:
        found = _new_labels(material, trace, graph)
        new |= found
        if found or trace.is_other_chain:
            concerned[trace.number] = None
    otherwise = tuple(trace.number for trace in traces if trace.is_other_chain)
    return Changed(len(new), bool(otherwise), tuple(concerned), gone, otherwise)


def _new_labels(
    material: Material, trace: RecordedTrace, graph: MoneyGraph
) -> dict[tuple[str, Label], None]:
    """The labels of today, on what a trace reached, that it did not look at."""
    chain, today = material.chain, material.labels
    if chain is None or today is None or today.imports == trace.labels.imports:
        return {}
    now, then = (each.index.label_of(chain.columns) for each in (today, trace.labels))
    found: dict[tuple[str, Label], None] = {}
    for output in _outputs(chain, trace, graph):
        known = set(then(output))
        new = [label for label in now(output) if label not in known]
        if new:
            address = chain.address_of(output) or chain.outpoint(output)
            found |= {(address, label): None for label in new}
    return found


def _outputs(chain: Chain, trace: RecordedTrace, graph: MoneyGraph) -> Iterator[int]:
    """The outputs that a trace reached; where its result is not at hand, those drawn alone."""
    result = trace.results.get(trace.question.policy)
    if result is not None:
        yield from sorted({row.output for row in result.transfers if row.output >= 0})
        yield from sorted({start.output for start in result.starts})
        return
    for node in graph.nodes:
        txid, _, number = node.outpoint.partition(":")
        row = chain.output_row(bytes.fromhex(txid)[::-1], int(number)) if number else None
        if row is not None:
            yield row
