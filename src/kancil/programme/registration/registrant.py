"""One registration as its sender wrote it: checked field by field, refused with a reason.

A reason names the field and never what stood in it: reasons are kept, and may be read by others
than those who see names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from kancil.ground.folding import folded
from kancil.ground.phrase import Param, Phrase
from kancil.programme.vocabulary import AgeBand, Profession, Sex

FORMAT = "registration/1"
"""What a file of our form says of itself, under `kancil`."""
FIELDS = (
    "name", "country", "organisation", "office", "email", "sex", "age_band", "role", "consent_on",
    "consent_to",
)  # fmt: skip
NEEDED = ("name", "country")
MOST = {"name": 200, "organisation": 200, "office": 200, "email": 254, "consent_to": 500}
"""Characters."""
ADULT_YEARS = 18
_Word = TypeVar("_Word", bound=StrEnum)
_EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")
_COUNTRY = re.compile(r"[A-Z]{3}")
_SHORT = {"f": "female", "m": "male", "x": "other"}
_CHILD = frozenset({"under-18", "under-10", "10-17", "child"})
_AGES = re.compile(r"([0-9]{1,3})\s*(?:-|–|—|to)\s*([0-9]{1,3})")
_BANDS = ((30, AgeBand.YOUNG), (45, AgeBand.MIDDLE), (60, AgeBand.OLDER), (130, AgeBand.OLDEST))


@dataclass(frozen=True, slots=True)
class Registrant:
    """An adult who registers."""

    row: int
    name: str
    country: str
    """Code of three letters."""
    organisation: str = ""
    """As written; the desk finds its own."""
    office: str = ""
    email: str = ""
    sex: Sex = Sex.NOT_STATED
    age_band: AgeBand = AgeBand.NOT_STATED
    role: Profession = Profession.OTHER
    consent_on: date | None = None
    consent_to: str = ""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, and why."""

    row: int
    why: Phrase


class _No(Exception):
    """A field that cannot be taken."""

    def __init__(self, field: str, why: str, **params: Param) -> None:
        super().__init__(field)
        name = Phrase(f"thing.field-{field.replace('_', '-')}")
        self.why = Phrase(f"why.registration-{why}", {"field": name, **params})


def clean(text: str) -> str:
    """A text in one line, composed (NFC), without characters that nobody sees steering others."""
    kept = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def is_email(text: str) -> bool:
    """Whether a text has the form of one address."""
    return _EMAIL.fullmatch(text) is not None


def is_child(age_band: str) -> bool:
    """Whether an age, or what stands for one, is a child's: children are head counts alone."""
    written = age_band.strip().lower()
    if written.isascii() and written.isdigit() and len(written) < 4:
        return int(written) < ADULT_YEARS
    ages = _AGES.fullmatch(written)
    return written in _CHILD or (ages is not None and int(ages[1]) < ADULT_YEARS)


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
        return _read(row, {name: clean(given.get(name, "")) for name in FIELDS})
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
    return Registrant(
        row,
        given["name"],
        country,
        given["organisation"],
        given["office"],
        given["email"].lower(),
        _word(Sex, "sex", _SHORT.get(given["sex"].lower(), given["sex"]), Sex.NOT_STATED),
        _band(given["age_band"]),
        _word(Profession, "role", given["role"], Profession.OTHER),
        _day(given["consent_on"]),
        given["consent_to"],
    )


def _word(kind: type[_Word], field: str, written: str, otherwise: _Word) -> _Word:
    try:
        return kind(written.lower().replace(" ", "-")) if written else otherwise
    except ValueError:
        raise _No(field, "words", words=", ".join(each.value for each in kind)) from None


def _band(written: str) -> AgeBand:
    """The band of an age, or of a range of ages that lies in one band: 35-44 is in 30-44."""
    ages = _AGES.fullmatch(written)
    first, last = (ages[1], ages[2]) if ages else (written, written)
    if first.isascii() and first.isdigit() and len(first) < 4:
        bands = {band for age in (first, last) if (band := _band_of(int(age))) is not None}
        if len(bands) == 1:
            return bands.pop()
    return _word(AgeBand, "age_band", written, AgeBand.NOT_STATED)


def _band_of(age: int) -> AgeBand | None:
    return next((band for below, band in _BANDS if age < below), None)


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
