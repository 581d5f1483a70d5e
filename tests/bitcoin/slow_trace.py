"""The slow plain twin of the trace: whole worlds, nothing unknown, one satoshi at a time.

Written from the rules of `docs/reference/policies.md`, not from the code. FIFO and LIFO carry a
list with one truth value a satoshi; haircut uses fractions; poison carries nothing or all.
Every answer maps (transaction, arm) to the satoshi it carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tests.bitcoin.graphs import OutPoint, World

Bits = list[bool]


@dataclass
class Truth:
    """Traced satoshi: what flowed onto each output (backward: out of each input), and fees."""

    flow: dict[OutPoint, int] = field(default_factory=dict)
    """Forward: by output. Backward: by (transaction, place of the input)."""
    final: dict[OutPoint, int] = field(default_factory=dict)
    """By output: the flow and the start together."""
    fees: dict[int, int] = field(default_factory=dict)


def by_largest_remainder(amount: int, weights: list[int]) -> list[int]:
    """Hamilton's method with fractions: whole parts first, then the largest rests."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [Fraction(amount * weight, total) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    for _ in range(amount - sum(parts)):
        rests = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[rests.index(max(rests))] += 1
    return parts


def _ordered(count: int, turned: bool) -> list[int]:
    return list(range(count))[::-1] if turned else list(range(count))


def _row_of_inputs(values: list[int], policy: str, turned: bool) -> list[tuple[int, int]]:
    """List every satoshi that goes in, as (input, place), in the order it goes out."""
    row = [(i, place) for i in _ordered(len(values), turned) for place in range(values[i])]
    return row[::-1] if policy == "lifo" else row


def _row_of_outputs(values: list[int], turned: bool) -> list[tuple[int, int]]:
    return [(o, place) for o in _ordered(len(values), turned) for place in range(values[o])]


def true_forward(
    world: World, starts: Mapping[OutPoint, list[int]], policy: str, *, turned: bool = False
) -> Truth:
    """Follow starts (output: the places meant) through a whole world."""
    truth = Truth()
    bits: dict[OutPoint, Bits] = {}
    for number, tx in enumerate(world.txs):
        values = [world.value(point) for point in tx.inputs]
        ins = [bits.get(point, [False] * v) for point, v in zip(tx.inputs, values, strict=True)]
        outs, fee = forward_one(ins, list(tx.outputs), policy, turned)
        truth.fees[number] = fee
        for place, (value, out) in enumerate(zip(tx.outputs, outs, strict=True)):
            point = (number, place)
            truth.flow[point] = sum(out)
            bits[point] = _with_start(out, starts.get(point, []), value, policy)
            truth.final[point] = sum(bits[point])
    return truth


def _with_start(out: Bits, places: list[int], value: int, policy: str) -> Bits:
    if policy == "poison":
        return [True] * value if places or any(out) else out
    merged = list(out)
    for place in places:
        merged[place] = True
    return merged


def forward_one(
    ins: list[Bits], outputs: list[int], policy: str, turned: bool
) -> tuple[list[Bits], int]:
    total_in, total_out = sum(map(len, ins)), sum(outputs)
    amount = sum(map(sum, ins))
    if not ins:
        return [[False] * value for value in outputs], 0
    if policy == "poison":
        hit = amount > 0
        return [[hit] * value for value in outputs], (total_in - total_out) * hit
    if policy == "haircut":
        parts = by_largest_remainder(amount, [*outputs, total_in - total_out])
        # Haircut has no places: any will do, only their number is read.
        laid = [[n < part for n in range(v)] for part, v in zip(parts, outputs, strict=False)]
        return laid, parts[-1]
    outs = [[False] * value for value in outputs]
    goes_in = _row_of_inputs([len(coin) for coin in ins], policy, turned)
    goes_out = _row_of_outputs(outputs, turned)
    fee = 0
    for n, (i, place) in enumerate(goes_in):
        if n < len(goes_out):
            o, out_place = goes_out[n]
            outs[o][out_place] = ins[i][place]
        else:
            fee += ins[i][place]
    return outs, fee


def true_backward(
    world: World, starts: Mapping[OutPoint, list[int]], policy: str, *, turned: bool = False
) -> Truth:
    """Ask where the starts came from, through a whole world."""
    truth = Truth()
    bits: dict[OutPoint, Bits] = {}
    for number in range(len(world.txs) - 1, -1, -1):
        tx = world.txs[number]
        outs: list[Bits] = []
        for place, value in enumerate(tx.outputs):
            point = (number, place)
            asked = bits.get(point, [False] * value)
            outs.append(_with_start(asked, starts.get(point, []), value, policy))
            truth.final[point] = sum(outs[-1])
        values = [world.value(point) for point in tx.inputs]
        if not tx.inputs:
            asked_sat = sum(map(sum, outs))
            is_whole = policy == "poison" and asked_sat > 0
            truth.flow[(number, 0)] = sum(tx.outputs) if is_whole else asked_sat
            continue
        for place, coin in enumerate(backward_one(values, outs, policy, turned)):
            truth.flow[(number, place)] = sum(coin)
            bits[tx.inputs[place]] = coin
    return truth


def backward_one(values: list[int], outs: list[Bits], policy: str, turned: bool) -> list[Bits]:
    amount = sum(map(sum, outs))
    if policy == "poison":
        return [[amount > 0] * value for value in values]
    if policy == "haircut":
        parts = by_largest_remainder(amount, values)
        return [[n < part for n in range(v)] for part, v in zip(parts, values, strict=True)]
    ins = [[False] * value for value in values]
    goes_in = _row_of_inputs(values, policy, turned)
    for (o, out_place), (i, place) in zip(
        _row_of_outputs([len(coin) for coin in outs], turned), goes_in, strict=False
    ):
        ins[i][place] = outs[o][out_place]
    return ins
