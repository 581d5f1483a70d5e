"""Who may see and do what in the programme's books. All of it stands here.

Pure functions: rows in, a sight out; queries and actions ask the sight. The country's side sees
what is done for its country and its own people there; finance sees money and no people; a donor
reader sees the grants of the donor they read for, what they pay for, and published reports.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kancil.desk.assessment.access import COUNTRY_SIDE
from kancil.desk.people.models import Person, Role

TEAM = (Role.TEAM_LEAD, Role.ASSESSOR, Role.REVIEWER)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person may do in the books at large; only `entering.desk_of` gives one."""

    person: int
    name: str
    role: Role
    countries: frozenset[str]
    """Codes of those given to them, or in whose rounds they work."""
    donors: frozenset[str]
    """Ids of the donors they read for."""

    @property
    def may_write(self) -> bool:
        """Plan and change activities, people, results and reports."""
        return self.role is Role.PROGRAMME_OFFICER

    @property
    def may_keep_money(self) -> bool:
        """Change donors, grants, budgets, rates, and import spending."""
        return self.role in (Role.PROGRAMME_OFFICER, Role.FINANCE)

    @property
    def sees_all(self) -> bool:
        """Activities of every country, and the results framework."""
        return self.role in (Role.PROGRAMME_OFFICER, Role.FINANCE)

    @property
    def sees_framework(self) -> bool:
        """The results framework; which figures, `results.figures` asks of countries and donors."""
        return self.role is not Role.ADMINISTRATOR

    @property
    def sees_money(self) -> bool:
        """Budgets, spending and grants of every donor."""
        return self.may_keep_money

    @property
    def sees_all_people(self) -> bool:
        """Participants of every country, by name."""
        return self.role is Role.PROGRAMME_OFFICER

    @property
    def sees_own_people(self) -> bool:
        """Participants of their own countries, by name: who speaks for the country names them."""
        return self.role is Role.FOCAL_POINT

    @property
    def of_country(self) -> bool:
        """Whether the person looks from the country's side."""
        return self.role in COUNTRY_SIDE

    @property
    def is_donor(self) -> bool:
        """Whether the person reads for a donor."""
        return self.role is Role.DONOR_READER

    def sees_people_of(self, country: str | None) -> bool:
        """Whether the person sees a country's participants by name."""
        return self.sees_all_people or (self.sees_own_people and country in self.countries)

    def sees_activity(self, countries: Collection[str], donors: Collection[str]) -> bool:
        """Whether there is an activity for the person; `donors`: ids of those who pay for it."""
        if self.sees_all:
            return True
        if self.is_donor:
            return bool(self.donors & set(donors))
        return self.role is not Role.ADMINISTRATOR and bool(self.countries & set(countries))


def desk_for(person: Person, countries: Collection[str], donors: Collection[str]) -> Desk:
    """What a person may do in the books."""
    return Desk(person.pk, person.name, Role(person.role), frozenset(countries), frozenset(donors))


@dataclass(frozen=True, slots=True)
class ActivitySight:
    """What a person sees of one activity; only `entering.enter_activity` gives one."""

    desk: Desk
    activity: str
    code: str
    title: str
    version: int

    @property
    def may_write(self) -> bool:
        """Change it, its agenda, its papers, its attendance."""
        return self.desk.may_write

    @property
    def may_register(self) -> bool:
        """Register participants: the desk any, a focal point those of their own country."""
        return self.desk.may_write or self.desk.sees_own_people

    @property
    def sees_people(self) -> bool:
        """See names at all; which ones, `Desk.sees_people_of` says."""
        return self.desk.sees_all_people or self.desk.sees_own_people

    @property
    def sees_money(self) -> bool:
        """Its budget and spending."""
        return self.desk.sees_money


@dataclass(frozen=True, slots=True)
class GrantSight:
    """What a person sees of one grant; only `entering.enter_grant` gives one."""

    desk: Desk
    grant: str
    reference: str
    title: str
    donor: str
    """Id."""
    version: int

    @property
    def may_keep(self) -> bool:
        """Change it, its budget, its receipts."""
        return self.desk.may_keep_money

    @property
    def sees_lines(self) -> bool:
        """Single lines of spending, and drafts of reports."""
        return self.desk.sees_money
