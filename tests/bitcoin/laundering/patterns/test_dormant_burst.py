"""Dormant, then burst: long still, spent within hours."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.dormant_burst import DORMANT_BURST
from tests.bitcoin.tiny_chain import NEW, Tx, found, tx

YEAR = 60 * 24 * 366


def slept(count: int, *, one_target: bool, one_source: bool, rest: int = YEAR) -> list[Tx]:
    coins = [tx([NEW], [(1 if one_source else 10 + n, 200_000)], n) for n in range(count)]
    spends = [
        tx([(n, 0)], [(7 if one_target else 30 + n, 199_000)], rest + 10 * n) for n in range(count)
    ]
    return [*coins, *spends]


def test_old_coins_to_one_address_are_found() -> None:
    (one,) = found(DORMANT_BURST, slept(3, one_target=True, one_source=False)).found
    assert (one.rule, one.value_sat, one.why.params["coins"]) == ("to", 600_000, 3)
    assert [step.role for step in one.steps] == ["laid-down"] * 3 + ["burst"] * 3


def test_old_coins_from_one_address_are_found_once() -> None:
    assert found(DORMANT_BURST, slept(3, one_target=False, one_source=True)).found[0].rule == "from"
    assert found(DORMANT_BURST, slept(3, one_target=True, one_source=True)).total == 1


def test_coins_that_look_unrelated_are_missed() -> None:
    assert not found(DORMANT_BURST, slept(5, one_target=False, one_source=False)).total


def test_young_coins_few_coins_and_dust_are_not_found() -> None:
    young = slept(3, one_target=True, one_source=True, rest=60 * 24 * 300)
    assert not found(DORMANT_BURST, young).total
    assert not found(DORMANT_BURST, slept(2, one_target=True, one_source=True)).total
    whole = slept(3, one_target=True, one_source=True)
    assert not found(DORMANT_BURST, whole, least_value=200_001).total
