"""The places of a report's texts: what fits, and which there are."""

from __future__ import annotations

import pytest

from kancil.assessment.narrative import BRIEF, OF_ITEM, Genre, area_of, area_section, places
from kancil.assessment.protocol_files.library import named_protocol


def test_a_text_that_is_too_long_is_refused_with_how_long_it_is() -> None:
    headline = next(each for each in BRIEF if each.section == "headline")
    assert headline.fault("a" * headline.most_signs) is None
    fault = headline.fault("a" * (headline.most_signs + 1))
    assert fault is not None
    assert fault.params == {"most": headline.most_signs, "has": headline.most_signs + 1}
    lines = headline.fault("one\n\ntwo")
    assert lines is not None
    assert lines.params == {"most": 1, "has": 2}
    assert headline.fault("") is None


@pytest.mark.parametrize("name", ["capability", "legal"])
def test_each_area_has_a_place_for_each_genre_and_a_questionnaire_has_none(name: str) -> None:
    asked = named_protocol(name)
    found = places([asked, named_protocol("study")])
    own = [each for each in found if area_of(each.section)]
    genres = set(Genre) - set(OF_ITEM)
    assert len(own) == len(asked.areas) * len(genres)
    first = next(iter(asked.areas))
    assert area_of(area_section(asked.name, first)) == (asked.name, first)
    assert {each.genre for each in places([asked], area_section(asked.name, first))} == genres
    assert area_of("headline") is None
