"""What answers bring to a figure adds up to the figure, exactly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kancil.assessment.answer import Kind
from kancil.assessment.behind import brought_by_lines
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.protocol import CriticalRule
from tests.assessment import small

SAID = st.sampled_from([0, 1, 2, 3, 4, Kind.NOT_APPLICABLE, Kind.NOT_KNOWN, None])


@given(st.lists(SAID, min_size=1, max_size=7))
def test_what_all_lines_bring_is_the_figure_before_caps(said: list[int | Kind | None]) -> None:
    indicators = [small.indicator(f"L{n}", "a", 1 + n / 5) for n in range(len(said))]
    indicators[0] = replace(indicators[0], critical=True)
    rule = CriticalRule(1, 50, blocks_intrusive=False, until=None)
    asked = small.protocol(indicators, {"a": 1.2}, critical=rule)
    settled = small.all_settled(
        *(small.agreed(f"L{n}", value) for n, value in enumerate(said) if value is not None)
    )
    for figure in AREA_PROFILE_1.profile(asked, settled).figures:
        found = brought_by_lines(figure, asked.scales[figure.scale])
        points = [each.points for each in found if each.points is not None]
        assert (sum(points, Fraction(0)) if points else None) == figure.raw_percent
        weights = [each.weight_percent for each in found if each.weight_percent is not None]
        assert sum(weights, Fraction(0)) == (100 if weights else 0)
        most = [each.most_points for each in found if each.most_points is not None]
        assert sum(most, Fraction(0)) == (100 if points else 0)
        for each, value in zip(found, said, strict=True):
            assert (each.weight_percent is None) == (value is Kind.NOT_APPLICABLE)
            assert (each.points is None) == (not isinstance(value, int))
