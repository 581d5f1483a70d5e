"""A case on the tests' own tiny ledger, ready to be printed: real blocks, fixed keys and times.

Where the coins of block 9 went, under FIFO, with findings of each class, one taken back, and an
exhibit that changed hands. The same input makes the same unsigned bytes every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from kancil.bitcoin.tracing.result import TraceResult
from kancil.custody.checkpoint import read_checkpoint
from kancil.custody.entry import Entry, read_entry
from kancil.custody.roll import Numbered, Roll
from kancil.custody.store import LedgerStore
from kancil.custody.withheld import Withheld, read_withheld
from kancil.ground.ids import CaseId, TraceId
from kancil.reports.casework.bundle.studies import CitedStudy
from kancil.reports.casework.bundle.write import Recorded
from kancil.reports.casework.prosecutor.gather import PROSECUTOR, Order
from kancil.reports.casework.recorded import RunAgain
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.question import TraceQuestion
from kancil.studies.trace.run import Asked
from tests.reports.make_sample_bundle import block_9_question, make_sample
from tests.reports.sample_studies import STUDY, add_studies, shown_studies
from tests.reports.tiny_chain import first_600
from tests.reports.tiny_ledger import CASE, EXHIBIT, OFFICER, TinyLedger, found_ledger, key_of
from tests.reports.tiny_view import TinyView

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TRACE = "01936000-0000-7000-8000-000000000101"
ASIDE = "01936000-0000-7000-8000-000000000102"
TEXT = "The transaction paid 10 BTC."
LAO = "ທຸລະກຳນີ້ຈ່າຍ 10 BTC"
WITHDRAWN = "The amount was read from the wrong row."


class TinyStore:
    """A ledger store that holds the lines of a tiny ledger and takes no more."""

    def __init__(self, ledger: TinyLedger) -> None:
        self._entries = [read_entry(line) for line in ledger.entries]

    def entries(self, start: int = 1) -> Iterator[Entry]:
        return iter(self._entries[start - 1 :])

    def folded(self, kind: type[Roll]) -> Roll:
        return kind.of(self._entries)


@dataclass
class Printed:
    """All that a report is made of."""

    ledger: TinyLedger
    again: RunAgain
    order: Order

    @property
    def store(self) -> LedgerStore:
        return cast(LedgerStore, TinyStore(self.ledger))


@dataclass
class Case:
    """What a test may change of the sample."""

    title: str = "Sample: payment under threat"
    findings: list[tuple[str, str, str]] = field(
        default_factory=lambda: [
            ("chain-fact", TEXT, "en"),
            ("policy-result", "Under FIFO, 10 BTC came here.", "en"),
            ("attribution", LAO, "lo"),
        ]
    )
    """Class, text, language."""
    withdrawn: tuple[int, ...] = (2,)
    kind: str = PROSECUTOR
    language: str = "en"
    withheld: tuple[str, ...] = ()
    """As at a door: `12=reason`, `12.place=reason`."""
    studies: tuple[CitedStudy, ...] = ()
    """Each is recorded; on the first rests a finding."""
    traces: bool = True
    """Whether the trace is shown."""
    expires_on: str | None = None
    """Last day of its legal basis."""


def finding_id(number: int) -> str:
    """The id of a finding."""
    return f"01936000-0000-7000-8000-0000000f{number:04d}"


def printed(case: Case | None = None) -> Printed:
    """Make a case for the printer."""
    case = case or Case()
    view, question, results, digest = _traced()

    def labels_of(output: int) -> tuple[CitedLabel, ...]:
        return ()

    ledger = _ledger(case, question, digest)
    entries = TinyStore(ledger).folded(Roll).traces
    recorded = Recorded(TraceId(TRACE), Asked(question, results), digest)
    shown = Numbered(TRACE, 1, CaseId(CASE), entries[TraceId(TRACE)].entry)
    order = Order(
        case=CaseId(CASE),
        kind=case.kind,
        language=case.language,
        at=AT,
        checkpoint=read_checkpoint(ledger.checkpoint()),
        officer=OFFICER,
        withheld=_withheld(ledger, case.withheld),
    )
    studies = shown_studies(ledger, case.studies)
    again = RunAgain((shown,), (recorded,), view, labels_of, {"label-repeated": 3}, studies)
    if not case.traces:
        again = RunAgain((), (), None, labels_of, studies=studies)
    return Printed(ledger, again, order)


def _withheld(ledger: TinyLedger, given: tuple[str, ...]) -> tuple[Withheld, ...]:
    free = {entry.n: entry for entry in map(read_entry, ledger.entries)}
    return read_withheld(given, free, option="--withhold", fields=True)


@cache
def _traced() -> tuple[TinyView, TraceQuestion, dict[str, TraceResult], str]:
    """Trace once for all tests: the view, the question, its results and their digest."""
    view, question = TinyView(first_600()), block_9_question()
    results = question.answer(view.graph, view.outpoints(), lambda _: ())
    return view, question, results, make_sample().answers.answers[0].digest


def _ledger(case: Case, question: TraceQuestion, digest: str) -> TinyLedger:
    ledger = found_ledger(case.title, expires_on=case.expires_on)

    def add(kind: str, body: dict[str, Any], exhibit: str | None = None) -> None:
        ledger.add(kind, body, key=key_of("officer"), officer=OFFICER, case=CASE, exhibit=exhibit)

    add("exhibit.sealed", {"place": "Shelf 4", "seal": "S-001"}, EXHIBIT)
    add("exhibit.deposited", {
        "place": "court archive", "reason": "hearing", "seal": "S-001", "to": "Registry",
    }, EXHIBIT)  # fmt: skip
    for number, trace in enumerate((TRACE, ASIDE), 1):
        provenance = {
            "inputs": [], "method": "bitcoin.trace", "parameters": question.as_dict(),
            "version": "1",
        }  # fmt: skip
        result = digest if trace == TRACE else "e" * 64
        add("trace.run", {
            "number": number, "provenance": provenance, "result_sha256": result, "trace": trace,
        })  # fmt: skip
    add_studies(ledger, case.studies)
    rests = [(digest, TRACE)] * len(case.findings)
    if case.studies:
        rests[-1] = (case.studies[0].digest, STUDY.format(number=1))
    for number, (name, text, language) in enumerate(case.findings, 1):
        result, run = rests[number - 1]
        add("finding.accepted", {
            "class": name, "code": "payment", "finding": finding_id(number), "language": language,
            "number": number, "params": {}, "result_sha256": result, "text": text, "trace": run,
        })  # fmt: skip
    for number in case.withdrawn:
        add("finding.withdrawn", {"finding": finding_id(number), "reason": WITHDRAWN})
    return ledger
