"""Peel chain: a little off one coin at each link."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.peel_chain import PEEL_CHAIN
from tests.bitcoin.tiny_chain import NEW, Tx, found, tx


def chain(links: int, percent: int = 10, pause: int = 30) -> list[Tx]:
    value, txs = 1_000_000, [tx([NEW], [(1, 1_000_000)], 0)]
    for n in range(links):
        peel = value * percent // 100
        value -= peel
        # The rest stands first or second by turns.
        pays = [(100 + n, peel), (200 + n, value)]
        place = 0 if n < 1 else (1 if (n - 1) % 2 == 0 else 0)
        txs.append(tx([(n, place)], pays if n % 2 == 0 else pays[::-1], (n + 1) * pause))
    return txs


def test_five_links_are_found_whole_and_told_with_what_was_peeled() -> None:
    (one,) = found(PEEL_CHAIN, chain(5)).found
    assert [step.tx for step in one.steps] == [1, 2, 3, 4, 5]
    assert one.why.params["links"] == 5
    assert one.value_sat == one.why.params["peeled"] == 1_000_000 - 590_490
    assert one.why.params["rest"] == 590_490
    assert one.why.params["minutes"] == 120


def test_four_links_are_too_few() -> None:
    assert not found(PEEL_CHAIN, chain(4)).total
    assert found(PEEL_CHAIN, chain(4), least_links=4).total == 1


def test_a_peel_that_is_no_small_share_ends_the_chain() -> None:
    assert not found(PEEL_CHAIN, chain(8, percent=21)).total
    assert found(PEEL_CHAIN, chain(8, percent=20)).total == 1


def test_a_long_rest_cuts_the_chain() -> None:
    assert not found(PEEL_CHAIN, chain(6, pause=60 * 169)).total
