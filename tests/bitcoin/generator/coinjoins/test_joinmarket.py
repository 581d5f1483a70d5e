"""JoinMarket: equal outputs for all, makers gain, the taker pays, one form of wallet."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_makers_gain_and_the_taker_pays_all_fees(made: Made) -> None:
    for one in made.instances("joinmarket"):
        (step,) = one.steps
        counts = [piece.value for piece in step.outputs]
        equal = max(set(counts), key=counts.count)
        owners = {piece.owner for piece in step.inputs}
        assert counts.count(equal) == len(owners) >= 5
        assert len(step.inputs) >= len(owners)
        gains = {
            owner: sum(piece.value for piece in step.outputs if piece.owner == owner)
            - sum(piece.value for piece in step.inputs if piece.owner == owner)
            for owner in owners
        }
        assert gains.pop(one.facts["taker"]) < 0
        assert min(gains.values()) >= 0
        assert sum(gains.values()) > 0


def test_all_but_what_somebody_else_is_paid_has_the_form_of_the_wallets(made: Made) -> None:
    for one in made.instances("joinmarket"):
        (step,) = one.steps
        (form,) = {made.form(piece) for piece in step.inputs}
        others = [piece for piece in step.outputs if piece.role == "payment"]
        assert {made.form(piece) for piece in step.outputs if piece not in others} == {form}
        assert len(others) <= 1
        makers = [piece for piece in step.outputs if one.roles[piece.address] == "maker change"]
        assert min(piece.value for piece in makers) >= 27_300
