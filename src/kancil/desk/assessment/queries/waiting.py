"""What waits for a person across their rounds: questions, disputes, items of plans.

In a handful of queries, however many rounds there are; what a person may see is asked of the sight
of each. Of rounds under way the newest are looked at, as many as `most`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from kancil.assessment.answer import Outcome, Settled
from kancil.assessment.method import asked_of
from kancil.assessment.planning.plan import ItemState
from kancil.assessment.protocol import Text
from kancil.desk.assessment.access import Sight, sees_all_rounds, sight_of
from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in
from kancil.desk.assessment.models import Answer as AnswerTable
from kancil.desk.assessment.models import (
    Part,
    PlanItem,
    ProtocolFile,
    Round,
    Settlement,
    TeamMember,
)
from kancil.desk.assessment.queries.answers import areas_owed
from kancil.desk.assessment.queries.carry_over import (
    SourceChange,
    article_words,
    changed_sources,
)
from kancil.desk.assessment.queries.countries import given_countries
from kancil.desk.assessment.queries.rounds import enter
from kancil.desk.assessment.rows import hidden_in, settled_in, without
from kancil.desk.people.models import Person


@dataclass(frozen=True, slots=True)
class RoundPlace:
    """A round by the names that a list shows."""

    id: str
    title: str
    country: str
    country_name: str


@dataclass(frozen=True, slots=True)
class OwedRow:
    """What a person still has to answer of one protocol in one round."""

    round: RoundPlace
    protocol: str
    title: Text
    """Of the protocol."""
    owed: int
    given: int
    missing: tuple[str, ...]
    """Indicators, in the protocol's order."""


@dataclass(frozen=True, slots=True)
class DisputedRow:
    """The disputes of one protocol in a round that a person leads."""

    round: RoundPlace
    protocol: str
    title: Text
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What a person has to answer and to settle."""

    owed: tuple[OwedRow, ...] = ()
    disputed: tuple[DisputedRow, ...] = ()
    left_out: int = 0
    """Rounds under way that are older than those that were looked at."""


def work_of(person: Person, *, most: int = 6) -> Work:
    """What a person owes in rounds under way, and what is disputed in those they lead."""
    members = list(
        TeamMember.objects.filter(person=person, round__closed_at=None)
        .select_related("round__country")
        .order_by("-round__period_to", "-round__opened_at")
    )
    seen = [(each, sight) for each in members if (sight := _sight(person, each)) is not None]
    answering = [(each, sight) for each, sight in seen if sight.may_answer]
    now = answering[:most]
    protocols = _protocols([sight.round for _, sight in now])
    mine = _own_answers(person, _ids(now))
    now = [
        (
            each,
            replace(
                sight,
                protocols=protocols[sight.round],
                answers_in=frozenset(name for round, name in mine if round == sight.round),
            ),
        )
        for each, sight in now
    ]
    closed = _closed(_ids(now), mine)
    led = {sight.round for _, sight in now if sight.is_lead}
    gates = _gates(sight for _, sight in now)
    standing = {**settled_in(led), **settled_in(_ids(now) - led, gates)}
    owed: list[OwedRow] = []
    disputed: list[DisputedRow] = []
    for member, sight in now:
        place = _place(member.round)
        for asked in protocols_in(sight):
            key = (sight.round, asked.name)
            whole = standing.get(key, {})
            settled = without(whole, hidden_in(whole, sight, asked.name))
            open_ones = asked_of(asked, settled)
            part, answers = Part(member.part), key in mine
            hers = areas_owed(part, member.areas, asked, answers=answers)
            due = [
                each.id
                for each in open_ones
                if each.area in hers and each.id not in closed.get(key, ())
            ]
            missing = tuple(name for name in due if name not in mine.get(key, ()))
            if due:
                given = len(due) - len(missing)
                owed.append(OwedRow(place, asked.name, asked.title, len(due), given, missing))
            if sight.is_lead:
                found = tuple(each.id for each in open_ones if _is_disputed(settled.get(each.id)))
                if found:
                    disputed.append(DisputedRow(place, asked.name, asked.title, found))
    return Work(tuple(owed), tuple(disputed), max(0, len(answering) - most))


def _sight(person: Person, member: TeamMember) -> Sight | None:
    return sight_of(person, member.round, [member], ())


def _ids(rounds: Iterable[tuple[TeamMember, Sight]]) -> set[str]:
    return {sight.round for _, sight in rounds}


def _is_disputed(settled: Settled | None) -> bool:
    return settled is not None and settled.outcome is Outcome.DISPUTED


def _place(round: Round) -> RoundPlace:
    return RoundPlace(round.id, round.title, round.country_id, round.country.shown_name)


def _protocols(rounds: Collection[str]) -> dict[str, dict[str, str]]:
    """The digests of the protocols of each round, by name."""
    found: dict[str, dict[str, str]] = {round: {} for round in rounds}
    used = ProtocolFile.objects.filter(rounds__in=rounds)
    for round, name, sha256 in used.values_list("rounds", "name", "sha256"):
        if round in found:
            found[round][name] = sha256
    return found


def _gates(sights: Iterable[Sight]) -> set[str]:
    """Name the indicators whose answers decide whether others are asked."""
    return {
        each.asked_if.indicator
        for sight in sights
        for asked in protocols_in(sight)
        for each in asked.indicators.values()
        if each.asked_if is not None
    }


def _own_answers(person: Person, rounds: Collection[str]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    given = AnswerTable.objects.filter(author=person, round_id__in=rounds, is_latest=True)
    for round, protocol, indicator in given.values_list("round_id", "protocol", "indicator"):
        found.setdefault((round, protocol), set()).add(indicator)
    return found


def _closed(
    rounds: Collection[str], mine: Mapping[tuple[str, str], Collection[str]]
) -> dict[tuple[str, str], set[str]]:
    """Find what one has not answered and nobody answers any more, since somebody agreed on it."""
    settled = Settlement.objects.filter(
        round_id__in=rounds, kind=Settlement.Kind.AGREED, is_latest=True
    )
    agreed = {
        (round, protocol, indicator): set(covers)
        for round, protocol, indicator, covers in settled.values_list(
            "round_id", "protocol", "indicator", "covers"
        )
        if indicator not in mine.get((round, protocol), ())
    }
    names = {indicator for _, _, indicator in agreed}
    standing: dict[tuple[str, str, str], set[str]] = {}
    given = AnswerTable.objects.filter(round_id__in=rounds, indicator__in=names, is_latest=True)
    for *key, id in given.values_list("round_id", "protocol", "indicator", "id"):
        standing.setdefault((key[0], key[1], key[2]), set()).add(id)
    found: dict[tuple[str, str], set[str]] = {}
    for (round, protocol, indicator), covers in agreed.items():
        if standing.get((round, protocol, indicator)) == covers:
            found.setdefault((round, protocol), set()).add(indicator)
    return found


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """That a person's answer was carried over from one that they have changed since."""

    round: RoundPlace
    change: SourceChange
    name: str
    """Of the provision that was answered."""
    source: str
    """Of the provision from which it was carried over."""


def changed_answers(person: Person, *, most: int = 20) -> tuple[list[ChangedRow], int]:
    """List a person's answers in rounds under way whose source has changed, and count them all."""
    under_way = Round.objects.filter(closed_at=None, team__person=person).select_related("country")
    rounds = {each.id: each for each in under_way}
    changes = list(changed_sources(rounds, author_id=person.pk).values())
    rows = []
    for each in changes[:most]:
        asked = protocol_in(enter(person, each.round), each.protocol)
        names = article_words(asked, each.indicator), article_words(asked, each.source)
        rows.append(ChangedRow(_place(rounds[each.round]), each, *names))
    return rows, len(changes)


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A plan with items that are proposed, and neither approved nor rejected yet."""

    round: RoundPlace
    count: int


def proposed_items(person: Person, *, most: int = 20) -> list[ProposedRow]:
    """Count the proposed items of the plans on which a person decides, by round.

    An officer approves them, a focal point says what the country wants.
    """
    found = PlanItem.objects.filter(
        _within(person, lambda sight: sight.may_approve or sight.may_choose),
        state=ItemState.PROPOSED.value,
    )
    counts = dict(found.values_list("round_id").annotate(count=Count("id")).order_by())
    rounds = Round.objects.filter(id__in=counts).select_related("country")[:most]
    return [ProposedRow(_place(row), counts[row.id]) for row in rounds]


def _within(person: Person, allowed: Callable[[Sight], bool]) -> Q:
    """The condition that a row is of a round in which something is a person's to see or do.

    An officer sees every round alike, and is asked about none.
    """
    if sees_all_rounds(person):
        any_round = Round(id="", country_id="", title="")
        sight = sight_of(person, any_round, (), ())
        return Q() if sight is not None and allowed(sight) else Q(pk__in=[])
    given = given_countries(person)
    members = TeamMember.objects.filter(person=person).select_related("round")
    team = {each.round_id: each for each in members}
    rounds = [each.round for each in team.values()]
    rounds += Round.objects.filter(country_id__in=given).exclude(id__in=team)
    allowed_ids = []
    for each in rounds:
        own = [team[each.id]] if each.id in team else []
        sight = sight_of(person, each, own, given)
        if sight is not None and allowed(sight):
            allowed_ids.append(each.id)
    return Q(round_id__in=allowed_ids)
