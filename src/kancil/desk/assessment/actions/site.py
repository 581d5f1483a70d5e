"""What is done to the site itself: countries, protocols, who speaks for a country, known keys."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.db import IntegrityError, transaction

from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import OF_COUNTRIES, may_keep_keys, may_keep_site
from kancil.desk.assessment.errors import (
    ActNotYours,
    CountryKnown,
    CountryNotFound,
    KeyKnown,
    KeyNotKnown,
    PartNotFitting,
    ProtocolAltered,
)
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import read_text
from kancil.desk.assessment.models import Country, FocalCountry, KnownKey, ProtocolFile
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.signing import fingerprint, is_sound_key

_CODE = re.compile(r"[A-Z]{3}")


def _require(allowed: bool, by: Person) -> None:
    if not allowed:
        raise ActNotYours(name=by.name)


def add_country(*, by: Person, code: str, name: str, region: str, is_invented: bool = False) -> str:
    """Add a country; gives its code. Raises CountryKnown, FieldNotUsable, ActNotYours.

    ISO 3166-1 leaves the codes from XAA to XZZ to whoever uses them: those of invented countries.
    """
    _require(may_keep_site(by), by)
    if _CODE.fullmatch(code) is None or is_invented != code.startswith("X"):
        raise unusable("code", "country-code")
    row = Country(code=code, name=name, region=region, is_invented=is_invented)
    with one_change():
        if Country.objects.filter(code=code).exists():
            raise CountryKnown(code=code)
        try:
            with transaction.atomic():
                keep(row, "name", "region")
        except IntegrityError as error:
            raise CountryKnown(code=code) from error
        record("country.added", by=by, country=code, about=name)
    return code


def add_protocol_file(*, by: Person, name: str, text: str) -> Protocol:
    """Keep a protocol's text under its name, for rounds to use; the same text again is the same.

    Raises ProtocolNotReadable, ProtocolAltered (another text is kept under the name), ActNotYours.
    """
    _require(may_keep_site(by), by)
    protocol = read_text(name, text)
    with one_change():
        kept = ProtocolFile.objects.filter(name=protocol.name).first()
        if kept is not None:
            if kept.sha256 != protocol.sha256:
                raise ProtocolAltered(name=protocol.name)
            return protocol
        row = ProtocolFile(
            name=protocol.name, sha256=protocol.sha256, text=text, shape=protocol.shape.value
        )
        row.save(force_insert=True)  # a text longer than other fields, checked by its reader
        record("protocol.added", by=by, about=protocol.name, sha256=protocol.sha256)
    return protocol


def set_focal_countries(*, by: Person, person: int, countries: Collection[str]) -> None:
    """Which countries a focal point, ministry or donor reader sees: these, and no others.

    Raises PersonNotFound, PartNotFitting (another role), CountryNotFound, ActNotYours.
    """
    _require(may_keep_site(by), by)
    with one_change():
        found = Person.objects.select_for_update(no_key=True).filter(pk=person).first()
        if found is None:
            raise PersonNotFound(name=str(person))
        if found.role not in OF_COUNTRIES:
            raise PartNotFitting(name=found.name)
        known = set(Country.objects.values_list("code", flat=True))
        for code in sorted(set(countries) - known):
            raise CountryNotFound(code=code[:12])
        given = FocalCountry.objects.filter(person=found)
        before = set(given.values_list("country_id", flat=True))
        given.exclude(country_id__in=countries).delete()
        for code in sorted(set(countries) - before):
            keep(FocalCountry(person=found, country_id=code, added_by=by))
        record("focal.set", by=by, about=found.username, countries=sorted(set(countries)))


def add_known_key(
    *, by: Person, person: int, public_raw: bytes, stated: str, compared_how: str
) -> str:
    """Know the key under which a colleague signs files; gives its fingerprint.

    `stated`: the fingerprint that the owner told by another road. Raises FieldNotUsable, KeyKnown,
    PersonNotFound, ActNotYours.
    """
    _require(may_keep_keys(by), by)
    if not is_sound_key(public_raw):
        raise unusable("public_raw")
    name = fingerprint(public_raw)
    if stated.strip() != name:
        raise unusable("fingerprint", "fingerprint")
    with one_change():
        if KnownKey.objects.filter(fingerprint=name).exists():
            raise KeyKnown(fingerprint=name)
        if not Person.objects.filter(pk=person, is_active=True).exists():
            raise PersonNotFound(name=str(person))
        row = KnownKey(
            fingerprint=name,
            public_raw=public_raw.hex(),
            person_id=person,
            compared_how=compared_how,
            added_by=by,
            added_at=clock.now(),
        )
        keep(row, "compared_how")
        record("key.added", by=by, about=name, person=person)
    return name


def end_known_key(*, by: Person, fingerprint: str) -> None:
    """Take in no more files under a key. Raises KeyNotKnown, ActNotYours."""
    _require(may_keep_keys(by), by)
    with one_change():
        row = KnownKey.objects.select_for_update(no_key=True).filter(fingerprint=fingerprint[:60])
        found = row.first()
        if found is None or found.ended_at is not None:
            raise KeyNotKnown(fingerprint=fingerprint[:60])
        found.ended_at = clock.now()
        keep_changed(found, ["ended_at"])
        record("key.ended", by=by, about=found.fingerprint)
