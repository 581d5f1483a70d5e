"""Equal outputs without a protocol: the counts, one by one, and the list they come from."""

from __future__ import annotations

import pytest

from kancil.bitcoin.coinjoins.heuristic import Answer, Coin
from kancil.bitcoin.coinjoins.heuristics import EQUAL_OUTPUT, EQUAL_OUTPUT_1
from tests.bitcoin.made_coinjoins import WPKH, key, made, of_set

EQUAL = [500_000] * 2


def test_two_equal_outputs_with_change_from_two_scripts_have_the_form() -> None:
    verdict = EQUAL_OUTPUT.judge(made([700_000, 600_000], [*EQUAL, 190_000, 90_000]))
    assert verdict.rule == "equal-amounts"
    assert verdict.why.params == {"count": 2, "value": 500_000, "others": 2, "scripts": 2}


def test_values_of_inputs_are_not_needed_but_their_scripts_are() -> None:
    outputs = [*EQUAL, 90_000]
    assert key(EQUAL_OUTPUT, made([None, None], outputs)) == "equal-amounts"
    assert key(EQUAL_OUTPUT, made([None, None], outputs, kind=None)) == "why.input-not-known"


@pytest.mark.parametrize(
    ("inputs", "outputs", "why"),
    [
        ([9_000_000] * 2, [1, 2, 3], "why.equal-one-value"),
        ([9_000_000] * 2, [*EQUAL, 4, 4], "why.equal-one-value"),
        ([9_000_000] * 2, EQUAL, "why.equal-change"),
        ([9_000_000] * 2, [*EQUAL, 1, 2, 3], "why.equal-change"),
        ([9_000_000], [*EQUAL, 1], "why.fewer-inputs"),
    ],
)
def test_each_condition_is_asked(inputs: list[int], outputs: list[int], why: str) -> None:
    assert key(EQUAL_OUTPUT_1, made(inputs, outputs)) == why


def test_one_script_is_not_two_people() -> None:
    same = made([700_000], [500_000, 90_000], more=(Coin(500_000, WPKH, (100_000).to_bytes(20)),))
    twice = type(same)(same.txid, same.inputs * 2, same.outputs)
    assert key(EQUAL_OUTPUT, twice) == "why.few-scripts"


def test_the_list_whose_rule_it_restates_is_found() -> None:
    assert {key(EQUAL_OUTPUT, shown) for shown in of_set("OtherCoinJoins")} == {"equal-amounts"}


def test_equal_change_does_not_hide_that_three_are_paid_alike() -> None:
    shown = made([9_000_000] * 3, [500_000] * 3 + [70_000, 70_000, 12_345])
    assert key(EQUAL_OUTPUT_1, shown) == "why.equal-one-value"
    verdict = EQUAL_OUTPUT.judge(shown)
    assert (verdict.answer, verdict.rule) == (Answer.YES, "equal-change")
    assert verdict.why.params == {
        "count": 3, "value": 500_000, "others": 3, "values": 2, "scripts": 3
    }  # fmt: skip
    assert key(EQUAL_OUTPUT, made([9_000_000] * 2, [*EQUAL, 4])) == "equal-amounts"


def test_of_two_pairs_it_is_unsure() -> None:
    verdict = EQUAL_OUTPUT.judge(made([9_000_000] * 2, [*EQUAL, 4, 4]))
    assert (verdict.answer, verdict.rule) == (Answer.UNSURE, "two-pairs")
