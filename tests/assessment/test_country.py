"""The packaged countries are whole, say where each value is from, and are drawn in their region."""

from __future__ import annotations

import re

import pytest
from babel import Locale

from kancil.assessment.country import (
    FOLDER,
    Role,
    Status,
    countries,
    maps,
    regions,
    treaties,
    treaties_compiled_on,
    treaty_status,
    treaty_warnings,
)

PACIFIC = {"CK", "FJ", "KI", "MH", "FM", "NR", "NU", "PW", "PG", "WS", "SB", "TO", "TV", "VU"}
DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
DATED = ("signed_on", "ratified_on", "acceded_on", "in_force_on", "as_of")


def test_south_east_asia_comes_first_and_the_pacific_next() -> None:
    assert [region.id for region in regions()][:2] == ["south_east_asia", "pacific"]
    order = [region.id for region in regions()]
    shown = [order.index(country.region) for country in countries().values()]
    assert shown == sorted(shown)


def test_countries_have_codes_of_their_own() -> None:
    every = countries().values()
    assert len(every) == len({each.iso3 for each in every}) == len({each.numeric for each in every})
    for iso2, country in countries().items():
        assert re.fullmatch(r"[A-Z]{2}", iso2)
        assert re.fullmatch(r"[A-Z]{3}", country.iso3)
        assert re.fullmatch(r"\d{3}", country.numeric)
        assert country.languages


def test_pacific_names_are_those_of_cldr() -> None:
    here = {iso2: each for iso2, each in countries().items() if each.region == "pacific"}
    assert set(here) == PACIFIC
    for iso2, country in here.items():
        assert country.name == Locale("en").territories[iso2]
        assert country.role is Role.BENEFICIARY


def test_figures_are_possible_and_name_their_publisher() -> None:
    for country in countries().values():
        assert country.population is not None
        assert country.population.value > 0
        assert country.population.source
        share = country.internet_users_percent
        assert share is None or (0 <= share.value <= 100 and share.year and share.source)


def test_a_status_has_a_source_and_a_time() -> None:
    known = 0
    for iso2 in countries():
        for instrument in treaties():
            found = treaty_status(iso2, instrument)
            assert (found.status is None) == (found.source is None) == (found.as_of is None)
            known += found.status is not None
            for key in DATED:
                value = getattr(found, key)
                assert value is None or DAY.fullmatch(value)
                assert value is None or value <= treaties_compiled_on().isoformat()
    written = (FOLDER / "treaty_status.yaml").read_text(encoding="utf-8")
    assert known == len(re.findall(r"^  - (?:\{)?country: ", written, re.MULTILINE)) > 0
    assert all(treaty_warnings())


@pytest.mark.parametrize(
    ("iso2", "instrument", "status"),
    [
        ("VN", "uncc", Status.SIGNED),
        ("PH", "budapest", Status.PARTY),
        ("TO", "budapest", Status.PARTY),
        ("ID", "uncc", Status.NOT_ON_LIST),
        ("NO", "budapest_p2", Status.SIGNED),
        ("TL", "asean_mlat", None),
        ("NR", "uncc", None),
    ],
)
def test_unknown_is_not_no(iso2: str, instrument: str, status: Status | None) -> None:
    assert treaty_status(iso2, instrument).status is status


def test_every_beneficiary_is_drawn_within_its_region() -> None:
    for region, picture in maps().items():
        own = [each for each in countries().values() if each.region == region]
        assert [each.iso3 for each in picture.countries] == [each.iso3 for each in own]
        for outline in picture.countries:
            assert 0 <= outline.at[0] <= picture.width
            assert 0 <= outline.at[1] <= picture.height
            assert outline.path or outline.is_small
            assert re.fullmatch(r"[MLlz0-9 -]*", outline.path)
        assert "imply no opinion" in picture.note
    drawn = {each.iso3 for picture in maps().values() for each in picture.countries}
    wanted = {each.iso3 for each in countries().values() if each.role is Role.BENEFICIARY}
    assert drawn == wanted


def test_the_map_stays_small() -> None:
    assert (FOLDER / "map.json").stat().st_size < 150_000
