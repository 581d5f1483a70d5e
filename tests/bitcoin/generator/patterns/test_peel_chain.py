"""Peel chain: one coin from hand to hand of one owner, a little less each time."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_each_peel_spends_the_rest_of_the_one_before(made: Made) -> None:
    for one in made.instances("peel-chain"):
        entry, *peels = one.steps
        owner = next(piece.owner for piece in entry.outputs if one.roles.get(piece.address))
        last = next(piece for piece in entry.outputs if piece.owner == owner)
        assert len(peels) >= 3
        for step in peels:
            assert step.inputs == [last]
            paid, rest = sorted(step.outputs, key=lambda piece: piece.owner == owner)
            assert (rest.owner, rest.role, one.roles[rest.address]) == (owner, "change", "hop")
            assert one.roles[paid.address] == "peel"
            assert paid.value <= last.value * 121 // 1000
            last = rest


def test_the_owner_of_a_peel_chain_is_a_launderer_with_no_other_coins(made: Made) -> None:
    for one in made.instances("peel-chain"):
        owner = one.steps[1].inputs[0].owner
        assert made.owner_role[owner] == "peel-chain: launderer"
        held = {row["tx"] for row in made.tables["outputs"] if row["owner"] == owner}
        assert held <= {step.tx for step in one.steps}
