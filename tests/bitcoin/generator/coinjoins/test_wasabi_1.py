"""Wasabi 1: many equal outputs, change, one coordinator."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_each_participant_gets_one_equal_output_and_change_at_most(made: Made) -> None:
    for one in made.instances("wasabi-1"):
        (step,) = one.steps
        joined = [piece for piece in step.outputs if piece.role == "joined"]
        change = [piece for piece in step.outputs if piece.role == "change"]
        owners = [piece.owner for piece in step.inputs]
        assert len({piece.value for piece in joined}) == 1
        assert sorted(piece.owner for piece in joined) == sorted(owners)
        assert len(set(owners)) == len(owners) >= 8
        assert {piece.owner for piece in change} <= set(owners)
        rest = [piece for piece in step.outputs if piece.role == "payment"]
        assert [made.owner_role[piece.owner] for piece in rest] == ["wasabi-1: coordinator"]
