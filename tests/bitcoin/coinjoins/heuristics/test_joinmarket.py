"""JoinMarket: its own test for the pattern, wallets of one form, makers who are paid."""

from __future__ import annotations

import pytest

from kancil.bitcoin.coinjoins.heuristic import Answer, Coin
from kancil.bitcoin.coinjoins.heuristics import JOINMARKET, JOINMARKET_1
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.made_coinjoins import key, made, of_set

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
        (INPUTS, [*JOIN, 9_876], "why.joinmarket-change"),
        (INPUTS, [AMOUNT] * 4 + CHANGE[:2], "why.joinmarket-change"),
        (INPUTS[:3], JOIN, "why.fewer-inputs"),
    ],
)
def test_each_condition_is_asked(inputs: list[int], outputs: list[int], why: str) -> None:
    assert key(JOINMARKET, made(inputs, outputs)) == why
    assert key(JOINMARKET_1, made(inputs, outputs)) == why


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
    said = {key(JOINMARKET_1, shown) for shown in of_set("OtherCoinJoins")}
    assert {"makers-paid", "form", "why.joinmarket-equal", "why.joinmarket-small"} <= said
    said = {key(JOINMARKET, shown) for shown in of_set("OtherCoinJoins")}
    assert {"makers-paid", "form", "why.joinmarket-equal"} <= said


SAME = [1_234_567] * 3 + [4_444]
"""Change of three makers who brought as much each, and of the taker."""


def test_makers_of_equal_balance_do_not_hide_a_join() -> None:
    earning = [AMOUNT + SAME[0] - 700] * 3 + [INPUTS[-1]]
    shown = made(earning, [AMOUNT] * 4 + SAME)
    assert key(JOINMARKET_1, shown) == "why.joinmarket-equal"
    verdict = JOINMARKET.judge(shown)
    assert (verdict.answer, verdict.rule) == (Answer.YES, "makers-paid-equal-change")
    assert verdict.why.params["paid"] == 3
    unseen = JOINMARKET.judge(made([None] * 4, [AMOUNT] * 4 + SAME))
    assert (unseen.answer, unseen.rule) == (Answer.UNSURE, "form-equal-change")


@pytest.mark.parametrize(("amount", "change"), [(AMOUNT, 300_000), (300_000, AMOUNT)])
def test_the_amount_is_that_beside_which_makers_are_paid(amount: int, change: int) -> None:
    """Where all change is equal too, the larger value need not be the amount."""
    earning = [amount + change - 90, amount - 1_000, 1_000 + change - 90, amount + change + 10_000]
    verdict = JOINMARKET.judge(made(earning * 2, [amount] * 4 + [change] * 4))
    assert (verdict.rule, verdict.why.params["paid"]) == ("makers-paid-equal-change", 4)


def test_of_small_amounts_it_is_unsure() -> None:
    low = made(INPUTS, [74_999] * 4 + CHANGE)
    assert key(JOINMARKET_1, low) == "why.joinmarket-small"
    verdict = JOINMARKET.judge(low)
    assert (verdict.answer, verdict.rule) == (Answer.UNSURE, "small")
    assert key(JOINMARKET, made(INPUTS, [75_000] * 4 + CHANGE)) == "form"


def test_what_version_1_calls_version_2_calls_by_the_same_rule() -> None:
    for name in ("OtherCoinJoins", "OtherCoinJoinPostMixTxs", "WasabiCoinJoins"):
        for shown in of_set(name):
            before = JOINMARKET_1.judge(shown)
            if before.answer is Answer.YES:
                assert JOINMARKET.judge(shown) == before
