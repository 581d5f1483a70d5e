"""Combinations of change heuristics: who voted, who abstained, and what that makes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.change.combine import (
    ALL_AGREE,
    COMBINATIONS,
    Combination,
    Vote,
    Way,
    combination_of,
    combine_rows,
)
from kancil.bitcoin.change.heuristic import ChangeVerdict, Named, names, names_none, untold
from kancil.bitcoin.change.heuristics import HEURISTICS, REUSE
from kancil.bitcoin.change.run import NONE, NOT_ASKED, UNKNOWN
from kancil.ground.errors import MemberNotFound, OptionNotUsable
from kancil.ground.words import render

CODES = {Named.NONE: NONE, Named.UNKNOWN: UNKNOWN}


def verdict(said: int) -> ChangeVerdict:
    """The verdict that a row's code stands for."""
    if said == NONE:
        return names_none("why.change-coinbase")
    return untold("why.change-own-mark") if said == UNKNOWN else names(said, "reuse", "x")


def combined(way: Way, least: int, *said: int) -> int:
    """Count votes one by one; gives the code of the answer."""
    members = HEURISTICS[: len(said)]
    votes = [Vote(member, verdict(one)) for member, one in zip(members, said, strict=True)]
    result = Combination("x", way, members, least).count(votes)
    assert [vote.is_cast for vote in result.votes] == [one >= 0 for one in said]
    assert render(result.verdict.why.key, **result.verdict.why.params)
    answer = result.verdict
    return CODES.get(answer.answer, answer.output if answer.output is not None else -9)


def test_all_means_that_nobody_who_votes_dissents() -> None:
    assert combined(Way.ALL, 2, 1, 1, NONE) == 1
    assert combined(Way.ALL, 2, 1, 0, 1) == NONE
    assert combined(Way.ALL, 3, 1, 1, NONE) == NONE
    assert combined(Way.ALL, 3, 1, 1, UNKNOWN) == UNKNOWN
    assert combined(Way.ALL, 2, 1, 0, UNKNOWN) == NONE
    assert combined(Way.ALL, 1, NONE, NONE) == NONE


def test_a_majority_is_more_than_half_of_the_votes_cast() -> None:
    assert combined(Way.MAJORITY, 2, 1, 1, 0) == 1
    assert combined(Way.MAJORITY, 2, 1, 1, 0, 0) == NONE
    assert combined(Way.MAJORITY, 3, 1, 1, 0) == NONE
    assert combined(Way.MAJORITY, 2, 1, 0, UNKNOWN) == UNKNOWN
    assert combined(Way.MAJORITY, 2, 1, NONE, NONE) == NONE


def test_the_first_that_names_an_output_decides_and_those_before_it_abstain() -> None:
    assert combined(Way.FIRST, 1, NONE, UNKNOWN, 0, 1) == 0
    assert combined(Way.FIRST, 1, NONE, UNKNOWN) == UNKNOWN
    assert combined(Way.FIRST, 1, NONE, NONE) == NONE


@given(
    way=st.sampled_from(Way),
    least=st.integers(1, 4),
    rows=st.lists(
        st.lists(st.sampled_from((NONE, UNKNOWN, 0, 1, 2)), min_size=5, max_size=5),
        min_size=1,
        max_size=8,
    ),
)
def test_rows_are_combined_as_votes_are(way: Way, least: int, rows: list[list[int]]) -> None:
    answer = combine_rows(way, least, np.array(rows, np.int64).T)
    assert answer.tolist() == [combined(way, least, *row) for row in rows]


def test_what_is_not_asked_is_not_asked_of_a_combination() -> None:
    assert combine_rows(Way.ALL, 1, np.array([[NOT_ASKED], [NOT_ASKED]])).tolist() == [NOT_ASKED]


@dataclass(frozen=True)
class _Unchanged:
    text: str
    way: Way
    least: int
    names: tuple[str, ...]


@pytest.mark.parametrize(
    "wanted",
    [
        _Unchanged("all=reuse", Way.ALL, 1, ("reuse",)),
        _Unchanged("majority:2=one-time,fee,fee", Way.MAJORITY, 2, ("one-time", "fee")),
        _Unchanged("first=fee,reuse", Way.FIRST, 1, ("fee", "reuse")),
    ],
    ids=lambda wanted: wanted.text,
)
def test_a_combination_of_ones_own_is_read(wanted: _Unchanged) -> None:
    read = combination_of(wanted.text)
    assert (read.way, read.least) == (wanted.way, wanted.least)
    assert tuple(member.name for member in read.members) == wanted.names
    assert read.name == wanted.text


def test_named_combinations_are_found_by_name() -> None:
    assert [combination_of(each.name) for each in COMBINATIONS] == list(COMBINATIONS)
    assert REUSE in ALL_AGREE.members
    assert replace(ALL_AGREE, least=3).least == 3


@pytest.mark.parametrize("text", ["", "all", "all:0=reuse", "all:2", "any=reuse", "all=Reuse"])
def test_a_combination_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(OptionNotUsable):
        combination_of(text)


def test_a_member_that_there_is_none_of_is_named() -> None:
    with pytest.raises(MemberNotFound):
        combination_of("all=reuse,tea-leaves")
