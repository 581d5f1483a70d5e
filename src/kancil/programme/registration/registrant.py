"""One registration as its sender wrote it: checked field by field, refused with a reason.

A reason names the field and never what stood in it: reasons are kept, and may be read by others
than those who see names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar

from kancil.ground.folding import folded
from kancil.ground.phrase import Param, Phrase, field_name
from kancil.programme.ages import band_of, is_child, is_email
from kancil.programme.people import ParticipantInput
from kancil.programme.vocabulary import AgeBand, Profession, Sex
from kancil.records.described import Line, items, one_line

FORMAT = "registration/1"
"""What a file of our form says of itself, under `kancil`."""
_Word = TypeVar("_Word", bound=StrEnum)
_COUNTRY = re.compile(r"[A-Z]{3}")
_SHORT = {"f": "female", "m": "male", "x": "other"}


class Registrant(ParticipantInput):
    """An adult who registers; `organisation` as it is written: the desk finds its own."""

    row: int
    country: str
    """Code of three letters."""
    organisation: Annotated[str, Line(200)] = ""


FIELDS = tuple(each.name for each in items(ParticipantInput))
NEEDED = ("name", "country")
MOST = {each.name: each.text.most for each in items(Registrant) if each.text}
"""Characters."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, and why."""

    row: int
    why: Phrase


class _No(Exception):
    """A field that cannot be taken."""

    def __init__(self, field: str, why: str, **params: Param) -> None:
        super().__init__(field)
        self.why = Phrase(f"why.registration-{why}", {"field": field_name(field), **params})


def same_person(one: Registrant, other: Registrant) -> bool:
    """Whether two rows of a file are one person's: same name, and nothing that tells them apart."""
    if folded(one.name) != folded(other.name) or one.country != other.country:
        return False
    return not (one.email and other.email) or folded(one.email) == folded(other.email)


def registrant_of(row: int, given: Mapping[str, str], activity: str) -> Registrant | RefusedRow:
    """One row as it is taken, or refused; `activity`: the code of that which is registered for."""
    if given.get("activity", activity) not in ("", activity):
        return RefusedRow(row, Phrase("why.registration-other-activity"))
    if is_child(given.get("age_band", "")):
        return RefusedRow(row, Phrase("why.registration-child"))
    try:
        return _read(row, {name: one_line(given.get(name, "")) for name in FIELDS})
    except _No as refusal:
        return RefusedRow(row, refusal.why)


def _read(row: int, given: Mapping[str, str]) -> Registrant:
    for name in NEEDED:
        if not given[name] or not folded(given[name]):
            raise _No(name, "blank")
    for name, most in MOST.items():
        if len(given[name]) > most:
            raise _No(name, "too-long")
    if given["email"] and not is_email(given["email"]):
        raise _No("email", "email")
    country = given["country"].upper()
    if _COUNTRY.fullmatch(country) is None:
        raise _No("country", "country")
    written = given["age_band"]
    return Registrant(
        row=row,
        name=given["name"],
        country=country,
        organisation=given["organisation"],
        office=given["office"],
        email=given["email"],
        sex=_word(Sex, "sex", _SHORT.get(given["sex"].lower(), given["sex"]), Sex.NOT_STATED),
        age_band=band_of(written) or _word(AgeBand, "age_band", written, AgeBand.NOT_STATED),
        role=_word(Profession, "role", given["role"], Profession.OTHER),
        consent_on=(day := _day(given["consent_on"])),
        consent_to=given["consent_to"] if day else "",
    )


def _word(kind: type[_Word], field: str, written: str, otherwise: _Word) -> _Word:
    try:
        return kind(written.lower().replace(" ", "-")) if written else otherwise
    except ValueError:
        raise _No(field, "words", words=", ".join(each.value for each in kind)) from None


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or day.isoformat() != written:
        raise _No("consent_on", "day")
    return day
