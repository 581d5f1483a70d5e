"""JoinMarket: its own test for the pattern, wallets of one form, makers who are paid."""

from __future__ import annotations

import pytest

from kancil.bitcoin.heuristic import Answer, Coin
from kancil.bitcoin.heuristics import JOINMARKET
from kancil.bitcoin.scriptkind import ScriptKind
from tests.bitcoin.coinjoins import key, made, of_set

AMOUNT = 20_000_000
CHANGE = [1_234_567, 7_654_321, 33_333_333, 4_444]
EARNING = [AMOUNT + each - 700 for each in CHANGE[:3]]
INPUTS = [*EARNING, AMOUNT + CHANGE[3] + 9_000]
"""Three makers who earn 700 sat each, and the taker, who pays them and the mining fee."""
JOIN = [AMOUNT] * 4 + CHANGE


def test_a_join_with_paid_makers_is_told_as_such() -> None:
    verdict = JOINMARKET.judge(made(INPUTS, JOIN))
    assert (verdict.answer, verdict.rule) == (Answer.YES, "makers-paid")
    assert verdict.why.params == {
        "count": 4, "value": AMOUNT, "others": 4, "inputs": 4, "paid": 3
    }  # fmt: skip


def test_a_maker_may_put_in_two_coins_and_the_taker_may_sweep() -> None:
    split = [EARNING[0] - 5_000_000, 5_000_000, *EARNING[1:], AMOUNT + 9_000]
    assert key(JOINMARKET, made(split, [AMOUNT] * 4 + CHANGE[:3])) == "makers-paid"


def test_the_form_alone_is_told_as_the_form_alone() -> None:
    assert key(JOINMARKET, made([AMOUNT * 3] * 4, JOIN)) == "form"
    assert key(JOINMARKET, made([None] * 4, JOIN)) == "form"


@pytest.mark.parametrize(
    ("inputs", "outputs", "why"),
    [
        (INPUTS, [AMOUNT] * 2 + CHANGE[:2], "why.joinmarket-equal"),
        (INPUTS, [*JOIN, CHANGE[0]], "why.joinmarket-equal"),
        (INPUTS, [74_999] * 4 + CHANGE, "why.joinmarket-small"),
        (INPUTS, [*JOIN, 9_876], "why.joinmarket-change"),
        (INPUTS, [AMOUNT] * 4 + CHANGE[:2], "why.joinmarket-change"),
        (INPUTS[:3], JOIN, "why.fewer-inputs"),
    ],
)
def test_each_condition_is_asked(inputs: list[int], outputs: list[int], why: str) -> None:
    assert key(JOINMARKET, made(inputs, outputs)) == why


def test_wallets_are_of_one_form_and_only_the_taker_pays_elsewhere() -> None:
    assert key(JOINMARKET, made(INPUTS, JOIN, kind=ScriptKind.P2TR)) == "why.joinmarket-wallets"
    assert key(JOINMARKET, made(INPUTS, JOIN, kind=ScriptKind.P2SH)) == "why.joinmarket-outputs"
    paid = (Coin(AMOUNT, ScriptKind.P2WSH, bytes(32)),)
    assert key(JOINMARKET, made(INPUTS, JOIN[1:], more=paid)) == "makers-paid"
    strange = (Coin(4_321, ScriptKind.P2WSH, bytes(32)),)
    assert key(JOINMARKET, made(INPUTS, JOIN[:-1], more=strange)) == "why.joinmarket-outputs"
    assert key(JOINMARKET, made(INPUTS, JOIN, kind=None)) == "why.input-not-known"


def test_a_script_paid_twice_is_no_join() -> None:
    twice = (Coin(CHANGE[3], ScriptKind.P2WPKH, (100_000).to_bytes(20)),)
    assert key(JOINMARKET, made(INPUTS, JOIN[:-1], more=twice)) == "why.joinmarket-again"


def test_real_joins_are_found_among_what_only_has_equal_outputs() -> None:
    said = {key(JOINMARKET, shown) for shown in of_set("OtherCoinJoins")}
    assert {"makers-paid", "form", "why.joinmarket-equal", "why.joinmarket-small"} <= said
