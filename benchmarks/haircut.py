"""Benchmark row of the haircut over a whole graph, on one pinned core.

Made transactions, by a seed, in chain order: most have one input and two outputs, one in ten pays
many; an input spends any unspent coin, as likely an old one as a new one: memory is reached in no
order. Three starts: half of every coinbase, which reaches three outputs in four (the others hold
next to nothing) and divides every amount; 2,000 whole coinbases; 20 of the last tenth, which reach
little. The row is the slowest of the three, in transactions a second **of the whole graph**,
reached or not. Best of some rounds, processor time.

Peer: the policy's own division (`largest_remainder`), asked transaction by transaction in plain
Python over the first part of the same graph; what both find there is compared.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.machine import pinned
from kancil.bitcoin.exposure.kernels import haircut_all
from kancil.bitcoin.tracing.policies.haircut import largest_remainder

NAMES = ("haircut",)
GOAL = 20.0
TRANSACTIONS = 3_000_000
PART = 60_000
"""Transactions that the peer is asked for."""
ROUNDS = 5
_MOST_OUTPUTS = 400
_NOWHERE = np.zeros(0, np.uint8)

_njit: Any = njit
Array = NDArray[Any]
Made = tuple[Array, Array, Array, Array]
"""Starts of inputs and outputs, the output that each input spends, the value of each output."""


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row."""
    with pinned():
        graph = made(TRANSACTIONS)
        starts = _starts(graph)
        ours = min(_speed(graph, start) for start in starts)
        peer = _peer(graph, starts[0])
    return [
        {
            "name": NAMES[0],
            "ours": round(ours, 2),
            "unit": "M transactions/s",
            "peer": "the policy in plain Python",
            "peer_figure": round(peer, 3),
            "ratio": round(ours / peer, 1),
            "goal": GOAL,
            "met": ours >= GOAL,
            "machine": machine,
        }
    ]


@_njit
def _make(transactions: int, seed: int, starts: Any, source: Array, value: Array) -> None:
    np.random.seed(seed)  # the generator that compiled code has
    input_start, output_start = starts
    unspent = np.empty(len(value), np.int64)
    count, inputs, outputs = 0, 0, 0
    for tx in range(transactions):
        whole = 0
        if tx % 100 == 0 or count < 100:
            whole = 5_000_000_000
        else:
            for _ in range(1 + int(np.random.exponential(0.8))):
                place = int(count * np.random.random())
                source[inputs] = unspent[place]
                whole += value[unspent[place]]
                count -= 1
                unspent[place] = unspent[count]
                inputs += 1
        chance = np.random.random()
        wanted = 1 if chance < 0.15 else 2
        if chance > 0.9:
            wanted = min(_MOST_OUTPUTS, 3 + int(np.random.exponential(9.0)))
        left = whole - int(whole * np.random.random() * 0.002) if inputs else whole
        for number in range(wanted):
            part = left
            if number < wanted - 1:
                part = int(left * np.random.random() * 2 / (wanted - number + 1))
            left -= part
            value[outputs] = part
            unspent[count] = outputs
            count += 1
            outputs += 1
        input_start[tx + 1], output_start[tx + 1] = inputs, outputs


def made(transactions: int, seed: int = 1) -> Made:
    """Make transactions in chain order."""
    starts = np.zeros(transactions + 1, np.int64), np.zeros(transactions + 1, np.int64)
    source = np.empty(transactions * 3, np.int64)
    value = np.empty(transactions * 4 + _MOST_OUTPUTS, np.int64)
    _make(transactions, seed, starts, source, value)
    return *starts, source[: starts[0][-1]].copy(), value[: starts[1][-1]].copy()


def _starts(graph: Made) -> list[Array]:
    """What is declared of each output, three times."""
    input_start, output_start, _, value = graph
    chance = np.random.default_rng(2)
    coinbases = np.flatnonzero(np.diff(input_start) == 0)
    new = output_start[coinbases]  # outputs that no other start can reach
    half = np.zeros(len(value), np.int64)
    half[new] = value[new] // 2
    found = [half]
    for outputs in (
        chance.choice(new, 2000, replace=False),
        chance.choice(new[len(new) * 9 // 10 :], 20, replace=False),
    ):
        traced = np.zeros(len(value), np.int64)
        traced[outputs] = value[outputs]
        found.append(traced)
    return found


def _carried(graph: Made, start: Array) -> tuple[float, Array]:
    traced, rests = start.copy(), np.empty(_MOST_OUTPUTS + 1, np.int64)
    began = time.process_time()
    end = haircut_all(graph[:2], graph[2], graph[3], _NOWHERE, traced, rests)
    seconds = time.process_time() - began
    if end != -1:
        raise AssertionError(f"not carried through transaction {end}")
    return seconds, traced


def _speed(graph: Made, start: Array) -> float:
    best = min(_carried(graph, start)[0] for _ in range(ROUNDS + 1))  # the first may compile
    return (len(graph[0]) - 1) / best / 1e6


def _peer(graph: Made, start: Array) -> float:
    """Carry through the first part of the graph, and compare; M transactions/s."""
    inputs, outputs = graph[0][: PART + 1].tolist(), graph[1][: PART + 1].tolist()
    source, value = graph[2][: inputs[-1]].tolist(), graph[3][: outputs[-1]].tolist()
    traced = start[: outputs[-1]].tolist()
    began = time.process_time()
    for tx in range(PART):
        spent = source[inputs[tx] : inputs[tx + 1]]
        amount = sum(traced[output] for output in spent)
        if amount:
            first, last = outputs[tx], outputs[tx + 1]
            fee = sum(value[output] for output in spent) - sum(value[first:last])
            traced[first:last] = largest_remainder(amount, [*value[first:last], fee])[:-1]
    seconds = time.process_time() - began
    if traced != _carried(graph, start)[1][: outputs[-1]].tolist():
        raise AssertionError("the policy finds other amounts")
    return PART / seconds / 1e6
