"""Layering: short rests in transaction after transaction."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.layering import LAYERING
from tests.bitcoin.tiny_chain import NEW, Tx, found, tx


def passed_on(links: int, pause: int, percent: int = 99) -> list[Tx]:
    txs, value = [tx([NEW], [(1, 1_000_000)], 0)], 1_000_000
    for n in range(links):
        value = value * percent // 100
        txs.append(tx([(n, 0)], [(10 + n, value)], (n + 1) * pause))
    return txs


def test_five_links_within_the_hour_each_are_found() -> None:
    (one,) = found(LAYERING, passed_on(5, 60)).found
    assert [step.role for step in one.steps] == ["pass"] * 5
    assert one.why.params["dwell"] == 60
    assert one.why.params["first"] == 990_000


def test_longer_rests_and_fewer_links_are_not() -> None:
    assert not found(LAYERING, passed_on(5, 61)).total
    assert not found(LAYERING, passed_on(4, 10)).total


def test_a_link_that_keeps_too_much_for_itself_cuts_the_path() -> None:
    assert not found(LAYERING, passed_on(8, 10, percent=89)).total
    assert found(LAYERING, passed_on(8, 10, percent=90)).total == 1


def test_block_times_that_go_back_are_no_rest() -> None:
    assert found(LAYERING, passed_on(5, -10)[:1]).total == 0
    back = [tx(one.spends, one.pays, 1_000 - one.minute) for one in passed_on(5, 10)]
    assert found(LAYERING, back).total == 1
