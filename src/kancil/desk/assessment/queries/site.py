"""The site itself: who has an account, which protocols it keeps, and which keys are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kancil.assessment.errors import ProtocolNotFound
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import may_keep_keys, may_keep_site, sees_all_rounds
from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.kept_protocols import protocol_kept
from kancil.desk.assessment.models import (
    Act,
    FocalCountry,
    KnownKey,
    Part,
    ProtocolFile,
    RoadStep,
    Round,
)
from kancil.desk.assessment.queries.rounds import OF_INTERVIEWS, ActRow, act_row
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.people.models import Person, Role
from kancil.desk.people.queries import factors_by_person
from kancil.ground.filled import filled

__all__ = [
    "AccountRow",
    "FactorRule",
    "KeptProtocol",
    "KeyRow",
    "Part",
    "RecordRow",
    "StepStage",
    "accounts",
    "acting_account",
    "active_accounts",
    "acts_on_account",
    "factor_rule",
    "keepers",
    "kept_protocol",
    "kept_protocols",
    "key_owners",
    "known_keys",
    "protocol_text",
    "record_of",
    "username_of",
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
    factors: tuple[str, ...]
    """Kinds of second factor, as `factors_of` gives them."""
    needs_factor: bool
    """Whether one is required of the role."""


def accounts(person: Person) -> list[AccountRow]:
    """List all accounts by name, for those who keep the site; raises ActNotYours."""
    if not may_keep_site(person):
        raise ActNotYours(name=person.name)
    factors = factors_by_person()
    given: dict[int, list[str]] = {}
    for row in FocalCountry.objects.order_by("country_id"):
        given.setdefault(row.person_id, []).append(row.country_id)
    return [
        filled(
            AccountRow, each, id=each.pk, countries=tuple(given.get(each.pk, ())),
            factors=tuple(factors.get(each.pk, ())), needs_factor=each.needs_second_factor,
        )
        for each in Person.objects.order_by("name", "pk")
    ]  # fmt: skip


FACTOR_RULE = "site.second-factor"
"""Kind of the act that says of which roles a second factor is required."""


@dataclass(frozen=True, slots=True)
class FactorRule:
    """Of whom a second factor is required on this site."""

    roles: frozenset[str]
    exception: str
    """Why administrators need none; empty: they do."""


def factor_rule() -> FactorRule:
    """The rule that holds now: the newest one in the site's record."""
    stated = Act.objects.filter(kind=FACTOR_RULE).values_list("details", flat=True).first() or {}
    exception = str(stated.get("exception", ""))
    always = () if exception else (Role.ADMINISTRATOR.value,)
    return FactorRule(frozenset((*stated.get("roles", ()), *always)), exception)


def acting_account(username: str) -> Person:
    """Find an active account by its user name; raises PersonNotFound."""
    found = Person.objects.filter(username=username[:60], is_active=True).first()
    if found is None:
        raise PersonNotFound(name=username[:60])
    return found


def username_of(person: int) -> str:
    """The user name of an account; raises PersonNotFound."""
    found = Person.objects.filter(pk=person).values_list("username", flat=True).first()
    if found is None:
        raise PersonNotFound(name=str(person)[:20])
    return found


def active_accounts() -> list[Person]:
    """List the active accounts by user name."""
    return list(Person.objects.filter(is_active=True).order_by("username"))


def keepers() -> list[Person]:
    """List the active accounts of those who keep the site, by user name."""
    return [each for each in active_accounts() if may_keep_site(each)]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key under which a colleague signs files."""

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
    """Whose answers come under each key that has not ended, by fingerprint."""
    found = KnownKey.objects.filter(ended_at=None).values_list("fingerprint", "person_id")
    return {name: str(person) for name, person in found}


@dataclass(frozen=True, slots=True)
class KeptProtocol:
    """A protocol that rounds may use, with when it was kept."""

    protocol: Protocol
    added_at: datetime


def kept_protocols() -> list[KeptProtocol]:
    """List the protocols of this site by name; they are public, and everyone's to read."""
    return [_kept(row) for row in ProtocolFile.objects.defer("text")]


def kept_protocol(name: str) -> KeptProtocol:
    """One protocol of this site; raises ProtocolNotFound."""
    return _kept(_protocol_row(name))


def protocol_text(name: str) -> str:
    """The text of one protocol of this site, to the letter; raises ProtocolNotFound."""
    return _protocol_row(name).text


def _protocol_row(name: str) -> ProtocolFile:
    row = ProtocolFile.objects.defer("text").filter(name=name[:80]).first()
    if row is None:
        known = ", ".join(ProtocolFile.objects.values_list("name", flat=True))
        raise ProtocolNotFound(name=name[:80], known=known)
    return row


def _kept(row: ProtocolFile) -> KeptProtocol:
    return KeptProtocol(protocol_kept(row.name, row.sha256), row.added_at)


_ON_ACCOUNTS = (
    "person.added", "person.ended", "person.back", "person.password", "person.sign-ins",
    "person.factors", "person.token-made", "person.token-ended", "focal.set",
)  # fmt: skip


def acts_on_account(by: Person, username: str, most: int = 50) -> list[ActRow]:
    """List what was done to an account, the newest first; raises ActNotYours."""
    if not may_keep_site(by):
        raise ActNotYours(name=by.name)
    found = Act.objects.filter(about=username, kind__in=_ON_ACCOUNTS)
    return [act_row(row) for row in found.select_related("person")[:most]]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One line of the site's record, with the country and the round it is of."""

    act: ActRow
    country: str
    round: str
    round_title: str


def record_of(by: Person, *, before: int | None = None, most: int = 50) -> list[RecordRow]:
    """List what was done on this site, the newest first; raises ActNotYours.

    Whoever sees no rounds is told what was done to the site alone, and nothing of the law or the
    board of a country. Of interviews everybody reads their own acts here, no others; the lead of a
    round reads them in the round.
    """
    if not may_keep_site(by):
        raise ActNotYours(name=by.name)
    found = Act.objects.exclude(Q(kind__startswith=OF_INTERVIEWS) & ~Q(person_id=by.pk))
    if not sees_all_rounds(by):
        found = found.filter(Q(country="") | Q(kind="country.added"), round="")
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.select_related("person")[:most])
    titles = dict(
        Round.objects.filter(id__in={row.round for row in rows}).values_list("id", "title")
    )
    return [
        RecordRow(act_row(row), row.country, row.round, titles.get(row.round, "")) for row in rows
    ]
