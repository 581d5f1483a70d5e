"""The kernels of the clusters, each against a slow plain twin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.bitcoin.clusters import kernels
from kancil.bitcoin.clusters.clusters import Groups
from tests.bitcoin.slow_clusters import Joined, join_slowly

MOST = 12
groups_of = st.lists(
    st.lists(st.integers(0, MOST - 1), min_size=1, max_size=5), min_size=0, max_size=14
)


def laid_out(groups: Sequence[Sequence[int]], kind: Any = np.int32) -> Groups:
    start = np.cumsum([0, *(len(group) for group in groups)]).astype(np.int64)
    member = np.array([each for group in groups for each in group], kind)
    begins = np.zeros(len(member), np.uint8)
    begins[start[:-1][np.diff(start) > 0]] = 1
    return Groups(np.arange(len(groups)), start, member, begins)


def told(groups: Sequence[Sequence[int]], made: Groups, places: Any) -> list[Joined]:
    pairs = zip(made.member[places].tolist(), made.holding(places).tolist(), strict=True)
    return [Joined(groups[group][0], address, group) for address, group in pairs]


def join(
    groups: Sequence[Sequence[int]], count: int = MOST, kind: Any = np.int32
) -> tuple[Any, list[Joined]]:
    made, parent = laid_out(groups, kind), np.full(count, -1, kind)
    return parent, told(groups, made, made.join(parent))


def parts_of(parent: Any) -> list[list[int]]:
    cluster = parent.copy()
    count = kernels.number_clusters(cluster)
    parts = [np.flatnonzero(cluster == number).tolist() for number in range(count)]
    assert all(len(part) > 1 for part in parts)
    assert parts == sorted(parts), "numbered by their lowest addresses"
    return parts + [[address] for address in np.flatnonzero(cluster < 0).tolist()]


@given(groups_of)
def test_join_gives_the_twin_s_clusters_and_merges(groups: list[list[int]]) -> None:
    parent, merges = join(groups)
    parts, expected = join_slowly(groups, MOST)
    assert sorted(parts_of(parent)) == sorted(sorted(part) for part in parts)
    assert merges == expected


@given(groups_of, st.randoms(use_true_random=False))
def test_clusters_do_not_depend_on_the_order(groups: list[list[int]], chance: Any) -> None:
    parent, _ = join(groups)
    mixed = [chance.sample(group, len(group)) for group in chance.sample(groups, len(groups))]
    other, _ = join(mixed)
    assert sorted(parts_of(parent)) == sorted(parts_of(other))


@given(groups_of)
def test_what_stands_above_an_address_is_lower_and_one_alone_is_told(
    groups: list[list[int]],
) -> None:
    parent, merges = join(groups)
    assert (parent < np.arange(MOST)).all()
    assert (parent < 0).sum() == MOST - len(merges)
    joined = {address for group in groups if len(set(group)) > 1 for address in group}
    assert set(np.flatnonzero(parent == -1).tolist()) == set(range(MOST)) - joined
    assert set(parent[parent < -1].tolist()) <= {-2}


@given(groups_of)
def test_clusters_are_the_connected_components_of_scipy(groups: list[list[int]]) -> None:
    csgraph = pytest.importorskip("scipy.sparse.csgraph")
    sparse = pytest.importorskip("scipy.sparse")
    ends = [(group[0], each) for group in groups for each in group]
    one, other = (
        (np.array(each, np.int64) for each in zip(*ends, strict=True)) if ends else ([], [])
    )
    matrix = sparse.coo_matrix((np.ones(len(ends)), (one, other)), shape=(MOST, MOST))
    count, labels = csgraph.connected_components(matrix, directed=False)
    parts = [np.flatnonzero(labels == number).tolist() for number in range(count)]
    assert sorted(parts_of(join(groups)[0])) == sorted(parts)


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("is_upward", [True, False])
@pytest.mark.parametrize("more", [-1, 0, 1, 700])
def test_long_rows_of_addresses_are_joined(kind: Any, is_upward: bool, more: int) -> None:
    """About as long as what is asked for ahead, and longer; downward each takes the one before."""
    count = kernels.NEAR // 2 + 1 + more
    numbers = range(count) if is_upward else range(count - 1, -1, -1)
    parent, merges = join([(one, other) for one, other in pairwise(numbers)], count, kind)
    assert len(merges) == count - 1
    assert parts_of(parent) == [list(range(count))]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("count", [400, 4000])
def test_many_groups_keep_the_twin_s_merges_in_order(seed: int, count: int) -> None:
    """Trees grow deep enough to be halved, and groups go on after all addresses are one."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(1, 6, 1500)
    near = chance.integers(0, count, len(sizes))
    groups = [
        ((place + chance.integers(0, 4 + 90 * (seed % 2), size)) % count).tolist()
        for place, size in zip(near, sizes, strict=True)
    ]
    parent, merges = join(groups, count)
    parts, expected = join_slowly(groups, count)
    assert merges == expected
    assert sorted(parts_of(parent)) == sorted(sorted(part) for part in parts)


@pytest.mark.parametrize(("seed", "txs"), [(1, 6), (2, 900), (3, 900)])
def test_groups_and_spans_are_what_a_plain_walk_finds(seed: int, txs: int) -> None:
    """With inputs of unknown source, stated scripts, and scripts without id."""
    chance = np.random.default_rng(seed)
    inputs, outputs = chance.integers(0, 6, txs), chance.integers(1, 5, txs)
    input_start = np.concatenate(([0], np.cumsum(inputs))).astype(np.int64)
    output_start = np.concatenate(([0], np.cumsum(outputs))).astype(np.int64)
    rows, count = int(output_start[-1]), int(input_start[-1])
    source = chance.integers(-2, rows, count)
    stated_input = np.flatnonzero((source == -1) & (chance.random(count) < 0.7))
    stated = stated_input, rows + np.arange(len(stated_input))
    addresses = rows // 3 + 1
    of_row = chance.integers(-1, addresses, rows + len(stated_input)).astype(np.int32)
    order = chance.permutation(txs)
    row_of = dict(zip(stated_input.tolist(), stated[1].tolist(), strict=True))

    def spent(tx: int) -> list[int]:
        places = range(int(input_start[tx]), int(input_start[tx + 1]))
        found = [
            int(source[place]) if source[place] >= 0 else row_of.get(place) for place in places
        ]
        return [int(of_row[row]) for row in found if row is not None and of_row[row] >= 0]

    groups, first, last = [], [-1] * addresses, [-1] * addresses
    for tx in order.tolist():
        paid = of_row[output_start[tx] : output_start[tx + 1]].tolist()
        for address in [*paid, *spent(tx)]:
            if address >= 0:
                first[address] = tx if first[address] < 0 else first[address]
                last[address] = tx
        group = [each for place, each in enumerate(spent(tx)) if not place or each != spent(tx)[0]]
        if len(group) > 1:
            groups.append((tx, group))
    room = (
        np.empty(txs, np.int64),
        np.zeros(txs + 1, np.int64),
        np.empty(count, np.int32),
        np.full(count, 9, np.uint8),
    )
    found = int(kernels.gather(order, input_start, source, of_row, stated, room))
    assert room[0][:found].tolist() == [tx for tx, _ in groups]
    expected = laid_out([group for _, group in groups])
    total = len(expected.member)
    assert room[1][: found + 1].tolist() == expected.start.tolist()
    assert room[2][:total].tolist() == expected.member.tolist()
    assert room[3][:total].tolist() == expected.begins.tolist()
    seen = np.full(addresses, -1, np.int32), np.full(addresses, -1, np.int32)
    for part in (order[: txs // 2], order[txs // 2 :]):
        kernels.span(part, input_start, output_start, source, of_row, stated, seen)
    assert (seen[0].tolist(), seen[1].tolist()) == (first, last)
    alone = np.empty(0, np.int32), np.full(addresses, -1, np.int32)
    kernels.span(order, input_start, output_start, source, of_row, stated, alone)
    assert alone[1].tolist() == last, "without the first"


def guarded(
    groups: Sequence[Sequence[int]], owners: Sequence[int], large: int
) -> tuple[list[list[int]], list[Joined], list[list[int]]]:
    made, parent = laid_out(groups), np.full(MOST, -1, np.int32)
    places = np.empty(len(made.member), np.int64)
    halts = np.empty((len(groups), 5), np.int64)
    owner = np.array(owners, np.int32)
    count, halted = kernels.join_guarded(
        made.start, made.member, parent, owner, large, places, halts
    )
    roots = np.flatnonzero(parent < 0)
    assert -parent[roots].sum() == MOST, "a root counts its addresses"
    return sorted(parts_of(parent)), told(groups, made, places[:count]), halts[:halted].tolist()


@given(
    groups_of,
    st.lists(st.integers(0, 3), min_size=MOST, max_size=MOST),
    st.integers(1, 4),
)
def test_the_guard_leaves_out_what_the_twin_does(
    groups: list[list[int]], owners: list[int], large: int
) -> None:
    parts, merges, halts = guarded(groups, owners, large)
    expected, joined = join_slowly(groups, MOST, owners=owners, large=large)
    assert parts == sorted(sorted(part) for part in expected)
    assert merges == joined
    left_out = {row[0] for row in halts}
    kept = [group if number not in left_out else [] for number, group in enumerate(groups)]
    again, _ = join_slowly(kept, MOST)
    assert parts == sorted(sorted(part) for part in again), "left out whole, or not at all"


def test_the_guard_tells_owners_and_sizes() -> None:
    groups = [[0, 1, 2], [3, 4], [4, 1], [2, 5]]
    owners = [1, 0, 0, 2] + [0] * 8
    parts, _, halts = guarded(groups, owners, 2)
    assert halts == [[2, 1, 2, 3, 2]]
    assert [0, 1, 2, 5] in parts
    assert [3, 4] in parts
    assert guarded(groups, owners, 3)[2] == [], "a cluster of two is not large"


@given(st.lists(st.integers(-1, 5), max_size=20))
def test_places_by_lists_the_places_of_each_key(keys: list[int]) -> None:
    start, answer = np.zeros(7, np.int64), np.empty(len(keys), np.int32)
    kernels.places_by(np.array(keys, np.int32), start, answer)
    for key in range(6):
        expected = [place for place, each in enumerate(keys) if each == key]
        assert answer[start[key] : start[key + 1]].tolist() == expected


@given(
    st.lists(st.integers(0, 5), min_size=9, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 99)), max_size=20),
)
def test_sort_by_keeps_the_order_within_a_cluster(
    cluster: list[int], pairs: list[tuple[int, int]]
) -> None:
    address = np.array([address for address, _ in pairs], np.int32)
    values = np.array([value for _, value in pairs], np.int32)
    start, answer = np.zeros(7, np.int64), np.empty(len(pairs), np.int32)
    kernels.sort_by(np.array(cluster, np.int32), address, values, start, answer)
    for key in range(6):
        expected = [value for address, value in pairs if cluster[address] == key]
        assert answer[start[key] : start[key + 1]].tolist() == expected


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=15))
def test_find_way_reaches_what_hangs_together_by_the_fewest_steps(
    edges: list[tuple[int, int]],
) -> None:
    near_of: dict[int, list[int]] = {node: [] for node in range(8)}
    for one, other in edges:
        near_of[one].append(other)
        near_of[other].append(one)
    laid = laid_out([near_of[node] for node in range(8)])
    start, near = laid.start, laid.member
    came, queue = np.full(8, -1, np.int64), np.zeros(8, np.int64)
    kernels.find_way(start, near.astype(np.int64), came, queue)
    steps, rim = {0: 0}, [0]
    while rim:
        rim = [other for node in rim for other in near_of[node] if other not in steps
               and steps.setdefault(other, steps[node] + 1)]  # fmt: skip
    assert {node for node in range(8) if came[node] >= 0} == set(steps) - {0}
    for node in set(steps) - {0}:
        before = int(np.searchsorted(start, came[node], side="right")) - 1
        assert near[came[node]] == node
        assert steps[before] == steps[node] - 1
