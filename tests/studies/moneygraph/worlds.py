"""Random small chains as the money graph sees them, and large ones for its limit."""

from __future__ import annotations

import random
from collections.abc import Sequence

from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.tracing.result import Start, TraceResult
from kancil.bitcoin.tracing.trace import trace
from kancil.studies.moneygraph.net import Sight
from kancil.studies.moneygraph.traced import TracedReach
from tests.bitcoin.graphs import Held, OutPoint, World, WorldTx
from tests.bitcoin.worlds import Scene


class WorldNames:
    """What the rows of a made-up world are called."""

    def __init__(self, held: Held) -> None:
        self._columns, self._graph = held.columns, held.graph

    def txid(self, tx: int) -> str:
        return bytes(self._columns.tx_id[tx])[::-1].hex()

    def block_hash(self, tx: int) -> str:
        return ""

    def block_time(self, tx: int) -> str:
        return ""

    def outpoint(self, output: int) -> str:
        tx = self._graph.tx_of_output(output)
        return f"{self.txid(tx)}:{output - int(self._graph.tx_output_start[tx])}"

    def spent_outpoint(self, number: int) -> str:
        previous = self._columns.input_prev_id[number]
        index = int(self._columns.input_prev_index[number])
        return f"{previous.tobytes()[::-1].hex()}:{index}" if previous.any() else ""

    def address(self, output: int) -> str:
        return ""


def sight_of(held: Held) -> Sight:
    """See a world with no labels."""
    names = WorldNames(held)
    rows = {names.txid(tx): tx for tx in range(held.graph.tx_count)}

    def no_labels(output: int) -> tuple[Label, ...]:
        return ()

    return Sight(held.graph, names, no_labels, lambda txid: rows.get(txid, -1))


def starts_of(scene: Scene) -> list[Start]:
    """A scene's starts as a trace takes them."""
    return [Start(scene.held.output(point), len(places)) for point, places in scene.starts.items()]


def reach_of(
    held: Held,
    starts: Sequence[Start],
    policies: Sequence[str],
    direction: str,
    hops: int | None = None,
) -> TracedReach:
    """Trace a world under policies, and draw all that is followed."""

    def run(limit: int | None) -> list[TraceResult]:
        return [
            trace(held.graph, starts, policy=name, direction=direction, hops=limit)  # type: ignore[arg-type]
            for name in policies
        ]

    return TracedReach(sight_of(held), run, hops)


def large_world(seed: int, count: int = 1_500) -> World:
    """Make a wide and tangled chain: fan-outs, joins, long rows, some of each by the seed."""
    dice = random.Random(seed)
    free: list[tuple[OutPoint, int]] = []
    txs = [WorldTx((), (10_000_000_000,), 0)]
    free.append(((0, 0), 10_000_000_000))
    fan = dice.choice((2, 3, 40))
    for number in range(1, count):
        takes = min(len(free), dice.choice((1, 1, 1, 2, 5)))
        taken = [free.pop(dice.randrange(len(free))) for _ in range(takes)]
        total = sum(value for _, value in taken)
        parts = dice.choice((1, 2, fan))
        cuts = sorted(dice.randrange(total + 1) for _ in range(parts - 1))
        outputs = [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]
        txs.append(WorldTx(tuple(point for point, _ in taken), tuple(outputs), number // 5))
        free += [((number, place), value) for place, value in enumerate(outputs) if value]
        if not free:
            break
    return World(tuple(txs))
