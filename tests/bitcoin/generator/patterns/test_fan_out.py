"""Fan-out: one owner's coin over many addresses."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_many_are_paid_from_one_hand(made: Made) -> None:
    for one in made.instances("fan-out"):
        for step in one.by_role("spread"):
            assert len(step.inputs) == 1
            payees = [piece for piece in step.outputs if one.roles[piece.address] == "payee"]
            assert len({piece.address for piece in payees}) == len(payees) >= 8
            assert {made.owner_role[piece.owner] for piece in payees} == {"user"}
        owners = {step.inputs[0].owner for step in one.by_role("spread")}
        assert {made.owner_role[owner] for owner in owners} == {"fan-out: distributor"}
