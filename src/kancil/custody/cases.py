"""Acts on cases: opening, legal bases, traces, findings, bundles, reports.

New processing (bytes taken in, searches, traces, findings) needs a legal basis of the case that has
not expired on the unit's own calendar day. What was done before stays, verifies, and may be
reported and disclosed: the entries of reports and bundles state on which day the basis ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kancil.ground import clock
from kancil.ground.ids import BasisId, CaseId, FindingId, StudyId, TraceId, ViewId, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain

from .acting import ActingOfficer, next_number, require_own_key, write_act
from .basis import LegalBasis
from .entry import Draft, Entry
from .errors import (
    AlreadyRecorded,
    FindingNotFound,
    LegalBasisExpired,
    LegalBasisNotReadable,
    TraceNoDraft,
)
from .roll import KEPT, SET_ASIDE, Case, Roll
from .store import LedgerStore
from .withheld import Withheld

_UTC = ZoneInfo("UTC")


def open_case(ledger: LedgerStore, *, title: str, basis: LegalBasis, by: ActingOfficer) -> Entry:
    """Open a case on a legal basis; its id is the entry's `case_id`. Raises LegalBasisExpired."""

    def build(roll: Roll) -> Draft:
        number = next_number(roll.cases.values())
        if roll.unit is not None and basis.has_expired(clock.now(), roll.unit.zone):
            raise _expired(f"C{number}", basis)
        body = {"basis": plain(basis), "number": number, "title": title}
        return Draft("case.opened", body, by.id, CaseId(new_id()))

    return write_act(ledger, by, build)


def add_basis(ledger: LedgerStore, *, case: CaseId, basis: LegalBasis, by: ActingOfficer) -> Entry:
    """Add a legal basis to a case, such as a renewed warrant; raises AlreadyRecorded."""

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        if any(basis.id == held.id for held in found.bases):
            raise AlreadyRecorded(what=Phrase("thing.legal-basis"), name=basis.id)
        return Draft("case.basis-added", {"basis": plain(basis)}, by.id, found.id)

    return write_act(ledger, by, build)


def require_basis(roll: Roll, case: Case, basis: BasisId | None = None) -> LegalBasis:
    """The legal basis that covers new work now: the named one, else the newest that does.

    Raises LegalBasisExpired, LegalBasisNotReadable when the case has no basis of that id.
    """
    zone = _UTC if roll.unit is None else roll.unit.zone
    named = [held for held in case.bases if basis is None or held.id == basis]
    if not named:
        raise LegalBasisNotReadable(
            source=case.label, why=Phrase("why.basis-of-other-case", {"basis": str(basis)})
        )
    covering = [held for held in named if not held.has_expired(clock.now(), zone)]
    if not covering:
        raise _expired(case.label, named[-1])
    return covering[-1]


def basis_ended_on(roll: Roll, case: Case, moment: datetime) -> date | None:
    """Last day of the legal basis that ran longest, where all of the case's are over; else None."""
    zone = _UTC if roll.unit is None else roll.unit.zone
    if not all(basis.has_expired(moment, zone) for basis in case.bases):
        return None
    return max((basis.expires_on for basis in case.bases if basis.expires_on), default=None)


def _ended(roll: Roll, case: Case) -> str | None:
    day = basis_ended_on(roll, case, clock.now())
    return None if day is None else day.isoformat()


def record_trace(
    ledger: LedgerStore,
    *,
    case: CaseId,
    trace: TraceId,
    provenance: dict[str, Any],
    result_sha256: str,
    by: ActingOfficer,
    is_draft: bool = False,
) -> Entry:
    """Record that a trace was run for a case; raises LegalBasisExpired.

    `provenance`: method, version, parameters, inputs (`Provenance`). `is_draft`: made by exploring,
    and no result of the case until an officer keeps it.
    """

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        require_basis(roll, found)
        if trace in roll.traces:
            raise AlreadyRecorded(what=Phrase("thing.trace"), name=trace)
        body = {
            "number": next_number(roll.traces.values()),
            "provenance": provenance,
            "result_sha256": result_sha256,
            "trace": trace,
            **({"draft": True} if is_draft else {}),
        }
        return Draft("trace.run", body, by.id, found.id)

    return write_act(ledger, by, build)


def record_kept(ledger: LedgerStore, *, trace: TraceId, by: ActingOfficer) -> Entry:
    """Record that a draft, also one that was set aside, is a result of its case from now on.

    Raises LegalBasisExpired, TraceNoDraft.
    """
    return _record_state(ledger, "trace.kept", trace, by)


def record_set_aside(ledger: LedgerStore, *, trace: TraceId, by: ActingOfficer) -> Entry:
    """Record that a draft is not wanted; it can still be kept. Raises as `record_kept` does."""
    return _record_state(ledger, "trace.set-aside", trace, by)


def _record_state(ledger: LedgerStore, kind: str, trace: TraceId, by: ActingOfficer) -> Entry:
    def build(roll: Roll) -> Draft:
        found = roll.traces.get(trace)
        wanted = SET_ASIDE if kind == "trace.set-aside" else KEPT
        if found is None or roll.trace_state(trace) in (KEPT, wanted):
            raise TraceNoDraft(trace=trace if found is None else f"T{found.number}")
        require_basis(roll, roll.case(found.case))
        return Draft(kind, {"number": found.number, "trace": trace}, by.id, found.case)

    return write_act(ledger, by, build)


def record_study(
    ledger: LedgerStore,
    *,
    case: CaseId,
    study: StudyId,
    provenance: dict[str, Any],
    result_sha256: str,
    by: ActingOfficer,
) -> Entry:
    """Record that a study, other than a trace, was run for a case; raises LegalBasisExpired.

    `provenance`: method, version, parameters, and what was read.
    """

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        require_basis(roll, found)
        if study in roll.studies:
            raise AlreadyRecorded(what=Phrase("thing.study"), name=study)
        body = {
            "number": next_number(roll.studies.values()),
            "provenance": provenance,
            "result_sha256": result_sha256,
            "study": study,
        }
        return Draft("study.run", body, by.id, found.id)

    return write_act(ledger, by, build)


def accept_finding(
    ledger: LedgerStore,
    *,
    case: CaseId,
    finding_class: str,
    code: str,
    params: dict[str, Any],
    language: str,
    text: str,
    trace: TraceId | None,
    result_sha256: str | None,
    by: ActingOfficer,
) -> Entry:
    """Record that a named officer accepts a finding, in the exact words and language they read.

    `finding_class`: chain fact, result under a policy, or attribution by a source. Raises
    LegalBasisExpired. The finding's id is `body["finding"]`.
    """
    require_own_key(by)

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        require_basis(roll, found)
        body = {
            "class": finding_class,
            "code": code,
            "finding": FindingId(new_id()),
            "language": language,
            "number": next_number(roll.findings.values()),
            "params": params,
            "result_sha256": result_sha256,
            "text": text,
            "trace": trace,
        }
        return Draft("finding.accepted", body, by.id, found.id)

    return write_act(ledger, by, build)


def withdraw_finding(ledger: LedgerStore, *, finding: str, reason: str, by: ActingOfficer) -> Entry:
    """Record that a named officer takes an accepted finding back, and why.

    The finding stays in the ledger and is shown as withdrawn from then on. Needs no legal basis
    that still runs: to correct oneself is never too late. `finding`: its id or number (`F2`).
    Raises FindingNotFound, AlreadyRecorded.
    """
    require_own_key(by)

    def build(roll: Roll) -> Draft:
        found = roll.finding(finding)
        if found is None:
            raise FindingNotFound(name=finding[:80])
        if found.id in roll.withdrawn:
            raise AlreadyRecorded(what=Phrase("thing.withdrawal"), name=f"F{found.number}")
        return Draft(
            "finding.withdrawn", {"finding": found.id, "reason": reason}, by.id, found.case
        )

    return write_act(ledger, by, build)


def record_report(
    ledger: LedgerStore,
    *,
    case: CaseId,
    kind: str,
    language: str,
    sha256: str,
    analysis_sha256: str,
    certificate_sha256: str | None,
    traces: list[TraceId],
    by: ActingOfficer,
    studies: Sequence[StudyId] = (),
    views: Sequence[ViewId] = (),
    withheld: Sequence[Withheld] = (),
) -> Entry:
    """Record that a printed report leaves the unit; also after the legal basis has ended.

    `sha256`: of the file. `certificate_sha256`: of the certificate that signed it, None for a
    preview.
    """
    require_own_key(by)

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        body = {
            "analysis_sha256": analysis_sha256,
            "basis_ended_on": _ended(roll, found),
            "certificate_sha256": certificate_sha256,
            "kind": kind,
            "language": language,
            "sha256": sha256,
            "traces": list(traces),
            "withheld": plain(withheld),
            **_shown(studies, views),
        }
        return Draft("report.made", body, by.id, found.id)

    return write_act(ledger, by, build)


def record_bundle(
    ledger: LedgerStore,
    *,
    case: CaseId,
    analysis_sha256: str,
    traces: list[TraceId],
    purpose: str,
    by: ActingOfficer,
    bundle_format: str,
    page_sha256: str | None,
    studies: Sequence[StudyId] = (),
    views: Sequence[ViewId] = (),
    withheld: Sequence[Withheld] = (),
) -> Entry:
    """Record that a bundle leaves the unit, what for, and all that it keeps back of the case.

    `bundle_format`: as its manifest states it. `page_sha256`: of the verify.html put into it.
    `withheld`: every entry of the case and its exhibits that the bundle shows by hash alone. Also
    after the legal basis has ended.
    """
    require_own_key(by)

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        body = {
            "analysis_sha256": analysis_sha256,
            "basis_ended_on": _ended(roll, found),
            "format": bundle_format,
            "page_sha256": page_sha256,
            "purpose": purpose,
            "traces": list(traces),
            "withheld": plain(withheld),
            **_shown(studies, views),
        }
        return Draft("bundle.made", body, by.id, found.id)

    return write_act(ledger, by, build)


def _shown(studies: Sequence[StudyId], views: Sequence[ViewId]) -> dict[str, list[str]]:
    """The keys that name studies and views in a document; none where it has none, as before."""
    named: dict[str, list[str]] = {"studies": list(studies), "views": list(views)}
    return {name: ids for name, ids in named.items() if ids}


def _expired(case: str, basis: LegalBasis) -> LegalBasisExpired:
    day = "" if basis.expires_on is None else basis.expires_on.isoformat()
    return LegalBasisExpired(case=case, basis=basis.title(), expired_on=day)
