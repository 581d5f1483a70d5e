"""What every change heuristic keeps to."""

from __future__ import annotations

from pathlib import Path

import pytest

import kancil.bitcoin.change.heuristics as folder
from kancil.bitcoin.change.heuristic import ChangeHeuristic
from kancil.bitcoin.change.heuristics import HEURISTICS
from kancil.bitcoin.coinjoins.heuristic import Coin
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.words import render
from tests.bitcoin.change.examples import (
    BTC,
    DATA,
    MINE,
    said,
)
from tests.bitcoin.changing import coin, seen


def test_the_tuple_names_every_member_of_the_folder() -> None:
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__"}
    assert {member.judge.__module__.rpartition(".")[2] for member in HEURISTICS} == files
    assert {member.name.replace("-", "_") for member in HEURISTICS} == files


@pytest.mark.parametrize("member", HEURISTICS, ids=lambda member: member.name)
def test_a_member_cites_a_paper_and_says_where_it_errs(member: ChangeHeuristic) -> None:
    assert any(year in member.source for year in ("2013", "2015", "2017", "2020", "2022"))
    assert "No error rate is known" in render(member.words[-1])


@pytest.mark.parametrize("member", HEURISTICS, ids=lambda member: member.name)
def test_nothing_is_named_of_a_coinbase_or_with_fewer_than_two_candidates(
    member: ChangeHeuristic,
) -> None:
    assert said(member, seen([], [coin(BTC, 2), coin(1, 3)])) == "none"
    assert said(member, seen([coin(BTC, 1)], [coin(BTC, 1), DATA], MINE)) == "none"
    nobody = Coin(5, ScriptKind.WITNESS_FUTURE, b"\x02ab")
    assert said(member, seen([coin(BTC, 1)], [coin(BTC, 1), nobody, Coin(7, ScriptKind.P2A)])) == (
        "none"
    )
