"""The counter: published output, plain and compiled alike, no value favoured by the bounds."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.generator.counter import Draw, below, stream_key, word, word_of

WORDS = st.integers(0, 2**64 - 1)
_word = numba.njit(word_of.py_func)
_below = numba.njit(below.py_func)


def test_the_words_are_those_published_for_splitmix64() -> None:
    # S. Vigna's splitmix64.c, seed 1234567, as many implementations test it (Rosetta Code,
    # "Pseudo-random numbers/Splitmix64").
    assert [word(1234567, n) for n in range(5)] == [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
        16408922859458223821,
    ]  # fmt: skip


@given(WORDS, WORDS)
def test_the_compiled_words_are_the_plain_ones(key: int, n: int) -> None:
    assert int(_word(np.uint64(key), np.uint64(n))) == word(key, n)


@given(WORDS, st.lists(st.integers(1, 2**32 - 1), min_size=1, max_size=20))
def test_compiled_draws_are_the_plain_ones(seed: int, bounds: list[int]) -> None:
    plain, numbers = Draw(seed, 9), np.array([stream_key(seed, 9), 0], np.uint64)
    for bound in bounds:
        assert int(_below(numbers, bound)) == plain.below(bound) < bound


def test_draws_stay_within_their_bounds_and_reach_them() -> None:
    draw = Draw(3, 1)
    assert {draw.below(6) for _ in range(400)} == set(range(6))
    assert {draw.between(-2, 2) for _ in range(400)} == {-2, -1, 0, 1, 2}
    assert sorted(draw.shuffled(range(40))) == list(range(40))
    assert {draw.chance(0) for _ in range(50)} == {False}
    assert {draw.chance(1_000_000) for _ in range(50)} == {True}


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_parts_add_up_to_the_whole(count: int) -> None:
    parts = Draw(4, 1).parts(1_000_003, count)
    assert (len(parts), sum(parts)) == (count, 1_000_003)
    assert min(parts) >= 1_000_003 // count // 3 - 1


def test_streams_of_one_seed_differ_and_so_do_seeds() -> None:
    keys = {stream_key(seed, stream) for seed in range(20) for stream in range(20)}
    assert len(keys) == 400
