"""What a recorded trace found, in the sentences of every page: one function says them all.

A page that has run the trace and one that reads its kept tables say the same, since both ask the
chain who an output pays and the labels who says what of it. Where the chain or its labels are gone,
the sentence names outputs instead of payees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.label import Label
from kancil.ground.errors import NotFound, NotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.workspace import Workspace
from kancil.studies.labels_used import LabelsUsed, load_labels
from kancil.studies.study import RecordedStudy, Result
from kancil.studies.trace.answer import Saying, trace_answer
from kancil.studies.trace.chain_names import bare_key
from kancil.studies.trace.run import TraceAnswer, rows_as_dicts
from kancil.studies.trace.study import TRACE

from .queries import label_shelf, open_chain

_LABELLED = ("transfers", "left_out")
"""Tables of which the sentence names what publishers say."""


def labels_used(
    workspace: Workspace, chain: Chain, only: tuple[str, ...] | None = None
) -> LabelsUsed:
    """The unit's labels, which are kept; `only`: the imports a recorded trace looked at.

    Raises LabelStoreBroken, TraceNotReadable when one of them is gone.
    """
    index = label_shelf(workspace, chain).index(chain.network)
    found = tuple(stored.id for stored in index.imports)
    if only is not None and set(only) != set(found):
        return load_labels(workspace.labels_dir, chain, only)
    return LabelsUsed(index, found)


def sentences_of(workspace: Workspace, chain: Chain, answer: TraceAnswer) -> list[Phrase]:
    """What a trace that was run found; heights and publishers as the chain and labels say."""
    publishers = {str(number): _said(label) for number, label in enumerate(answer.labels, 1)}
    rows = {name: rows_as_dicts(name, table) for name, table in answer.tables.items()}
    saying = _saying(workspace, chain, publishers)
    return trace_answer(answer.question.as_dict(), rows, saying)


def sentences_kept(workspace: Workspace, recorded: RecordedStudy, result: Result) -> list[Phrase]:
    """What a trace found, by its kept tables, without running it."""
    only = recorded.sources.get("labels")
    rows = {each.name: each.as_rows() for each in result.tables}
    try:
        chain = open_chain(workspace, str(recorded.parameters.get("chain")))
        labels = labels_used(workspace, chain, tuple(only) if isinstance(only, list) else None)
        publishers = _publishers(chain, labels, rows, recorded.parameters["direction"])
        return trace_answer(recorded.parameters, rows, _saying(workspace, chain, publishers))
    except (NotFound, NotReadable):
        return TRACE.answer(result)


def _publishers(
    chain: Chain,
    labels: LabelsUsed,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    direction: str,
) -> dict[str, str]:
    """Who says what, by the numbers that rows name: the labels of an output, in their order."""
    payee = "to_output" if direction == "forward" else "from_outputs"
    label_of = labels.index.label_of(chain.columns)
    found: dict[str, str] = {}
    for name in _LABELLED:
        for row in rows[name]:
            numbers = str(row["labels"] or "").split()
            output = _output(chain, str(row[payee if name == "transfers" else "output"]))
            if output is not None and not found.keys() >= set(numbers):
                said = map(_said, label_of(output))
                found |= dict(zip(numbers, said, strict=False))
    return found


def _said(label: Label) -> str:
    return f"{label.publisher}: {label.label or label.category}"


def _saying(workspace: Workspace, chain: Chain, publishers: Mapping[str, str]) -> Saying:
    def told(of: Callable[[Chain, int], str | None]) -> Callable[[str], str]:
        def tell(outpoint: str) -> str:
            output = _output(chain, outpoint)
            return "" if output is None else of(chain, output) or ""

        return tell

    return Saying(
        height_of=lambda txid: chain.height_and_time_of_tx(chain.tx_row(txid))[0],
        key_of=told(bare_key),
        address_of=told(Chain.address_of),
        publishers=publishers,
        zone=workspace.zone,
        coin=chain.network.coin,
    )


def _output(chain: Chain, outpoint: str) -> int | None:
    txid, _, place = outpoint.partition(":")
    return chain.output_row(bytes.fromhex(txid)[::-1], int(place)) if place else None
