"""The kernels of the patterns, each against a slow plain twin, over chains of any shape."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.laundering import event_kernels, kernels
from kancil.bitcoin.laundering import ground as pattern_ground
from kancil.bitcoin.laundering.ground import (
    ROOM,
    Bands,
    Ground,
    as_limits,
    frozen,
    pick,
    pick_events,
    pick_paths,
    runs_of,
    walk,
)
from tests.bitcoin.slow_patterns import Slow
from tests.bitcoin.tiny_chain import ELSEWHERE, NEW, Tx, ground
from tests.examples import examples

BANDS = Bands(
    frozen(np.array([0, 600, 1_800], np.int64)),
    frozen(np.array([3, -1, 5], np.int64)),
    frozen(np.array([6, -1, 8], np.int64)),
)


FEW = examples(60)
"""Each example runs whole chains: enough to see all branches, and quick."""


@st.composite
def chains(draw: st.DrawFn) -> list[Tx]:
    """Draw a chain: few addresses and values, so that forms come about; coins may lie unspent."""
    free: list[tuple[int, int]] = []
    txs: list[Tx] = []
    for number in range(draw(st.integers(1, 14))):
        spends = [draw(st.sampled_from([NEW, ELSEWHERE]))] if draw(st.integers(0, 3)) == 0 else []
        for _ in range(draw(st.integers(0, min(4, len(free)))) if spends != [NEW] else 0):
            spends.append(free.pop(draw(st.integers(0, len(free) - 1))))
        pays = draw(
            st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 9)), min_size=0, max_size=5)
        )
        minute = draw(st.integers(-1, 40))
        in_graph = draw(st.integers(0, 9)) > 0
        txs.append(Tx(tuple(spends), tuple(pays), minute, None if in_graph else -1))
        free += [(number, place) for place in range(len(pays))] if in_graph else []
    return txs


def made(txs: list[Tx], span: tuple[int, int] = (60, 2_200)) -> tuple[Ground, Slow]:
    fast = replace(ground(txs), span=frozen(np.array(span, np.int64)))
    return fast, Slow(fast.flow, fast.of_row, fast.span)


@FEW
@given(chains(), st.integers(1, 3), st.integers(0, 40), st.integers(0, 3))
def test_fan_in_is_as_defined(txs: list[Tx], least: int, minutes: int, outputs: int) -> None:
    fast, slow = made(txs)
    limits = as_limits(least, 60 * minutes, outputs)
    found = pick(fast, kernels.fan_in, limits, None).rows().tolist()
    assert sorted(found) == list(slow.fan_in(limits.tolist()))


@FEW
@given(chains(), st.integers(1, 4), st.integers(0, 3))
def test_fan_out_is_as_defined(txs: list[Tx], least: int, inputs: int) -> None:
    fast, slow = made(txs)
    limits = as_limits(least, inputs)
    found = pick(fast, kernels.fan_out, limits, None).rows().tolist()
    assert sorted(found) == list(slow.fan_out(limits.tolist()))


@FEW
@given(chains(), st.integers(1, 3), st.integers(1, 3), st.integers(0, 40), st.integers(1, 2))
def test_gather_scatter_is_as_defined(
    txs: list[Tx], gathered: int, scattered: int, minutes: int, equal: int
) -> None:
    fast, slow = made(txs)
    limits = as_limits(gathered, scattered, 60 * minutes, equal)
    found = pick(fast, kernels.gather_scatter, limits, None).rows().tolist()
    assert sorted(found) == list(slow.gather_scatter(limits.tolist()))


@FEW
@given(chains(), st.integers(1, 3), st.integers(0, 40), st.integers(1, 3))
def test_scatter_gather_is_as_defined(
    txs: list[Tx], least: int, minutes: int, outputs: int
) -> None:
    fast, slow = made(txs)
    limits = as_limits(least, 60 * minutes, outputs)
    found = pick(fast, kernels.scatter_gather, limits, None).rows().tolist()
    assert sorted(found) == list(slow.scatter_gather(limits.tolist()))


@pytest.mark.parametrize("what", [kernels.PEEL, kernels.PASS, kernels.SLICE])
@FEW
@given(
    txs=chains(), least=st.integers(1, 4), minutes=st.integers(0, 40), percent=st.integers(1, 99)
)
def test_paths_are_as_defined(
    what: int, txs: list[Tx], least: int, minutes: int, percent: int
) -> None:
    fast, slow = made(txs)
    limits = as_limits(least, 60 * minutes, percent)
    rows = pick_paths(fast, what, limits, None, BANDS).rows().reshape(-1, 2).tolist()
    found = [list(walk(fast, what, limits, start, BANDS)) for start, _ in rows]
    expected = list(slow.paths(what, limits.tolist(), BANDS))
    assert sorted(found) == expected
    assert sorted(links for _, links in rows) == sorted(map(len, expected))
    # From any of its links the whole path is found.
    for path in expected:
        near = replace(fast, rows=frozen(np.array(path[-1:], np.int64)))
        assert pick_paths(near, what, limits, None, BANDS).rows().tolist() == [[path[0], len(path)]]


@pytest.mark.parametrize("what", range(5))
@FEW
@given(
    txs=chains(), least=st.integers(1, 3), one=st.integers(0, 2_400), two=st.integers(0, 99),
    chunk=st.sampled_from((1, 2, 3, 1 << 12)),
)  # fmt: skip
def test_events_are_as_defined(
    what: int, txs: list[Tx], least: int, one: int, two: int, chunk: int
) -> None:
    fast, slow = made(txs)
    limits = as_limits(one, two if what == event_kernels.FORWARD else two // 10)
    every = list(slow.events(what, limits.tolist(), BANDS))
    enough = Counter(key for key, _ in every)
    with mock.patch.object(pattern_ground, "CHUNK", chunk):
        ((key, row),) = pick_events(fast, what, limits, least, BANDS)
    found = list(zip(key.tolist(), row.tolist(), strict=True))
    assert sorted(found) == sorted(pair for pair in every if enough[pair[0]] >= least)
    assert key.tolist() == sorted(key.tolist())


@FEW
@given(chains(), st.integers(1, 4), st.integers(1, 4))
def test_joint_transactions_are_as_defined(txs: list[Tx], inputs: int, equal: int) -> None:
    fast, slow = made(txs)
    limits = as_limits(inputs, equal)
    found = pick(fast, kernels.joint, limits, None).rows().tolist()
    assert sorted(found) == list(slow.joint(limits.tolist()))


@FEW
@given(st.lists(st.integers(-3, 9)), st.integers(0, 5))
def test_sorting_and_counting_leave_what_lies_behind(values: list[int], more: int) -> None:
    count = len(values)
    array = np.array([*values, *range(more)], np.int64)
    assert kernels.distinct(array, count) == len({one for one in values if one >= 0})
    assert array.tolist() == [*sorted(values), *range(more)]
    best = max(Counter(one for one in values if one >= 0).values(), default=0)
    assert kernels.most_equal(array, count) == best


@FEW
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20)), max_size=12),
    st.integers(2, 4),
    st.integers(0, 6),
)
def test_runs_are_the_events_that_some_near_neighbours_share(
    pairs: list[tuple[int, int]], least: int, seconds: int
) -> None:
    pairs.sort()
    key, time = (np.array([one[n] for one in pairs], np.int64) for n in (0, 1))
    runs = runs_of(key, time, least, seconds)
    inside = {place for first, last in runs for place in range(first, last)}
    expected = set()
    for first in range(len(pairs) - least + 1):
        part = pairs[first : first + least]
        if part[0][0] == part[-1][0] and part[-1][1] - part[0][1] <= seconds:
            expected |= set(range(first, first + least))
    assert inside == expected
    assert all(last <= first for (_, last), (first, _) in itertools.pairwise(runs))


def test_counters_that_addresses_share_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    txs = [Tx((NEW,), ((n % 7, 5),), n) for n in range(20)]
    txs += [Tx(((n, 0),), ((n % 3, 4),), 20 + n) for n in range(20)]
    fast, _ = made(txs, (0, 1 << 40))
    limits = as_limits(0, 0)
    ((keys, rows),) = pick_events(fast, event_kernels.GIFT, limits, 3)
    whole = [keys.tolist(), rows.tolist()]
    monkeypatch.setattr("kancil.bitcoin.laundering.ground.COUNTERS", 2)
    ((key, row),) = pick_events(fast, event_kernels.GIFT, limits, 3)
    enough = Counter(key.tolist())
    kept = [place for place, one in enumerate(key.tolist()) if enough[one] >= 3]
    assert [key[kept].tolist(), row[kept].tolist()] == whole
    assert ROOM > 111_111


def test_events_come_in_shares_where_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    txs = [Tx((NEW,), ((n % 7, 5),), n) for n in range(40)]
    txs += [Tx(((n, 0),), ((n % 5, 4),), 40 + n) for n in range(40)]
    fast, _ = made(txs, (0, 1 << 40))
    ((keys, rows),) = pick_events(fast, event_kernels.GIFT, as_limits(0, 0), 3)
    monkeypatch.setattr("kancil.bitcoin.laundering.ground.EVENTS", 10)
    shares = list(pick_events(fast, event_kernels.GIFT, as_limits(0, 0), 3))
    assert len(shares) == -(-len(keys) // 10) > 1
    assert not set(shares[0][0].tolist()) & set(shares[1][0].tolist())
    found = sorted((int(k), int(r)) for key, row in shares for k, r in zip(key, row, strict=True))
    assert found == list(zip(keys.tolist(), rows.tolist(), strict=True))
