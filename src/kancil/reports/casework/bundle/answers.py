"""A bundle's traces, run anew from its material alone: the rows of every table.

Writer and checker both come here, the one before signing and the other after; neither trusts
what was computed elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kancil.bitcoin.holdings.graph import Graph
from kancil.bitcoin.network import NETWORKS, network_named
from kancil.bitcoin.tracing.result import Label, TraceResult
from kancil.ground.errors import KancilError
from kancil.studies.trace.chain_names import utc_text
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.question import TraceQuestion, read_question
from kancil.studies.trace.table import Row
from kancil.studies.trace.tables import each_result, result_digest, tables_of

from .coinjoins import CoinjoinBook, Judge
from .material import Material
from .rawtx import RawTransaction
from .remark import Remark
from .small_graph import SmallGraph, build_small_graph


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One trace: what was asked, every policy's result, and its tables."""

    number: int
    """Its folder's number, from 1."""
    question: TraceQuestion
    results: dict[str, TraceResult]
    tables: dict[str, list[Row]]

    @property
    def chosen(self) -> TraceResult:
        """The result under the policy that the officer chose."""
        return self.results[self.question.policy]

    @property
    def digest(self) -> str:
        """SHA-256 by which a ledger entry names this answer."""
        return result_digest(self.question.as_dict(), self.tables)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """All traces of a bundle over its own small graph."""

    material: Material
    small: SmallGraph
    names: SmallNames
    book: LabelBook
    coinjoins: CoinjoinBook
    judge: Judge
    answers: tuple[Answer, ...]
    problems: tuple[Remark, ...]
    """What kept a trace from being run, or makes its rows depend on what is not shown."""

    @property
    def graph(self) -> Graph:
        """The graph over the bundle's transactions, with those that stand for what is not shown."""
        return self.small.graph


class SmallNames:
    """What people call the rows of a bundle's own graph."""

    def __init__(self, small: SmallGraph) -> None:
        """Take the graph."""
        self._small = small
        self._transactions = small.material.transactions
        self._times: dict[str, str] = {}
        for block in small.material.blocks:
            seconds = int.from_bytes(small.material.header(block)[68:72], "little")
            self._times[block.hash] = utc_text(seconds)

    def txid(self, tx: int) -> str:
        """A transaction's id."""
        return self._transactions[tx].txid

    def block_hash(self, tx: int) -> str:
        """The hash of its block, empty if it has none."""
        return self._transactions[tx].block or ""

    def block_time(self, tx: int) -> str:
        """The miner's time of its block, empty if it has none."""
        return self._times.get(self._transactions[tx].block or "", "")

    def outpoint(self, output: int) -> str:
        """`txid:n` of an output."""
        return self._small.outpoints[output]

    def spent_outpoint(self, number: int) -> str:
        """`txid:n` that an input spends; empty for newly issued coins."""
        graph = self._small.graph
        tx = graph.tx_of_input(number)
        raw = self._small.read[tx]
        if raw.is_coinbase:
            return ""
        item = raw.inputs[number - int(graph.tx_input_start[tx])]
        return f"{item.txid[::-1].hex()}:{item.index}"

    def address(self, output: int) -> str:
        """The address of an output, empty where it has none."""
        return self._small.addresses[output]


class LabelBook:
    """The labels of a bundle by address, and their row numbers."""

    def __init__(self, small: SmallGraph) -> None:
        """Take the graph, for the addresses of its outputs, and the material's labels."""
        self._addresses = small.addresses
        self._rows: dict[CitedLabel, int] = {}
        found: defaultdict[str, list[CitedLabel]] = defaultdict(list)
        for number, label in enumerate(small.material.labels, 1):
            self._rows[label] = number
            found[label.address].append(label)
        self._by_address = {address: tuple(labels) for address, labels in found.items()}

    def label_of(self, output: int) -> tuple[Label, ...]:
        """The labels of an output."""
        address = self._addresses[output] if output < len(self._addresses) else ""
        return self._by_address.get(address, ()) if address else ()

    def rows(self, labels: tuple[Label, ...]) -> str:
        """The row numbers of labels, joined by a space."""
        return " ".join(str(self._rows[label]) for label in labels if isinstance(label, CitedLabel))


def answer_all(material: Material, read: Mapping[str, RawTransaction]) -> Answers:
    """Run every trace of the material; `read`: its transactions by txid."""
    # Where there is nothing of a chain no address is written, so any network does.
    network = network_named(material.network) if material.has_chain else NETWORKS["mainnet"]
    small = build_small_graph(material, read, network)
    names, book = SmallNames(small), LabelBook(small)
    coinjoins, judge = CoinjoinBook(small, material.coinjoins), Judge(small)
    answers: list[Answer] = []
    problems: list[Remark] = []
    for number, parameters in enumerate(material.questions, 1):
        place = f"analysis/traces/{number}/parameters.json"
        question = read_question(parameters)
        if question is None or any(s.outpoint not in small.outputs for s in question.starts):
            problems.append(Remark("trace-question", place))
            continue
        try:
            results = question.answer(small.graph, small.outputs, book.label_of, coinjoins)
        except KancilError as error:
            problems.append(Remark("trace-refused", place, {"code": error.code}))
            continue
        tables = tables_of(results, question.policy, names, book.rows)
        problems.extend(_leaning(results, small, number))
        answers.append(Answer(number, question, results, tables))
    return Answers(material, small, names, book, coinjoins, judge, tuple(answers), tuple(problems))


def _leaning(results: Mapping[str, TraceResult], small: SmallGraph, number: int) -> list[Remark]:
    """Find rows that depend on a transaction which the maker holds and did not put in."""
    graph = small.graph
    inputs: set[int] = set()
    outputs: set[int] = set()
    for one in each_result(results):
        for step in one.steps:
            inputs.update(graph.inputs_of(step.tx))
        outputs.update(h.output for h in one.holdings if h.state == "no-spend-seen")
        outputs.update(row.output for row in one.left_out if not row.spend_seen)
    place = f"analysis/traces/{number}/transfers.csv"
    problems = []
    if inputs & small.inputs_not_shown:
        problems.append(Remark("trace-source-not-shown", place))
    if outputs & small.spends_not_shown:
        problems.append(Remark("trace-spend-not-shown", place))
    return problems
