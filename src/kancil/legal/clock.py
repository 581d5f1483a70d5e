"""The clock of a request: which days count, by whose rule, and what happened that made them count.

Computed anew from the events each time it is asked; nothing is stored. What a side stated (the
`until` of an event) stands above what a rule gives. With a hold, a renewal, or the answer to a
request that holds (`HOLDING`), `until` is the last day of the hold or preservation; with any other
event, the day by which something is promised or wanted. A day ends in the zone of the office that
must act. Days are counted from the day after the event; rules and sources: `deadlines.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from .request_events import Event, State, What, is_outgoing, state_of
from .working_days import Side, after_working_days, end_of, is_working, working_day

HOLDING = ("freeze", "preservation", "hold-change")
"""Kinds of request whose answer says until when something is held."""
STATED, LETTER = "stated", "letter"
"""Instead of a rule: a side stated the day; the letter names it."""
_DATA = Path(__file__).with_name("deadlines.yaml")


class DeadlineKind(StrEnum):
    """What a day is for. Its words are `name.deadline-<kind>`."""

    HOLD_ENDS = "hold-ends"
    PRESERVED_UNTIL = "preserved-until"
    FORMAL_ORDER = "formal-order"
    """By then the order or request that must replace the hold is with the requested side."""
    RENEWAL = "renewal"
    OWN_ANSWER = "own-answer"
    """What this unit owes: an answer, or more information."""
    ANSWER = "answer"
    REMINDER = "reminder"
    ESCALATION = "escalation"


OWN_PACE = (DeadlineKind.RENEWAL, DeadlineKind.REMINDER, DeadlineKind.ESCALATION)
"""Days by which only this unit reminds itself: a free day is no matter."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One period. Where it names no kinds, instruments, offices or country, it is for all."""

    id: str
    gives: DeadlineKind
    origin: str
    """What it counts from: `effect` (something is held), `receipt`, `sent`; `end` of a hold;
    `asked` (more information); `overdue` (an answer). What no event tells began when it was sent:
    the earliest day it can have begun."""
    days: int
    count: str = "calendar"
    """`calendar` days, or working days of `ours`, of the `requested` side, or of `both`."""
    moves: str = "none"
    """`earlier`: to the last day on which both sides work."""
    kinds: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    country: str = ""
    """Of the requested side."""
    is_abroad: bool | None = None
    """Whether the two sides are of two countries; None: either."""
    renews: int = 0
    """Days that one renewal adds where it states no end."""
    renewals: int = 0
    whose: str = "own"
    """Whose rule it is: `treaty`, `keeper` or `own` (`name.deadline-whose-<whose>`)."""
    source: str = ""
    confidence: str = "high"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the clock needs to know of a request, beside its events."""

    kind: str
    ours: Side
    theirs: Side
    """The other side: the requested one of what we send, the requesting one of what we receive."""
    office: str = ""
    """Kind of the office that is asked."""
    instruments: tuple[str, ...] = ()
    """Ids of those that the request stands on."""
    order_by: date | None = None
    """By when our letter promises the formal order."""
    answer_by: date | datetime | None = None
    """By when the letter asks for the answer: a day of the requested side, or an aware moment."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day that counts."""

    kind: DeadlineKind
    rule: str
    """Id of a rule, `stated` or `letter`; its sentence is `note.deadline-<rule>`."""
    day: date
    """The last day on which it can still be done, in `zone`."""
    zone: ZoneInfo
    basis: Event
    """What it is counted from."""
    moved_from: date | None = None
    """The day that the rule gives, where not both sides work on it."""
    is_free_day: bool = False
    """Whether it stays on a day on which not both sides work, since its rule moves nothing."""
    moment: datetime | None = None
    """The very moment, where one is asked for; aware UTC."""

    @property
    def due_at(self) -> datetime:
        """Its moment, else the last one of its day; aware UTC."""
        return self.moment or end_of(self.day, self.zone)

    def is_over(self, moment: datetime) -> bool:
        """Whether its day has ended at that moment."""
        return moment > self.due_at


@cache
def rules() -> dict[str, Rule]:
    """All rules by id, in the order of their file."""
    found: dict[str, Rule] = {}
    for each in yaml.safe_load(_DATA.read_text(encoding="utf-8"))["rules"]:
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in each.items()
        }
        given["gives"] = DeadlineKind(given["gives"])
        found[given["id"]] = Rule(**given)
    return found


def deadlines_of(events: Sequence[Event], asked: Asked, on: datetime) -> list[Deadline]:
    """The days of a request that still count at a moment, soonest first.

    Of reminders and renewals that have passed, only the last is left.
    """
    begun = [each for each in events if each.what in (What.SENT, What.RECEIVED)]
    state = state_of(events)
    if not begun or state is State.CLOSED:
        return []
    clock = _Clock(events, asked, on, begun)
    found = [*clock.ends()]
    if state not in (State.ANSWERED, State.REFUSED, State.WITHDRAWN):
        found += [*clock.answers(), *clock.reminders()]
        found += clock.escalation(found)
    return sorted(found, key=lambda each: (each.due_at, each.kind, each.rule))


class _Clock:
    """The clock of one request at one moment."""

    def __init__(
        self, events: Sequence[Event], asked: Asked, on: datetime, begun: Sequence[Event]
    ) -> None:
        self.events, self.asked, self.on = events, asked, on
        self.is_ours = is_outgoing(events)
        self.requested = asked.theirs if self.is_ours else asked.ours
        self.begun, self.sent = begun[0], begun[-1]
        self.rules = [each for each in rules().values() if self._applies(each)]

    def _applies(self, rule: Rule) -> bool:
        asked = self.asked
        is_abroad = asked.ours.country != asked.theirs.country
        return (
            (not rule.kinds or asked.kind in rule.kinds)
            and asked.kind not in rule.not_kinds
            and (not rule.instruments or bool(set(rule.instruments) & set(asked.instruments)))
            and (not rule.offices or asked.office in rule.offices)
            and (not rule.country or rule.country == self.requested.country)
            and (rule.is_abroad is None or rule.is_abroad == is_abroad)
        )

    def _by(self, gives: DeadlineKind) -> list[Rule]:
        return [each for each in self.rules if each.gives is gives]

    def _last(self, *kinds: What) -> Event | None:
        return next((each for each in reversed(self.events) if each.what in kinds), None)

    def _day(self, event: Event) -> date:
        """The day of an event, in the requested side's zone where it states none."""
        return event.day(self.requested.zone_on(event.at.date()))

    def _made(
        self, kind: DeadlineKind, day: date, basis: Event, rule: str, *, side: Side | None = None
    ) -> Deadline:
        """A deadline on a day, moved where its rule says so; `side`: whose zone ends the day."""
        both = (self.asked.ours, self.asked.theirs)
        moves = rule in rules() and rules()[rule].moves == "earlier"
        moved = working_day(day, both, -1) if moves else day
        if moved < self._day(basis):  # it would have been due before there was a hold
            moved = day
        zone = (side or self.requested).zone_on(moved)
        moved_from = day if moved != day else None
        is_free_day = kind not in OWN_PACE and not is_working(moved, both)
        return Deadline(kind, rule, moved, zone, basis, moved_from, is_free_day)

    def _ruled(
        self, kind: DeadlineKind, rule: Rule, basis: Event, day: date, *, side: Side | None = None
    ) -> Deadline:
        """The deadline that a rule gives from a day."""
        ours, theirs = self.asked.ours, self.asked.theirs
        sides = {"requested": (self.requested,), "ours": (ours,), "both": (ours, theirs)}
        if rule.count == "calendar":
            renewed = sum(1 for each in self.events if each.what is What.RENEWED)
            day += timedelta(rule.days + rule.renews * min(renewed, rule.renewals))
        else:
            day = after_working_days(day, rule.days, sides[rule.count])
        return self._made(kind, day, basis, rule.id, side=side)

    def _soonest(self, kind: DeadlineKind, gives: DeadlineKind) -> list[Deadline]:
        """Of what rules give from the request's own events, the soonest."""
        told = {
            "effect": [each for each in self.events if each.what is What.HOLD_SET],
            "receipt": [each for each in self.events if each.what is What.ACKNOWLEDGED],
        }
        found = []
        for rule in self._by(gives):
            basis = next(iter(told.get(rule.origin, ())), self.begun)
            found.append(self._ruled(kind, rule, basis, self._day(basis)))
        return sorted(found, key=lambda each: each.day)[:1]

    def ends(self) -> Iterator[Deadline]:
        """Until when something is held, and what must be done before."""
        ends = self._end()
        yield from ends
        if not self.is_ours:
            return
        order, renewal = DeadlineKind.FORMAL_ORDER, DeadlineKind.RENEWAL
        orders = [
            self._ruled(order, rule, end.basis, end.day) for end in ends for rule in self._by(order)
        ]
        if self.asked.order_by is not None and (ends or not self._is_given_up()):
            orders.append(self._made(order, self.asked.order_by, self.begun, LETTER))
        if self._last(What.ORDER_SERVED) is None:
            yield from sorted(orders, key=lambda each: each.day)[:1]
        for end in ends:
            yield from self._steps(
                self._ruled(renewal, rule, end.basis, end.day) for rule in self._by(renewal)
            )

    def _is_given_up(self) -> bool:
        """Whether nothing is held any more, or ever will be."""
        is_over = state_of(self.events) in (State.REFUSED, State.WITHDRAWN)
        return is_over or self._last(What.HOLD_ENDED, What.LIFTED) is not None

    def _end(self) -> list[Deadline]:
        is_preserved = self.asked.kind == "preservation"
        kind = DeadlineKind.PRESERVED_UNTIL if is_preserved else DeadlineKind.HOLD_ENDS
        held: Event | None = None
        for each in self.events:
            if each.what in (What.HOLD_ENDED, What.LIFTED):
                held = None
            elif each.until is not None and self._says_end(each):
                held = each
        if held is not None and held.until is not None:
            return [self._made(kind, held.until, held, STATED)]
        if self._is_given_up():
            return []
        return self._soonest(kind, DeadlineKind.PRESERVED_UNTIL)

    def _says_end(self, event: Event) -> bool:
        if event.what in (What.HOLD_SET, What.RENEWED):
            return True
        is_answer = event.what in (What.ANSWERED, What.ANSWERED_IN_PART)
        return is_answer and self.asked.kind in HOLDING

    def answers(self) -> Iterator[Deadline]:
        """By when which side is to answer; while information is asked, its giver is."""
        asked = self._last(What.INFORMATION_ASKED)
        if state_of(self.events) is State.INFORMATION_ASKED and asked is not None:
            yield from self._supply(asked)
            return
        kind = DeadlineKind.ANSWER if self.is_ours else DeadlineKind.OWN_ANSWER
        promised = [
            (each, each.until)
            for each in self.events
            if each.until and each.what is not What.INFORMATION_ASKED and not self._says_end(each)
        ]
        if promised:
            yield self._made(kind, promised[-1][1], promised[-1][0], STATED)
        elif isinstance(self.asked.answer_by, datetime):
            moment = self.asked.answer_by.astimezone(UTC)
            local = moment.astimezone(self.requested.zone_on(moment.date()))
            yield replace(self._made(kind, local.date(), self.sent, LETTER), moment=moment)
        elif self.asked.answer_by is not None:
            yield self._made(kind, self.asked.answer_by, self.sent, LETTER)
        else:
            yield from self._soonest(kind, DeadlineKind.ANSWER)

    def _supply(self, asked: Event) -> Iterator[Deadline]:
        """More information: ours to give where we ask, else theirs."""
        kind = DeadlineKind.OWN_ANSWER if self.is_ours else DeadlineKind.ANSWER
        if asked.until is not None:
            yield self._made(kind, asked.until, asked, STATED)
        elif self.is_ours:
            for rule in self._by(kind):
                yield self._ruled(kind, rule, asked, self._day(asked), side=self.asked.ours)

    def reminders(self) -> Iterator[Deadline]:
        """When to ask again, or to look again at what others ask of us."""
        kind, ours = DeadlineKind.REMINDER, self.asked.ours
        if self.asked.kind in HOLDING and self._last(What.HOLD_SET) is not None:
            return  # that was the answer
        since = self._last(What.ESCALATED, What.INFORMATION_ASKED, What.ANSWERED_IN_PART)
        done = date.min if since is None else self._day(since)
        day = self._day(self.sent)
        steps = [self._ruled(kind, rule, self.sent, day, side=ours) for rule in self._by(kind)]
        yield from self._steps(each for each in steps if each.day > done)

    def _steps(self, made: Iterable[Deadline]) -> Iterator[Deadline]:
        """Steps of one reminder: those to come, and of those that passed the last."""
        steps = sorted(made, key=lambda each: each.day)
        steps = [each for each in steps if each.day > self._day(each.basis)]
        yield from [each for each in steps if each.is_over(self.on)][-1:]
        yield from (each for each in steps if not each.is_over(self.on))

    def escalation(self, found: Sequence[Deadline]) -> Iterator[Deadline]:
        """When to go higher: once an answer is overdue, or, where none has a day, all reminders."""
        waits = [each for each in found if each.kind is DeadlineKind.ANSWER]
        waits = waits or [each for each in found if each.kind is DeadlineKind.REMINDER]
        escalated = self._last(What.ESCALATED)
        if not self.is_ours or not waits or not all(each.is_over(self.on) for each in waits):
            return
        late, kind = waits[-1], DeadlineKind.ESCALATION
        if escalated is None or self._day(escalated) <= late.day:
            for rule in self._by(kind):
                yield self._ruled(kind, rule, late.basis, late.day, side=self.asked.ours)
