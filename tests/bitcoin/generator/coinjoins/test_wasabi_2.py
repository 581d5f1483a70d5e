"""Wasabi 2: standard values in two forms, change now and then, a fee, from large to small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.generator.coinjoins.wasabi_2 import (
    DENOMINATIONS,
    LEAST_SAT,
    best_cut,
    likely_values,
)
from kancil.bitcoin.generator.counter import Draw
from kancil.bitcoin.generator.form import Form
from tests.bitcoin.generator.reading import Made


def test_what_is_joined_has_a_standard_value_and_stays_with_its_participant(made: Made) -> None:
    for one in made.instances("wasabi-2"):
        (step,) = one.steps
        joined = [piece for piece in step.outputs if piece.role == "joined"]
        assert {piece.value for piece in joined} <= set(DENOMINATIONS)
        owners = {piece.owner for piece in step.inputs}
        assert 21 <= len(step.inputs) <= 100
        for piece in step.outputs:
            if piece.role == "payment":
                assert made.owner_role[piece.owner] == "wasabi-2: coordinator"
            else:
                assert piece.owner in owners
        for owner in owners:
            spent = sum(piece.value for piece in step.inputs if piece.owner == owner)
            kept = sum(piece.value for piece in step.outputs if piece.owner == owner)
            assert 0 < kept < spent


def test_inputs_and_outputs_fall_and_are_native(made: Made) -> None:
    for one in made.instances("wasabi-2"):
        (step,) = one.steps
        tx = made.txs[step.tx]
        inputs = [(-piece.value, made.txs[piece.tx].txid, piece.n) for piece in step.inputs]
        assert inputs == sorted(inputs)
        outputs = [(-value, script) for value, script in tx.outputs]
        assert outputs == sorted(outputs)
        assert {made.form(piece) for piece in (*step.inputs, *step.outputs)} == {"wpkh", "tr"}


def test_the_coordinator_gets_no_more_than_its_share_of_new_coins(made: Made) -> None:
    for one in made.instances("wasabi-2"):
        (step,) = one.steps
        owed = sum(piece.value * 3 // 1000 for piece in step.inputs if piece.value > 1_000_000)
        assert sum(piece.value for piece in step.outputs if piece.role == "payment") <= owed


def test_the_standard_values_are_those_of_the_scheme() -> None:
    assert {5_000, 6_561, 8_192, 10_000, 13_122, 20_000, 100_000_000} <= set(DENOMINATIONS)
    assert list(DENOMINATIONS) == sorted(set(DENOMINATIONS))


@given(
    st.lists(st.integers(30_000, 10**11), min_size=2, max_size=40),
    st.integers(50, 2_000),
    st.integers(0, 2**32),
)
def test_no_cut_makes_or_loses_money(values: list[int], each: int, seed: int) -> None:
    likely = likely_values(values, each)
    assert likely == sorted(set(likely))
    forms = dict.fromkeys(likely, Form.TR)
    room = 255 - 58
    for total in values:
        cut = best_cut(Draw(seed, 1), likely, forms, each, total, room)
        outputs = len(cut.values) + (cut.change > 0)
        paid = sum(cut.values) + cut.change + outputs * each
        assert total - LEAST_SAT - each < paid <= total
        assert outputs * 43 <= room
        assert set(cut.values) <= set(likely)
