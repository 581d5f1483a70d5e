"""Wasabi 1: many equal outputs near 0.1 BTC, doubles, change, one coordinator, in order."""

from __future__ import annotations

from collections import Counter

from kancil.bitcoin.generator.coinjoins.wasabi_1 import BASE_SAT
from tests.bitcoin.generator.reading import Made


def test_each_participant_gets_one_equal_output_and_change_at_most(made: Made) -> None:
    for one in made.instances("wasabi-1"):
        (step,) = one.steps
        equal = [piece for piece in step.outputs if one.roles[piece.address] == "joined"]
        change = [piece for piece in step.outputs if piece.role == "change"]
        owners = {piece.owner for piece in step.inputs}
        assert {piece.value for piece in equal} == {one.facts["denomination_sat"]}
        assert sorted(piece.owner for piece in equal) == sorted(owners)
        assert len(owners) >= 20
        assert max(Counter(piece.owner for piece in change).values()) == 1
        assert {piece.owner for piece in change} <= owners
        rest = [piece for piece in step.outputs if piece.role == "payment"]
        assert [made.owner_role[piece.owner] for piece in rest] == ["wasabi-1: coordinator"]


def test_doubles_of_the_base_go_to_two_or_more(made: Made) -> None:
    for one in made.instances("wasabi-1"):
        (step,) = one.steps
        more = Counter(
            piece.value for piece in step.outputs if one.roles[piece.address] == "joined more"
        )
        if more:
            base = min(more) // 2
            assert base <= BASE_SAT
            assert set(more) == {base << level for level in range(1, len(more) + 1)}
            assert min(more.values()) >= 2


def test_all_is_native_and_stands_by_value(made: Made) -> None:
    for one in made.instances("wasabi-1"):
        (step,) = one.steps
        for pieces in (step.inputs, step.outputs):
            assert {made.form(piece) for piece in pieces} == {"wpkh"}
            values = [piece.value for piece in pieces]
            assert values == sorted(values)
        assert (made.txs[step.tx].version, made.txs[step.tx].locktime) == (1, 0)


def test_some_of_a_round_join_the_next(made: Made) -> None:
    rounds = [one.steps[0] for one in made.instances("wasabi-1")]
    numbers = {step.tx for step in rounds}
    assert any(piece.tx in numbers for step in rounds for piece in step.inputs)
