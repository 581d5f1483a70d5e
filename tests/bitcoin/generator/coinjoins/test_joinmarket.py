"""JoinMarket: equal outputs for all, the taker pays, makers gain."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_makers_gain_and_the_taker_pays_all_fees(made: Made) -> None:
    for one in made.instances("joinmarket"):
        (step,) = one.steps
        joined = [piece for piece in step.outputs if piece.role == "joined"]
        owners = {piece.owner for piece in step.inputs}
        assert len({piece.value for piece in joined}) == 1
        assert len(joined) == len(step.inputs) == len(owners) >= 3
        gains = {
            owner: sum(piece.value for piece in step.outputs if piece.owner == owner)
            - sum(piece.value for piece in step.inputs if piece.owner == owner)
            for owner in owners
        }
        taker = one.facts["taker"]
        assert gains.pop(taker) < 0
        assert min(gains.values()) >= 0
