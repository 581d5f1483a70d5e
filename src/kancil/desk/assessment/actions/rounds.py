"""What is done to rounds: opened, closed, given a team and respondents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kancil.assessment.errors import ProtocolNotFound
from kancil.assessment.voice import ClosedAs
from kancil.desk.assessment.access import PARTS, Sight, may_open_round
from kancil.desk.assessment.errors import (
    ActNotYours,
    CommentsUnanswered,
    CountryNotFound,
    LeadMissing,
    PartNotFitting,
    SignOffMissing,
    TermNotPassed,
)
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_kept, protocols_in
from kancil.desk.assessment.models import (
    Country,
    Part,
    ProtocolFile,
    Respondent,
    Round,
    TeamMember,
)
from kancil.desk.assessment.queries.rounds import enter, require
from kancil.desk.assessment.queries.sign_offs import voice_of
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.base.opening import day_of, one_change
from kancil.desk.people.models import Person, Role
from kancil.ground import clock
from kancil.ground.ids import new_id

from .changing import changing, require_open


def open_round(
    *,
    by: Person,
    country: str,
    title: str,
    period_from: date,
    period_to: date,
    protocols: Sequence[str],
    scope: str = "",
    older: str | None = None,
    id: str | None = None,
    instruments: Sequence[str] = (),
) -> str:
    """Open a round on one or more kept protocols; gives its id. A team lead leads what they open.

    `instruments`: whose provisions alone it asks; none: all of its protocols. `older`: the round it
    is compared with. `id`: that of the same round on another installation.
    Raises CountryNotFound, ProtocolNotFound, RoundNotFound, FieldNotUsable, ActNotYours.
    """
    if not may_open_round(by):
        raise ActNotYours(name=by.name)
    if period_to < period_from:
        raise unusable("period_to", "order")
    with one_change():
        if not Country.objects.filter(code=country[:3]).exists() or len(country) != 3:
            raise CountryNotFound(code=country[:12])
        if older is not None and enter(by, older).country != country:
            raise unusable("older", "older-round")
        used = _protocols(protocols)
        row = Round(
            id=id or new_id(),
            country_id=country,
            title=title,
            scope=scope,
            period_from=period_from,
            period_to=period_to,
            older_id=older,
            instruments=_instruments(used, instruments),
            opened_by=by,
            opened_at=clock.now(),
        )
        if Round.objects.filter(id=row.id).exists():
            raise unusable("older", "not-usable")
        keep(row, "title")
        row.protocols.set(used)
        if by.role == Role.TEAM_LEAD:
            keep(TeamMember(round=row, person=by, part=Part.LEAD))
        names = sorted(each.name for each in used)
        act = record("round.opened", by=by, country=country, about=title, protocols=names,
            instruments=row.instruments,
        )  # fmt: skip
        act.round = row.id
        keep_changed(act, ["round"])
    return row.id


def _protocols(names: Sequence[str]) -> list[ProtocolFile]:
    if not names:
        raise unusable("protocols", "blank")
    found = {each.name: each for each in ProtocolFile.objects.all()}
    for name in names:
        if name not in found:
            raise ProtocolNotFound(name=name[:80], known=", ".join(sorted(found)))
    return [found[name] for name in dict.fromkeys(names)]


def _instruments(used: Sequence[ProtocolFile], chosen: Sequence[str]) -> list[str]:
    """The chosen instruments in order; refused where no protocol of the round has one."""
    known = {name for each in used for name in protocol_kept(each.name, each.sha256).instruments}
    for name in chosen:
        if name not in known:
            raise unusable("instruments", "unknown", value=name[:40])
    return sorted(set(chosen))


def close_round(*, by: Person, round: str, unsigned: bool = False) -> None:
    """Close a round, as its lead: nothing is answered, settled or written into its report after.

    Its plan is carried out, not rewritten.

    Each comment has a reply by then, and the country signed off what stands. `unsigned`: the term
    passed without that. Silence or not, it is no agreement, and releases nothing. Raises
    CommentsUnanswered, SignOffMissing, TermNotPassed, RoundNotFound, RoundClosed, ActNotYours.
    """
    with changing(by, round) as sight:
        require(sight.is_lead, sight)
        require_open(sight)
        voice = voice_of(sight)
        if voice.unanswered:
            raise CommentsUnanswered(count=voice.unanswered)
        if not (unsigned or voice.is_signed):
            raise SignOffMissing(title=sight.title)
        end = voice.ends_as(day_of(clock.now())) if unsigned else ClosedAs.SIGNED_OFF
        if end is None:
            raise TermNotPassed(title=sight.title)
        closed_as = end.value
        Round.objects.filter(id=sight.round).update(closed_at=clock.now(), closed_as=closed_as)
        record("round.closed", by=by, sight=sight, about=sight.title, closed_as=closed_as)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is to be in a team."""

    person: int
    part: Part
    areas: tuple[str, ...] = ()
    """`protocol:area`; empty: all."""


def set_team(*, by: Person, round: str, members: Sequence[Member]) -> None:
    """Who is in a round's team: these, with one lead, and nobody else. Answers given stay.

    Raises LeadMissing, PartNotFitting, PersonNotFound, FieldNotUsable, RoundNotFound, ActNotYours.
    """
    with changing(by, round) as sight:
        require(sight.may_run, sight)
        if [each.part for each in members].count(Part.LEAD) != 1:
            raise LeadMissing
        if len({each.person for each in members}) != len(members):
            raise unusable("person")
        _check_areas(sight, members)
        people = {
            each.pk: each for each in Person.objects.filter(pk__in=[one.person for one in members])
        }
        team = TeamMember.objects.filter(round_id=sight.round)
        there = {each.person_id: each for each in team}
        for member in members:
            stays = member.person in there and there[member.person].part == member.part.value
            _check_part(people.get(member.person), member, stays=stays)
        team.exclude(person_id__in=people).delete()
        for member in members:
            row = there.get(member.person) or TeamMember(
                round_id=sight.round, person_id=member.person
            )
            row.part, row.areas = member.part, list(member.areas)
            if row._state.adding:
                keep(row)
            else:
                keep_changed(row, ["part", "areas"])
        told = {people[each.person].username: each.part.value for each in members}
        record("team.set", by=by, sight=sight, about=sight.title, members=told)


def _check_part(person: Person | None, member: Member, *, stays: bool) -> None:
    """Refuse a part that somebody may not have; one whose account ended keeps the part they had."""
    if person is None or not (person.is_active or stays):
        raise PersonNotFound(name=str(member.person))
    if member.part not in PARTS.get(Role(person.role), ()):
        raise PartNotFitting(name=person.name)


def _check_areas(sight: Sight, members: Sequence[Member]) -> None:
    known = {f"{each.name}:{area}" for each in protocols_in(sight) for area in each.areas}
    for area in sorted({area for member in members for area in member.areas} - known):
        raise unusable("areas", "unknown", value=area[:100])


def add_respondent(
    *, by: Person, round: str, organisation: str, sector: str, office: str = ""
) -> int:
    """Add an institution that answers; never a person's name. Raises as `set_team` does."""
    with changing(by, round) as sight:
        require(sight.may_run or sight.may_answer, sight)
        row = Respondent(
            round_id=sight.round, organisation=organisation, sector=sector, office=office
        )
        keep(row, "organisation", "sector")
        record("respondent.added", by=by, sight=sight, about=organisation)
    return int(row.pk)
