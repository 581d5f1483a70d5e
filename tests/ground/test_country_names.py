"""Countries bear the names that the United Nations give them, in the reader's language."""

from __future__ import annotations

import pycountry
import pytest

from kancil.ground.country_names import UN_NAMES, country_named, language_named
from kancil.ground.words import speaking


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("LA", "Lao People's Democratic Republic"),
        ("VNM", "Viet Nam"),
        ("IR", "Iran (Islamic Republic of)"),
        ("TZA", "United Republic of Tanzania"),
        ("kr", "Republic of Korea"),
        ("XKA", None),
        ("", None),
    ],
)
def test_a_country_is_named_as_the_united_nations_name_it(code: str, name: str | None) -> None:
    assert country_named(code, "en") == name


def test_no_name_is_written_backwards_and_each_of_ours_differs_from_the_list() -> None:
    listed = {each.alpha_2: each.name for each in pycountry.countries}
    for code in listed:
        name = country_named(code, "en")
        assert name is not None
        assert not name.endswith((" of", " of the", " the"))
    assert all(listed[code] != name for code, name in UN_NAMES.items())


def test_a_name_is_in_the_spoken_language_and_in_english_where_that_has_none() -> None:
    with speaking("km"):
        assert country_named("VN") == "\u179c\u17c0\u178f\u178e\u17b6\u1798"
        assert language_named("en", "th") == "อังกฤษ"
    assert country_named("BO", "my") == "Bolivia (Plurinational State of)"
    assert country_named("BO", "xx") == "Bolivia (Plurinational State of)"
    assert [language_named(code, "en") for code in ("ms", "ms_Arab", "zdj", "qqq0")] == [
        "Malay", "Malay", "Ngazidja Comorian", "qqq0",
    ]  # fmt: skip
