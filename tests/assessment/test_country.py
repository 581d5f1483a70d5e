"""The packaged countries are whole, say where each value is from, and are drawn in their region."""

from __future__ import annotations

import re

import pycountry
import pytest

from kancil.assessment.country import (
    FOLDER,
    Role,
    countries,
    countries_like,
    country_of,
    maps,
    regions,
)
from kancil.ground.words import speaking

PACIFIC = {"CK", "FJ", "KI", "MH", "FM", "NR", "NU", "PW", "PG", "WS", "SB", "TO", "TV", "VU"}


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
        assert country.languages or country.role is Role.OTHER


def test_every_country_of_iso_has_a_region_and_can_be_found_by_its_code() -> None:
    assert set(countries()) == {each.alpha_2 for each in pycountry.countries} - {"AQ"}
    known = {each.id for each in regions()}
    for each in countries().values():
        assert each.region in known
        assert country_of(each.iso3) is each
        assert countries_like(each.iso3) == [each]
        assert countries_like(each.name) == [each]
    here = {iso2 for iso2, each in countries().items() if each.region == "pacific"}
    assert here == PACIFIC
    assert country_of("XKA") is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nepal", ["NP"]),
        ("Vietnam", ["VN"]),
        ("  viet   NAM ", ["VN"]),
        ("Cote d\u2019Ivoire", ["CI"]),
        ("korea", ["KP", "KR"]),
        ("Guinea", ["GN"]),
        ("Guinea-B", ["GW"]),
        ("Kasa", []),
        (" ", []),
    ],
)
def test_a_country_is_found_by_what_people_type(typed: str, found: list[str]) -> None:
    assert sorted(each.iso2 for each in countries_like(typed)) == found


def test_a_country_is_found_by_its_name_in_the_readers_language() -> None:
    with speaking("vi"):
        assert [each.iso2 for each in countries_like("Nê-pan")] == ["NP"]


def test_figures_are_possible_and_name_their_publisher() -> None:
    for country in countries().values():
        if country.role is Role.OTHER:
            assert country.population is country.internet_users_percent is None
            continue
        assert country.population is not None
        assert country.population.value > 0
        assert country.population.source
        share = country.internet_users_percent
        assert share is None or (0 <= share.value <= 100 and share.year and share.source)


def test_every_beneficiary_is_drawn_within_its_region() -> None:
    for region, picture in maps().items():
        ours = [each for each in countries().values() if each.role is Role.BENEFICIARY]
        own = [each for each in ours if each.region == region]
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
