"""Running a recorded trace: the same question, chain and label imports give the same answer.

From a chain, the labels imported, and a question; to results and tables, and the digest by which
the ledger names them. A trace's ledger entry says enough to run it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.heuristics import heuristic_named
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks, Look
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.tracing.result import Label as TraceLabel
from kancil.bitcoin.tracing.result import TraceResult
from kancil.ground.cells import plain_cell
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.studies.errors import TraceNotReadable, TraceNotReproduced
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.cited import CitedCoinjoin, cite_looks, speaking, stops_of

from .chain_names import ChainNames
from .question import METHOD, TraceQuestion, read_question
from .table import Row
from .tables import COLUMNS, each_result, result_digest, tables_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A trace that goes into the bundle: its question and every policy's result on the chain."""

    question: TraceQuestion
    results: dict[str, TraceResult]
    coinjoins: Mapping[int, tuple[CitedCoinjoin, ...]] = field(default_factory=dict)
    """What the heuristics said of each transaction at which a result stopped."""


@dataclass(frozen=True, slots=True, eq=False)
class TraceAnswer:
    """A trace that was run on a chain."""

    question: TraceQuestion
    results: dict[str, TraceResult]
    tables: dict[str, list[Row]]
    labels: tuple[Label, ...]
    """Those that the tables name, by their number from 1."""
    digest: str
    looks: CoinjoinLooks
    """What the heuristics say of the chain's transactions."""
    coinjoins: dict[int, tuple[CitedCoinjoin, ...]]
    """The same of each transaction at which any of the results stopped."""

    @property
    def chosen(self) -> TraceResult:
        """The result under the policy that the officer chose."""
        return self.results[self.question.policy]

    @property
    def asked(self) -> Asked:
        """What a bundle takes up."""
        return Asked(self.question, self.results, self.coinjoins)

    def provenance(self, chain: Chain, labels: LabelsUsed) -> dict[str, Any]:
        """What the ledger keeps: method, version, parameters, inputs, chain, labels."""
        parameters = self.question.as_dict()
        return {
            "chain": chain.name,
            "inputs": list(chain.inputs_digests),
            "labels": list(labels.imports),
            "method": METHOD,
            "parameters": parameters,
            "version": parameters["method_version"],
        }

    def as_dict(self) -> dict[str, Any]:
        """The answer for JSON: amounts as strings, rows by column name."""
        tables = {name: rows_as_dicts(name, rows) for name, rows in self.tables.items()}
        totals = tables.pop("totals")
        chosen = [row for row in totals if row["policy"] == self.question.policy]
        return {
            "parameters": self.question.as_dict(),
            **tables,
            "totals": next(row for row in chosen if row["order"] == "as-written"),
            "policies": totals,
        }


def rows_as_dicts(name: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of a table for JSON: by column name, amounts as strings."""
    columns = COLUMNS[name]
    return [
        {
            column: str(cell) if column.endswith("_sat") and cell is not None else cell
            for column, cell in zip(columns, row, strict=True)
        }
        for row in rows
    ]


def told_rows(name: str, answer: TraceAnswer) -> Iterator[Row]:
    """The rows of a table for a file that stands alone: labels in words, not by number."""
    columns = COLUMNS[name]
    for row in answer.tables[name]:
        if columns[-1] == "labels":
            told = (answer.labels[int(number) - 1] for number in str(row[-1] or "").split())
            said = "; ".join(f"{each.publisher}: {each.label or each.category}" for each in told)
            yield (*row[:-1], plain_cell(said))
        else:
            yield row


def run_trace(
    chain: Chain, labels: LabelsUsed, question: TraceQuestion, progress: Progress = SILENT
) -> TraceAnswer:
    """Run a question on a chain under every policy; raises what tracing raises."""
    outputs = {}
    for start in question.starts:
        txid, _, number = start.outpoint.partition(":")
        output = chain.output_row(bytes.fromhex(txid)[::-1], int(number))
        if output is None:
            raise TraceNotReadable(
                why=Phrase("why.start-not-in-chain", {"start": start.outpoint, "chain": chain.name})
            )
        outputs[start.outpoint] = output
    label_of = labels.index.label_of(chain.columns)
    require_members(question)
    looks = CoinjoinLooks(chain, speaking(question.heuristics))
    results = question.answer(chain.graph, outputs, label_of, looks, progress)
    book = _Book()
    for start in question.starts:
        # What publishers say of the starts themselves is told too, though no row need name them.
        book.rows(label_of(outputs[start.outpoint]))
    tables = tables_of(results, question.policy, ChainNames(chain), book.rows)
    digest = result_digest(question.as_dict(), tables)
    coinjoins = {
        tx: cite_looks(chain.txid(tx), looks.stops(tx, question.stops_at or ()))
        for result in each_result(results)
        for tx in stops_of(chain.graph, result)
    }
    return TraceAnswer(question, results, tables, tuple(book.numbers), digest, looks, coinjoins)


@dataclass(frozen=True, slots=True)
class CoinjoinMet:
    """A transaction that a trace met, and what one heuristic says of it."""

    txid: str
    hop: int
    """Transactions away from the nearest start."""
    is_stop: bool
    """The trace stopped there; else it went through."""
    look: Look


def coinjoins_met(chain: Chain, answer: TraceAnswer) -> list[CoinjoinMet]:
    """What heuristics say of the transactions that the chosen trace met, where they speak.

    First those at which it stopped, then those it went through.
    """
    chosen, looks = answer.chosen, answer.looks
    met = [
        CoinjoinMet(chain.txid(tx), hop, is_stop=True, look=look)
        for tx, hop in stops_of(chain.graph, chosen).items()
        for look in looks.stops(tx, answer.question.stops_at or ())
    ]
    return met + [
        CoinjoinMet(chain.txid(step.tx), step.hop, is_stop=False, look=look)
        for step in chosen.steps
        for look in looks.of(step.tx)
    ]


def require_members(question: TraceQuestion) -> None:
    """Raise TraceNotReadable where what a question names is not here in that version."""
    if not question.is_walk_here:
        gone = {"version": question.method_version}
        raise TraceNotReadable(why=Phrase("why.trace-method-gone", gone))
    for name, version in question.policies_gone:
        why = Phrase("why.trace-policy-gone", {"name": name, "version": version})
        raise TraceNotReadable(why=why)
    require_heuristics(question.stops_at)


def require_heuristics(stops_at: Iterable[tuple[str, str]] | None) -> None:
    """Raise TraceNotReadable where a heuristic, or its version, that is named is not here."""
    for name, version in stops_at or ():
        if heuristic_named(name, version) is None:
            why = Phrase("why.trace-heuristic-gone", {"name": name, "version": version})
            raise TraceNotReadable(why=why)


class _Book:
    """Numbers labels in the order in which the tables first name them."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def rows(self, labels: tuple[TraceLabel, ...]) -> str:
        return " ".join(
            str(self.numbers.setdefault(label, len(self.numbers) + 1)) for label in labels
        )


@dataclass(frozen=True, slots=True)
class RecordedTrace:
    """What a `trace.run` entry says, read."""

    chain: str
    labels: tuple[str, ...]
    question: TraceQuestion
    result_sha256: str


def read_recorded(body: dict[str, Any]) -> RecordedTrace:
    """Read a `trace.run` entry's body; raises TraceNotReadable."""
    provenance = body.get("provenance")
    if not isinstance(provenance, dict):
        raise TraceNotReadable(why=Phrase("why.trace-no-provenance"))
    question = read_question(provenance.get("parameters"))
    chain, labels = provenance.get("chain"), provenance.get("labels")
    if question is None or not isinstance(chain, str) or not isinstance(labels, list):
        raise TraceNotReadable(why=Phrase("why.trace-parameters"))
    return RecordedTrace(chain, tuple(labels), question, str(body.get("result_sha256")))


def reproduce(
    said: RecordedTrace,
    number: int,
    chain: Chain,
    labels: LabelsUsed,
    progress: Progress = SILENT,
) -> TraceAnswer:
    """Run recorded trace `number` again; it must come out as recorded, else TraceNotReproduced.

    Raises TraceNotReadable where what it names is not here any more.
    """
    answer = run_trace(chain, labels, said.question, progress)
    if answer.digest != said.result_sha256:
        raise TraceNotReproduced(trace=f"T{number}", chain=said.chain)
    return answer
