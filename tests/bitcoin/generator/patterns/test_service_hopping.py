"""Service hopping: into one exchange after another, other coins out."""

from __future__ import annotations

from itertools import pairwise

from tests.bitcoin.generator.reading import Made


def test_each_withdrawal_comes_from_the_exchange_that_took_the_deposit(made: Made) -> None:
    for one in made.instances("service-hopping"):
        deposits, withdrawals = one.by_role("deposit"), one.by_role("withdrawal")
        assert len(deposits) == len(withdrawals) >= 2
        for deposit, withdrawal in zip(deposits, withdrawals, strict=True):
            exchange = deposit.outputs[0].owner
            assert made.owner_role[exchange] == "exchange"
            assert {piece.owner for piece in withdrawal.inputs} == {exchange}
            assert deposit.tx not in {piece.tx for piece in withdrawal.inputs}
        hops = [step.outputs[0].owner for step in deposits]
        assert all(before != after for before, after in pairwise(hops))
