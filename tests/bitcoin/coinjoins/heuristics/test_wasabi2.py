"""Wasabi 2 rounds: denominations, order, fresh scripts, and real rounds."""

from __future__ import annotations

import pytest

from kancil.bitcoin.coinjoins.heuristic import Answer, Shown
from kancil.bitcoin.coinjoins.heuristics import WASABI2, WASABI2_1
from kancil.bitcoin.coinjoins.heuristics.wasabi2 import STANDARD, denominations
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.made_coinjoins import coins, key, made, of_set, sample

OUTPUTS = sorted([2**20] * 9 + [3**12] * 8 + [50_000] * 5 + [7_777, 123_457], reverse=True)
INPUTS = sorted([2**21 + 3 * place for place in range(22)], reverse=True)


def test_the_denominations_are_those_wasabi_builds() -> None:
    assert denominations() == STANDARD
    assert {5_000, 6_561, 8_192, 10_000, 13_122, 100_000, 200_000, 500_000, 2**36} <= STANDARD
    assert min(STANDARD) == 5_000
    assert not {4_096, 4_374, 2 * 2**13 + 1, 30_000} & STANDARD


def test_sorted_coins_of_standard_denominations_are_a_round() -> None:
    verdict = WASABI2.judge(made(INPUTS, OUTPUTS))
    assert verdict.rule == "standard-denominations"
    assert verdict.why.params == {"standard": 22, "outputs": 24, "inputs": 22}


@pytest.mark.parametrize(
    ("inputs", "outputs", "why"),
    [
        (INPUTS[:2], OUTPUTS, "why.wasabi2-inputs"),
        (INPUTS, sorted(STANDARD, reverse=True), "why.no-equal-outputs"),
        (INPUTS, OUTPUTS[::-1], "why.wasabi2-order"),
        (INPUTS[::-1], OUTPUTS, "why.wasabi2-order"),
        (INPUTS, [2**20] * 8 + [99_999, 99_998], "why.wasabi2-standard"),
        ([*INPUTS[:-1], None], OUTPUTS, "why.input-not-known"),
    ],
)
def test_each_condition_is_asked(inputs: list[int | None], outputs: list[int], why: str) -> None:
    assert key(WASABI2, made(inputs, outputs)) == why


@pytest.mark.parametrize("count", [3, 6, 19])
def test_of_fewer_than_twenty_inputs_it_is_unsure_and_version_1_says_no(count: int) -> None:
    shown = made(INPUTS[:count], OUTPUTS)
    verdict = WASABI2.judge(shown)
    assert (verdict.answer, verdict.rule) == (Answer.UNSURE, "few-inputs")
    assert verdict.why.params == {"standard": 22, "outputs": 24, "inputs": count, "least": 20}
    assert key(WASABI2_1, shown) == "why.wasabi2-inputs"


def test_outputs_of_one_denomination_are_no_small_round() -> None:
    """As a mix of Whirlpool has them: five of 0.01 BTC."""
    shown = made([1_000_900, 1_000_400, *[1_000_000] * 3], [1_000_000] * 5)
    assert key(WASABI2, shown) == "why.wasabi2-alike"


def test_what_version_1_says_of_large_rounds_version_2_says_too() -> None:
    for shown in of_set("Wasabi2CoinJoins"):
        assert WASABI2.judge(shown) == WASABI2_1.judge(shown)


def test_no_other_labelled_transaction_is_called_unsure() -> None:
    """Of the sets of other protocols, and of what was listed beside them."""
    names = ("OtherCoinJoins", "SamouraiCoinJoins", "WasabiCoinJoins", "WasabiPostMixTxs")
    judged = [WASABI2.judge(shown) for name in names for shown in of_set(name)]
    assert len(judged) > 10
    assert not [verdict for verdict in judged if verdict.is_fired]


def test_taproot_is_allowed_and_old_scripts_are_not() -> None:
    taproot = made(INPUTS, OUTPUTS, kind=ScriptKind.P2TR, out_kind=ScriptKind.P2TR)
    assert key(WASABI2, taproot) == "standard-denominations"
    assert key(WASABI2, made(INPUTS, OUTPUTS, kind=ScriptKind.P2SH)) == "why.wasabi2-kinds"


@pytest.mark.parametrize(("again", "is_round"), [(15, True), (16, False)])
def test_from_seventy_percent_of_scripts_used_again_it_is_none(
    again: int, *, is_round: bool
) -> None:
    # Of 22 coins 15 stand under a script seen before: 68 %; 16: 73 %.
    shown = Shown("ab" * 32, coins(INPUTS, again=again + 1), coins(OUTPUTS, 1_000))
    assert shown.input_scripts == 22 - again
    said = key(WASABI2, shown)
    assert said == ("standard-denominations" if is_round else "why.wasabi2-again")


def test_real_rounds_are_found_and_the_listed_false_one_is_not() -> None:
    (listed,) = [each for each in sample().false if each.protocol == "wasabi2"]
    for shown in of_set("Wasabi2CoinJoins"):
        expected = "why.wasabi2-again" if shown.txid in listed.txids else "standard-denominations"
        assert key(WASABI2, shown) == expected
