"""Answers: where a round stands, what it comes to, who owes what, and how it compares.

Figures are made of all there is, so that they are the same for everybody who is shown them; what a
person may not see is taken out of what stands behind them. How much of a figure is confirmed is
told to the country, and in what leaves, without interviews. A figure from which a person could work
out what others gave to a question that this person still has to answer alone waits for that answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from kancil.assessment import comparing, sensitivity
from kancil.assessment.answer import Answer, Outcome, Settled
from kancil.assessment.exchange import is_interview
from kancil.assessment.method import Figure, Method, Profile, asked_of
from kancil.assessment.methods import METHODS
from kancil.assessment.protocol import Protocol
from kancil.assessment.settling import Ruling
from kancil.assessment.settling import conflicts as found_conflicts
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in
from kancil.desk.assessment.models import Answer as AnswerTable
from kancil.desk.assessment.models import Part, Settlement
from kancil.desk.assessment.queries.rounds import MemberRow, require, team_of
from kancil.desk.assessment.rows import (
    Standing,
    answers_where,
    hidden_in,
    seen,
    settled_in,
    standing_in,
    visible,
    without,
)
from kancil.ground.errors import MemberNotFound
from kancil.ground.phrase import Phrase

KEPT_BACK = "answer-first"
"""Stands for the indicators that are hidden among those for whose sake something is so."""
Key: TypeAlias = tuple[str, str, str]
"""Names a figure: what it is of, its id, and its scale."""


def settled(
    sight: Sight, protocol: str, indicators: Collection[str] | None = None
) -> Mapping[str, Settled]:
    """Where a round stands with a protocol, by indicator, as the person may see it.

    An indicator that nobody has answered is missing. In four queries, and one more the first time
    that a protocol is read.
    """
    asked = protocol_in(sight, protocol)
    return _known(asked, standing_in(sight.round, protocol, indicators)).seen_by(sight)


def _known(asked: Protocol, standing: Standing) -> Standing:
    """Leave out what the protocol does not ask, as after a fault in the books."""
    kept = {name: each for name, each in standing.settled.items() if name in asked.indicators}
    return replace(standing, settled=kept)


def everything(sight: Sight, protocol: str) -> tuple[Protocol, Standing]:
    """Protocol and standing with nothing withheld: for figures, never for a page."""
    asked = protocol_in(sight, protocol)
    return asked, _known(asked, standing_in(sight.round, protocol))


def method_of(protocol: Protocol) -> Method:
    """The method by which a protocol is scored; raises MemberNotFound."""
    name = protocol.scoring.method if protocol.scoring else METHODS[0].name
    found = next((each for each in METHODS if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in METHODS)
        raise MemberNotFound(what=Phrase("thing.scoring-method"), name=name, known=known)
    return found


def profile_of(sight: Sight, protocol: str) -> Profile:
    """Make the figures of a round by the protocol's own method."""
    asked, standing = everything(sight, protocol)
    return profile_in(sight, asked, standing)


def profile_in(sight: Sight, asked: Protocol, standing: Standing) -> Profile:
    """Make the figures of a round whose standing was read already."""
    counted = counted_in(sight, asked, standing)
    return profile_seen(sight, standing, method_of(asked).profile(asked, counted))


def counted_in(sight: Sight, asked: Protocol, standing: Standing) -> Mapping[str, Settled]:
    """What figures are made of: all there is; for the country and what leaves, no interview.

    There an answer is confirmed by what may be shown alone: else a reader could work out from how
    much is confirmed which answers rest on an interview.
    """
    if not (sight.of_country or sight.is_leaving):
        return standing.settled

    def shown(answer: Answer) -> Answer:
        kept = tuple(each for each in answer.evidence if not is_interview(each, asked))
        return replace(answer, evidence=kept)

    return {
        name: replace(
            each,
            answer=shown(each.answer) if each.answer else None,
            answers=tuple(map(shown, each.answers)),
        )
        for name, each in standing.settled.items()
    }


def profile_seen(sight: Sight, standing: Standing, profile: Profile) -> Profile:
    """Figures that were made of what counts as a person may see what stands behind them.

    Of what the person still has to answer alone no line says what others gave; a figure with such a
    line waits for that answer. Among the indicators for whose sake intrusive help is blocked
    `KEPT_BACK` stands for it.
    """
    if hidden := standing.hidden_from(sight):
        profile = _without(profile, hidden)
    return profile


def _without(profile: Profile, hidden: Collection[str]) -> Profile:
    figures = tuple(_waiting(each, hidden) for each in profile.figures)
    blocking = tuple(name for name in profile.intrusive_blocked_by if name not in hidden)
    if len(blocking) < len(profile.intrusive_blocked_by):
        blocking = (*blocking, KEPT_BACK)
    return replace(profile, figures=figures, intrusive_blocked_by=blocking)


def _waiting(figure: Figure, hidden: Collection[str]) -> Figure:
    """Leave of a figure no more than how much is answered, if a line of it is hidden."""
    held = [line.indicator for line in figure.lines if line.indicator in hidden]
    if not held:
        return figure
    nothing: dict[str, Any] = {
        "value": None, "kind": None, "grade": None, "confirmed": False, "confidence": None,
    }  # fmt: skip
    return replace(
        figure,
        percent=None,
        raw_percent=None,
        band=None,
        capped_by=(),
        uncertain=(),
        lines=tuple(
            replace(line, **nothing) if line.indicator in hidden else line for line in figure.lines
        ),
        reason=Phrase("why.figure-answer-first", {"count": len(held)}),
    )


def _held(asked: Protocol, standing: Standing, hidden: Collection[str]) -> set[Key]:
    """Name the figures that wait for the person's own answers."""
    if not hidden:
        return set()
    return {
        (each.of, each.id, each.scale)
        for each in method_of(asked).profile(asked, standing.settled).figures
        if any(line.indicator in hidden for line in each.lines)
    }


def bounds_of(sight: Sight, protocol: str) -> list[sensitivity.Bounds]:
    """How far the disputes of a round could move its figures; for those who see answers."""
    require(sight.sees_answers, sight)
    asked, standing = everything(sight, protocol)
    return bounds_in(sight, asked, standing)


def bounds_in(
    sight: Sight, asked: Protocol, standing: Standing, only: tuple[str, str] | None = None
) -> list[sensitivity.Bounds]:
    """Say so of a standing that was read already; `only`: what a figure is of, and its id.

    Without the figures that wait for the person's own answers.
    """
    held = _held(asked, standing, standing.hidden_from(sight))
    return [
        each
        for each in sensitivity.bounds(asked, standing.settled, method_of(asked), only)
        if (each.of, each.id, each.scale) not in held
    ]


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """How far an area is; counts of indicators that are asked in this round."""

    area: str
    asked: int
    answered: int
    """At least one assessor has answered."""
    agreed: int
    alone: int
    disputed: int


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """What one assessor owes."""

    person: int
    name: str
    owed: int
    given: int
    missing: tuple[str, ...]
    """Indicators, in the protocol's order."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is with a protocol."""

    protocol: str
    areas: tuple[AreaProgress, ...]
    people: tuple[PersonProgress, ...]
    """Empty from the country's side."""


def progress(sight: Sight, protocol: str) -> Progress:
    """How far a round is, by area and by who owes what."""
    asked, standing = everything(sight, protocol)
    return progress_in(sight, asked, standing.settled)


def progress_of_all(sight: Sight) -> list[tuple[Protocol, Progress]]:
    """How far a round is with each of its protocols, without reading its evidence."""
    standing = settled_in([sight.round])
    return [
        (asked, progress_in(sight, asked, standing.get((sight.round, asked.name), {})))
        for asked in protocols_in(sight)
    ]


def progress_in(sight: Sight, asked: Protocol, now: Mapping[str, Settled]) -> Progress:
    """How far a round is, where its standing was read already.

    A question that is asked only after an answer that the person does not see yet is not asked.
    """
    shown = without(now, hidden_in(now, sight, asked.name))
    open_ones = asked_of(asked, shown)
    areas = tuple(
        _area(area, [now.get(each.id) for each in open_ones if each.area == area])
        for area in asked.areas
        if any(each.area == area for each in open_ones)
    )
    people: tuple[PersonProgress, ...] = ()
    if sight.sees_answers:
        order = {each.id: each.area for each in open_ones}
        people = tuple(
            _owed(member, asked, order, now)
            for member in team_of(sight)
            if member.part is not Part.REVIEWER
        )
    return Progress(asked.name, areas, people)


def _area(area: str, standing: list[Settled | None]) -> AreaProgress:
    outcomes = [each.outcome for each in standing if each is not None]
    return AreaProgress(
        area,
        len(standing),
        len(outcomes),
        outcomes.count(Outcome.AGREED),
        outcomes.count(Outcome.ALONE),
        outcomes.count(Outcome.DISPUTED),
    )


def _owed(
    member: MemberRow, asked: Protocol, order: Mapping[str, str], now: Mapping[str, Settled]
) -> PersonProgress:
    by = str(member.person)
    given = {name for name, one in now.items() if by in {each.by for each in one.answers}}
    hers = areas_owed(member.part, member.areas, asked, answers=bool(given))
    # What somebody agreed on before the member answered is asked of the member no more.
    closed = {name for name, one in now.items() if one.is_closed} - given
    owed = [name for name, area in order.items() if area in hers and name not in closed]
    missing = [name for name in owed if name not in given]
    return PersonProgress(
        member.person, member.name, len(owed), len(owed) - len(missing), tuple(missing)
    )


def areas_owed(part: Part, named: Iterable[str], asked: Protocol, *, answers: bool) -> set[str]:
    """The areas somebody owes in a protocol, with those below them; none named: all.

    A lead owes what is named for them; if nothing is, they owe only where they answer themselves.
    `answers`: whether the person has answered anything in the protocol.
    """
    if not named:
        return set(asked.areas) if part is Part.ASSESSOR or answers else set()
    hers = {each.partition(":")[2] for each in named if each.partition(":")[0] == asked.name}
    while True:
        below = {area.id for area in asked.areas.values() if area.parent in hers} - hers
        if not below:
            return hers
        hers |= below


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more answers of one author that stand beside each other, as after two laptops."""

    protocol: str
    indicator: str
    author: str
    answers: tuple[Answer, ...]


def conflicts(sight: Sight) -> list[Conflict]:
    """List where one author's answers stand beside each other, in all protocols of a round."""
    require(sight.sees_answers, sight)
    found = []
    for protocol in protocols_in(sight):
        now = settled(sight, protocol.name)
        several = found_conflicts({name: each.answers for name, each in now.items()})
        found += [
            Conflict(protocol.name, indicator, author, tuple(answers))
            for indicator, by_author in several.items()
            for author, answers in by_author.items()
        ]
    return found


def own_latest(sight: Sight, protocol: str, indicator: str) -> list[Answer]:
    """The person's own answers that stand: none, one, or several that conflict."""
    return answers_where(
        sight, protocol=protocol, indicator=indicator, is_latest=True, author_id=sight.person
    )


def is_agreed(sight: Sight, protocol: str, indicator: str) -> bool:
    """Whether somebody agreed to what stands now, so that it is answered no more."""
    about = {"round_id": sight.round, "protocol": protocol, "indicator": indicator}
    newest = Settlement.objects.filter(**about, is_latest=True).first()
    if newest is None or newest.kind != Settlement.Kind.AGREED:
        return False
    stands = AnswerTable.objects.filter(**about, is_latest=True).values_list("id", flat=True)
    return set(newest.covers) == set(stands)


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """That an indicator was settled, disputed or reopened."""

    id: str
    ruling: Ruling
    answer: str | None
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """All that was ever said of an indicator, the older first."""

    answers: tuple[Answer, ...]
    follows: Mapping[str, tuple[str, ...]]
    """Ids of the answers that each was written over."""
    settlements: tuple[SettlementRow, ...]


def history(sight: Sight, protocol: str, indicator: str) -> History:
    """All answers and settlements of an indicator; for those who see answers.

    Nothing to one who still has to answer alone.
    """
    require(sight.sees_answers, sight)
    about = {"protocol": protocol, "indicator": indicator}
    if standing_in(sight.round, protocol, [indicator]).hidden_from(sight):
        return History((), {}, ())
    over = AnswerTable.objects.filter(round_id=sight.round, **about)
    rows = Settlement.objects.filter(round_id=sight.round, **about).select_related("by")
    return History(
        tuple(answers_where(sight, **about)),
        {
            id: tuple(each for each in (follows, *also) if each)
            for id, follows, also in over.values_list("id", "follows_id", "also")
        },
        tuple(
            SettlementRow(row.id, Ruling(row.kind), row.answer_id, row.note, row.by.name, row.at)
            for row in rows
        ),
    )


def compare_rounds(newer: Sight, older: Sight, protocol: str) -> comparing.Comparison | None:
    """Compare two rounds that the person may see on a protocol of the newer one.

    None where the older round used no version of it, or none that the newer one maps from. Without
    what the person still has to answer alone in either: how it moved would say what others gave.
    """
    return compare_in(newer, *everything(newer, protocol), older)


def compare_in(
    newer: Sight, asked: Protocol, now: Standing, older: Sight
) -> comparing.Comparison | None:
    """Compare so a newer round whose standing was read already."""
    before = next((each for each in protocols_in(older) if each.id == asked.id), None)
    if before is None:
        return None
    _, then = everything(older, before.name)
    found = comparing.compare(
        comparing.Side(before, then.settled), comparing.Side(asked, now.settled), method_of(asked)
    )
    if found is None:
        return None
    old, new = _Side(older, then), _Side(newer, now)
    hidden_then, hidden_now = then.hidden_from(older), now.hidden_from(newer)
    hidden = {
        each.indicator
        for each in found.indicators
        if each.indicator is not None and (each.indicator in hidden_now or each.was in hidden_then)
    }
    held = _held(asked, now, hidden)
    return replace(
        found,
        indicators=tuple(
            _moved(each, old, new) for each in found.indicators if each.indicator not in hidden
        ),
        figures=tuple(each for each in found.figures if (each.of, each.id, each.scale) not in held),
    )


class _Side:
    """One of two rounds that are compared, as a person sees it."""

    def __init__(self, sight: Sight, standing: Standing) -> None:
        self.sight, self.protocol = sight, standing.protocol
        self.shown = {id: item.seen_by(sight) for id, item in standing.items.items()}

    def seen(self, settled: Settled | None) -> Settled | None:
        if settled is None:
            return None
        return seen(settled, self.shown, self.sight, self.protocol)


def _moved(moved: comparing.Moved, old: _Side, new: _Side) -> comparing.Moved:
    """Take out of a comparison what the person may not see of either round."""
    return replace(
        moved,
        before=old.seen(moved.before),
        now=new.seen(moved.now),
        evidence_added=visible(moved.evidence_added, new.shown),
        evidence_gone=visible(moved.evidence_gone, old.shown),
    )
