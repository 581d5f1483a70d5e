"""Requests that others sent to this unit: registered, checked, then carried out or refused.

The check is a condition: nothing is executed or answered before each of its questions is answered
(`legal.incoming`). What became of a request is recorded as for our own, by `record_request_event`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.requests import record_receipt
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground.clock import now
from kancil.ground.errors import MemberNotFound
from kancil.ground.ids import CaseId, RequestId, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.workspace import Workspace
from kancil.legal.incoming import ANSWERS, questions
from kancil.legal.request_events import Event, What, check_event
from kancil.legal.requests import kinds

from .actions import record_request_event
from .errors import LetterNotOfCase, RequestReceivedAlready
from .queries import Request, request_named, requests_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """A letter that came in, as an officer registers it."""

    kind: str
    office: str
    """Who sent it: an office of the directory by its id, or by name."""
    office_kind: str
    country: str
    """ISO 3166-1 alpha-2."""
    received_on: date
    until: date | None = None
    """By when they ask for an answer."""
    reference: str = ""
    """Theirs."""
    urgency: str = ""
    """In their words."""
    exhibit: str = ""
    """Number of the exhibit that holds the letter."""


def receive_request(
    ledger: DeskLedger, workspace: Workspace, *, case: CaseId, receipt: Receipt, by: ActingOfficer
) -> Request:
    """Register a request in the case that deals with it.

    Raises CaseNotFound, MemberNotFound, EventDayWrong, ExhibitNotFound, AnswerNotOfCase, and
    RequestReceivedAlready where the same office's letter of the same number is registered there.
    """
    kinds().named(receipt.kind)
    event = Event(What.RECEIVED, now(), receipt.received_on, receipt.until)
    check_event([], event, workspace.zone)
    ident = RequestId(new_id())
    with one_transaction():
        for each in requests_of(ledger, case):
            body = each.first.body
            same = each.history.is_incoming and body["addressee"]["office"] == receipt.office
            if same and receipt.reference and body["reference"] == receipt.reference:
                raise RequestReceivedAlready(request=each.label, reference=receipt.reference)
        record_receipt(ledger, case=case, request=ident, body=_body(ledger, case, receipt), by=by)
    return request_named(ledger, case, ident)


def _body(ledger: DeskLedger, case: CaseId, receipt: Receipt) -> dict[str, object]:
    body = {name: value or None for name, value in plain(receipt).items()}
    office, kind, country = (body.pop(each) for each in ("office", "office_kind", "country"))
    body["addressee"] = {"country": country, "kind": kind, "office": office}
    if receipt.exhibit:
        found = ledger.folded(Roll).exhibit(receipt.exhibit)
        if found.case != case:
            raise LetterNotOfCase(exhibit=found.label)
        body["exhibit"] = found.id
    return body


def check_request(
    ledger: DeskLedger,
    *,
    case: CaseId,
    request: str,
    answers: Mapping[str, str],
    reason: str = "",
    by: ActingOfficer,
) -> Entry:
    """Record the check of a request of others, and with it that it is acknowledged.

    `answers`: by question; one that is left out is not known. Raises RequestNotFound,
    MemberNotFound, EventCannotFollow.
    """
    held = request_named(ledger, case, request)
    asked = [each.id for each in questions(kinds().named(held.kind))]
    for what, names, known in (
        ("question", answers, asked), ("answer", answers.values(), ANSWERS),
    ):  # fmt: skip
        for each in names:
            if each not in known:
                raise MemberNotFound(
                    what=Phrase(f"thing.request-{what}"), name=each[:80], known=", ".join(known)
                )
    event = Event(What.ACKNOWLEDGED, now(), reason=reason)
    checks = {each: answers.get(each, ANSWERS[-1]) for each in asked}
    return record_request_event(
        ledger, case=case, request=request, event=event, checks=checks, by=by
    )
