"""What an activity of each kind asks for, and what is missing before it is confirmed, or done.

Pure: the desk says how an activity stands, and this says what is in its way. The rule on support to
security forces is the UN's Human Rights Due Diligence Policy (A/67/775–S/2013/110): no support
without an assessment of the risk, and none where it was refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kancil.ground.phrase import Phrase

from .vocabulary import ActivityKind, ActivityState

WHOLE_BP = 10_000
"""100 percent, in hundredths of a percent."""
CHECKED_AFTER_MONTHS = (6, 12)
"""When it is checked whether equipment is in use."""
REFUSED = "refuse"
DECISIONS = ("proceed", "proceed-with-conditions", REFUSED)
"""Of Human Rights Due Diligence."""


class Facet(StrEnum):
    """What there may be beside an activity's own text."""

    AGENDA = "agenda"
    DELEGATIONS = "delegations"
    DOCUMENTS = "documents"
    PLACEMENTS = "placements"
    HANDOVERS = "handovers"
    HEAD_COUNTS = "head-counts"
    OUTCOME = "outcome"
    """An outcome statement."""
    FOLLOW_UP = "follow-up"


_ALWAYS = frozenset({Facet.DOCUMENTS, Facet.FOLLOW_UP})
_OWN: dict[ActivityKind, frozenset[Facet]] = {
    ActivityKind.TRAINING: frozenset({Facet.AGENDA}),
    ActivityKind.WORKSHOP: frozenset({Facet.AGENDA}),
    ActivityKind.CONFERENCE: frozenset({Facet.AGENDA, Facet.DELEGATIONS, Facet.OUTCOME}),
    ActivityKind.STUDY: frozenset(),
    ActivityKind.MISSION: frozenset({Facet.AGENDA}),
    ActivityKind.MENTORING: frozenset({Facet.PLACEMENTS}),
    ActivityKind.EQUIPMENT: frozenset({Facet.HANDOVERS}),
    ActivityKind.AWARENESS: frozenset({Facet.HEAD_COUNTS}),
    ActivityKind.LEGISLATIVE: frozenset(),
}
_TO_CONFIRM = {Facet.AGENDA, Facet.DELEGATIONS, Facet.PLACEMENTS}
"""What stands before the activity begins."""
_NO_AGENDA_NEEDED = {ActivityKind.MISSION}


def facets(kind: ActivityKind) -> frozenset[Facet]:
    """What an activity of a kind asks for."""
    return _ALWAYS | _OWN[kind]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The newest record of due diligence of one source: the activity, or an item of a plan."""

    decision: str
    review_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How an activity stands."""

    kind: ActivityKind
    begins_on: date
    ends_on: date
    countries: int
    has_region: bool
    has_place: bool
    """A place is named, or it is held online."""
    shares_bp: tuple[int, ...]
    """What each grant pays, in hundredths of a percent."""
    to_security_forces: bool
    weighed: tuple[Weighed, ...]
    has_report: bool
    present: Collection[Facet]
    """Facets of which there is something."""


def obstacles(standing: Standing, to: ActivityState, today: date) -> tuple[Phrase, ...]:
    """What is missing before an activity is *confirmed* or *done*; nothing for other states."""
    if to is ActivityState.CONFIRMED:
        return tuple(_before_it(standing, today))
    if to is ActivityState.DONE:
        return (*_before_it(standing, today), *_after_it(standing, today))
    return ()


def _before_it(standing: Standing, today: date) -> Iterator[Phrase]:
    if not (standing.countries or standing.has_region):
        yield _lacks("for-whom")
    if not standing.has_place:
        yield _lacks("place")
    yield from _funding(standing.shares_bp)
    if standing.to_security_forces:
        yield from _diligence(standing.weighed, today)
    for each in sorted(facets(standing.kind) & _TO_CONFIRM - set(standing.present)):
        if each is not Facet.AGENDA or standing.kind not in _NO_AGENDA_NEEDED:
            yield _lacks(each.value)


def _after_it(standing: Standing, today: date) -> Iterator[Phrase]:
    if standing.ends_on > today:
        yield _lacks("over", day=standing.ends_on.isoformat())
    for each in sorted(facets(standing.kind) - _TO_CONFIRM - _ALWAYS - set(standing.present)):
        yield _lacks(each.value)
    if not standing.has_report:
        yield _lacks("report")


def _funding(shares_bp: Collection[int]) -> Iterator[Phrase]:
    if not shares_bp:
        yield _lacks("funding")
    elif sum(shares_bp) != WHOLE_BP:
        yield _lacks("funding-whole", percent=percent(sum(shares_bp)))


def _diligence(weighed: Collection[Weighed], today: date) -> Iterator[Phrase]:
    if not weighed:
        yield _lacks("diligence")
    if any(each.decision == REFUSED for each in weighed):
        yield _lacks("diligence-refused")
    elif any(each.review_on < today for each in weighed):
        yield _lacks("diligence-late")


def percent(share_bp: int) -> str:
    """Hundredths of a percent as percent: 3333 is `33.33`, 5000 is `50`."""
    whole, part = divmod(share_bp, 100)
    return f"{whole}.{part:02d}".removesuffix(".00")


def _lacks(what: str, **params: str) -> Phrase:
    return Phrase(f"programme.obstacle.{what}", params)


FOLLOWING: dict[ActivityState, frozenset[ActivityState]] = {
    ActivityState.PLANNED: frozenset(
        {ActivityState.CONFIRMED, ActivityState.POSTPONED, ActivityState.CANCELLED}
    ),
    ActivityState.CONFIRMED: frozenset(
        {ActivityState.DONE, ActivityState.POSTPONED, ActivityState.CANCELLED}
    ),
    ActivityState.POSTPONED: frozenset({ActivityState.PLANNED, ActivityState.CANCELLED}),
    ActivityState.CANCELLED: frozenset({ActivityState.PLANNED}),
    ActivityState.DONE: frozenset(),
}
"""Which states may follow a state; what is done stays done."""
