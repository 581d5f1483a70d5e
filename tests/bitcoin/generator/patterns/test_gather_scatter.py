"""Gather-scatter: in at several addresses of one hub, out to many in one transaction."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_what_was_gathered_is_scattered_by_one_owner(made: Made) -> None:
    for one in made.instances("gather-scatter"):
        scatter = one.steps[-1]
        assert scatter.role == "scatter"
        assert len({piece.owner for piece in scatter.inputs}) == 1
        assert {piece.tx for piece in scatter.inputs} == {step.tx for step in one.steps[:-1]}
        assert len(one.by_role("gather")) >= 3
        assert len(scatter.outputs) >= 3
        hub = scatter.inputs[0].owner
        assert hub not in {piece.owner for piece in scatter.outputs}
