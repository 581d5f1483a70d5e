"""Who may see and do what with a round, a country and what was released. All of it stands here.

Pure functions: rows in, a sight out. Queries and actions ask the sight; none looks at a role by
itself. What an interview says is seen by its author and by the round's lead, and leaves the site
never.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kancil.desk.people.models import Person, Role

from .models import Part, Round, TeamMember

PARTS: Mapping[Role, frozenset[Part]] = {
    Role.TEAM_LEAD: frozenset(Part),
    Role.ASSESSOR: frozenset({Part.ASSESSOR, Part.REVIEWER}),
    Role.REVIEWER: frozenset({Part.REVIEWER}),
}
"""The parts that a role may have in a team."""
COUNTRY_SIDE = (Role.FOCAL_POINT, Role.MINISTRY)
"""Roles that look at a round from the country's side."""
OF_COUNTRIES = (*COUNTRY_SIDE, Role.DONOR_READER)
"""Roles that see the countries they were given."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person sees of a round and may do in it; only `queries.rounds.enter` gives one."""

    person: int
    name: str
    role: Role
    part: Part | None
    """What the person does in the round, as far as their role allows; None: not in its team."""
    round: str
    title: str
    country: str
    is_open: bool
    protocols: Mapping[str, str] = field(default_factory=dict)
    """Digests of the round's protocols, by name."""
    instruments: frozenset[str] = frozenset()
    """Instruments whose provisions the round asks; empty: all of its protocols."""
    answers_in: frozenset[str] = frozenset()
    """Protocols in which a lead gives answers of their own."""
    is_leaving: bool = False
    """Whether what is read leaves the site: a report, an export, a colleague's file."""

    def leaving(self) -> Sight:
        """The sight for what leaves the site: no interview, not even one's own."""
        return replace(self, is_leaving=True)

    @property
    def is_lead(self) -> bool:
        """Whether the person leads the round."""
        return self.part is Part.LEAD

    @property
    def is_officer(self) -> bool:
        """Whether the person keeps the programme."""
        return self.role is Role.PROGRAMME_OFFICER

    @property
    def is_focal(self) -> bool:
        """Whether the person decides for the country."""
        return self.role is Role.FOCAL_POINT

    @property
    def of_country(self) -> bool:
        """Whether the person looks from the country's side."""
        return self.role in COUNTRY_SIDE

    @property
    def sees_answers(self) -> bool:
        """Each assessor's own answers, comments and disputes."""
        return self.part is not None or self.is_officer

    def sees_others(self, protocol: str, authors: Collection[str]) -> bool:
        """Whether the person sees what others gave to a question; `authors`: who has answered it.

        Assessors answer on their own: while the round is open, each has to answer before seeing
        what the others gave. A lead sees all; one who also answers a protocol is bound in it as an
        assessor is, until two have answered a question: then the lead may have to settle it.
        A question that somebody agreed on is not asked here: it is answered no more.
        """
        if not self.is_open or not self.may_answer or str(self.person) in authors:
            return True
        if not self.is_lead:
            return False
        return self.is_leaving or protocol not in self.answers_in or len(set(authors)) > 1

    @property
    def sees_withheld(self) -> bool:
        """Documents that are withheld from what leaves the site."""
        return self.sees_answers and not self.is_leaving

    def sees_interview(self, author: int | None) -> bool:
        """Whether the person sees an interview (`author`: whose) and that evidence is of it."""
        return not self.is_leaving and (self.is_lead or author == self.person)

    @property
    def may_hold_interviews(self) -> bool:
        """Record interviews, and read one's own."""
        return self.part in (Part.LEAD, Part.ASSESSOR)

    @property
    def may_answer(self) -> bool:
        """Answer, settle, bring evidence."""
        return self.part in (Part.LEAD, Part.ASSESSOR)

    @property
    def may_comment(self) -> bool:
        """Comment on an answer or on a text of the report."""
        return self.part is Part.REVIEWER or self.of_country

    @property
    def may_reply(self) -> bool:
        """Reply to a comment for the team."""
        return self.may_answer

    @property
    def may_sign_off(self) -> bool:
        """Record that an official of the country signed the round off."""
        return self.is_focal

    @property
    def may_run(self) -> bool:
        """Change team and respondents, take files in."""
        return self.is_lead or self.is_officer

    @property
    def may_plan(self) -> bool:
        """Write the plan, its targets and its due diligence."""
        return self.is_lead or self.is_officer

    @property
    def writes_plan(self) -> bool:
        """Write it now: a closed round's plan is carried out, and not rewritten."""
        return self.is_open and self.may_plan

    @property
    def chooses(self) -> bool:
        """Say now what the country itself wants."""
        return self.is_open and self.may_choose

    @property
    def may_approve(self) -> bool:
        """Approve an item of the plan."""
        return self.is_officer

    @property
    def may_choose(self) -> bool:
        """What the country itself wants."""
        return self.is_focal

    @property
    def may_reject(self) -> bool:
        """Reject an item of the plan."""
        return self.is_focal or self.is_officer

    @property
    def may_map_road(self) -> bool:
        """Write the road to ratification and law: the team, and the country itself."""
        return self.may_answer or self.is_officer or self.is_focal

    @property
    def may_compare_texts(self) -> bool:
        """Record that a lawyer compared a provision with the official text."""
        return self.may_answer or self.is_officer

    @property
    def may_release(self) -> bool:
        """Record that an official released a document, or withdrew it."""
        return self.is_focal or self.is_officer


def may_write_text(sight: Sight, section: str, own: Collection[str]) -> bool:
    """Whether a person may write a text of the report; `own`: sections of areas they assess."""
    return sight.may_plan or (sight.may_answer and section in own)


def sight_of(
    person: Person, round: Round, team: Iterable[TeamMember], countries: Collection[str]
) -> Sight | None:
    """What a person sees of a round; None: it is as if there were no such round.

    `team`: the round's members, or the person alone. `countries`: codes of those given to them.
    """
    role = Role(person.role)
    own = [member.part for member in team if member.person_id == person.pk]
    part = Part(own[0]) if own and own[0] in PARTS.get(role, ()) else None
    of_country = role in COUNTRY_SIDE and round.country_id in countries
    if not person.is_active or not (part or of_country or role is Role.PROGRAMME_OFFICER):
        return None
    return Sight(
        person=person.pk,
        name=person.name,
        role=role,
        part=part,
        round=round.id,
        title=round.title,
        country=round.country_id,
        is_open=round.closed_at is None,
        instruments=frozenset(round.instruments),
    )


@dataclass(frozen=True, slots=True)
class CountrySight:
    """What a person sees of a country; only `queries.countries.enter_country` gives one."""

    person: int
    name: str
    role: Role
    country: str
    in_team: bool
    """Whether the person leads or assesses a round there."""
    reads_team: bool
    """Whether the person is in a round there at all."""

    @property
    def sees_books(self) -> bool:
        """Statutes, status of treaties, and the board."""
        return self.reads_team or self.role in (Role.PROGRAMME_OFFICER, *COUNTRY_SIDE)

    @property
    def may_write(self) -> bool:
        """Add statutes and the status of treaties."""
        return self.in_team or self.role is Role.PROGRAMME_OFFICER

    @property
    def may_keep_board(self) -> bool:
        """Add bodies, their meetings and matters: the team, and the country's focal point."""
        return self.may_write or self.role is Role.FOCAL_POINT


def country_sight_of(
    person: Person, country: str, parts: Collection[str], countries: Collection[str]
) -> CountrySight | None:
    """What a person sees of a country; None: it is as if there were no such country.

    `parts`: what the person does in rounds there. `countries`: codes of those given to them.
    """
    role = Role(person.role)
    fitting = {Part(part) for part in parts if part in PARTS.get(role, ())}
    given = role in OF_COUNTRIES and country in countries
    if not person.is_active or not (fitting or given or sees_all_countries(person)):
        return None
    return CountrySight(
        person=person.pk,
        name=person.name,
        role=role,
        country=country,
        in_team=bool(fitting & {Part.LEAD, Part.ASSESSOR}),
        reads_team=bool(fitting),
    )


def sees_all_countries(person: Person) -> bool:
    """Whether a person sees that there is each country."""
    return person.role in (Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR)


def sees_all_rounds(person: Person) -> bool:
    """Whether a person sees every round."""
    return person.is_active and person.role == Role.PROGRAMME_OFFICER


def sees_rounds(person: Person) -> bool:
    """Whether there is any round that a person may ever see: a donor reader sees none."""
    return person.role != Role.DONOR_READER


def may_keep_site(person: Person) -> bool:
    """Whether a person may add countries, protocols and who speaks for a country."""
    return person.is_active and person.role in (Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER)


def may_keep_keys(person: Person) -> bool:
    """Whether a person may add or end the keys of colleagues."""
    return may_keep_site(person) or (person.is_active and person.role == Role.TEAM_LEAD)


def may_import_texts(person: Person) -> bool:
    """Whether a person may import the official text of an instrument."""
    return may_keep_keys(person)


def may_open_round(person: Person) -> bool:
    """Whether a person may open a round."""
    return person.is_active and person.role in (Role.PROGRAMME_OFFICER, Role.TEAM_LEAD)


def may_write_study(person: Person) -> bool:
    """Whether a person may write findings of a study over countries."""
    return may_open_round(person)


def may_publish_study(person: Person) -> bool:
    """Whether a person may publish a study: who sees what every country released."""
    return person.is_active and person.role == Role.PROGRAMME_OFFICER


def sees_released(person: Person, country: str, own: Collection[str]) -> bool:
    """Whether a person sees what a country released; `own`: their countries, by any road."""
    if not person.is_active or person.role == Role.ADMINISTRATOR:
        return False
    return person.role == Role.PROGRAMME_OFFICER or country in own
