"""Drafting a letter, authorising it, and recording what became of it."""

from __future__ import annotations

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.requests import record_authorisation, record_draft
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, RequestId, new_id
from kancil.ground.workspace import Workspace
from kancil.legal.request import Draft

from .errors import DraftHasProblems, DraftOvertaken, FindingNotAccepted
from .queries import Request, problems_of, read_version, request_named


def draft_request(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    case: CaseId,
    draft: Draft,
    request: str = "",
    base: str = "",
    by: ActingOfficer,
) -> Request:
    """Keep a letter, or its next version; an authorisation holds for the version it names alone.

    `request`: id of the one it is a version of; `base`: SHA-256 of the version it was made from.
    The file is on disk before the entry is committed. Raises CaseNotFound, RequestNotFound,
    LegalBasisExpired, DraftOvertaken.
    """
    ident = RequestId(request or new_id())
    with one_transaction():
        if request:
            held = request_named(ledger, case, request)
            newest = held.versions[-1]
            if newest.body["sha256"] == draft.sha256:
                return held
            if base and newest.body["sha256"] != base:
                who = ledger.folded(Roll).actor_name(newest)
                raise DraftOvertaken(request=held.label, officer=who)
        body = {
            "addressee": {
                "country": draft.addressee.country,
                "kind": draft.addressee.kind,
                "office": draft.addressee.office,
            },
            "kind": draft.kind,
            "sha256": draft.sha256,
        }
        write_durably(workspace.requests_dir / f"{draft.sha256}.json", draft.data)
        record_draft(ledger, case=case, request=ident, body=body, by=by)
    return request_named(ledger, case, ident)


def authorise_request(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    case: CaseId,
    request: str,
    authority: str,
    post: str,
    by: ActingOfficer,
) -> Entry:
    """Record that a named authority let the newest version leave.

    Refused while a problem stops it, and while a finding that it rests on is not accepted. Raises
    RequestNotFound, DraftHasProblems, FindingNotAccepted, LegalBasisExpired.
    """
    with one_transaction():
        held = request_named(ledger, case, request)
        draft = read_version(workspace, held)
        stopping = [each for each in problems_of(draft) if each.stops]
        if stopping:
            raise DraftHasProblems(
                request=held.label, count=len(stopping), first=stopping[0].said
            )  # fmt: skip
        require_findings(ledger.folded(Roll), case, draft)
        return record_authorisation(
            ledger,
            case=case,
            request=held.history.id,
            sha256=draft.sha256,
            authority={"name": authority, "post": post},
            findings=list(draft.findings),
            by=by,
        )


def require_findings(roll: Roll, case: CaseId, draft: Draft) -> None:
    """Raise FindingNotAccepted unless each finding of a draft is accepted and stands."""
    for name in draft.findings:
        found = roll.finding(name)
        if found is None or found.case != case or found.id in roll.withdrawn:
            raise FindingNotAccepted(finding=name)
