"""The packages that were received, which of them count, and the keys that are trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kancil.desk.assessment.access import may_keep_site
from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.people.models import Person
from kancil.records.package import Package, read_package

from .errors import ReceivedPackageNotFound
from .models import ReceivedPackage, SiteKey


class Standing(StrEnum):
    """Whether a package counts; the words are `name.package-<value>`."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Received:
    """A package with its site, as this site knows it."""

    package: Package
    site: str
    country: str
    fingerprint: str
    sha256: str
    standing: Standing
    superseded_by: str
    """Id; empty where nothing has."""
    received_by: str
    received_at: datetime
    withdrawn_why: str


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key of another site."""

    fingerprint: str
    name: str
    kind: str
    country: str
    compared_how: str
    added_by: str
    added_at: datetime
    ended_at: datetime | None


def received_packages(person: Person) -> list[Received]:
    """All packages, the newest period first; superseded and withdrawn ones too, as such.

    Raises ActNotYours.
    """
    require_keeper(person)
    rows = list(ReceivedPackage.objects.select_related("site_key", "received_by"))
    over = {row.supersedes: row.id for row in rows if row.supersedes}
    return [_received(row, over.get(row.id, "")) for row in rows]


def received_package(person: Person, name: str) -> Received:
    """One package by its id; raises ReceivedPackageNotFound, ActNotYours."""
    require_keeper(person)
    row = ReceivedPackage.objects.select_related("site_key", "received_by").filter(id=name[:36])
    found = row.first()
    if found is None:
        raise ReceivedPackageNotFound(package=name[:40])
    over = ReceivedPackage.objects.filter(supersedes=found.id).values_list("id", flat=True)
    return _received(found, over.first() or "")


def package_file(person: Person, name: str) -> bytes:
    """The file as it came; raises ReceivedPackageNotFound, ActNotYours."""
    require_keeper(person)
    row = ReceivedPackage.objects.filter(id=name[:36]).first()
    if row is None:
        raise ReceivedPackageNotFound(package=name[:40])
    return row.data.encode()


def trusted_keys(person: Person) -> list[TrustedKey]:
    """The keys of other sites, those that ended too; raises ActNotYours."""
    require_keeper(person)
    return [
        TrustedKey(
            row.fingerprint, row.name, row.kind, row.country, row.compared_how, row.added_by.name,
            row.added_at, row.ended_at,
        )
        for row in SiteKey.objects.select_related("added_by")
    ]  # fmt: skip


def require_keeper(person: Person) -> None:
    """Refuse whoever does not keep the site; raises ActNotYours."""
    if not may_keep_site(person):
        raise ActNotYours(name=person.name)


def _received(row: ReceivedPackage, superseded_by: str) -> Received:
    standing = Standing.SUPERSEDED if superseded_by else Standing.CURRENT
    if row.withdrawn_at is not None:
        standing = Standing.WITHDRAWN
    key = row.site_key
    return Received(
        # Read once in a limited child; its signature is checked again whenever it is shown.
        read_package(row.data.encode(), row.id).package,
        key.name, key.country, key.fingerprint, row.sha256, standing, superseded_by,
        row.received_by.name, row.received_at, row.withdrawn_why,
    )  # fmt: skip
