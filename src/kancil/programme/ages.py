"""Whether an age is a child's, in which band an age lies, and what has the form of an address."""

from __future__ import annotations

import re

from kancil.programme.vocabulary import AgeBand

ADULT_YEARS = 18
_EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")
_CHILD = frozenset({"under-18", "under-10", "10-17", "child"})
_AGES = re.compile(r"([0-9]{1,3})\s*(?:-|–|—|to)\s*([0-9]{1,3})")
_BANDS = ((30, AgeBand.YOUNG), (45, AgeBand.MIDDLE), (60, AgeBand.OLDER), (130, AgeBand.OLDEST))


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


def band_of(written: str) -> AgeBand | None:
    """The band of an age, or of a range of ages that lies in one band: 35-44 is in 30-44.

    None: a number or range that lies in none, or a text that is neither.
    """
    ages = _AGES.fullmatch(written)
    first, last = (ages[1], ages[2]) if ages else (written, written)
    if first.isascii() and first.isdigit() and len(first) < 4:
        bands = {band for age in (first, last) if (band := _band_of(int(age))) is not None}
        if len(bands) == 1:
            return bands.pop()
    return None


def _band_of(age: int) -> AgeBand | None:
    return next((band for below, band in _BANDS if age < below), None)
