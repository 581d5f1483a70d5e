"""Which countries there are for a person, and what stands in the books of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from kancil.desk.assessment.access import (
    OF_COUNTRIES,
    CountrySight,
    country_sight_of,
    sees_all_countries,
)
from kancil.desk.assessment.errors import CountryNotFound, RecordNotFound
from kancil.desk.assessment.models import (
    Country,
    FocalCountry,
    InstrumentStatus,
    StatuteExtract,
    TeamMember,
)
from kancil.desk.assessment.stored import open_stored
from kancil.desk.people.models import Person, Role
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled
from kancil.ground.phrase import Phrase


@dataclass(frozen=True, slots=True)
class CountryRow:
    """A country of the programme."""

    code: str
    name: str
    region: str
    is_invented: bool


def given_countries(person: Person) -> frozenset[str]:
    """The codes of the countries that a focal point, ministry or donor reader was given."""
    if person.role not in OF_COUNTRIES:
        return frozenset()
    found = FocalCountry.objects.filter(person=person)
    return frozenset(found.values_list("country_id", flat=True))


def own_countries(person: Person) -> frozenset[str]:
    """The codes of the countries a person has to do with: given, or by a round's team."""
    teams = TeamMember.objects.filter(person=person)
    return given_countries(person) | set(teams.values_list("round__country_id", flat=True))


def countries(person: Person) -> list[CountryRow]:
    """List the countries that a person sees, by name."""
    found = Country.objects.all()
    if not sees_all_countries(person):
        found = found.filter(code__in=own_countries(person))
    rows = [CountryRow(row.code, row.shown_name, row.region, row.is_invented) for row in found]
    return sorted(rows, key=lambda row: row.name)


def enter_country(person: Person, code: str) -> CountrySight:
    """What a person sees of a country; raises CountryNotFound, also for one not theirs."""
    teams = TeamMember.objects.filter(person=person, round__country_id=code[:3])
    parts = list(teams.values_list("part", flat=True))
    sight = country_sight_of(person, code, parts, given_countries(person))
    if sight is None or not Country.objects.filter(code=code[:3]).exists():
        raise CountryNotFound(code=code[:12])
    return sight


def require_books(sight: CountrySight) -> None:
    """Refuse whoever sees that the country is there, and not its books."""
    if not sight.sees_books:
        raise CountryNotFound(code=sight.country)


def focal_points(sight: CountrySight) -> list[tuple[int, str, str]]:
    """List who was given a country: number, name, role; for those who keep the site."""
    if sight.role not in (Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER):
        raise CountryNotFound(code=sight.country)
    found = FocalCountry.objects.filter(country_id=sight.country).order_by("person__name")
    return list(found.values_list("person_id", "person__name", "person__role"))


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """A piece of a country's law."""

    id: str
    law: str
    citation: str
    article: str
    text: str
    language: str
    translation: str
    translated_by: str
    in_force_on: date | None
    source: str
    sha256: str
    is_bill: bool
    """Whether it is a draft statute, which is no law."""
    replaces: str | None
    is_replaced: bool
    added_at: datetime


def extracts(sight: CountrySight, ids: Collection[str] | None = None) -> list[ExtractRow]:
    """List a country's statute extracts by law and article."""
    require_books(sight)
    found = StatuteExtract.objects.filter(country_id=sight.country)
    replaced = set(found.exclude(replaces=None).values_list("replaces_id", flat=True))
    if ids is not None:
        found = found.filter(id__in=ids)
    return [
        filled(ExtractRow, row, replaces=row.replaces_id, is_replaced=row.id in replaced)
        for row in found
    ]


def open_extract(sight: CountrySight, store: Vault, id: str) -> tuple[ExtractRow, BinaryIO]:
    """Open the file an extract was taken from, checked.

    Raises RecordNotFound, also where there is none, StoredFileMissing, StoredFileBroken.
    """
    row = next(iter(extracts(sight, [id[:36]])), None)
    if row is None or not row.sha256:
        raise RecordNotFound(thing=Phrase("thing.record-extract"))
    return row, open_stored(store, row.sha256)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """Where a country stands with an instrument, as of a date."""

    id: str
    instrument: str
    signed_on: date | None
    consent: str
    consent_on: date | None
    in_force_on: date | None
    reservations: str
    declarations: str
    authorities: str
    as_of: date
    source: str
    is_packaged: bool
    """Whether it came with the packaged data, and nobody here looked at it."""


def statuses(sight: CountrySight, *, with_older: bool = False) -> list[StatusRow]:
    """List where a country stands with each instrument; `with_older`: what was kept before, too."""
    require_books(sight)
    found = InstrumentStatus.objects.filter(country_id=sight.country)
    found = found.order_by("instrument", "-as_of", "-at", "-id")
    if not with_older:
        found = found.filter(is_latest=True)
    return [filled(StatusRow, row, is_packaged=row.by_id is None) for row in found]


def packaged_in(sight: CountrySight) -> frozenset[str]:
    """Name the instruments whose status came with the packaged data, and nobody here looked at."""
    return frozenset(each.instrument for each in statuses(sight) if each.is_packaged)
