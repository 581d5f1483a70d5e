"""Following coins to the next labelled service: the shortest way, and only that is opened.

Breadth first over the chain from some outputs, at most six transactions away and for at most one
second. One stops at what a heuristic takes for a CoinJoin, as traces do, and never goes through a
labelled service. That a way exists does not say that these coins went it: a transaction with more
inputs or outputs has more ways than one, and the first found is only the shortest.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.labels.label import Label
from kancil.studies.moneygraph.net import Sight, spender_of

from .errors import NoWayToService

MOST_HOPS = 6
MOST_SECONDS = 0.9
MOST_LOOKED = 200_000
"""Outputs that are looked at in one go."""
MOST_OF_ONE = 2_000
"""Outputs of one transaction or address that are followed: the largest."""
Stops = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest way to a labelled service."""

    outputs: tuple[int, ...]
    """Rows of the outputs on it, from where one began to the service's."""
    label: Label
    looked: int
    """Outputs that were looked at."""


def way_to_service(
    sight: Sight,
    starts: Sequence[int],
    stops_at: Stops,
    *,
    direction: Literal["forward", "backward"] = "forward",
    hops: int = MOST_HOPS,
    seconds: float = MOST_SECONDS,
) -> Way:
    """Find it; raises NoWayToService with how much was looked at.

    `starts`: rows of outputs. Backward, the way is given in the order of time all the same.
    """
    until = time.monotonic() + seconds
    came_from: dict[int, int] = dict.fromkeys(_largest(sight, np.asarray(starts)), -1)
    begun = set(came_from)
    queue = deque((output, 0) for output in came_from)
    entered: set[int] = set()
    while queue and len(came_from) < MOST_LOOKED and time.monotonic() < until:
        output, hop = queue.popleft()
        label = next((label for label in sight.label_of(output) if label.is_service), None)
        if label is not None and output not in begun:
            return Way(_way(came_from, output, direction), label, len(came_from))
        if hop >= hops:
            continue
        for other in _beyond(sight, output, direction, entered, stops_at):
            if other not in came_from:
                came_from[other] = output
                queue.append((other, hop + 1))
    raise NoWayToService(hops=hops, looked=len(came_from))


def _beyond(
    sight: Sight, output: int, direction: str, entered: set[int], stops_at: Stops
) -> Iterator[int]:
    """The outputs on the far side of the transaction to which an output leads."""
    graph = sight.graph
    forward = direction == "forward"
    tx = spender_of(graph, output) if forward else graph.tx_of_output(output)
    if tx < 0 or tx in entered:
        return
    entered.add(tx)
    if stops_at and sight.stops(tx, stops_at):
        return
    if forward:
        outputs = graph.outputs_of(tx)
        yield from _largest(sight, np.arange(outputs.start, outputs.stop))
    else:
        inputs = graph.inputs_of(tx)
        sources = np.asarray(graph.input_source[inputs.start : inputs.stop])
        yield from _largest(sight, sources[sources >= 0])


def _largest(sight: Sight, rows: Array) -> list[int]:
    """Rows of outputs, the largest first and no more than are followed."""
    if not len(rows):
        return []
    values = np.asarray(sight.graph.output_value[rows])
    order = np.argsort(-values, kind="stable")[:MOST_OF_ONE]
    found: list[int] = rows[order].tolist()
    return found


def _way(came_from: dict[int, int], output: int, direction: str) -> tuple[int, ...]:
    way = [output]
    while came_from[way[-1]] >= 0:
        way.append(came_from[way[-1]])
    return tuple(way if direction == "backward" else reversed(way))
