"""What disputed answers can do to a figure, against every choice tried and a plain bound."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.assessment.answer import Kind
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.protocol import CriticalRule
from kancil.assessment.sensitivity import MOST_TRIED, bounds
from tests.assessment.small import agreed, all_settled, disputed, indicator, protocol

RULE = CriticalRule(at_most=1, cap_percent=50, blocks_intrusive=True, until="safeguards")


def test_a_dispute_gives_both_figures_and_their_bounds() -> None:
    asked = protocol([indicator("A1", "a", 3), indicator("A2", "a")])
    found = bounds(asked, all_settled(agreed("A1", 4), disputed("A2", 1, 3)), AREA_PROFILE_1)
    (area,) = [each for each in found if each.of == "area"]
    assert area.percent == 100
    assert [(turn.by, turn.percent) for turn in area.turns] == [
        ("ann", Fraction(1300, 16)),
        ("bo", Fraction(1500, 16)),
    ]
    assert (area.low, area.high) == (Fraction(1300, 16), Fraction(100))
    assert area.exact


def test_a_figure_without_its_disputes_lies_within_its_own_bounds() -> None:
    asked = protocol([indicator("A1", "a"), indicator("A2", "a")], minimum_coverage=0)
    settled = all_settled(agreed("A1", 1), disputed("A2", 3, 4))
    (found, *_) = bounds(asked, settled, AREA_PROFILE_1, ("area", "a"))
    assert [found.percent, found.low, found.high] == [25, 25, Fraction(125, 2)]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=6))
def test_every_figure_lies_inside_its_own_range(given: list[tuple[int, int, bool]]) -> None:
    asked = protocol(
        [indicator(f"A{n}", "ab"[n % 2], 1 + n, critical=n == 2) for n in range(len(given) + 1)],
        critical=RULE,
    )
    answers = [
        disputed(f"A{n}", one, other) if is_disputed else agreed(f"A{n}", one)
        for n, (one, other, is_disputed) in enumerate(given)
    ]
    for each in bounds(asked, all_settled(*answers), AREA_PROFILE_1):
        if each.percent is not None:
            assert each.low is not None
            assert each.high is not None
            assert each.low <= each.percent <= each.high


def test_without_a_dispute_there_is_nothing_to_turn() -> None:
    asked = protocol([indicator("A1", "a")])
    assert bounds(asked, all_settled(agreed("A1", 4)), AREA_PROFILE_1) == []


def test_a_disputed_critical_indicator_may_cap() -> None:
    asked = protocol([indicator("A1", "a", 9), indicator("A2", "a", critical=True)], critical=RULE)
    found = bounds(asked, all_settled(agreed("A1", 4), disputed("A2", 1, 4)), AREA_PROFILE_1)
    (area,) = [each for each in found if each.of == "area"]
    assert area.low == 50
    assert area.high == 100


def test_a_dispute_over_whether_it_applies_is_turned_too() -> None:
    asked = protocol([indicator("A1", "a"), indicator("A2", "a")], minimum_coverage=60)
    settled = all_settled(agreed("A1", 4), disputed("A2", 0, Kind.NOT_APPLICABLE))
    (area,) = [each for each in bounds(asked, settled, AREA_PROFILE_1) if each.of == "area"]
    assert area.percent is None
    assert area.low == 50
    assert area.high == 100


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=9, max_size=14))
def test_many_disputes_of_plain_values_come_out_as_if_all_were_tried(
    pairs: list[tuple[int, int]],
) -> None:
    """A mean rises with each of its values, so the lowest and highest of each give the bounds."""
    assert len(pairs) > MOST_TRIED
    asked = protocol([indicator(f"A{n}", "a", 1 + n % 3) for n in range(len(pairs))])
    settled = all_settled(*(disputed(f"A{n}", *pair) for n, pair in enumerate(pairs)))
    (area,) = [each for each in bounds(asked, settled, AREA_PROFILE_1) if each.of == "area"]
    weights = [1 + n % 3 for n in range(len(pairs))]

    def mean(values: list[int]) -> Fraction:
        total = sum(weight * value for weight, value in zip(weights, values, strict=True))
        return Fraction(total, sum(weights)) * 25

    assert area.low == mean([min(pair) for pair in pairs])
    assert area.high == mean([max(pair) for pair in pairs])
    assert not area.exact
