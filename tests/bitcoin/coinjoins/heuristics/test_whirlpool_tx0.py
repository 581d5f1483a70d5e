"""Whirlpool tx0s: pieces, fee and note, and real ones."""

from __future__ import annotations

import pytest

from kancil.bitcoin.coinjoins.heuristic import Answer, Coin
from kancil.bitcoin.coinjoins.heuristics import WHIRLPOOL_TX0
from kancil.bitcoin.coinjoins.heuristics.whirlpool_tx0 import MOST_PIECES
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.made_coinjoins import key, made, of_set

POOL = 5_000_000
PIECE = POOL + 4_000
PAID = [PIECE] * 3 + [175_000, 812_345]


def note(size: int = 64, value: int = 0) -> tuple[Coin, ...]:
    push = bytes([size]) if size < 76 else bytes([0x4C, size])
    return (Coin(value, ScriptKind.OP_RETURN, push + bytes(size)),)


def test_pieces_fee_change_and_note_make_a_tx0() -> None:
    verdict = WHIRLPOOL_TX0.judge(made([20_000_000], PAID, more=note()))
    assert (verdict.answer, verdict.rule) == (Answer.YES, "tx0")
    assert verdict.why.params == {"count": 3, "value": PIECE, "pool": POOL, "fee": 175_000}


def test_nothing_need_be_known_of_the_inputs() -> None:
    assert key(WHIRLPOOL_TX0, made([None, None], PAID, kind=None, more=note(80))) == "tx0"


@pytest.mark.parametrize(
    ("outputs", "more", "why"),
    [
        (PAID, (), "why.tx0-note"),
        (PAID, note(63), "why.tx0-note"),
        (PAID, note(value=1), "why.tx0-note"),
        (PAID, note() + note(), "why.tx0-note"),
        ([PIECE] * 3, note(), "why.tx0-no-pieces"),
        ([PIECE] * 3 + [900_000], note(), "why.tx0-no-pieces"),
        ([*PAID, 1, 2], note(), "why.tx0-no-pieces"),
        ([POOL] * 3 + [175_000], note(), "why.tx0-no-pieces"),
        ([PIECE] * (MOST_PIECES + 1) + [175_000], note(), "why.tx0-no-pieces"),
    ],
)
def test_each_condition_is_asked(outputs: list[int], more: tuple[Coin, ...], why: str) -> None:
    assert key(WHIRLPOOL_TX0, made([900_000_000], outputs, more=more)) == why


def test_real_tx0s_are_found_and_real_mixes_are_none() -> None:
    said = [key(WHIRLPOOL_TX0, shown) for shown in of_set("SamouraiTx0s")]
    # The rest of the list are mixes, which Dumplings takes for tx0s because its own rule for
    # mixes does not see them: none has the note.
    assert set(said) == {"tx0", "why.tx0-note"}
    mixes = of_set("SamouraiCoinJoins")
    assert {key(WHIRLPOOL_TX0, shown) for shown in mixes} == {"why.tx0-note"}
