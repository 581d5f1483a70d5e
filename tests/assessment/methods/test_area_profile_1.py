"""The area profile by its own formula, its coverage, its caps, and what it never shows."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.assessment.answer import Kind, Settled
from kancil.assessment.method import Figure, best_grade, percent_text
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.protocol import AskedIf, CriticalRule, Protocol, Shape
from kancil.assessment.protocol_files.library import named_protocol
from tests.assessment.methods.slow_area_profile import exact, sums
from tests.assessment.small import (
    agreed,
    all_settled,
    disputed,
    indicator,
    protocol,
)

RULE = CriticalRule(at_most=1, cap_percent=50, blocks_intrusive=True, until="safeguards")


def test_a_figure_is_the_weighted_mean_of_its_stages() -> None:
    """The proposal's own formula: sum(weight*score)/sum(weight)/4*100."""
    asked = protocol([indicator("A1", "a", 3), indicator("A2", "a", 2), indicator("A3", "a")])
    settled = all_settled(agreed("A1", 4), agreed("A2", 1, "C"), agreed("A3", 3))
    figure = AREA_PROFILE_1.profile(asked, settled).figure("area", "a")
    assert figure is not None
    assert figure.percent == Fraction(3 * 4 + 2 * 1 + 1 * 3, 6) / 4 * 100
    assert percent_text(figure.percent) == "70.8"
    assert figure.band == "working"
    assert figure.coverage == 100
    assert figure.confirmed == Fraction(4, 6) * 100


def test_too_little_answered_gives_no_figure_and_says_why() -> None:
    asked = protocol([indicator("A1", "a", 3), indicator("A2", "a", 2), indicator("A3", "a", 5)])
    settled = all_settled(agreed("A1", 4), agreed("A2", 4), agreed("A3", Kind.NOT_KNOWN))
    figure = AREA_PROFILE_1.profile(asked, settled).figure("area", "a")
    assert figure is not None
    assert figure.percent is None
    assert figure.band is None
    assert figure.coverage == 50
    assert figure.reason is not None
    assert figure.reason.key == "why.figure-coverage"
    assert figure.raw_percent == 100


def test_not_applicable_leaves_the_weight_and_not_known_stays_in_it() -> None:
    asked = protocol([indicator("A1", "a"), indicator("A2", "a"), indicator("A3", "a")])
    left = AREA_PROFILE_1.profile(
        asked, all_settled(agreed("A1", 2), agreed("A2", 2), agreed("A3", Kind.NOT_APPLICABLE))
    ).figure("area", "a")
    stays = AREA_PROFILE_1.profile(
        asked, all_settled(agreed("A1", 2), agreed("A2", 2), agreed("A3", Kind.NOT_KNOWN))
    ).figure("area", "a")
    assert left is not None
    assert stays is not None
    assert left.coverage == 100
    assert stays.coverage == Fraction(200, 3)
    assert left.percent == stays.percent == 50


def test_nothing_answered_and_nothing_that_applies_are_told_apart() -> None:
    asked = protocol([indicator("A1", "a"), indicator("B1", "b")])
    profile = AREA_PROFILE_1.profile(asked, all_settled(agreed("A1", Kind.NOT_APPLICABLE)))
    reasons = [each.reason.key for each in profile.figures if each.of == "area" and each.reason]
    assert reasons == ["why.figure-nothing-applies", "why.figure-nothing-answered"]


def test_a_low_critical_indicator_caps_its_area_and_blocks_intrusive_help() -> None:
    asked = protocol(
        [indicator("A1", "a", 9), indicator("A2", "a", critical=True), indicator("B1", "b")],
        critical=RULE,
    )
    settled = all_settled(agreed("A1", 4), agreed("A2", 1), agreed("B1", 4))
    profile = AREA_PROFILE_1.profile(asked, settled)
    capped, free = profile.figure("area", "a"), profile.figure("area", "b")
    assert capped is not None
    assert free is not None
    assert capped.percent == 50
    assert capped.capped_by == ("A2",)
    assert capped.raw_percent == Fraction(9 * 4 + 1, 10) * 25
    assert free.percent == 100
    assert not free.capped_by
    assert profile.intrusive_blocked_by == ("A2",)


def test_a_critical_indicator_that_nobody_knows_is_named() -> None:
    asked = protocol([indicator("A1", "a", 9), indicator("A2", "a", critical=True)], critical=RULE)
    profile = AREA_PROFILE_1.profile(asked, all_settled(agreed("A1", 4), disputed("A2", 0, 3)))
    figure = profile.figure("area", "a")
    assert figure is not None
    assert figure.uncertain == ("A2",)
    assert figure.percent == 100
    assert profile.intrusive_blocked_by == ()


def test_what_is_asked_only_after_an_answer_counts_only_then() -> None:
    asked = protocol([indicator("A1", "a"), indicator("A2", "a", asked_if=AskedIf("A1", (3, 4)))])
    no = AREA_PROFILE_1.profile(asked, all_settled(agreed("A1", 1))).figure("area", "a")
    yes = AREA_PROFILE_1.profile(asked, all_settled(agreed("A1", 3))).figure("area", "a")
    assert no is not None
    assert yes is not None
    assert no.coverage == 100
    assert yes.coverage == 50


def test_percentages_are_written_with_one_decimal_halves_up() -> None:
    assert percent_text(Fraction(1, 20)) == "0.1"
    assert percent_text(Fraction(625, 10)) == "62.5"
    assert percent_text(Fraction(200, 3)) == "66.7"
    assert percent_text(Fraction(100)) == "100.0"
    assert percent_text(None) is None


def of_statute(settled: Settled) -> Settled:
    """Let an answer rest on pieces of law."""
    assert settled.answer is not None
    items = tuple(replace(each, extract="x1") for each in settled.answer.evidence)
    return replace(settled, answer=replace(settled.answer, evidence=items))


def test_a_provision_is_confirmed_by_the_text_of_a_law_alone() -> None:
    made = protocol([indicator("A1", "a"), indicator("A2", "a"), indicator("A3", "a")])
    asked = replace(made, shape=Shape.PROVISIONS)
    report, law = agreed("A1", 2), of_statute(agreed("A2", 2))
    heard = of_statute(agreed("A3", 2, "C"))
    settled = all_settled(report, law, heard)
    figure = AREA_PROFILE_1.profile(asked, settled).figure("area", "a")
    assert figure is not None
    assert figure.confirmed == Fraction(100, 3)
    assert [(line.grade, line.confirmed) for line in figure.lines] == [
        (None, False), ("A", True), ("C", False),
    ]  # fmt: skip
    assert best_grade(asked, agreed("A1", 2, "AC")) == ("C", False)
    assert best_grade(made, report) == ("A", True)


VALUES = st.one_of(st.integers(0, 4), st.sampled_from((Kind.NOT_KNOWN, Kind.NOT_APPLICABLE)))


@given(st.lists(st.tuples(st.sampled_from((0.5, 1, 1.3, 3)), VALUES), min_size=1, max_size=9))
def test_a_figure_stays_on_its_scale_and_rises_with_each_answer(
    rows: list[tuple[float, int | Kind]],
) -> None:
    asked = protocol(
        [indicator(f"A{n}", "a", weight) for n, (weight, _) in enumerate(rows)],
        minimum_coverage=0,
    )

    def percent(values: list[int | Kind]) -> Fraction | None:
        settled = all_settled(*(agreed(f"A{n}", value) for n, value in enumerate(values)))
        figure = AREA_PROFILE_1.profile(asked, settled).figure("area", "a")
        assert figure is not None
        assert 0 <= figure.coverage <= 100
        assert 0 <= figure.confirmed <= 100
        return figure.percent

    values = [value for _, value in rows]
    before = percent(values)
    assert before is None or 0 <= before <= 100
    for n, value in enumerate(values):
        if not isinstance(value, Kind) and value < 4:
            risen: list[int | Kind] = [*values[:n], value + 1, *values[n + 1 :]]
            after = percent(risen)
            assert before is not None
            assert after is not None
            assert after > before


def _assert_told(
    asked: Protocol, settled: Mapping[str, Settled], figure: Figure, low: tuple[str, ...]
) -> None:
    """Hold a figure to what its answers say, and to the minimum, the cap and the bands."""
    scoring, raw = asked.scoring, figure.raw_percent
    assert scoring is not None
    for line in figure.lines:
        now = settled.get(line.indicator)
        answer = now.answer if now else None
        given = answer.given if answer else None
        assert (line.kind, line.outcome, line.grade, line.confidence) == (
            given.kind if given else None,
            now.outcome if now else None,
            best_grade(asked, now)[0],
            answer.confidence if answer else None,
        )
        assert line.value == (given.value if given and given.kind is Kind.VALUE else None)
    cap = exact(scoring.critical.cap_percent) if scoring.critical else Fraction(100)
    assert figure.capped_by == (low if raw is not None and raw > cap else ())
    if raw is None or figure.coverage < exact(scoring.minimum_coverage):
        assert (figure.percent, figure.band, figure.reason is None) == (None, None, False)
        return
    assert figure.percent == (min(raw, cap) if low else raw)
    bands = [band.id for band in scoring.bands if exact(band.min) <= figure.percent]
    assert (figure.band, figure.reason) == (bands[-1] if bands else None, None)


@pytest.mark.parametrize("name", ["capability-2026.2", "legal-2026.4", "response-2026.1"])
def test_figures_are_those_of_the_slow_twin(name: str) -> None:
    asked = named_protocol(name)
    chance = random.Random(name)
    for turn in range(12):
        settled = {}
        for each in asked.indicators.values():
            luck = chance.random()
            if luck < 0.15:
                continue
            if luck < 0.25:
                settled[each.id] = disputed(each.id, 1, 3)
            elif luck < 0.35:
                settled[each.id] = agreed(each.id, chance.choice(list(Kind)[1:]))
            else:
                stage = chance.choice(list(asked.grades))
                settled[each.id] = agreed(each.id, chance.randrange(4), stage)
                if chance.random() < 0.5:
                    settled[each.id] = of_statute(settled[each.id])
        fast, slow = AREA_PROFILE_1.profile(asked, settled), sums(asked, settled)
        assert fast.figures
        assert [(one.of, one.id, one.scale) for one in fast.figures] == list(slow), turn
        for figure, twin in zip(fast.figures, slow.values(), strict=True):
            assert tuple((line.indicator, line.weight) for line in figure.lines) == twin.weights
            assert (figure.raw_percent, figure.coverage, figure.confirmed, figure.uncertain) == (
                twin.raw_percent, twin.coverage, twin.confirmed, twin.uncertain,
            )  # fmt: skip
            _assert_told(asked, settled, figure, twin.low)
        low = {name for twin in slow.values() for name in twin.low}
        blocks = (
            asked.scoring and asked.scoring.critical and asked.scoring.critical.blocks_intrusive
        )
        assert set(fast.intrusive_blocked_by) == (low if blocks else set())
