"""Whirlpool: tx0 with equal pieces, mixes of five in and five out, or more, as BIP 69 orders."""

from __future__ import annotations

from kancil.bitcoin.generator.coinjoins.whirlpool import POOLS
from tests.bitcoin.generator.reading import Made, Step


def is_in_order(made: Made, step: Step) -> bool:
    """Whether inputs and outputs stand as BIP 69 says."""
    tx = made.txs[step.tx]
    inputs = [(prev[::-1], n) for prev, n, _, _ in tx.inputs]
    return inputs == sorted(inputs) and tx.outputs == sorted(tx.outputs)


def test_a_mix_has_as_many_equal_out_as_in_of_different_owners(made: Made) -> None:
    for one in made.instances("whirlpool"):
        mixes = one.by_role("mix")
        assert mixes
        for step in mixes:
            assert 5 <= len(step.inputs) == len(step.outputs) <= 8
            (size,) = {piece.value for piece in step.outputs}
            assert size in POOLS
            owners = {piece.owner for piece in step.inputs}
            assert owners == {piece.owner for piece in step.outputs}
            assert len(owners) == len({piece.tx for piece in step.inputs}) == len(step.inputs)
            assert {piece.role for piece in step.outputs} == {"joined"}
            assert is_in_order(made, step)


def test_new_pieces_come_from_a_tx0_and_others_were_mixed_in_the_same_pool(made: Made) -> None:
    steps = [step for one in made.instances("whirlpool") for step in one.steps]
    cuts = {step.tx for step in steps if step.role == "tx0"}
    mixes = sorted((step for step in steps if step.role == "mix"), key=lambda step: step.tx)
    seen: set[int] = set()
    for step in mixes:
        size = step.outputs[0].value
        new = [piece for piece in step.inputs if piece.tx in cuts]
        again = [piece for piece in step.inputs if piece.tx not in cuts]
        assert {piece.value for piece in again} <= {size}
        assert all(size < piece.value <= size + 110_000 for piece in new)
        assert len(new) >= 2
        assert again or size not in seen, "only the first mix of a pool is all new"
        assert step.fee == sum(piece.value - size for piece in new)
        seen.add(size)


def test_a_tx0_pays_the_pool_and_carries_data_and_toxic_change(made: Made) -> None:
    for one in made.instances("whirlpool"):
        for step in one.by_role("tx0"):
            roles = [one.roles.get(piece.address, "data") for piece in step.outputs]
            assert roles.count("pool fee") == roles.count("data") == 1
            assert roles.count("toxic change") <= 1
            pieces = [
                piece.value for piece in step.outputs if one.roles.get(piece.address) == "premix"
            ]
            assert len(set(pieces)) == 1
            assert len(pieces) <= 70
            (fee,) = (
                piece.value for piece in step.outputs if one.roles.get(piece.address) == "pool fee"
            )
            size = max(each for each in POOLS if each < pieces[0])
            assert fee == POOLS[size]
            assert len({piece.owner for piece in step.inputs}) == 1
            notes = [script for value, script in made.txs[step.tx].outputs if not value]
            assert [script[:2] for script in notes] in ([b"\x6a\x40"], [b"\x6a\x4c"])
            assert len(notes[0]) in (66, 83)
            assert is_in_order(made, step)
