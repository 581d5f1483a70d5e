"""Fan-in: many payers, one address, emptied at once."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.fan_in import FAN_IN
from tests.bitcoin.tiny_chain import Tx, found, payers, tx


def gathered(count: int, minute: int = 30, outputs: int = 1) -> list[Tx]:
    pays = [(7 + n, count * 1_000 // outputs) for n in range(outputs)]
    return [*payers(count, 1), tx([(count + n, 0) for n in range(count)], pays, minute)]


def test_five_payers_and_one_spend_are_found() -> None:
    (one,) = found(FAN_IN, gathered(5)).found
    assert one.at == 10
    assert [step.role for step in one.steps] == ["payment"] * 5 + ["collect"]
    assert (one.why.params["payers"], one.why.params["value"]) == (5, 5_000)
    assert one.value_sat == 5_000
    assert one.why.params["minutes"] == 30


def test_four_payers_are_too_few_unless_the_officer_says_so() -> None:
    assert not found(FAN_IN, gathered(4)).total
    assert found(FAN_IN, gathered(4), least_payers=4).total == 1


def test_payments_long_before_the_spend_do_not_count() -> None:
    assert not found(FAN_IN, gathered(5, minute=60 * 169 + 10)).total


def test_a_spend_into_many_outputs_is_no_collection() -> None:
    assert not found(FAN_IN, gathered(6, outputs=3)).total


def test_payments_of_one_payer_count_once() -> None:
    start = tx([(-1, 0)], [(50, 9_000)], 0)
    txs = [start]
    for n in range(6):  # change goes back to the payer's own address each time
        txs.append(tx([(n, 0 if not n else 1)], [(1, 100), (50, 8_000 - n)], n))
    txs.append(tx([(n + 1, 0) for n in range(6)], [(7, 600)], 20))
    assert not found(FAN_IN, txs).total


def test_an_address_that_pays_itself_is_no_payer() -> None:
    txs = gathered(5)
    own = tx([(10, 0)], [(7, 5_000)], 40)
    assert found(FAN_IN, [*txs, own]).total == 1
