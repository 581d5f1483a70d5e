"""Gather-scatter: coins of many transactions meet, and many are paid."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.gather_scatter import GATHER_SCATTER
from tests.bitcoin.tiny_chain import Tx, found, payers, tx


def hub(gathered: int, values: list[int], minute: int = 30) -> list[Tx]:
    """Coins come at addresses of their own, so no single address is emptied."""
    made = payers(gathered, 1)
    own = [tx(one.spends, [(200 + n, 1_000)], one.minute)
           for n, one in enumerate(made[gathered:])]  # fmt: skip
    spends = [(gathered + n, 0) for n in range(gathered)]
    pays = [(n + 1, value) for n, value in enumerate(values)]
    return [*made[:gathered], *own, tx(spends, pays, minute)]


def test_five_in_and_five_out_are_found() -> None:
    (one,) = found(GATHER_SCATTER, hub(5, [100, 200, 300, 400, 500])).found
    assert one.at == 10
    assert (one.why.params["gathered"], one.why.params["scattered"]) == (5, 5)
    assert one.value_sat == 5_000


def test_equal_outputs_have_the_form_of_a_coinjoin_and_are_left_out() -> None:
    assert not found(GATHER_SCATTER, hub(5, [300, 300, 300, 400, 500])).total
    assert found(GATHER_SCATTER, hub(5, [300, 300, 300, 400, 500]), most_equal=3).total == 1


def test_too_few_on_either_side_are_not_found() -> None:
    assert not found(GATHER_SCATTER, hub(4, [100, 200, 300, 400, 500])).total
    assert not found(GATHER_SCATTER, hub(5, [100, 200, 300, 400])).total
    assert not found(GATHER_SCATTER, hub(5, [100, 200, 300, 400, 500], 60 * 200)).total
