"""Where a country stands with instruments, in words; and the steps above the pages of its books.

What somebody recorded here stands before the packaged snapshot, which nobody here has looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kancil.assessment import country as packaged
from kancil.assessment.law.consent import consent_standing
from kancil.assessment.law.matrix import InstrumentStatus
from kancil.assessment.protocol import Instrument
from kancil.desk.assessment.access import CountrySight
from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.queries.countries import StatusRow, countries
from kancil.ground.phrase import Phrase
from kancil.legal.instruments import status as law
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import tag
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of


def country_name(request: HttpRequest, sight: CountrySight) -> str:
    """The name of a country that the person sees."""
    rows = countries(person_of(request))
    return next((row.name for row in rows if row.code == sight.country), sight.country)


def country_way(name: str, sight: CountrySight, *further: str) -> list[dict[str, Any]]:
    """The steps above a page of a country's books; `further`: names of pages between."""
    given = {"country": sight.country}
    return [
        {"url": reverse("countries"), "name": Phrase("web.room.countries")},
        {"url": reverse("country", kwargs=given), "name": name},
        *(
            {
                "url": reverse(each, kwargs=given),
                "name": Phrase("web.room." + each.replace("_", "-")),
            }
            for each in further
        ),
    ]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the packaged data say of a country and an instrument; None is unknown."""

    status: Phrase | None
    signed_on: str | None
    consent_on: str | None
    in_force_on: str | None
    as_of: str | None
    source: str
    note: str | None


def snapshots(code: str) -> dict[str, Snapshot]:
    """What the packaged data say of a country, by instrument; of an invented one nothing."""
    country, found = packaged.country_of(code), {}
    if country is None:
        return {}
    for id in law.looked_up():
        row = law.treaty_status(country.iso2, id)
        if row.status is not None:
            found[id] = Snapshot(
                Phrase("web.snapshot." + row.status.value.replace("_", "-")),
                row.signed_on,
                row.ratified_on or row.acceded_on,
                row.in_force_on,
                row.as_of,
                row.source or "",
                row.note,
            )
    return found


def named(instrument: str, known: dict[str, Instrument]) -> str:
    """Name an instrument as its protocol does, else as the packaged data, else by its id."""
    if instrument in known:
        return said(known[instrument].short)
    treaty = law.treaties().get(instrument)
    return treaty.name if treaty else instrument


def all_ids(known: Iterable[str], *others: Iterable[str]) -> list[str]:
    """List instruments once each: those of protocols in their order, then the others."""
    return list(dict.fromkeys([*known, *(each for ids in others for each in sorted(ids))]))


def iso(day: date | None) -> str | None:
    """Write a day, or give None for unknown."""
    return day.isoformat() if day else None


def require_writing(sight: CountrySight) -> None:
    """Refuse to change a country's books; raises ActNotYours."""
    if not sight.may_write:
        raise ActNotYours(name=sight.name)


def status_facts(
    row: StatusRow | InstrumentStatus, source: Cell, instrument: Instrument | None
) -> list[tuple[str, Cell]]:
    """Where a country stands with an instrument; `source`: who says so."""
    return [
        ("law-signed", iso(row.signed_on)),
        ("law-consent", consent_of(instrument, row)),
        ("law-in-force", iso(row.in_force_on)),
        ("law-reservations", row.reservations or None),
        ("law-declarations", row.declarations or None),
        ("law-authorities", row.authorities or None),
        ("law-as-of", row.as_of.isoformat()),
        ("law-source", source),
    ]


def consent_of(instrument: Instrument | None, row: StatusRow | InstrumentStatus | None) -> Cell:
    """How a country agreed to be bound by an instrument, or that there is nothing to agree to.

    `instrument`: as a protocol has it; None: no protocol does. None is unknown.
    """
    is_none = row is None or row.consent in ("", "none")
    if instrument is not None and not instrument.takes_consent and is_none:
        return Phrase("web.consent.nothing")
    return consent_cell(row) if row else None


def consent_cell(row: StatusRow | InstrumentStatus) -> Cell:
    """How a country agreed to be bound, and when, or that it signed only; None is unknown."""
    standing = consent_standing(row.consent, row.signed_on)
    if standing == "unknown":
        return None
    how = Phrase(f"web.consent.{standing}")
    if row.consent_on is None:
        return how
    return Phrase("web.consent.on-day", {"how": how, "day": row.consent_on.isoformat()})


def source_cell(row: StatusRow) -> Cell:
    """Who says so; what came with the packaged data is marked."""
    return tag("warn", "web.law.packaged") if row.is_packaged else row.source
