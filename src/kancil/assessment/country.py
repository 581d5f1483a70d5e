"""Countries of the programme: who they are, and how they are drawn.

Its data come from the files in `countries/`, which come with the package and are trusted; where
each value is from is said in `countries/SOURCES.md`. Their treaties: `kancil.legal.instruments`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent / "countries"


class Role(StrEnum):
    """What a country is to the programme."""

    BENEFICIARY = "beneficiary"
    DONOR = "donor"
    HEADQUARTERS = "headquarters"


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the programme."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language spoken in a country."""

    code: str
    """As in Unicode CLDR."""
    name: str | None
    """In English; None where CLDR has none."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its publisher."""

    value: float
    year: int | None
    """None where the publisher names none."""
    source: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the programme."""

    iso2: str
    iso3: str
    numeric: str
    """Three digits, ISO 3166-1."""
    name: str
    region: str
    role: Role
    languages: tuple[Language, ...]
    population: Figure | None
    internet_users_percent: Figure | None
    """Of the population, 0 to 100."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A country in a picture."""

    iso3: str
    numeric: str
    at: tuple[int, int]
    """Centroid of all its land, in units from the left and from the top; may lie in the sea."""
    is_small: bool
    """Whether it needs a dot to be seen."""
    path: str
    """For SVG, to be filled by the even-odd rule."""


@dataclass(frozen=True, slots=True)
class RegionMap:
    """The picture of a region. It must not be shown without `note`."""

    region: str
    width: int
    height: int
    land: str
    """SVG path of all other land."""
    countries: tuple[Outline, ...]
    note: str
    """That boundaries imply no opinion, and whose data they are."""


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def _countries() -> Any:
    return _read("countries.yaml")


@cache
def regions() -> tuple[Region, ...]:
    """The regions in the order in which they are shown."""
    return tuple(Region(**row) for row in _countries()["regions"])


@cache
def countries() -> Mapping[str, Country]:
    """The countries by their two letters, in the order of their regions."""
    return MappingProxyType({row["iso2"]: _country(row) for row in _countries()["countries"]})


def _country(row: dict[str, Any]) -> Country:
    return Country(
        **{key: row[key] for key in ("iso2", "iso3", "numeric", "name", "region")},
        role=Role(row["role"]),
        languages=tuple(Language(**each) for each in row["languages"]),
        population=_figure(row["population"]),
        internet_users_percent=_figure(row["internet_users_percent"]),
    )


def _figure(row: dict[str, Any] | None) -> Figure | None:
    if row is None:
        return None
    return Figure(row["value"], row["year"], _countries()["sources"][row["source"]])


@cache
def maps() -> Mapping[str, RegionMap]:
    """The pictures of the regions that have one."""
    whole = json.loads((FOLDER / "map.json").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            view["region"]: RegionMap(
                **{key: view[key] for key in ("region", "width", "height", "land")},
                countries=tuple(
                    Outline(row["iso3"], row["numeric"], tuple(row["at"]), row["dot"], row["path"])
                    for row in view["countries"]
                ),
                note=whole["note"],
            )
            for view in whole["views"]
        }
    )
