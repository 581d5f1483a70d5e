"""What holds of every heuristic, whatever the transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.coinjoins.heuristic import (
    Answer,
    Coin,
    Heuristic,
    Period,
    Shown,
    error_of,
    falls,
)
from kancil.bitcoin.coinjoins.heuristics import EARLIER, HEURISTICS, heuristic_named
from kancil.bitcoin.coinjoins.verdicts import LEAST_INPUTS, LEAST_OUTPUTS, PROTOCOLS
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.words import has, render
from tests.bitcoin.made_coinjoins import sample

heuristics = pytest.mark.parametrize("heuristic", HEURISTICS, ids=lambda each: each.name)
VALUES = st.sampled_from([0, 1, 330, 5_000, 8_192, 100_000, 103_000, 1_000_000, 10_000_000])
KINDS = st.sampled_from(
    [ScriptKind.P2WPKH, ScriptKind.P2TR, ScriptKind.P2SH, ScriptKind.OP_RETURN,
     ScriptKind.NONSTANDARD]
)  # fmt: skip
OUTPUTS = st.builds(Coin, VALUES, KINDS, st.binary(max_size=2))
INPUTS = st.builds(Coin, st.none() | VALUES, st.none() | KINDS, st.binary(max_size=2))
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))


@st.composite
def transactions(draw: st.DrawFn) -> Shown:
    outputs = draw(st.lists(OUTPUTS, max_size=12))
    more: bool = draw(st.booleans())
    if outputs and more:
        outputs += draw(st.lists(st.sampled_from(outputs), max_size=24))
    inputs = draw(st.lists(INPUTS, max_size=24))
    return Shown("cd" * 32, tuple(inputs), tuple(outputs), draw(TIMES))


@heuristics
@given(shown=transactions())
def test_an_answer_has_a_reason_and_a_yes_names_its_rule(
    heuristic: Heuristic, shown: Shown
) -> None:
    verdict = heuristic.judge(shown)
    assert (verdict.rule != "") == (verdict.answer is Answer.YES)
    assert verdict.rule in {"", *(rule.code for rule in heuristic.rules)}
    assert render(verdict.why.key, **verdict.why.params)


@heuristics
@given(shown=transactions(), time=TIMES)
def test_the_period_hides_nothing(
    heuristic: Heuristic, shown: Shown, time: datetime | None
) -> None:
    """A period is a fact told beside the answer: no rule may look at the time."""
    assert heuristic.judge(replace(shown, time=time)) == heuristic.judge(shown)


@heuristics
@given(shown=transactions())
def test_nothing_known_of_the_inputs_never_turns_a_no_into_a_yes(
    heuristic: Heuristic, shown: Shown
) -> None:
    """Less knowledge gives the same answer or none; JoinMarket's rule may then say less."""
    blind = replace(shown, inputs=tuple(Coin(None, None) for _ in shown.inputs))
    less, more = heuristic.judge(blind), heuristic.judge(shown)
    if Answer.UNKNOWN not in (less.answer, more.answer):
        assert less.answer is more.answer


@heuristics
def test_a_coinbase_and_an_empty_transaction_are_no_coinjoins(heuristic: Heuristic) -> None:
    for count in (0, 1, 12):
        shown = Shown("ef" * 32, (), (Coin(1_000_000, ScriptKind.P2WPKH, b"x"),) * count)
        assert heuristic.judge(shown).answer is Answer.NO


@given(shown=transactions())
def test_too_few_inputs_and_outputs_are_a_no_of_every_protocol(shown: Shown) -> None:
    few = replace(
        shown,
        inputs=shown.inputs[: LEAST_INPUTS - 1],
        outputs=shown.outputs[: LEAST_OUTPUTS - 1],
    )
    assert {heuristic.judge(few).answer for heuristic in PROTOCOLS} == {Answer.NO}


@heuristics
def test_the_order_of_real_coins_matters_to_wasabi_2_alone(heuristic: Heuristic) -> None:
    for one in sample().sets:
        for shown in one.transactions():
            assert isinstance(shown, Shown)
            turned = replace(shown, inputs=shown.inputs[::-1], outputs=shown.outputs[::-1])
            same = heuristic.judge(turned).answer is heuristic.judge(shown).answer
            assert same or heuristic.name == "wasabi2"


@heuristics
def test_a_member_says_its_source_its_period_and_what_its_labels_rest_on(
    heuristic: Heuristic,
) -> None:
    assert len(heuristic.source) > 20
    assert heuristic.period.source
    assert heuristic.says in {"coinjoin", "premix", "equal-outputs"}
    assert heuristic.words
    assert all(has(key) for key in heuristic.words)
    assert "error rate" in render(heuristic.words[-1])


def test_every_rule_is_named_once_and_says_what_is_known_of_its_error() -> None:
    for heuristic in (*HEURISTICS, *EARLIER):
        codes = [rule.code for rule in heuristic.rules]
        assert codes
        assert len(set(codes)) == len(codes)
        for rule in heuristic.rules:
            assert "error rate" in render(rule.error)
            assert rule.error in heuristic.words
            assert error_of(heuristic, rule.code) == rule.error
        assert error_of(heuristic, "") == heuristic.words[-1]
        assert heuristic_named(heuristic.name, heuristic.version) is heuristic
    assert heuristic_named("whirlpool", "0") is None


def test_only_an_earlier_version_shares_a_name() -> None:
    names = [heuristic.name for heuristic in HEURISTICS]
    assert len(set(names)) == len(names)
    for before in EARLIER:
        (now,) = [each for each in HEURISTICS if each.name == before.name]
        assert int(before.version) < int(now.version)
        assert (before.says, before.protocol) == (now.says, now.protocol)


def test_a_period_holds_its_days_and_is_silent_without_a_time() -> None:
    period = Period(date(2020, 1, 2), date(2020, 1, 4), "x")
    days = [datetime(2020, 1, day, 23, 59, tzinfo=UTC) for day in range(1, 6)]
    assert [period.holds(day) for day in days] == [False, True, True, True, False]
    assert period.holds(None) is None
    twice = replace(period, again=date(2020, 1, 5))
    assert [twice.holds(day) for day in days] == [False, True, True, True, True]
    assert Period(date(2020, 1, 2), None, "x").holds(datetime(2999, 1, 1, tzinfo=UTC))


@given(st.lists(st.integers(0, 9)))
def test_falling_is_being_sorted_from_the_largest(values: list[int]) -> None:
    assert falls(values) == (values == sorted(values, reverse=True))


def test_of_equally_common_values_the_largest_counts() -> None:
    coins = tuple(Coin(value, ScriptKind.P2WPKH) for value in (5, 9, 5, 9, 1))
    shown = Shown("aa" * 32, (), coins)
    assert shown.most_common == (9, 2)
    assert shown.repeated_values == 2
    assert Shown("aa" * 32, (), ()).most_common == (0, 0)
