"""Drafting a letter, authorising it, and recording what became of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.requests import record_authorisation, record_draft, record_event
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.desk.handling.queries import bound_in_case, refusal, require_use
from kancil.evidence.vault import Vault
from kancil.ground.clock import now
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, RequestId, new_id
from kancil.ground.plain import plain
from kancil.ground.workspace import Workspace
from kancil.legal.handling import Use
from kancil.legal.request import Draft
from kancil.legal.request_events import Event, What, check_event

from .amounts import Amount, check_amounts
from .checking import require_check
from .errors import (
    AnswerNotEvidence,
    AnswerNotOfCase,
    DraftHasProblems,
    DraftOvertaken,
    FindingNotAccepted,
)
from .queries import Request, problems_of, read_version, request_named

_ANSWERS = (What.ANSWERED, What.ANSWERED_IN_PART)
_EXHIBIT = re.compile(r"\bE[1-9][0-9]*\b")


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
    LegalBasisExpired, DraftOvertaken, and EventCannotFollow for a letter that was sent.
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
            check_event(held.events, Event(What.DRAFTED, now()), workspace.zone)
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
    vault: Vault,
    *,
    case: CaseId,
    request: str,
    authority: str,
    post: str,
    by: ActingOfficer,
) -> Entry:
    """Record that a named authority let the newest version leave.

    Refused while a problem stops it, while a finding that it rests on is not accepted, and where a
    limit of use forbids an exhibit that it cites or rests on. Raises RequestNotFound,
    EventCannotFollow, DraftHasProblems, FindingNotAccepted, LimitForbidsUse, LegalBasisExpired.
    """
    with one_transaction():
        held = request_named(ledger, case, request)
        check_event(held.events, Event(What.AUTHORISED, now()), workspace.zone)
        draft = read_version(workspace, held)
        stopping = [each for each in problems_of(ledger, case, draft) if each.stops]
        if stopping:
            raise DraftHasProblems(
                request=held.label, count=len(stopping), first=stopping[0].said
            )  # fmt: skip
        require_findings(ledger.folded(Roll), case, draft)
        _require_use(ledger, vault, case, draft)
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
    checks: Mapping[str, str] | None = None,
    by: ActingOfficer,
) -> Entry:
    """Record what became of a request; `exhibit`: number of what came or went, in its case.

    Checked and written under the ledger's lock: of two who record one sending, the second is told.
    What others answer is an exhibit first. Raises RequestNotFound, EventCannotFollow,
    EventDayWrong, ExhibitNotFound, AnswerNotOfCase, AnswerNotEvidence, AmountsNotUsable, and
    IncomingNotChecked where others' request would be carried out unchecked.
    """
    check_amounts(amounts)
    with one_transaction():
        roll = ledger.folded(Roll)
        held = request_named(ledger, case, request)
        zone = ZoneInfo("UTC") if roll.unit is None else roll.unit.zone
        check_event(held.events, replace(event, at=now()), zone)
        require_check(held, event.what)
        found = roll.exhibit(exhibit) if exhibit else None
        if found is None and event.what in _ANSWERS and not held.history.is_incoming:
            raise AnswerNotEvidence(request=held.label)
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
            **({"checks": dict(checks)} if checks else {}),
        }
        return record_event(ledger, case=case, request=held.history.id, body=body, by=by)


def _require_use(ledger: DeskLedger, vault: Vault, case: CaseId, draft: Draft) -> None:
    """Raise LimitForbidsUse where a letter cites an exhibit that may not be used for it."""
    roll = ledger.folded(Roll)
    named = {label for text in cited_in(draft) for label in _EXHIBIT.findall(text)}
    own = [roll.exhibits[each] for each in roll.case(case).exhibits]
    cited = [each.id for each in own if each.label in named]
    require_use(ledger, vault, case, cited, Use.REQUEST)
    bound = bound_in_case(ledger, vault, case, Use.REQUEST)
    resting = set() if bound is None else {str(each.body.get("finding")) for each in bound.entries}
    found = (roll.finding(name) for name in draft.findings)
    if bound is not None and any(each is not None and each.id in resting for each in found):
        raise refusal(bound.forbidding)


def cited_in(draft: Draft) -> list[str]:
    """The places where a letter says on which exhibits it rests."""
    return [
        *(each.proof for each in draft.items),
        *(each.proof for each in draft.persons),
        *(each.victim for each in draft.shares),
        *draft.attachments,
    ]


def require_findings(roll: Roll, case: CaseId, draft: Draft) -> None:
    """Raise FindingNotAccepted unless each finding of a draft is accepted and stands."""
    for name in draft.findings:
        found = roll.finding(name)
        if found is None or found.case != case or found.id in roll.withdrawn:
            raise FindingNotAccepted(finding=name)
