"""What happened to a request, read from its entries; and the one act that records more of it.

For outgoing and incoming requests alike: the order of events and their days are checked by
`legal.request_events`, under the same transaction as the entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.errors import ExhibitNotFound
from kancil.custody.requests import AUTHORISED, DRAFTED, RECEIVED, record_event
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground.clock import now
from kancil.ground.errors import TimeNotReadable
from kancil.ground.ids import CaseId
from kancil.ground.plain import plain
from kancil.ground.workspace import Workspace
from kancil.legal.request_events import Event, State, What, check_event, state_of

from .errors import AnswerNotOfCase
from .queries import Request, request_named

_FIRST = {DRAFTED: What.DRAFTED, AUTHORISED: What.AUTHORISED, RECEIVED: What.RECEIVED}


@dataclass(frozen=True, slots=True)
class Happened:
    """What an officer records of a request; its fields are those of the entry."""

    what: What
    on: date | None = None
    until: date | None = None
    reference: str = ""
    reason: str = ""
    exhibit: str = ""
    """Number or id of the exhibit that came of it."""
    amounts: Sequence[Mapping[str, str]] = ()
    """Each `what` (`frozen`, `returned`), `amount`, `asset`."""
    channel: str = ""
    letter_sha256: str | None = None
    checks: Mapping[str, str] = field(default_factory=dict)
    """Answers of the check of an incoming request, by question."""


def events_of(request: Request) -> list[Event]:
    """The events of a request in the order of the ledger; of words not known here none is made."""
    return [found for each in request.history.entries if (found := _event(each)) is not None]


def request_state(request: Request) -> State:
    """Where a request stands."""
    return state_of(events_of(request))


def _event(entry: Entry) -> Event | None:
    body = entry.body
    word = _FIRST.get(entry.kind) or str(body.get("what"))
    if word not in set(What):
        return None
    on = body.get("received_on") if entry.kind == RECEIVED else body.get("on")
    return Event(
        What(word), entry.at, _day(on), _day(body.get("until")),
        str(body.get("reference") or ""), str(body.get("reason") or ""),
    )  # fmt: skip


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def read_day(text: str | None) -> date | None:
    """A day as a person writes it, `2026-03-09`; raises TimeNotReadable for one that is none."""
    try:
        return date.fromisoformat(text.strip()) if text and text.strip() else None
    except ValueError as error:
        raise TimeNotReadable(text=str(text)[:60]) from error


def record_happened(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    case: CaseId,
    request: str,
    happened: Happened,
    by: ActingOfficer,
) -> Entry:
    """Record what became of a request, if that can follow on what did before.

    Raises RequestNotFound, EventCannotFollow, EventDayWrong, AnswerNotOfCase.
    """
    with one_transaction():
        held = request_named(ledger, case, request)
        event = Event(happened.what, now(), happened.on, happened.until)
        check_event(events_of(held), event, workspace.zone)
        body = {**plain(happened), "exhibit": exhibit_of_case(ledger, case, held, happened.exhibit)}
        if not happened.checks:
            del body["checks"]
        return record_event(ledger, case=case, request=held.history.id, body=body, by=by)


def exhibit_of_case(ledger: DeskLedger, case: CaseId, request: Request, name: str) -> str | None:
    """The id of a named exhibit of the case; raises AnswerNotOfCase for any other."""
    if not name:
        return None
    try:
        found = ledger.folded(Roll).exhibit(name)
    except ExhibitNotFound:
        raise AnswerNotOfCase(exhibit=name[:80], request=request.label) from None
    if found.case != case:
        raise AnswerNotOfCase(exhibit=name[:80], request=request.label)
    return found.id
