"""Pass-through: nearly all goes on at once, from one address paid again and again."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_nine_tenths_or_more_go_on_within_two_blocks(made: Made) -> None:
    for one in made.instances("pass-through"):
        entries, forwards = one.by_role("entry"), one.by_role("forward")
        assert len(entries) == len(forwards) >= 1
        assert len({step.inputs[0].address for step in forwards}) == 1
        for entry, forward in zip(entries, forwards, strict=True):
            (coin,) = forward.inputs
            assert coin.tx == entry.tx
            assert 0 <= forward.height - entry.height <= 2
            kept = sum(piece.value for piece in forward.outputs if piece.owner == coin.owner)
            paid = sum(piece.value for piece in forward.outputs if piece.owner != coin.owner)
            assert paid + forward.fee >= (coin.value - forward.fee) * 9 // 10
            assert kept < coin.value // 8
