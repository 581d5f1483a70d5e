"""A round asks the provisions of the instruments that were chosen for it, and no others."""

from __future__ import annotations

from kancil.assessment.protocol_files.choosing import of_instruments
from kancil.assessment.protocol_files.library import named_protocol

LEGAL = named_protocol("legal")


def test_a_round_of_two_instruments_asks_theirs_alone() -> None:
    asked = of_instruments(LEGAL, {"budapest", "untoc"})
    assert set(asked.instruments) == set(asked.areas) == {"budapest", "untoc"}
    of = {each.article.instrument for each in asked.indicators.values() if each.article}
    assert of == {"budapest", "untoc"}
    for each in asked.indicators.values():
        assert all(one.to in asked.indicators for one in each.related)
    assert (asked.name, asked.sha256) == (LEGAL.name, LEGAL.sha256)


def test_without_a_choice_or_with_none_of_its_own_a_protocol_stays_whole() -> None:
    assert of_instruments(LEGAL, ()) is LEGAL
    assert of_instruments(LEGAL, {"another"}) is LEGAL
    capability = named_protocol("capability")
    assert of_instruments(capability, {"budapest"}) is capability


def test_each_pair_that_is_the_same_says_why_and_the_regional_conventions_are_there() -> None:
    pairs = [
        (id, one) for id, each in LEGAL.indicators.items() for one in each.related
        if one.relation.value == "same"
    ]  # fmt: skip
    assert len(pairs) == 14
    assert all(one.difference for _, one in pairs)
    assert {"malabo", "arab"} <= set(LEGAL.instruments)
    assert all("verify" in str(LEGAL.instruments[each].source) for each in ("malabo", "arab"))
