"""Layering: strands that pass from address to address of one owner within minutes."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_each_layer_is_spent_within_two_blocks_and_all_stays_with_one_owner(made: Made) -> None:
    for one in made.instances("layering"):
        (split,), passes, join = one.by_role("split"), one.by_role("pass"), one.steps[-1]
        owner = split.inputs[0].owner
        assert {piece.owner for step in [split, *passes] for piece in step.outputs} == {owner}
        assert len(split.outputs) == len(join.inputs) in (2, 3)
        assert len(passes) >= 2
        heights = {step.tx: step.height for step in one.steps}
        for step in [*passes, join]:
            for piece in step.inputs:
                assert 0 <= step.height - heights[piece.tx] <= 2
        assert [piece.role for piece in join.outputs] == ["deposit"]
