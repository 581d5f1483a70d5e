"""Hypothesis strategies: random worlds, and random parts of them that are held."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.bitcoin.graphs import Held, OutPoint, World, WorldTx, hold, runs_of


@dataclass
class Scene:
    """A world, what is held of it, and where a trace starts."""

    held: Held
    starts: dict[OutPoint, list[int]]
    """Output and the places meant of it."""

    @property
    def world(self) -> World:
        return self.held.world


@st.composite
def worlds(draw: st.DrawFn, max_txs: int = 12) -> World:
    """Make a chain of small transactions; many outputs are spent, fees are paid now and then."""
    count = draw(st.integers(2, max_txs))
    same_block = draw(st.booleans())
    txs: list[WorldTx] = []
    free: list[OutPoint] = []
    block = 0
    for number in range(count):
        if not same_block or draw(st.booleans()):
            block += 1
        inputs: list[OutPoint] = []
        if free and (number > 1 or draw(st.booleans())):
            for _ in range(min(len(free), draw(st.sampled_from((1, 1, 2, 2, 3, 4))))):
                inputs.append(free.pop(draw(st.integers(0, len(free) - 1))))
        total = sum(txs[n].outputs[place] for n, place in inputs)
        if not inputs:
            total = draw(st.integers(1, 12))
        outputs = _cut(draw, total, has_fee=bool(inputs))
        free += [(number, place) for place in range(len(outputs))]
        txs.append(WorldTx(tuple(inputs), tuple(outputs), block))
    return World(tuple(txs))


def _cut(draw: st.DrawFn, total: int, *, has_fee: bool) -> list[int]:
    if has_fee and total and draw(st.sampled_from((False, False, True))):
        total -= draw(st.integers(1, min(3, total)))
    outputs = []
    for _ in range(draw(st.sampled_from((0, 1, 1, 2)))):
        part = draw(st.integers(0, total))
        outputs.append(part)
        total -= part
    return [*outputs, total]


@st.composite
def scenes(
    draw: st.DrawFn,
    *,
    hides: bool = True,
    has_loose: bool = False,
    has_adrift: bool = False,
    whole_starts: bool = False,
    max_txs: int = 12,
) -> Scene:
    """Hide some blocks of a world, and start from outputs that are held.

    `has_adrift`: it is not known where some runs stand among the others, and what is said of it
    is false.
    """
    world = draw(worlds(max_txs=max_txs))
    blocks = sorted({tx.block for tx in world.txs})
    hidden: set[int] = set()
    if hides:
        hidden = {b for b in blocks if draw(st.sampled_from((False, False, True)))}
    away = [n for n, tx in enumerate(world.txs) if tx.block in hidden]
    loose = {n for n in away if has_loose and draw(st.booleans())}
    points = [(n, place) for n, tx in enumerate(world.txs) for place in range(len(tx.outputs))]
    known = {point for point in points if draw(st.booleans())} if hides else set()
    adrift: dict[int, int] = {}
    if has_adrift:
        for run in runs_of([block for block in blocks if block not in hidden]):
            if draw(st.booleans()):
                adrift[run[0]] = draw(st.integers(0, max(blocks) + 1))
    held = hold(world, hidden_blocks=hidden, loose=loose, known_values=known, adrift=adrift)
    choices = [p for p in points if p[0] in held.row_of and world.value(p)]
    starts: dict[OutPoint, list[int]] = {}
    if choices:
        for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
            point = draw(st.sampled_from(choices))
            starts[point] = _places(draw, world.value(point), whole=whole_starts)
    return Scene(held, starts)


def _places(draw: st.DrawFn, value: int, *, whole: bool) -> list[int]:
    if whole or draw(st.sampled_from((True, True, False))):
        return list(range(value))
    return sorted(draw(st.sets(st.integers(0, value - 1), min_size=1)))
