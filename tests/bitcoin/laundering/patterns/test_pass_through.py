"""Pass-through: what comes goes on."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.pass_through import PASS_THROUGH
from tests.bitcoin.tiny_chain import Tx, found, payers, tx


def mule(times: int, rest: int = 60, sent: int = 950) -> list[Tx]:
    made = payers(times, 1)
    forwards = [
        tx([(times + n, 0)], [(7, sent), (300 + n, 1_000 - sent)], n + rest) for n in range(times)
    ]
    return [*made, *forwards]


def test_three_forwards_are_found_with_what_was_kept() -> None:
    (one,) = found(PASS_THROUGH, mule(3)).found
    assert one.why.params == {"times": 3, "value": 2_850, "came": 3_000, "dwell": 60, "targets": 1}
    assert [step.role for step in one.steps] == ["payment", "forward"] * 3


def test_two_forwards_are_any_wallets_move() -> None:
    assert not found(PASS_THROUGH, mule(2)).total


def test_a_long_rest_or_a_large_share_kept_is_no_forward() -> None:
    assert not found(PASS_THROUGH, mule(4, rest=60 * 24 + 1)).total
    assert not found(PASS_THROUGH, mule(4, sent=899)).total


def test_forwards_far_apart_are_not_of_one_run() -> None:
    txs = mule(3)
    month = 60 * 24 * 31
    late = [tx(one.spends, one.pays, one.minute + month * n) for n, one in enumerate(txs[3:6])]
    later = [tx(one.spends, one.pays, one.minute + month * n) for n, one in enumerate(txs[6:])]
    assert not found(PASS_THROUGH, [*txs[:3], *late, *later]).total
