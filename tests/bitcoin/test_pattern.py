"""Every pattern says of itself what must stand beside its findings."""

from __future__ import annotations

import pytest

from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.patterns import PATTERNS as PLANTED
from kancil.bitcoin.laundering.pattern import PROVES_NOTHING, TYPOLOGIES, Compared, Pattern
from kancil.bitcoin.laundering.patterns import PATTERNS
from tests.house.survey import english

each_pattern = pytest.mark.parametrize("member", PATTERNS, ids=lambda member: member.name)


@each_pattern
def test_a_pattern_has_all_its_words(member: Pattern) -> None:
    keys = [f"method.pattern-{member.name}.{n}" for n in (1, 2, 3)]
    keys += [f"note.indicator-{member.name}", f"note.typology-{member.typology}"]
    keys += [f"why.param-{member.name}-{each.name}" for each in member.parameters]
    assert not [key for key in keys if key not in english()]
    assert "No known error rate" in english()[keys[2]]


@each_pattern
def test_a_default_lies_within_what_makes_sense(member: Pattern) -> None:
    assert member.parameters
    assert all(each.least <= each.default <= each.most for each in member.parameters)
    names = [each.name for each in member.parameters]
    assert len(set(names)) == len(names)


@each_pattern
def test_a_definition_names_each_of_its_parameters(member: Pattern) -> None:
    text = english()[f"method.pattern-{member.name}.1"]
    told = [each.name for each in member.parameters if each.name not in text]
    assert member.name == "mixer" or not told


@each_pattern
def test_an_indicator_says_who_told_its_words_and_is_not_called_checked(member: Pattern) -> None:
    indicator = member.indicator
    assert not indicator.is_checked
    assert bool(indicator.told_by) is (indicator.checked is Compared.SECOND_HAND)
    assert indicator.section.startswith("Red Flag Indicators")
    assert member.source
    assert member.typology in TYPOLOGIES


def test_all_that_is_planted_is_looked_for() -> None:
    known = {one.name for one in (*PLANTED, *COINJOINS)}
    looked_for = {name for member in PATTERNS for name in member.plants}
    assert looked_for <= known
    assert {one.name for one in PLANTED} <= looked_for


def test_the_sentence_that_one_alone_proves_nothing_is_there() -> None:
    assert "One indicator alone proves nothing" in english()[PROVES_NOTHING]
