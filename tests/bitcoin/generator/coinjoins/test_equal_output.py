"""Equal output: one equal output and change for each who joins."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_each_participant_gets_one_equal_output_of_its_own_form(made: Made) -> None:
    for one in made.instances("equal-output"):
        (step,) = one.steps
        joined = [piece for piece in step.outputs if piece.role == "joined"]
        assert len({piece.value for piece in joined}) == 1
        assert sorted(piece.owner for piece in joined) == sorted(
            piece.owner for piece in step.inputs
        )
        assert len(step.inputs) >= 3
        assert {piece.role for piece in step.outputs} <= {"joined", "change"}
