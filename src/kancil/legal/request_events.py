"""What happens to a request, in which order it may happen, and where a request then stands.

Events are read from the ledger and are never changed. A request is outgoing (it begins with
`drafted`) or incoming (it begins with `received`); all else is one set of words for both. What the
ledger holds in an order that `may_follow` does not allow is still folded: the record says what was
recorded, and only a new entry is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kancil.ground.phrase import Phrase

from .errors import EventCannotFollow, EventDayWrong

FURTHEST_YEARS = 100
"""No hold or promise ends later than this after it began: a slip of the pen."""
_SLACK = timedelta(days=1)
"""Two zones may write two days for one moment."""


class What(StrEnum):
    """What happened. Its words are `name.request-event-<what>`."""

    DRAFTED = "drafted"
    """Or changed: what was authorised before is a draft again."""
    AUTHORISED = "authorised"
    RECEIVED = "received"
    """An incoming request was registered."""
    SENT = "sent"
    """By the named authority, outside; also once more, with what was asked for."""
    ACKNOWLEDGED = "acknowledged"
    INFORMATION_ASKED = "information-asked"
    IN_EXECUTION = "in-execution"
    ANSWERED_IN_PART = "answered-in-part"
    ANSWERED = "answered"
    REFUSED = "refused"
    RENEWED = "renewed"
    """A hold or a preservation lasts longer; `until`: its new end."""
    HOLD_SET = "hold-set"
    """Money is held, or data are preserved, from `on` to `until`."""
    ORDER_SERVED = "order-served"
    """The formal order or request that was announced is with the other side."""
    HOLD_ENDED = "hold-ended"
    LIFTED = "lifted"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    ESCALATED = "escalated"
    """Somebody higher, or another way, was asked because no answer came."""


class State(StrEnum):
    """Where a request stands. Its words are `name.request-state-<state>`."""

    NONE = "none"
    DRAFT = "draft"
    AUTHORISED = "authorised"
    RECEIVED = "received"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    IN_EXECUTION = "in-execution"
    INFORMATION_ASKED = "information-asked"
    ANSWERED_IN_PART = "answered-in-part"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a request."""

    what: What
    at: datetime
    """When it was recorded; aware UTC."""
    on: date | None = None
    """The day it happened, where it happened; None: the day it was recorded."""
    until: date | None = None
    """Last day of a hold or preservation, or by when something is promised or wanted."""
    reference: str = ""
    """The other side's."""
    reason: str = ""

    def day(self, zone: ZoneInfo) -> date:
        """The day it happened; `zone`: for one that states none."""
        return self.on or self.at.astimezone(zone).date()


REFUSALS = (
    "wrong-identifier", "too-broad", "no-legal-basis", "judicial-route", "no-data", "other",
)  # fmt: skip
"""Documented reasons of refusal (SIRIUS reports on electronic evidence, read at second hand). A
`reason` begins with one and may go on after a colon; words `name.request-refusal-<id>`."""

_STATES = {
    What.DRAFTED: State.DRAFT,
    What.HOLD_SET: State.IN_EXECUTION,
    **{What(each.value): each for each in State if each not in (State.NONE, State.DRAFT)},
}
_WORK = (
    What.INFORMATION_ASKED, What.ANSWERED_IN_PART, What.ANSWERED, What.REFUSED, What.HOLD_SET,
    What.ESCALATED, What.WITHDRAWN, What.CLOSED,
)  # fmt: skip
_AFTER: dict[State, tuple[What, ...]] = {
    State.NONE: (What.DRAFTED, What.RECEIVED),
    State.DRAFT: (What.DRAFTED, What.AUTHORISED, What.WITHDRAWN),
    State.AUTHORISED: (What.DRAFTED, What.SENT, What.WITHDRAWN),
    State.RECEIVED: (*_WORK, What.ACKNOWLEDGED, What.IN_EXECUTION),
    State.SENT: (*_WORK, What.ACKNOWLEDGED, What.IN_EXECUTION),
    State.ACKNOWLEDGED: (*_WORK, What.ACKNOWLEDGED, What.IN_EXECUTION),
    State.IN_EXECUTION: _WORK,
    State.INFORMATION_ASKED: (*_WORK, What.SENT, What.ACKNOWLEDGED, What.IN_EXECUTION),
    State.ANSWERED_IN_PART: _WORK,
    State.ANSWERED: (What.ANSWERED, What.HOLD_SET, What.CLOSED),
    State.REFUSED: (
        What.IN_EXECUTION, What.ANSWERED_IN_PART, What.ANSWERED, What.ESCALATED, What.CLOSED,
    ),
    State.WITHDRAWN: (What.CLOSED,),
    State.CLOSED: (),
}  # fmt: skip
_OUTCOMES = (What.ANSWERED_IN_PART, What.ANSWERED, What.REFUSED, What.HOLD_SET)
"""What an officer reads as an answer, and dates in the unit's own zone: never before the letter."""
_UNTOUCHED = (State.RECEIVED, State.SENT, State.ACKNOWLEDGED)
_UNDER_WAY = frozenset(State) - {State.NONE, State.DRAFT, State.AUTHORISED, State.CLOSED}


def state_of(events: Iterable[Event]) -> State:
    """Where a request stands after its events, in the order of the ledger."""
    state = State.NONE
    for each in events:
        if each.what is not What.HOLD_SET or state in _UNTOUCHED:
            state = _STATES.get(each.what, state)
    return state


def is_outgoing(events: Sequence[Event]) -> bool:
    """Whether this unit asks; an incoming request begins with `received`."""
    return not events or events[0].what is not What.RECEIVED


def standing_hold(events: Sequence[Event]) -> Event | None:
    """The event that says until when money is held or data are preserved; None: nothing is.

    An acknowledgement or an answer may say so too, by its `until` (see `clock`); a hold here is one
    that was recorded as such.
    """
    found: Event | None = None
    for each in events:
        if each.what in (What.HOLD_SET, What.RENEWED):
            found = each
        elif each.what in (What.HOLD_ENDED, What.LIFTED):
            found = None
    return found


def may_follow(events: Sequence[Event]) -> tuple[What, ...]:
    """What may be recorded next, in the order of the words."""
    state = state_of(events)
    found = set(_AFTER[state])
    if not is_outgoing(events):
        found.discard(What.SENT)
    if state in _UNDER_WAY:
        if state is not State.WITHDRAWN:
            found |= {What.RENEWED, What.ORDER_SERVED} if is_outgoing(events) else {What.RENEWED}
        if standing_hold(events) is not None:
            found |= {What.HOLD_ENDED, What.LIFTED}
            found -= {What.CLOSED}
    return tuple(each for each in What if each in found)


def check_event(events: Sequence[Event], event: Event, zone: ZoneInfo) -> None:
    """Refuse an event that cannot follow; `zone`: of whoever states its day.

    Raises EventCannotFollow, and EventDayWrong where it would happen before the request was sent or
    received, or in the future, or ends before it begins.
    """
    allowed = may_follow(events)
    if event.what not in allowed:
        raise EventCannotFollow(
            what=Phrase(f"name.request-event-{event.what.value}"), why=_why_not(events, event)
        )
    day = event.day(zone)
    begun = next((each for each in events if each.what in (What.SENT, What.RECEIVED)), None)
    if day > event.at.astimezone(zone).date() + _SLACK:
        raise EventDayWrong(day=day.isoformat(), why=Phrase("why.request-day-future"))
    let = next((each for each in reversed(events) if each.what is What.AUTHORISED), None)
    if event.what is What.SENT and let is not None and day < let.day(zone):
        why = Phrase("why.request-day-before-authorised", {"day": let.day(zone).isoformat()})
        raise EventDayWrong(day=day.isoformat(), why=why)
    slack = timedelta(0) if event.what in _OUTCOMES else _SLACK
    if begun is not None and day < begun.day(zone) - slack:
        why = Phrase("why.request-day-before", {"day": begun.day(zone).isoformat()})
        raise EventDayWrong(day=day.isoformat(), why=why)
    hold = standing_hold(events)
    if event.what is What.RENEWED and event.until is not None and (
        hold is not None and hold.until is not None and event.until <= hold.until
    ):  # fmt: skip
        why = Phrase("why.request-renewal-earlier", {"day": hold.until.isoformat()})
        raise EventDayWrong(day=event.until.isoformat(), why=why)
    if event.until is not None and event.until < day:
        why = Phrase("why.request-day-ends", {"day": day.isoformat()})
        raise EventDayWrong(day=event.until.isoformat(), why=why)
    if event.until is not None and event.until.year > day.year + FURTHEST_YEARS:
        why = Phrase("why.request-day-far", {"years": FURTHEST_YEARS})
        raise EventDayWrong(day=event.until.isoformat(), why=why)


def _why_not(events: Sequence[Event], event: Event) -> Phrase:
    """Why it cannot follow, in a sentence."""
    state = state_of(events)
    if event.what in (What.HOLD_ENDED, What.LIFTED) and state in _UNDER_WAY:
        return Phrase("why.request-no-hold")
    if event.what is What.CLOSED and standing_hold(events) is not None:
        return Phrase("why.request-hold-stands")
    begins = (What.DRAFTED, What.RECEIVED, What.AUTHORISED, What.SENT)
    if state in (State.NONE, State.DRAFT, State.AUTHORISED) and event.what not in begins:
        return Phrase("why.request-never-sent")
    return Phrase("why.request-state", {"state": Phrase(f"name.request-state-{state.value}")})
