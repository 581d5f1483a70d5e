"""The roll: what a unit's ledger says there is: officers, keys, cases, exhibits, findings, traces.

Folded from the entries in order and from nothing else: a case or an officer exists because an
entry says so. Numbers for people are `O1`, `C3`, `E12`, `T4`, `S1`, `F2`; ids travel.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from kancil.ground.ids import (
    BasisId,
    CaseId,
    ExhibitId,
    FindingId,
    OfficerId,
    RequestId,
    StudyId,
    TraceId,
    UnitId,
    ViewId,
)
from kancil.ground.workspace import Site

from .basis import LegalBasis, from_dict
from .entry import Entry
from .errors import CaseNotFound, ExhibitNotFound, OfficerNotFound
from .spans import KeySpans, Span, read_public_key

KEPT, DRAFT, SET_ASIDE = "kept", "draft", "set-aside"
"""What a trace is: a result of its case; made by exploring; made by exploring and not wanted."""
GONE = ("returned", "disposed")
"""Statuses in which nothing more may be done with an exhibit."""


_ALWAYS_FACTOR = frozenset({"administrator"})
"""Roles whose people need a second factor unless an entry states why not; in a classroom none."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit, as entry 1 states it."""

    id: UnitId
    name: str
    country: str
    zone: ZoneInfo
    public_raw: bytes
    """The unit's public key, 32 bytes."""
    site: Site = Site.UNIT
    """What was founded: a unit, or a classroom with no real case."""


@dataclass(slots=True)
class Officer:
    """An officer of the unit."""

    id: OfficerId
    number: int
    name: str
    role: str
    added_at: datetime
    vouched_by: OfficerId | None
    vouched_how: str | None
    retired_at: datetime | None = None

    @property
    def label(self) -> str:
        """Short number for people: `O1`."""
        return f"O{self.number}"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of an exhibit's history."""

    n: int
    kind: str
    at: datetime
    officer: OfficerId | None
    body: dict[str, Any]


@dataclass(slots=True)
class Exhibit:
    """A thing or bytes in the unit's hands."""

    id: ExhibitId
    number: int
    case: CaseId
    title: str
    basis: BasisId | None
    status: str
    """`held`, `away`, `deposited`, `returned` or `disposed`."""
    holder: str | None
    """Officer's id, or a person's, court's or laboratory's name."""
    seal: str | None = None
    contents: list[dict[str, Any]] = field(default_factory=list)
    """Digests of the bytes it has, as in the format's `content`; empty once disposed of."""
    events: list[Event] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Short number for people: `E12`."""
        return f"E{self.number}"

    @property
    def is_gone(self) -> bool:
        """Whether nothing more may be done with it."""
        return self.status in GONE


@dataclass(slots=True)
class Case:
    """A case, with what belongs to it."""

    id: CaseId
    number: int
    title: str
    opened_at: datetime
    opened_by: OfficerId | None
    bases: list[LegalBasis]
    exhibits: list[ExhibitId] = field(default_factory=list)
    traces: list[TraceId] = field(default_factory=list)
    """Those that were kept: no drafts."""
    studies: list[StudyId] = field(default_factory=list)
    """Studies other than traces."""
    views: list[ViewId] = field(default_factory=list)
    """Saved views."""
    findings: list[FindingId] = field(default_factory=list)
    bundles: list[int] = field(default_factory=list)
    """Numbers of the entries `bundle.made`."""
    reports: list[int] = field(default_factory=list)
    """Numbers of the entries `report.made`."""

    @property
    def label(self) -> str:
        """Short number for people: `C3`."""
        return f"C{self.number}"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A trace, study, view or finding: its id, number, case, and the entry that records it."""

    id: str
    number: int
    case: CaseId
    entry: Entry


@dataclass(slots=True)
class RequestHistory:
    """A request, outgoing or incoming, with the entries that speak of it, in order."""

    id: RequestId
    number: int
    case: CaseId
    is_incoming: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Short number for people: `R3`."""
        return f"R{self.number}"

    def of_kind(self, kind: str) -> list[Entry]:
        """Its entries of one ledger kind."""
        return [each for each in self.entries if each.kind == kind]


@dataclass(slots=True)
class Roll:
    """Everything the ledger says there is, up to entry `size`."""

    size: int = 0
    unit: Unit | None = None
    keys: KeySpans = field(default_factory=KeySpans)
    officers: dict[OfficerId, Officer] = field(default_factory=dict)
    cases: dict[CaseId, Case] = field(default_factory=dict)
    exhibits: dict[ExhibitId, Exhibit] = field(default_factory=dict)
    traces: dict[TraceId, Numbered] = field(default_factory=dict)
    """Kept ones and drafts."""
    drafts: dict[TraceId, str] = field(default_factory=dict)
    """What each trace that nobody kept is: `DRAFT` or `SET_ASIDE`."""
    studies: dict[StudyId, Numbered] = field(default_factory=dict)
    """Studies other than traces."""
    views: dict[ViewId, Numbered] = field(default_factory=dict)
    """Saved views, each version by itself."""
    requests: dict[RequestId, RequestHistory] = field(default_factory=dict)
    """Requests to others and from others."""
    findings: dict[FindingId, Numbered] = field(default_factory=dict)
    withdrawn: dict[FindingId, Entry] = field(default_factory=dict)
    """Findings that an officer took back, and the entry that says so."""
    packages: list[Entry] = field(default_factory=list)
    """Packages of figures that were made for other sites."""
    certificates: list[Entry] = field(default_factory=list)
    """Entries `certificate.made`."""
    stamps: list[Entry] = field(default_factory=list)
    """Entries `timestamp.attached`."""
    chains: list[Entry] = field(default_factory=list)
    """Entries `chain.ingested`."""
    labels: list[Entry] = field(default_factory=list)
    """Entries `labels.imported`."""
    prices: list[Entry] = field(default_factory=list)
    """Entries `prices.imported`."""
    laws: list[Entry] = field(default_factory=list)
    """Entries `law.imported`."""
    directory: list[Entry] = field(default_factory=list)
    """Entries `directory.imported` and `directory.verified`."""
    transfers: list[Entry] = field(default_factory=list)
    """Entries `transfers.read`, each of an exhibit."""
    reported: list[Entry] = field(default_factory=list)
    """Entries `transfers.decided` and `victims.recorded`, each of a case."""
    bundle_entries: set[int] = field(default_factory=set)
    """Numbers of the entries that record bundles."""
    kept_files: dict[int, str] = field(default_factory=dict)
    """SHA-256 of the file of a bundle or report, by the number of the entry that records it."""
    refused_files: set[tuple[int, str]] = field(default_factory=set)
    """Entry and SHA-256 of what was not sent in place of its file."""
    factor_roles: frozenset[str] = _ALWAYS_FACTOR
    """Roles whose people need a second factor on the unit's site."""
    factor_exception: str = ""
    """Why administrators need none, where an entry says so."""
    default_policy: Entry | None = None
    """The newest entry `unit.default-policy`."""

    @classmethod
    def empty(cls) -> Self:
        """The roll of an empty ledger."""
        return cls()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """Fold entries, which begin with entry 1."""
        roll = cls()
        for entry in entries:
            roll.take(entry)
        return roll

    def take(self, entry: Entry) -> None:
        """Take the next entry. Kinds that this Kancil does not know change nothing here.

        Raises LedgerBroken when a known kind lacks what it must say.
        """
        self.keys.take(entry.statement)
        take = _TAKERS.get(entry.kind)
        if take is not None:
            try:
                take(self, entry)
            except (KeyError, TypeError, ValueError) as error:
                # Rightly signed, but without what its kind must say.
                raise entry.lacking(error) from error
        subject = entry.exhibit_id
        exhibit = None if subject is None else self.exhibits.get(subject)
        if exhibit is not None:
            exhibit.events.append(Event(entry.n, entry.kind, entry.at, entry.actor, entry.body))
        self.size = entry.n

    # --- looking up ---

    def officer(self, name: str) -> Officer:
        """Find an officer by id, by number (`O1`, `1`) or by full name.

        Raises OfficerNotFound, also when two officers have the same name.
        """
        found = _find(self.officers, name, "O")
        if found is None:
            named = [item for item in self.officers.values() if item.name == name]
            found = named[0] if len(named) == 1 else None
        if found is None:
            raise OfficerNotFound(name=name[:80])
        return found

    def case(self, name: str) -> Case:
        """Find a case by id or number (`C3`, `3`); raises CaseNotFound."""
        found = _find(self.cases, name, "C")
        if found is None:
            raise CaseNotFound(name=name[:80])
        return found

    def exhibit(self, name: str) -> Exhibit:
        """Find an exhibit by id or number (`E12`, `12`); raises ExhibitNotFound."""
        found = _find(self.exhibits, name, "E")
        if found is None:
            raise ExhibitNotFound(name=name[:80])
        return found

    def actor_name(self, entry: Entry) -> str:
        """Name of the person who acted, whoever signed; of one without a key, their account."""
        behalf = entry.on_behalf or {}
        named = behalf.get("officer") if behalf else entry.officer
        officer = self.officers.get(OfficerId(named)) if named else None
        return str(behalf.get("account") or "-") if officer is None else officer.name

    def trace(self, name: str) -> Numbered | None:
        """Find a recorded trace by id or number (`T4`, `4`); None if there is none."""
        return _find(self.traces, name, "T")

    def trace_state(self, trace: TraceId) -> str:
        """`KEPT`, `DRAFT` or `SET_ASIDE`."""
        return self.drafts.get(trace, KEPT)

    def study(self, name: str) -> Numbered | None:
        """Find a recorded study by id or number: `S1`, or a trace, `T4`; None if there is none."""
        return self.trace(name) if name[:1] in "Tt" else _find(self.studies, name, "S")

    def view(self, name: str) -> Numbered | None:
        """Find a saved view by id or number (`V2`, `2`); None if there is none."""
        return _find(self.views, name, "V")

    def request(self, name: str) -> RequestHistory | None:
        """Find a request by id or number (`R2`, `2`); None if there is none."""
        return _find(self.requests, name, "R")

    def finding(self, name: str) -> Numbered | None:
        """Find an accepted finding by id or number (`F2`, `2`); None if there is none."""
        return _find(self.findings, name, "F")

    def active_key(self, officer: OfficerId) -> Span | None:
        """The officer's key that may sign the next entry; None if there is none."""
        keys = self.keys.active_keys(officer, self.size + 1)
        return keys[-1] if keys else None

    def live_contents(self) -> list[tuple[Exhibit, dict[str, Any]]]:
        """List all contents that the vault must still hold, each with its exhibit."""
        return [(item, content) for item in self.exhibits.values() for content in item.contents]


_N = TypeVar("_N", Officer, Case, Exhibit, Numbered, RequestHistory)


def _find(items: dict[Any, _N], name: str, letter: str) -> _N | None:
    if name in items:
        return items[name]
    digits = name[1:] if name[:1].upper() == letter else name
    if not (digits.isascii() and digits.isdigit()):
        return None
    return next((item for item in items.values() if item.number == int(digits)), None)


def _take_unit(roll: Roll, entry: Entry) -> None:
    body = entry.body
    public_raw = read_public_key(body["public_key"]) or b""
    roll.unit = Unit(
        UnitId(entry.unit), body["name"], body["country"], ZoneInfo(body["zone"]), public_raw,
        Site(body.get("site", Site.UNIT)),
    )  # fmt: skip
    if roll.unit.site.is_training:
        roll.factor_roles = frozenset()


def _take_officer(roll: Roll, entry: Entry) -> None:
    body = entry.body
    officer = OfficerId(body["officer"])
    roll.officers[officer] = Officer(
        officer, body["number"], body["name"], body["role"], entry.at,
        body["vouched_by"], body["vouched_how"],
    )  # fmt: skip


def _take_retirement(roll: Roll, entry: Entry) -> None:
    roll.officers[OfficerId(entry.body["officer"])].retired_at = entry.at


def _take_case(roll: Roll, entry: Entry) -> None:
    body, case = entry.body, entry.case_id
    if case is not None:
        basis = from_dict(body["basis"])
        roll.cases[case] = Case(case, body["number"], body["title"], entry.at, entry.actor, [basis])


def _take_basis(roll: Roll, entry: Entry) -> None:
    if entry.case_id in roll.cases:
        roll.cases[entry.case_id].bases.append(from_dict(entry.body["basis"]))


def _take_exhibit(roll: Roll, entry: Entry) -> None:
    body, case, exhibit = entry.body, entry.case_id, entry.exhibit_id
    if case is None or exhibit is None:
        return
    if exhibit not in roll.exhibits:
        holder = body.get("seized_by", entry.actor)
        roll.exhibits[exhibit] = Exhibit(
            exhibit, body["number"], case, body["title"], body["basis"], "held", holder
        )
        if case in roll.cases:
            roll.cases[case].exhibits.append(exhibit)
    if entry.kind == "exhibit.added":
        roll.exhibits[exhibit].contents.append(body["content"])
    else:
        roll.exhibits[exhibit].seal = body["item"]["seal"]


_STATUS_AFTER = {
    "exhibit.stored": "held",
    "exhibit.opened": "held",
    "exhibit.deposited": "deposited",
    "exhibit.returned": "returned",
    "exhibit.disposed": "disposed",
}


def _take_event(roll: Roll, entry: Entry) -> None:
    if entry.exhibit_id not in roll.exhibits:
        return
    kind, body, exhibit = entry.kind, entry.body, roll.exhibits[entry.exhibit_id]
    exhibit.status = _STATUS_AFTER.get(kind, exhibit.status)
    if kind == "exhibit.opened":
        exhibit.seal = None
    elif body.get("seal") is not None:
        exhibit.seal = body["seal"]
    if kind == "exhibit.acquired":
        exhibit.contents.append(body["content"])
    elif kind == "exhibit.transferred":
        exhibit.status = "held" if body["to_kind"] == "officer" else "away"
        exhibit.holder = body["to"]
    elif kind in ("exhibit.deposited", "exhibit.returned"):
        exhibit.holder = body["to"]
    elif kind == "exhibit.disposed":
        exhibit.contents.clear()
        exhibit.holder = None


def _take_trace(roll: Roll, entry: Entry) -> None:
    if entry.case_id in roll.cases:
        trace = TraceId(entry.body["trace"])
        roll.traces[trace] = Numbered(trace, entry.body["number"], entry.case_id, entry)
        if entry.body.get("draft") is True:
            roll.drafts[trace] = DRAFT
        else:
            roll.cases[entry.case_id].traces.append(trace)


def _keep_trace(roll: Roll, entry: Entry) -> None:
    """Take a draft among the case's traces, in their order; a finding that rests on it does too."""
    named = entry.body["trace"]
    found = roll.traces.get(TraceId(named)) if isinstance(named, str) else None
    if found is None or found.case != entry.case_id:
        return
    if roll.drafts.pop(TraceId(found.id), None) is not None:
        traces = roll.cases[found.case].traces
        insort(traces, TraceId(found.id), key=lambda each: roll.traces[each].entry.n)


def _set_trace_aside(roll: Roll, entry: Entry) -> None:
    found = roll.traces.get(TraceId(str(entry.body["trace"])))
    if found is not None and found.case == entry.case_id and TraceId(found.id) in roll.drafts:
        roll.drafts[TraceId(found.id)] = SET_ASIDE


def _take_study(roll: Roll, entry: Entry) -> None:
    if entry.case_id in roll.cases:
        study = StudyId(entry.body["study"])
        roll.studies[study] = Numbered(study, entry.body["number"], entry.case_id, entry)
        roll.cases[entry.case_id].studies.append(study)


def _take_view(roll: Roll, entry: Entry) -> None:
    if entry.case_id in roll.cases:
        view = ViewId(entry.body["view"])
        roll.views[view] = Numbered(view, entry.body["number"], entry.case_id, entry)
        roll.cases[entry.case_id].views.append(view)


def _take_request(roll: Roll, entry: Entry) -> None:
    request, case = RequestId(entry.body["request"]), entry.case_id
    found = roll.requests.get(request)
    if found is None and case in roll.cases and "number" in entry.body:
        found = roll.requests[request] = RequestHistory(
            request, int(entry.body["number"]), case, entry.kind == "request.received"
        )
    if found is not None and found.case == case:
        found.entries.append(entry)


def _take_finding(roll: Roll, entry: Entry) -> None:
    if entry.case_id in roll.cases:
        finding = FindingId(entry.body["finding"])
        roll.findings[finding] = Numbered(finding, entry.body["number"], entry.case_id, entry)
        roll.cases[entry.case_id].findings.append(finding)
        _keep_trace(roll, entry)


def _take_withdrawal(roll: Roll, entry: Entry) -> None:
    finding = FindingId(entry.body["finding"])
    found = roll.findings.get(finding)
    if found is not None and found.case == entry.case_id:
        roll.withdrawn.setdefault(finding, entry)


def _take_bundle(roll: Roll, entry: Entry) -> None:
    roll.bundle_entries.add(entry.n)
    if entry.case_id in roll.cases:
        roll.cases[entry.case_id].bundles.append(entry.n)


def _take_report(roll: Roll, entry: Entry) -> None:
    roll.kept_files[entry.n] = str(entry.body["sha256"])
    if entry.case_id in roll.cases:
        roll.cases[entry.case_id].reports.append(entry.n)


def _take_kept(roll: Roll, entry: Entry) -> None:
    roll.kept_files.setdefault(int(entry.body["bundle"]), str(entry.body["sha256"]))


def _take_refused(roll: Roll, entry: Entry) -> None:
    roll.refused_files.add((int(entry.body["entry"]), str(entry.body["sha256"])))


def _take_factor_roles(roll: Roll, entry: Entry) -> None:
    roll.factor_exception = str(entry.body.get("exception") or "")
    given = frozenset(str(role) for role in entry.body["roles"])
    roll.factor_roles = given if roll.factor_exception else given | _ALWAYS_FACTOR


def _take_default_policy(roll: Roll, entry: Entry) -> None:
    str(entry.body["policy"]), str(entry.body["reason"])  # must be there
    roll.default_policy = entry


_TAKERS: dict[str, Callable[[Roll, Entry], None]] = {
    "unit.founded": _take_unit,
    "unit.second-factor": _take_factor_roles,
    "unit.default-policy": _take_default_policy,
    "officer.added": _take_officer,
    "officer.retired": _take_retirement,
    "case.opened": _take_case,
    "case.basis-added": _take_basis,
    "exhibit.seized": _take_exhibit,
    "exhibit.added": _take_exhibit,
    "exhibit.sealed": _take_event,
    "exhibit.acquired": _take_event,
    "exhibit.transferred": _take_event,
    "exhibit.stored": _take_event,
    "exhibit.opened": _take_event,
    "exhibit.deposited": _take_event,
    "exhibit.returned": _take_event,
    "exhibit.disposed": _take_event,
    "trace.run": _take_trace,
    "trace.kept": _keep_trace,
    "trace.set-aside": _set_trace_aside,
    "study.run": _take_study,
    "view.saved": _take_view,
    "request.drafted": _take_request,
    "request.received": _take_request,
    "request.authorised": _take_request,
    "request.recorded": _take_request,
    "finding.accepted": _take_finding,
    "finding.withdrawn": _take_withdrawal,
    "bundle.made": _take_bundle,
    "report.made": _take_report,
    "bundle.kept": _take_kept,
    "file.refused": _take_refused,
    "package.made": lambda roll, entry: roll.packages.append(entry),
    "certificate.made": lambda roll, entry: roll.certificates.append(entry),
    "timestamp.attached": lambda roll, entry: roll.stamps.append(entry),
    "chain.ingested": lambda roll, entry: roll.chains.append(entry),
    "labels.imported": lambda roll, entry: roll.labels.append(entry),
    "prices.imported": lambda roll, entry: roll.prices.append(entry),
    "law.imported": lambda roll, entry: roll.laws.append(entry),
    "directory.imported": lambda roll, entry: roll.directory.append(entry),
    "directory.verified": lambda roll, entry: roll.directory.append(entry),
    "transfers.read": lambda roll, entry: roll.transfers.append(entry),
    "transfers.decided": lambda roll, entry: roll.reported.append(entry),
    "victims.recorded": lambda roll, entry: roll.reported.append(entry),
}
