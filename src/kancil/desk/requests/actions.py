"""Drafting a letter, authorising it, and recording what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.requests import record_authorisation, record_draft, record_event
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground.clock import now
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, RequestId, new_id
from kancil.ground.plain import plain
from kancil.ground.workspace import Workspace
from kancil.legal.request import Draft
from kancil.legal.request_events import Event, check_event

from .amounts import Amount, check_amounts
from .errors import (
    AnswerNotOfCase,
    DraftHasProblems,
    DraftOvertaken,
    FindingNotAccepted,
)
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


def record_request_event(
    ledger: DeskLedger,
    *,
    case: CaseId,
    request: str,
    event: Event,
    exhibit: str = "",
    amounts: Sequence[Amount] = (),
    channel: str = "",
    letter_sha256: str = "",
    by: ActingOfficer,
) -> Entry:
    """Record what became of a request; `exhibit`: number of what came or went, in its case.

    Checked and written under the ledger's lock: of two who record one sending, the second is told.
    Raises RequestNotFound, EventCannotFollow, EventDayWrong, ExhibitNotFound, AnswerNotOfCase,
    AmountsNotUsable.
    """
    check_amounts(amounts)
    with one_transaction():
        roll = ledger.folded(Roll)
        held = request_named(ledger, case, request)
        zone = ZoneInfo("UTC") if roll.unit is None else roll.unit.zone
        check_event(held.events, replace(event, at=now()), zone)
        found = roll.exhibit(exhibit) if exhibit else None
        if found is not None and found.case != case:
            raise AnswerNotOfCase(exhibit=found.label, request=held.label)
        body = {
            "amounts": plain(amounts),
            "channel": channel,
            "exhibit": None if found is None else found.id,
            "letter_sha256": letter_sha256 or None,
            "on": plain(event.on),
            "reason": event.reason,
            "reference": event.reference,
            "until": plain(event.until),
            "what": event.what.value,
        }
        return record_event(ledger, case=case, request=held.history.id, body=body, by=by)


def require_findings(roll: Roll, case: CaseId, draft: Draft) -> None:
    """Raise FindingNotAccepted unless each finding of a draft is accepted and stands."""
    for name in draft.findings:
        found = roll.finding(name)
        if found is None or found.case != case or found.id in roll.withdrawn:
            raise FindingNotAccepted(finding=name)
