"""Wasabi 1 rounds: the published conditions, the one of ours, and real rounds."""

from __future__ import annotations

import pytest

from kancil.bitcoin.coinjoins.heuristic import Answer, Coin
from kancil.bitcoin.coinjoins.heuristics import WASABI1, WASABI1_1, WASABI1_2
from kancil.bitcoin.coinjoins.heuristics.wasabi1 import COORDINATOR
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.made_coinjoins import key, made, of_set

BASE = 10_020_000
EQUAL = [BASE] * 12
CHANGE = [31_000 + 977 * place for place in range(9)]
INPUTS = [15_000_000] * 14
ROUND = EQUAL + CHANGE


def test_ten_and_more_equal_outputs_of_the_base_with_change_are_a_round() -> None:
    verdict = WASABI1.judge(made(INPUTS, ROUND))
    assert verdict.rule == "base-denomination"
    assert verdict.why.params == {"count": 12, "value": BASE, "inputs": 14, "single": 9}


def test_values_of_inputs_are_not_needed_where_nobody_could_earn() -> None:
    assert key(WASABI1, made([None] * 14, ROUND)) == "base-denomination"


@pytest.mark.parametrize(
    ("inputs", "outputs", "why"),
    [
        (INPUTS, [BASE] * 9 + CHANGE, "why.wasabi1-equal"),
        (INPUTS[:11], ROUND, "why.fewer-inputs"),
        (INPUTS, [*EQUAL, 7, 7, 9], "why.wasabi1-single"),
        (INPUTS, EQUAL, "why.wasabi1-single"),
    ],
)
def test_each_condition_is_asked(inputs: list[int], outputs: list[int], why: str) -> None:
    assert key(WASABI1, made(inputs, outputs)) == why
    assert key(WASABI1_1, made(inputs, outputs)) == why


def test_all_scripts_are_native_key_hashes() -> None:
    assert key(WASABI1, made(INPUTS, ROUND, kind=ScriptKind.P2SH)) == "why.wasabi1-kinds"
    assert key(WASABI1, made(INPUTS, ROUND, out_kind=ScriptKind.P2TR)) == "why.wasabi1-kinds"
    assert key(WASABI1, made(INPUTS, ROUND, kind=None)) == "why.input-not-known"


def test_where_makers_earn_it_is_no_round_of_a_coordinator() -> None:
    change = [31_000 + 977 * place for place in range(12)]
    earning = [BASE + each - 800 for each in change]
    assert key(WASABI1, made(earning, EQUAL + change)) == "why.wasabi1-earned"
    paying = [BASE + each + 9_000 for each in change]
    assert key(WASABI1, made(paying, EQUAL + change)) == "base-denomination"
    assert key(WASABI1, made([None] * 12, EQUAL + change)) == "why.input-not-known"


def test_real_rounds_are_found_but_for_those_in_which_makers_earn() -> None:
    said = [key(WASABI1, shown) for shown in of_set("WasabiCoinJoins")]
    assert set(said) == {"base-denomination", "why.wasabi1-earned"}
    after = {key(WASABI1, shown) for shown in of_set("WasabiPostMixTxs")}
    assert "base-denomination" not in after


@pytest.mark.parametrize("base", [5_000_000, BASE])
def test_fourteen_equal_outputs_and_one_other_are_unsure(base: int) -> None:
    """As in three early rounds of 0.05 BTC, of which versions 1 and 2 say nothing."""
    shown = made([None] * 14, [base] * 14 + [31_000])
    verdict = WASABI1.judge(shown)
    assert (verdict.answer, verdict.rule) == (Answer.UNSURE, "one-other")
    assert verdict.why.params == {"count": 14, "value": base, "inputs": 14, "single": 1}
    assert not WASABI1_1.judge(shown).is_fired
    assert key(WASABI1_2, shown) == "why.wasabi1-single"
    fewer = made([None] * 13, [base] * 14 + [31_000])
    assert key(WASABI1, fewer) == "why.fewer-inputs"
    assert key(WASABI1, made(INPUTS, [base] * 14 + [31_000], kind=ScriptKind.P2SH)) == (
        "why.wasabi1-kinds"
    )


def test_what_version_2_calls_version_3_calls_by_the_same_rule() -> None:
    for name in ("WasabiCoinJoins", "WasabiPostMixTxs"):
        for shown in of_set(name):
            assert WASABI1.judge(shown) == WASABI1_2.judge(shown)


FEE = (Coin(123_456, *min(COORDINATOR)),)
"""The coordinator's output of a round of 2018 or 2019."""


@pytest.mark.parametrize("base", [7_999_999, 12_000_001, 27_000_000])
def test_of_another_denomination_it_is_unsure(base: int) -> None:
    shown = made([40_000_000] * 14, [base] * 12 + CHANGE)
    assert key(WASABI1_1, shown) == "why.wasabi1-base"
    verdict = WASABI1.judge(shown)
    assert (verdict.answer, verdict.rule) == (Answer.UNSURE, "other-denomination")


@pytest.mark.parametrize("equal", [3, 6, 7, 30])
def test_early_rounds_are_found_by_whom_they_pay(equal: int) -> None:
    """Of 2018: other denominations, few participants, and no values of inputs needed."""
    shown = made([None] * equal, [12_345_678] * equal + CHANGE[:2], more=FEE)
    assert not WASABI1_1.judge(shown).is_fired
    verdict = WASABI1.judge(shown)
    assert (verdict.answer, verdict.rule) == (Answer.YES, "coordinator-paid")
    assert verdict.why.params == {"count": equal, "value": 12_345_678, "inputs": equal}
    without = made([None] * equal, [12_345_678] * equal + CHANGE[:3])
    assert WASABI1.judge(without).answer is not Answer.YES


def test_who_pays_the_coordinator_otherwise_is_told_as_unsure_or_not_at_all() -> None:
    equal = [12_345_678] * 6
    assert key(WASABI1, made([None] * 6, equal[:2] + CHANGE, more=FEE)) == "why.wasabi1-equal"
    for shown in (
        made([90_000_000], equal, more=FEE),
        made([None] * 6, equal, kind=ScriptKind.P2SH, more=FEE),
        made([None] * 6, equal, out_kind=ScriptKind.P2TR, more=FEE),
    ):
        verdict = WASABI1.judge(shown)
        assert (verdict.answer, verdict.rule) == (Answer.UNSURE, "coordinator-paid-other-form")
    assert key(WASABI1, made([None] * 6, equal, kind=None, more=FEE)) == "why.input-not-known"


def test_what_version_1_calls_version_2_calls_by_the_same_rule() -> None:
    called = [shown for shown in of_set("WasabiCoinJoins") if WASABI1_1.judge(shown).is_fired]
    assert called
    assert all(WASABI1.judge(shown) == WASABI1_1.judge(shown) for shown in called)
