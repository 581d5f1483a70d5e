"""Whirlpool: tx0 with equal pieces, mixes of five in and five out."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_a_mix_has_five_in_and_five_equal_out_of_five_owners(made: Made) -> None:
    for one in made.instances("whirlpool"):
        mixes = one.by_role("mix")
        assert mixes
        for step in mixes:
            assert len(step.inputs) == len(step.outputs) == 5
            assert len({piece.value for piece in step.outputs}) == 1
            owners = {piece.owner for piece in step.inputs}
            assert owners == {piece.owner for piece in step.outputs}
            assert len(owners) == 5
            assert {piece.role for piece in step.outputs} == {"joined"}


def test_new_pieces_come_from_a_tx0_and_others_were_in_the_mix_before(made: Made) -> None:
    for one in made.instances("whirlpool"):
        cuts = {step.tx for step in one.by_role("tx0")}
        before: int | None = None
        for step in one.by_role("mix"):
            again = [piece for piece in step.inputs if piece.tx not in cuts]
            assert {piece.tx for piece in again} <= {before}
            assert len(again) == 0 if before is None else len(again) in (2, 3)
            before = step.tx


def test_a_tx0_pays_the_pool_and_carries_data_and_toxic_change(made: Made) -> None:
    for one in made.instances("whirlpool"):
        for step in one.by_role("tx0"):
            roles = [one.roles.get(piece.address, "data") for piece in step.outputs]
            assert roles.count("pool fee") == roles.count("data") == 1
            pieces = {
                piece.value for piece in step.outputs if one.roles.get(piece.address) == "premix"
            }
            assert len(pieces) == 1
