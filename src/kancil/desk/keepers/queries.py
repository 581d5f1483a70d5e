"""The keepers that the money of a case met: of one trace, of one reported transfer, or of all.

From the ledger, the chains and the stored rows; nothing is written. A recorded trace is run again,
and stops the work where it comes out otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label
from kancil.custody.roll import Numbered, Roll
from kancil.desk.custody.store import DeskLedger
from kancil.desk.studies.queries import label_shelf, labels_named_address, open_chain, price_book
from kancil.desk.studies.reported import CaseBook, case_book
from kancil.desk.studies.stated import stated_tables
from kancil.evidence.tables.moment import ZONE_UNKNOWN
from kancil.evidence.vault import Vault
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace
from kancil.records.finding import FindingClass
from kancil.studies.errors import StudyNotFound
from kancil.studies.keepers.freeze import REPORTED_PAYMENT, Signed
from kancil.studies.keepers.keeper import Elsewhere, Keepers, Met
from kancil.studies.keepers.ranking import Order, ranked
from kancil.studies.keepers.reported import Rules, complained, reported_keepers
from kancil.studies.keepers.traced import traced_keepers
from kancil.studies.labels_used import LabelsUsed, load_labels
from kancil.studies.moneygraph.clustered import kept_here
from kancil.studies.trace.run import TraceAnswer, read_recorded, reproduce

from .errors import TransferNotFound

MOST_TRACES = 8
"""Forward traces that are run again for one answer, the newest first."""
Run = Callable[[Numbered], tuple[Chain, LabelsUsed, TraceAnswer]]


@dataclass(frozen=True)
class CaseKeepers:
    """The keepers of a case, in the order in which to ask them."""

    order: Order
    elsewhere: tuple[Elsewhere, ...]
    apart: int
    moment: datetime
    """From which the time since an arrival is counted."""
    signed: Signed
    traces: tuple[str, ...] = ()
    """Short numbers of the traces that were asked."""
    backward: tuple[str, ...] = ()
    """Traces that go backward: they show where money came from, not where it can be held."""
    left: tuple[str, ...] = ()
    """Forward traces that were not asked, for there are many."""
    tables: int = 0
    """Tables of reported transfers in the case."""
    book: CaseBook | None = None
    starts: tuple[int, ...] = ()
    """Places of the reported transfers from which money was followed."""
    rules: Rules = field(default_factory=Rules)
    """By which they were followed."""
    runs: Mapping[str, tuple[Chain, TraceAnswer]] = field(default_factory=dict)
    """The traces that were run again, by id."""

    @property
    def met(self) -> tuple[Met, ...]:
        """The keepers, those to ask first on top."""
        return self.order.met

    def chosen(self, ids: Sequence[str]) -> list[Met]:
        """Those of these ids."""
        return [each for each in self.met if each.id in set(ids)]

    def paid_first(self) -> list[Met]:
        """Those that were paid by the very transfers from which money was followed, each once."""
        book = None if self.book is None else self.book.book
        places = set() if book is None else {book.place_of(each) for each in self.starts}
        found: dict[str, Met] = {}
        for each in self.met:
            for arrival in each.arrivals:
                if arrival.reported_by and arrival.place in places:
                    found.setdefault(arrival.place, each)
        return list({each.id: each for each in found.values()}.values())


def case_keepers(
    ledger: DeskLedger,
    workspace: Workspace,
    vault: Vault,
    case: CaseId,
    *,
    moment: datetime,
    trace: str = "",
    transfer: str = "",
    party: str = "",
    run: Run | None = None,
) -> CaseKeepers:
    """The keepers that a case's money met.

    `trace` (`T1`), `transfer` (`E4, line 12`) or `party` (id of an account): that alone; else all
    forward traces, and what victims complain of. `run`: runs a trace again. Raises StudyNotFound,
    TransferNotFound, and what tracing and reading tables raise.
    """
    roll = ledger.folded(Roll)
    tables = len(stated_tables(ledger, case))
    found = _of_traces(roll, workspace, case, trace, run) if not (transfer or party) else _Traced()
    book, reported, rules = None, Keepers(), Rules()
    if tables and not trace:
        book = case_book(ledger, workspace, vault, case)
        starts = starts_of(book, transfer, party)
        rules = rules_of(book, workspace)
        reported = reported_keepers(book.book, starts, rules)
    every = (*found.keepers, reported)
    order = ranked((met for each in every for met in each.met), moment, price_book(workspace))
    return CaseKeepers(
        order,
        tuple(one for each in every for one in each.elsewhere),
        sum(each.apart for each in every),
        moment,
        signed_of(roll, case),
        tuple(found.asked),
        tuple(found.backward),
        tuple(found.left),
        tables,
        book,
        reported.starts,
        rules,
        found.runs,
    )


@dataclass
class _Traced:
    keepers: list[Keepers] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    backward: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    runs: dict[str, tuple[Chain, TraceAnswer]] = field(default_factory=dict)


def _of_traces(
    roll: Roll, workspace: Workspace, case: CaseId, trace: str, run: Run | None
) -> _Traced:
    """The keepers of a case's traces, the newest first, or of one of them."""
    recorded = [roll.traces[each] for each in reversed(roll.cases[case].traces)]
    if trace:
        recorded = [each for each in recorded if trace in (each.id, f"T{each.number}")]
        if not recorded:
            raise StudyNotFound(name=trace[:80])
    found = _Traced()
    for each in recorded:
        label = f"T{each.number}"
        if read_recorded(each.entry.body).question.direction != "forward":
            found.backward.append(label)
        elif len(found.asked) == MOST_TRACES:
            found.left.append(label)
        else:
            chain, labels, answer = (run or partial(_run_again, workspace))(each)
            found.asked.append(label)
            found.runs[each.id] = chain, answer
            found.keepers.append(
                traced_keepers(
                    chain, answer, trace=each.id, label=label,
                    cluster_labels=_cluster_labels(chain, labels.index),
                )
            )  # fmt: skip
    return found


def _run_again(workspace: Workspace, trace: Numbered) -> tuple[Chain, LabelsUsed, TraceAnswer]:
    said = read_recorded(trace.entry.body)
    chain = open_chain(workspace, said.chain)
    index = label_shelf(workspace, chain).index(chain.network)
    held = tuple(stored.id for stored in index.imports)
    is_same = set(said.labels) == set(held)
    labels = LabelsUsed(index, held) if is_same else load_labels(
        workspace.labels_dir, chain, said.labels
    )  # fmt: skip
    return chain, labels, reproduce(said, trace.number, chain, labels)


def _cluster_labels(chain: Chain, index: LabelIndex) -> Callable[[int], Sequence[Label]]:
    """Labels of the other addresses of a cluster, where clusters are made; else none."""
    made = kept_here(chain, index)
    if made is None:
        return lambda _output: ()

    def labels(output: int) -> Sequence[Label]:
        number = made.of(output)
        return [label for _, label in made.told(number).labels] if number >= 0 else []

    return labels


def starts_of(found: CaseBook, transfer: str, party: str) -> list[int]:
    """Where following begins: a transfer, all payments to an account, or victims' complaints."""
    book = found.book
    if transfer:
        place = book.place_named(transfer)
        if place is None:
            raise TransferNotFound(name=transfer[:60])
        return [book.kept_for.get(place, place)]
    if party:
        number = book.by_id.get(party)
        if number is None:
            raise TransferNotFound(name=party[:60])
        return [place for place in book.order
                if book.rows.payee[place] == number and place not in found.not_drawn]  # fmt: skip
    return complained(book)


def rules_of(found: CaseBook, workspace: Workspace) -> Rules:
    """What following keeps to in a case: its decisions, hubs, openings, zones, labels."""
    zones = [str((each.mapping.get("time") or {}).get("zone") or "") for each in found.tables]
    return Rules(
        aside=found.aside, sinks=found.sinks, hubs=found.tricks.hub_parties,
        conversions=found.conversions,
        opening=found.balances.opening, closing=found.balances.closing,
        zones=["" if each == ZONE_UNKNOWN else each for each in zones],
        labels_of=lambda address: labels_named_address(workspace, address),
    )  # fmt: skip


def signed_of(roll: Roll, case: CaseId) -> Signed:
    """The findings about money that stand in a case, by what they are about.

    A chain fact covers its output in every trace; a result under a policy that of its own trace;
    one about a reported payment its row.
    """
    found: dict[tuple[str, str], int] = {}
    for each in roll.findings.values():
        body = each.entry.body
        if each.case != case or each.id in roll.withdrawn:
            continue
        params = body["params"]
        if body["code"] == REPORTED_PAYMENT:
            found.setdefault(("", f"{params['exhibit_sha256']}:{params['row']}"), each.number)
        trace = "" if body["class"] == FindingClass.CHAIN_FACT.value else str(body["trace"])
        for outpoint in str(params.get("to_output", "")).split():
            found.setdefault((trace, outpoint), each.number)
    return found
