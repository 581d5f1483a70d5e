"""What the directory says of an office: in sentences, in a letter, in one described table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kancil.ground.phrase import Phrase
from kancil.legal.request import Addressee
from kancil.records.table import Column, Holds, Table, day, identifier, table_of, text

from .office import Listing, Standing

COLUMNS = (
    *identifier("office_id"),
    *text("office_name"),
    Column("kind_of_office", Holds.CODE, "name.office"),
    *text("office_country"),
    Column("office_channel", Holds.CODE, "name.channel"),
    *text("office_address"),
    Column("office_standing", Holds.CODE, "name.standing"),
    *day("office_verified_on"),
    Column("office_origin", Holds.CODE, "name.origin"),
    *text("stating_unit"),
)


def listing_table(listings: Iterable[Listing], today: date) -> Table:
    """Listings as rows, in their order."""
    rows = (
        {
            "office_id": each.office.id,
            "office_name": each.office.name,
            "kind_of_office": each.office.kind,
            "office_country": each.office.country,
            "office_channel": each.office.channel or "",
            "office_address": each.office.address,
            "office_standing": each.standing(today),
            "office_verified_on": each.office.verified_on,
            "office_origin": each.origin,
            "stating_unit": each.by,
        }
        for each in listings
    )
    return table_of("directory", COLUMNS, rows)


def answer(listing: Listing, today: date) -> tuple[Phrase, ...]:
    """How a request reaches an office, first; then what this unit knows of that."""
    office = listing.office
    named = {"name": office.name}
    if office.channel is None:
        way = Phrase("note.office-no-channel", named)
    else:
        channel = Phrase(f"note.office-by-{office.channel}")
        key = "note.office-at" if office.address else "note.office-no-address"
        way = Phrase(key, {**named, "channel": channel, "address": office.address})
    return way, _standing(listing, today)


def _standing(listing: Listing, today: date) -> Phrase:
    office, standing = listing.office, listing.standing(today)
    if standing is Standing.NEVER and listing.by:
        verified = office.verified_on.isoformat() if office.verified_on else "-"
        return Phrase("note.office-by-unit", {"unit": listing.by, "day": verified})
    verified = office.verified_on.isoformat() if office.verified_on else ""
    return Phrase(f"note.office-{standing}", {"day": verified})


def addressee(listing: Listing, today: date, language: str = "") -> Addressee:
    """An office as a letter is addressed to it.

    `language`: of the letter, which is taken where the office accepts it; else its first. The day
    of verification is put in only where this unit's own still counts.
    """
    office = listing.office
    accepted = (*(each for each in office.languages if each == language), *office.languages, "")
    is_verified = listing.standing(today) is Standing.VERIFIED
    return Addressee(
        office.id,
        office.kind.value,
        office.name,
        office.country,
        "" if office.channel is None else office.channel.value,
        office.address,
        accepted[0],
        office.verified_on if is_verified else None,
    )
