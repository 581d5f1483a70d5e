"""Every country of ISO 3166-1: its region, what is known of it, and how it is drawn.

Codes come from pycountry, regions and figures from the files in `countries/`, which come with the
package and are trusted; where each value is from is said in `countries/SOURCES.md`. Names:
`kancil.ground.country_names`. Treaties: `kancil.legal.instruments`.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pycountry
import yaml

from kancil.ground.country_names import country_named, language_named
from kancil.ground.words import spoken

FOLDER = Path(__file__).resolve().parent / "countries"


class Role(StrEnum):
    """What a country is to the programme."""

    BENEFICIARY = "beneficiary"
    DONOR = "donor"
    HEADQUARTERS = "headquarters"
    OTHER = "other"
    """Not on the programme's own list; it may be added all the same."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the programme, or a sub-region of M49."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its publisher."""

    value: float
    year: int | None
    """None where the publisher names none."""
    source: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory of ISO 3166-1."""

    iso2: str
    iso3: str
    numeric: str
    """Three digits, ISO 3166-1."""
    region: str
    role: Role
    languages: tuple[str, ...]
    """As in Unicode CLDR; empty: not known here."""
    population: Figure | None
    internet_users_percent: Figure | None
    """Of the population, 0 to 100."""

    @property
    def name(self) -> str:
        """In the spoken language."""
        return country_named(self.iso2) or self.iso2

    @property
    def language_names(self) -> list[str]:
        """In the spoken language."""
        return [language_named(code) for code in self.languages]


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
    """The programme's regions in their order, then the sub-regions of M49 that have other names."""
    own = [Region(row["id"], row["name"]) for row in _countries()["regions"]]
    names = {each.name for each in own}
    return (*own, *(Region(name, name) for name in _countries()["m49"] if name not in names))


@cache
def countries() -> Mapping[str, Country]:
    """The countries by their two letters, in the order of their regions."""
    found = {
        code: _country(code, row["id"], Role(row["role"]), known)
        for row in _countries()["regions"]
        for code, known in row["countries"].items()
    }
    ids = {each.name: each.id for each in regions()}
    for name, codes in _countries()["m49"].items():
        for code in codes.split():
            found.setdefault(code, _country(code, ids[name], Role.OTHER, {}))
    order = [each.id for each in regions()]
    return MappingProxyType(dict(sorted(found.items(), key=lambda one: order.index(one[1].region))))


@cache
def _by_code() -> Mapping[str, Country]:
    return {each.iso3: each for each in countries().values()}


def country_of(code: str) -> Country | None:
    """The country of three letters; None: invented, or none."""
    return _by_code().get(code)


def countries_like(typed: str) -> list[Country]:
    """The countries that somebody may mean: one whose code or name it is, else all it is part of.

    Names are those in the spoken language and in English, and the short ones of common use.
    """
    asked = _plain(typed)
    named = [(each, _names(each.iso2, spoken())) for each in countries().values()]
    exact = [each for each, names in named if asked in names]
    if exact or not asked:
        return exact
    return [each for each, names in named if any(asked in name for name in names)]


@cache
def _names(iso2: str, language: str) -> frozenset[str]:
    listed = pycountry.countries.get(alpha_2=iso2)
    kinds = ("alpha_2", "alpha_3", "name", "common_name", "official_name")
    names = [getattr(listed, kind, "") for kind in kinds]
    said = [country_named(iso2, each) or "" for each in ("en", language)]
    return frozenset(_plain(each) for each in (*names, *said) if each)


def _plain(name: str) -> str:
    """Fold case and accents, so that *Cote d'Ivoire* is found."""
    letters = unicodedata.normalize("NFKD", name.replace("\u2019", "'"))
    kept = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join(kept.casefold().split())


def _country(code: str, region: str, role: Role, known: dict[str, Any]) -> Country:
    (listed,) = (each for each in pycountry.countries if each.alpha_2 == code)
    return Country(
        iso2=code,
        iso3=listed.alpha_3,
        numeric=listed.numeric,
        region=region,
        role=role,
        languages=tuple(known.get("languages", ())),
        population=_figure(known.get("population")),
        internet_users_percent=_figure(known.get("internet")),
    )


def _figure(row: list[Any] | None) -> Figure | None:
    if row is None:
        return None
    value, year, source = row
    return Figure(value, year, _countries()["sources"][source])


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
