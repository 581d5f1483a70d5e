"""The haircut over a whole graph, against the policy asked one transaction at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kancil.bitcoin.exposure.kernels import haircut_all
from kancil.bitcoin.tracing.policies.haircut import largest_remainder
from tests.examples import examples

Array = NDArray[Any]
NOWHERE, ROOM = np.zeros(0, np.uint8), np.empty(9, np.int64)
SATOSHI = st.one_of(st.integers(0, 5), st.integers(0, 21 * 10**14))


def slow(txs: list[tuple[list[int], list[int]]], values: list[int], traced: list[int]) -> list[int]:
    """Carry coins through transactions (sources, outputs), each by the largest remainder."""
    found = list(traced)
    for sources, outputs in txs:
        amount = sum(found[source] for source in sources)
        if not amount:
            continue
        whole = sum(values[source] for source in sources)
        fee = whole - sum(values[output] for output in outputs)
        parts = largest_remainder(amount, [*(values[output] for output in outputs), fee])
        for output, part in zip(outputs, parts[:-1], strict=True):
            found[output] = part
    return found


def arrays_of(txs: list[tuple[list[int], list[int]]]) -> tuple[tuple[Array, Array], Array]:
    inputs = np.cumsum([0, *(len(sources) for sources, _ in txs)])
    outputs = np.cumsum([0, *(len(made) for _, made in txs)])
    sources = np.array([one for sources, _ in txs for one in sources], np.int64)
    return (inputs, outputs), sources


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[list[int], list[int]]], list[int], list[int]]:
    """Draw coinbases and payments, values and what is declared of the coinbases' outputs."""
    txs: list[tuple[list[int], list[int]]] = []
    values: list[int] = []
    unspent: list[int] = []
    for _ in range(draw(st.integers(1, 4))):
        txs.append(([], [len(values)]))
        unspent.append(len(values))
        values.append(draw(SATOSHI))
    for _ in range(draw(st.integers(0, 6))):
        count = draw(st.integers(1, min(3, len(unspent)))) if unspent else 0
        if not count:
            break
        sources = [unspent.pop(draw(st.integers(0, len(unspent) - 1))) for _ in range(count)]
        left = sum(values[source] for source in sources)
        made = []
        for _ in range(draw(st.integers(1, 4))):
            value = draw(st.integers(0, left))
            left -= value
            made.append(len(values))
            unspent.append(len(values))
            values.append(value)
        txs.append((sources, made))
    traced = [
        draw(st.integers(0, values[output])) if output < len(txs) and not txs[output][0] else 0
        for output in range(len(values))
    ]
    return txs, values, traced


@given(graphs())
@examples(150)
def test_every_output_carries_what_the_policy_gives_it(
    graph: tuple[list[tuple[list[int], list[int]]], list[int], list[int]],
) -> None:
    txs, values, traced = graph
    starts, sources = arrays_of(txs)
    found = np.array(traced, np.int64)
    end = haircut_all(starts, sources, np.array(values, np.int64), NOWHERE, found, ROOM)
    assert end == -1
    assert found.tolist() == slow(txs, values, traced)


@given(SATOSHI, st.lists(SATOSHI, min_size=1, max_size=5), st.integers(0, 100))
@examples(300)
def test_large_amounts_are_divided_to_the_satoshi(
    fee: int, weights: list[int], percent: int
) -> None:
    whole = sum(weights) + fee
    if not 0 < whole <= 21 * 10**14:
        return
    amount = whole * percent // 100
    starts, sources = arrays_of([([], [0]), ([0], list(range(1, len(weights) + 1)))])
    values = np.array([whole, *weights], np.int64)
    found = np.array([amount] + [0] * len(weights), np.int64)
    assert haircut_all(starts, sources, values, NOWHERE, found, ROOM) == -1
    wanted = largest_remainder(amount, [*weights, fee])[:-1] if amount else [0] * len(weights)
    assert found[1:].tolist() == wanted


@pytest.mark.parametrize("count", [3, 4, 63, 64, 65, 66, 300])
@pytest.mark.parametrize("most", [2, 9, 10**12])
def test_many_outputs_are_served_by_the_largest_rest(count: int, most: int) -> None:
    """Rests are compared in two ways, by how many there are; few values make many equal."""
    chance = np.random.default_rng(count * most)
    for _ in range(8):
        weights = chance.integers(0, most, count).tolist()
        fee = int(chance.integers(0, most))
        whole = sum(weights) + fee
        if not whole:
            continue
        amount = int(chance.integers(0, whole + 1))
        starts, sources = arrays_of([([], [0]), ([0], list(range(1, count + 1)))])
        values = np.array([whole, *weights], np.int64)
        found = np.array([amount] + [0] * count, np.int64)
        end = haircut_all(starts, sources, values, NOWHERE, found, np.empty(count + 1, np.int64))
        assert end == -1
        assert found[1:].tolist() == largest_remainder(amount, [*weights, fee])[:-1]


@given(graphs())
@examples(30)
def test_long_graphs_carry_what_the_policy_gives(
    graph: tuple[list[tuple[list[int], list[int]]], list[int], list[int]],
) -> None:
    """The same graph many times over, longer than what is asked for ahead."""
    one, values, traced = graph
    copies, size = 40, len(values)
    txs = [
        ([each + place * size for each in sources], [each + place * size for each in made])
        for place in range(copies)
        for sources, made in one
    ]
    starts, sources = arrays_of(txs)
    found = np.array(traced * copies, np.int64)
    room = np.empty(9, np.int64)
    assert (
        haircut_all(starts, sources, np.array(values * copies, np.int64), NOWHERE, found, room)
        == -1
    )
    assert found.tolist() == slow(one, values, traced) * copies


def test_an_unknown_source_or_too_many_outputs_end_it_at_that_transaction() -> None:
    starts, sources = arrays_of([([], [0]), ([0, -1], [1])])
    found = np.array([5, 0], np.int64)
    assert haircut_all(starts, sources, np.array([5, 5]), NOWHERE, found, ROOM) == 1
    starts, sources = arrays_of([([], [0]), ([0], [1, 2, 3])])
    found = np.array([5, 0, 0, 0], np.int64)
    assert haircut_all(starts, sources, np.array([5, 1, 2, 2]), NOWHERE, found, ROOM[:2]) == 1
