"""Trusting a site's key, importing its packages, and withdrawing one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep, keep_changed, reason_for, unusable
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.errors import MadeInClassroom
from kancil.records.foreign import open_package
from kancil.records.package import OpenedPackage, Package, SiteKind

from .errors import (
    PackageAltered,
    PackageNotSameFigures,
    PackageOfOtherSite,
    PackageOlder,
    PackageOvertaken,
    PackageWithdrawnAlready,
    ReceivedPackageNotFound,
    SiteKeyKnown,
    SiteKeyNotFound,
    SiteKeyUnknown,
)
from .models import ReceivedPackage, SiteKey
from .queries import Received, received_package, require_keeper

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_COUNTRY = re.compile(r"[A-Z]{2}")
OF_CLASSROOM = "training-results/"
"""How the schemas begin by which a classroom states what is real: its trainees' results."""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did."""

    received: Received
    is_new: bool
    """False: the same file was here, and nothing changed."""


def trust_site(
    *, by: Person, fingerprint: str, name: str, kind: str, country: str, compared_how: str
) -> str:
    """Trust a key for one site; gives its fingerprint.

    `fingerprint`: as the site told it by another channel. Raises FieldNotUsable, SiteKeyKnown,
    ActNotYours.
    """
    require_keeper(by)
    told = fingerprint.strip()
    if _FINGERPRINT.fullmatch(told) is None:
        raise unusable("fingerprint")
    if kind not in set(SiteKind):
        raise unusable("kind")
    if _COUNTRY.fullmatch(country) is None:
        raise unusable("code")
    with one_change():
        if SiteKey.objects.filter(fingerprint=told).exists():
            raise SiteKeyKnown(fingerprint=told)
        row = SiteKey(
            fingerprint=told,
            name=name.strip(),
            kind=kind,
            country=country,
            compared_how=compared_how.strip(),
            added_by=by,
            added_at=clock.now(),
        )
        keep(row, "name", "compared_how")
        record("site-key.added", by=by, about=row.name, key=told)
    return told


def end_site_key(*, by: Person, fingerprint: str) -> None:
    """Import no more packages under a key; those that are here stay.

    Raises SiteKeyNotFound, ActNotYours.
    """
    require_keeper(by)
    with one_change():
        row = SiteKey.objects.select_for_update(no_key=True).filter(fingerprint=fingerprint[:60])
        found = row.first()
        if found is None or found.ended_at is not None:
            raise SiteKeyNotFound(fingerprint=fingerprint[:60])
        found.ended_at = clock.now()
        keep_changed(found, ["ended_at"])
        record("site-key.ended", by=by, about=found.name, key=found.fingerprint)


def import_package(*, by: Person, data: bytes, path: str) -> Import:
    """Take a package in, if its key is trusted and it fits what is here.

    The same file again changes nothing. Raises SiteKeyUnknown, PackageOfOtherSite, PackageAltered,
    PackageOlder, PackageOvertaken, PackageNotSameFigures, ActNotYours, MadeInClassroom for figures
    of exercises, and what reading it raises.
    """
    require_keeper(by)
    opened = open_package(data, path)
    package = opened.package
    if package.site.kind is SiteKind.CLASSROOM and not package.schema.startswith(OF_CLASSROOM):
        raise MadeInClassroom(name=path)
    with one_change():
        key = _trusted(opened, path)
        held = ReceivedPackage.objects.filter(id=package.id).first()
        if held is not None:
            if held.sha256 != opened.sha256:
                raise PackageAltered(path=path, package=package.id)
            return Import(received_package(by, package.id), is_new=False)
        _require_order(package, key, path)
        ReceivedPackage(
            id=package.id,
            site_key=key,
            schema=package.schema,
            since=package.period.since,
            until=package.period.until,
            made_at=package.made_at,
            supersedes=package.supersedes or "",
            sha256=opened.sha256,
            data=data.decode("utf-8"),
            received_by=by,
            received_at=clock.now(),
        ).save(force_insert=True)
        record("package.imported", by=by, about=key.name, sha256=opened.sha256)
    return Import(received_package(by, package.id), is_new=True)


def withdraw_package(*, by: Person, package: str, reason: str) -> None:
    """Let a package count no more, at the word of the site that made it; it stays readable.

    Raises ReceivedPackageNotFound, PackageWithdrawnAlready, ReasonMissing, ActNotYours.
    """
    require_keeper(by)
    why = reason_for("package-withdrawn", reason)
    with one_change():
        rows = ReceivedPackage.objects.select_for_update(no_key=True).filter(id=package[:36])
        found = rows.first()
        if found is None:
            raise ReceivedPackageNotFound(package=package[:40])
        if found.withdrawn_at is not None:
            raise PackageWithdrawnAlready
        found.withdrawn_by, found.withdrawn_at, found.withdrawn_why = by, clock.now(), why
        found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        record("package.withdrawn", by=by, about=found.site_key.name, reason=why)


def _trusted(opened: OpenedPackage, path: str) -> SiteKey:
    site = opened.package.site
    key = SiteKey.objects.filter(fingerprint=opened.fingerprint, ended_at=None).first()
    if key is None:
        raise SiteKeyUnknown(path=path, name=site.name, fingerprint=opened.fingerprint)
    if (key.kind, key.country) != (site.kind.value, site.country):
        raise PackageOfOtherSite(path=path, name=key.name, country=key.country)
    return key


def _require_order(package: Package, key: SiteKey, path: str) -> None:
    """Hold a package to the one that it supersedes, and to one that supersedes it."""
    rows = ReceivedPackage.objects.select_related("site_key")
    before = rows.filter(id=package.supersedes).first() if package.supersedes else None
    after = rows.filter(supersedes=package.id).first()
    beside = rows.filter(supersedes=package.supersedes).first() if package.supersedes else None
    if beside is not None:
        raise PackageOvertaken(path=path, package=beside.id)
    for other in (before, after):
        if other is not None and not _is_same_figures(package, key, other):
            raise PackageNotSameFigures(path=path, package=other.id)
    if before is not None and before.made_at >= package.made_at:
        raise PackageOlder(path=path, package=before.id)
    if after is not None and after.made_at <= package.made_at:
        raise PackageOlder(path=path, package=after.id)


def _is_same_figures(package: Package, key: SiteKey, other: ReceivedPackage) -> bool:
    return (
        (other.site_key.name, other.site_key.country, other.schema, other.since, other.until)
        == (key.name, key.country, package.schema, package.period.since, package.period.until)
    )  # fmt: skip
