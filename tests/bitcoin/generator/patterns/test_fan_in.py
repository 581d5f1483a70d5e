"""Fan-in: many payers, one address, emptied at once."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_different_payers_pay_one_address_that_is_emptied_at_once(made: Made) -> None:
    for one in made.instances("fan-in"):
        payers, collect = one.by_role("payer"), one.steps[-1]
        assert len(payers) >= 3
        assert collect.role == "collect"
        collector = {piece.address for piece in collect.inputs}
        assert len(collector) == 1
        assert len(collect.inputs) == len(payers)
        assert [piece.role for piece in collect.outputs] == ["deposit"]
        for step in payers:
            assert collector & {piece.address for piece in step.outputs}
            assert made.owner_role[step.inputs[0].owner] in {"user", "exchange", "miner"}
