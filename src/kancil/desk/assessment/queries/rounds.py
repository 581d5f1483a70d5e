"""Rounds: which there are for a person, who is in them, and what was done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from kancil.assessment.export import RespondentSaid
from kancil.desk.assessment.access import Sight, sees_all_rounds, sight_of
from kancil.desk.assessment.errors import ActNotYours, RoundNotFound
from kancil.desk.assessment.models import (
    Act,
    Answer,
    Part,
    ProtocolFile,
    Respondent,
    Round,
    TeamMember,
)
from kancil.desk.assessment.queries.countries import given_countries
from kancil.desk.people.models import Person
from kancil.ground.filled import filled

OF_INTERVIEWS = "interview."
"""How the acts begin that only the lead and whoever did them see."""
_PROTOCOLS = Prefetch("protocols", ProtocolFile.objects.only("name"))
"""By name alone: the text of one is as long as all else of a thousand rounds."""


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round in a list."""

    id: str
    title: str
    country: str
    country_name: str
    scope: str
    period_from: date
    period_to: date
    protocols: tuple[str, ...]
    older: str | None
    opened_at: datetime
    closed_at: datetime | None
    closed_as: str
    """`assessment.voice.ClosedAs`; empty: it is open, or was closed before this was kept."""


def enter(person: Person, round: str) -> Sight:
    """What a person sees of a round; raises RoundNotFound, also for one not theirs."""
    row = Round.objects.filter(id=round[:36]).first()
    if row is None:
        raise RoundNotFound
    team = TeamMember.objects.filter(round_id=row.id, person=person)
    sight = sight_of(person, row, team, given_countries(person))
    if sight is None:
        raise RoundNotFound
    kept = ProtocolFile.objects.filter(rounds=row.id).values_list("name", "sha256")
    own = _answers_in(person, [sight]).get(row.id, ())
    return replace(sight, protocols=dict(kept), answers_in=frozenset(own))


def _answers_in(person: Person, sights: Iterable[Sight]) -> dict[str, set[str]]:
    """Name by round the protocols that the person answers too, of open rounds that they lead."""
    led = [each.round for each in sights if each.is_lead and each.is_open]
    found: dict[str, set[str]] = {}
    if led:
        given = Answer.objects.filter(round_id__in=led, author=person, is_latest=True)
        for round, protocol in given.values_list("round_id", "protocol").distinct():
            found.setdefault(round, set()).add(protocol)
    return found


def sights(person: Person, ids: Collection[str]) -> dict[str, Sight]:
    """What a person sees of each of these rounds, without their protocols, in four queries."""
    team: dict[str, list[TeamMember]] = {}
    for member in TeamMember.objects.filter(person=person):
        team.setdefault(member.round_id, []).append(member)
    given = given_countries(person)
    found = {
        row.id: sight_of(person, row, team.get(row.id, ()), given)
        for row in Round.objects.filter(id__in=ids)
    }
    seen = {id: sight for id, sight in found.items() if sight is not None}
    own = _answers_in(person, seen.values())
    return {id: replace(sight, answers_in=frozenset(own.get(id, ()))) for id, sight in seen.items()}


def enter_if_seen(person: Person, round: str | None) -> Sight | None:
    """What a person sees of a round; None where there is none, or none of theirs."""
    try:
        return enter(person, round) if round else None
    except RoundNotFound:
        return None


def require(allowed: bool, sight: Sight) -> None:
    """Refuse what is not a person's to see or do in a round that they see."""
    if not allowed:
        raise ActNotYours(name=sight.name)


def rounds(person: Person, country: str | None = None) -> list[RoundRow]:
    """List the rounds that a person sees, the newest first, of all countries or of one."""
    found = _seen(person).select_related("country").prefetch_related(_PROTOCOLS)
    if country is not None:
        found = found.filter(country_id=country[:3])
    return [round_row(row) for row in found]


def _seen(person: Person) -> QuerySet[Round]:
    """Find the rounds for which `enter` gives a sight."""
    if sees_all_rounds(person):
        return Round.objects.all()
    given = given_countries(person)
    found = Round.objects.filter(Q(team__person=person) | Q(country_id__in=given)).distinct()
    members = TeamMember.objects.filter(person=person)
    team: dict[str, list[TeamMember]] = {}
    for member in members:
        team.setdefault(member.round_id, []).append(member)
    ids = [row.id for row in found if sight_of(person, row, team.get(row.id, ()), given)]
    return Round.objects.filter(id__in=ids)


def round_row(row: Round) -> RoundRow:
    """Make a value of a row whose country and protocols were read with it."""
    return filled(
        RoundRow,
        row,
        country=row.country_id,
        country_name=row.country.shown_name,
        protocols=tuple(sorted(each.name for each in row.protocols.all())),
        older=row.older_id,
    )


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody of a team."""

    person: int
    name: str
    part: Part
    areas: tuple[str, ...]
    """`protocol:area`; empty: all."""


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round, its team and its respondents."""

    row: RoundRow
    team: tuple[MemberRow, ...]
    respondents: tuple[RespondentSaid, ...]


def round_of(sight: Sight) -> RoundView:
    """A round with its team and respondents."""
    row = Round.objects.select_related("country").prefetch_related(_PROTOCOLS).get(id=sight.round)
    asked = Respondent.objects.filter(round_id=sight.round)
    return RoundView(
        round_row(row),
        tuple(team_of(sight)),
        tuple(filled(RespondentSaid, each) for each in asked),
    )


def team_of(sight: Sight) -> list[MemberRow]:
    """List the team of a round by name."""
    found = TeamMember.objects.filter(round_id=sight.round).select_related("person")
    return [
        MemberRow(each.person_id, each.person.name, Part(each.part), tuple(each.areas))
        for each in found.order_by("person__name", "person_id")
    ]


def names_in(sight: Sight) -> dict[str, str]:
    """The names behind `Answer.by`: of everyone who has answered or is in the team.

    Empty from the country's side, where nobody's own answers are shown.
    """
    if not sight.sees_answers:
        return {}
    # Two small lists: joined at once, every answer of the site would be gone through.
    answered = Answer.objects.filter(round_id=sight.round).values_list("author_id", flat=True)
    members = TeamMember.objects.filter(round_id=sight.round).values_list("person_id", flat=True)
    found = Person.objects.filter(pk__in={*answered.order_by().distinct(), *members})
    return {str(key): name for key, name in found.values_list("pk", "name")}


@dataclass(frozen=True, slots=True)
class ActRow:
    """That somebody did something."""

    id: int
    at: datetime
    by: str
    """Empty: a command on the machine."""
    kind: str
    about: str
    details: Mapping[str, Any]


def acts(sight: Sight, *, most: int = 100, before: int | None = None) -> list[ActRow]:
    """List what was done in a round, the newest first; of interviews only what one may know."""
    require(sight.sees_answers, sight)
    found = Act.objects.filter(round=sight.round).select_related("person")
    if not sight.is_lead or sight.is_leaving:
        hidden = Q(kind__startswith=OF_INTERVIEWS)
        if not sight.is_leaving:
            hidden &= ~Q(person_id=sight.person)
        found = found.exclude(hidden)
    if before is not None:
        found = found.filter(id__lt=before)
    return [act_row(row) for row in found[:most]]


def act_row(row: Act) -> ActRow:
    """Make a value of a row whose person was read with it."""
    by = row.person.name if row.person else ""
    return ActRow(row.id, row.at, by, row.kind, row.about, row.details)
