"""How countries stand to instruments, as far as a source was found.

Its rows come from `treaty_status.yaml`, which comes with the package and is trusted; a unit's own
rows stand before them. Nothing here is a depositary's record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from kancil.ground.phrase import Phrase

from .instrument import Instrument, instruments, packaged


class Status(StrEnum):
    """How a country stands to a treaty, as far as a source was found."""

    PARTY = "party"
    """Bound by it; by which act only where a date of ratification or accession says so."""
    RATIFIED = "ratified"
    """Consent to be bound was deposited; whether the treaty is in force is not known here."""
    SIGNED = "signed"
    IN_PROCESS = "in_process"
    INVITED = "invited"
    NOT_ON_LIST = "not_on_list"
    """Absent from the list that was read, nothing more."""

    @property
    def words(self) -> Phrase:
        """Its word, inside a sentence."""
        return Phrase(f"law.status-{self.value.replace('_', '-')}")


@dataclass(frozen=True, slots=True)
class TreatyStatus:
    """How a country stands to a treaty. None is unknown everywhere, never no.

    Days are as exact as their source: `2018`, `2025-10` or `2025-10-25`.
    """

    country: str
    instrument: str
    status: Status | None = None
    signed_on: str | None = None
    ratified_on: str | None = None
    acceded_on: str | None = None
    in_force_on: str | None = None
    """For this country."""
    ended_on: str | None = None
    """From when its withdrawal has effect."""
    reservations: str | None = None
    declarations: str | None = None
    authorities: str | None = None
    """Central authorities and contact points that it named."""
    as_of: str | None = None
    """Of later time this says nothing."""
    source: str | None = None
    note: str | None = None
    verify: bool = False
    """It is general knowledge: to be verified before anyone relies on it. No letter states it."""


Statuses = Mapping[tuple[str, str], TreatyStatus]
"""Rows by country (two letters) and instrument; what has none is unknown."""


@cache
def _file() -> Any:
    return packaged("treaty_status.yaml")


@cache
def _rows() -> Statuses:
    found = {}
    for row in _file()["statuses_of"]:
        source = _file()["sources"][row["source"]]
        said = ". ".join(part for part in (source["title"], source.get("note")) if part)
        values = row | {"status": Status(row["status"]), "source": said}
        found[row["country"], row["instrument"]] = TreatyStatus(**values)
    return MappingProxyType(found)


@cache
def statuses() -> Statuses:
    """The rows that come with Kancil and that a letter may state: each from a source."""
    return MappingProxyType({key: each for key, each in _rows().items() if not each.verify})


@cache
def every_status() -> Statuses:
    """All rows that come with Kancil, those of general knowledge too."""
    return MappingProxyType(dict(_rows()))


@cache
def looked_up() -> tuple[str, ...]:
    """Ids of all instruments under which the status of some country is known, if only generally."""
    return tuple(dict.fromkeys(instrument for _, instrument in _rows()))


@cache
def treaties() -> Mapping[str, Instrument]:
    """The instruments on which a request may stand, and under which some status was looked up."""
    known = {instrument for _, instrument in statuses()}
    return MappingProxyType({id: each for id, each in instruments().items() if id in known})


def treaty_status(iso2: str, instrument: str) -> TreatyStatus:
    """How a country stands to a treaty, from a source or by general knowledge; None: not known."""
    return _rows().get((iso2, instrument)) or TreatyStatus(iso2, instrument)


def treaty_warnings() -> tuple[str, ...]:
    """What must be read beside every table of statuses."""
    return tuple(_file()["warnings"])


def treaties_compiled_on() -> date:
    """The day on which the statuses were put together."""
    day: date = _file()["compiled_on"]
    return day


def is_past(written: str, on: date) -> bool | None:
    """Whether a day that is as exact as its source has come by `on`; None where it is too vague."""
    same = on.isoformat()[: len(written)]
    if same == written and len(written) < len("2025-10-25"):
        return None
    return written <= same
