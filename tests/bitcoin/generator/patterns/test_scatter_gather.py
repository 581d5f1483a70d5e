"""Scatter-gather: one source, many mules, one sink."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_each_mule_gets_one_coin_and_pays_the_one_sink(made: Made) -> None:
    for one in made.instances("scatter-gather"):
        (scatter,), gathers = one.by_role("scatter"), one.by_role("gather")
        mules = {piece.owner for piece in scatter.outputs}
        assert len(mules) == len(scatter.outputs) == len(gathers) >= 3
        assert {step.inputs[0].owner for step in gathers} == mules
        assert all(len(step.inputs) == len(step.outputs) == 1 for step in gathers)
        assert len({step.outputs[0].address for step in gathers}) == 1
