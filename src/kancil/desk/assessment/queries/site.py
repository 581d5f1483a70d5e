"""The site itself: who has an account, and which keys are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kancil.desk.assessment.access import may_keep_keys, may_keep_site
from kancil.desk.assessment.models import FocalCountry, KnownKey, Part, RoadStep
from kancil.desk.people.models import Person
from kancil.ground.errors import ActNotYours, PersonNotFound

__all__ = [
    "AccountRow", "KeyRow", "Part", "StepStage", "accounts", "acting_account", "active_accounts",
    "key_owners", "known_keys",
]  # fmt: skip
StepStage = RoadStep.Stage


@dataclass(frozen=True, slots=True)
class AccountRow:
    """Somebody who has an account."""

    id: int
    username: str
    name: str
    role: str
    is_active: bool
    countries: tuple[str, ...]
    """Codes of those a focal point or donor reader was given."""


def accounts(person: Person) -> list[AccountRow]:
    """List all accounts by name, for those who keep the site; raises ActNotYours."""
    if not may_keep_site(person):
        raise ActNotYours(name=person.name)
    given: dict[int, list[str]] = {}
    for row in FocalCountry.objects.order_by("country_id"):
        given.setdefault(row.person_id, []).append(row.country_id)
    return [
        AccountRow(
            each.pk, each.username, each.name, each.role, each.is_active,
            tuple(given.get(each.pk, ())),
        )
        for each in Person.objects.order_by("name", "pk")
    ]  # fmt: skip


def acting_account(username: str) -> Person:
    """Find an active account by its user name; raises PersonNotFound."""
    found = Person.objects.filter(username=username[:60], is_active=True).first()
    if found is None:
        raise PersonNotFound(name=username[:60])
    return found


def active_accounts() -> list[Person]:
    """List the active accounts by user name."""
    return list(Person.objects.filter(is_active=True).order_by("username"))


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key under which a colleague signs her files."""

    fingerprint: str
    username: str
    name: str
    compared_how: str
    added_at: datetime
    ended_at: datetime | None


def known_keys(person: Person) -> list[KeyRow]:
    """List the known keys, those that ended too; raises ActNotYours."""
    if not may_keep_keys(person):
        raise ActNotYours(name=person.name)
    return [
        KeyRow(
            row.fingerprint, row.person.username, row.person.name, row.compared_how, row.added_at,
            row.ended_at,
        )
        for row in KnownKey.objects.select_related("person")
    ]  # fmt: skip


def key_owners() -> dict[str, str]:
    """Give whose answers come under each key that has not ended, by fingerprint."""
    found = KnownKey.objects.filter(ended_at=None).values_list("fingerprint", "person_id")
    return {name: str(person) for name, person in found}
