"""Countries by command: one of the list needs its code alone; others are refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.programme_site import Desk, Programme, founded

pytestmark = pytest.mark.thorough


def test_a_country_of_the_list_needs_its_code_alone_and_stands_in_its_region(
    tmp_path: Path,
) -> None:
    programme = Programme()
    try:
        site = founded(Desk(programme, tmp_path / "site"), {"olga": "programme-officer"})
        assert site.ask("olga", "country", "add", "KHM")["id"] == "KHM"
        assert site.refused("olga", "country", "add", "KHM") == "country-known"
        assert site.refused("olga", "country", "add", "XYZ") == "option-not-usable"
        assert site.refused("olga", "country", "add", "LAO", "--name", "Laos") == (
            "option-not-usable"
        )
        rows = {each["code"]: each for each in site.ask("olga", "country", "list")}
        assert (rows["KHM"]["name"], rows["KHM"]["region"]) == ("Cambodia", "South-East Asia")
    finally:
        programme.close()
