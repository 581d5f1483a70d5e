"""Places of satoshi: how FIFO and LIFO carry traced coins through one transaction.

Inputs laid end to end are one row of satoshi, outputs laid end to end are another, with the fee
last; the first satoshi of one row becomes the first of the other, and so on. FIFO lays the
inputs in their order; LIFO lays the same row backwards (the last satoshi in is the first out).
Coins are spans of places, so following them is moving and cutting spans.

Where the value of an input is not known, all that comes after it slides by an unknown number of
places: `cut` then answers with the least and the most over all possible shifts. The derivation
stands in `docs/reference/policies.md`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from kancil.ground.units import MAX_MONEY_SAT

from .policy import (
    NOTHING,
    UNKNOWN_VALUE,
    Coins,
    Spans,
    Spend,
    Split,
    join_amounts,
    reason_of,
    tighten,
)

EXACT_SPANS = 24
"""Up to so many spans the best shift is searched exactly; beyond, a wider bound is taken."""


def whole(value: int) -> Coins:
    """The coins of an output of which every satoshi is traced."""
    spans = ((0, value),) if value else ()
    return Coins(value, value, spans, spans)


def begin(value: int, share: int) -> Coins:
    """The coins of a start; a part of an output has no known places."""
    if share == value:
        return whole(value)
    return Coins(share, share, (), ((0, value),)) if share else NOTHING


def doubt(value: int, most: int) -> Coins:
    """The coins of an arm that may hold up to `most` traced satoshi, anywhere."""
    size = MAX_MONEY_SAT if value == UNKNOWN_VALUE else value
    most = min(size, most)
    return Coins(0, most, (), ((0, size),)) if most else NOTHING


def join(flow: Coins, start: Coins, value: int) -> Coins:
    """What an output holds when traced coins flow into a start."""
    certain = merged((*flow.certain, *start.certain))
    if flow.certain is flow.possible and start.certain is start.possible:
        return Coins(length(certain), length(certain), certain, certain)
    lower, upper = join_amounts(flow, start, value)
    possible = merged((*flow.possible, *start.possible))
    return Coins(max(lower, length(certain)), min(upper, length(possible)), certain, possible)


def length(spans: Spans) -> int:
    """Count the satoshi in spans."""
    return sum(stop - start for start, stop in spans)


def merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """Sort spans and join those that touch or overlap."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            if stop > joined[-1][1]:
                joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return tuple(joined)


def mirrored(spans: Spans, value: int) -> Spans:
    """The same places counted from the other end of a coin of `value` satoshi."""
    return tuple((value - stop, value - start) for start, stop in reversed(spans))


def turned(coins: Coins, value: int) -> Coins:
    """Mirror coins of known value; coins of unknown value have no places to mirror."""
    if value == UNKNOWN_VALUE:
        return coins
    certain = mirrored(coins.certain, value)
    settled = coins.certain is coins.possible
    possible = certain if settled else mirrored(coins.possible, value)
    return Coins(coins.lower, coins.upper, certain, possible)


def overlap(spans: Spans, shift: int, first: int, last: int) -> int:
    """Count the satoshi of spans, moved by `shift`, that lie at places first to last - 1."""
    total = 0
    for start, stop in spans:
        inside = min(stop + shift, last) - max(start + shift, first)
        if inside > 0:
            total += inside
    return total


def overlap_range(
    spans: Spans, shifts: tuple[int, int], window: tuple[int, int]
) -> tuple[int, int]:
    """The least and the most of `overlap` over all shifts from the first to the last.

    The count is piecewise linear in the shift; it bends only where an end of a span meets an
    end of the window, so those shifts and the two outermost decide.
    """
    low, high = shifts
    first, last = window
    if last <= first or not spans:
        return 0, 0
    if low == high:
        count = overlap(spans, low, first, last)
        return count, count
    if len(spans) > EXACT_SPANS:
        sure = sum(
            max(0, min(stop + low, last) - max(start + high, first)) for start, stop in spans
        )
        reach = merged((start + low, stop + high) for start, stop in spans)
        return sure, min(length(spans), overlap(reach, 0, first, last))
    bends = {low, high}
    for start, stop in spans:
        for bend in (first - start, first - stop, last - start, last - stop):
            if low < bend < high:
                bends.add(bend)
    counts = [overlap(spans, bend, first, last) for bend in bends]
    return min(counts), max(counts)


def cut(coins: Coins, shifts: tuple[int, int], first: int, sizes: tuple[int, int]) -> Coins:
    """The part of coins that lies in a window, when both may not be known exactly.

    `shifts`: least and most that the coins' places move. The window begins at `first` and holds
    at least `sizes[0]`, at most `sizes[1]` satoshi. The answer counts places from `first`.
    """
    low, high = shifts
    if low == high and sizes[0] == sizes[1]:
        return _cut_fixed(coins, low, first, first + sizes[0])
    narrow, wide = (first, first + sizes[0]), (first, first + sizes[1])
    possible_least, _ = overlap_range(coins.possible, shifts, narrow)
    _, possible_most = overlap_range(coins.possible, shifts, wide)
    if not possible_most:
        return NOTHING
    certain_least, _ = overlap_range(coins.certain, shifts, narrow)
    _, certain_most = overlap_range(coins.certain, shifts, wide)
    outside_most = length(coins.possible) - possible_least
    outside_least = length(coins.certain) - certain_most
    lower = max(certain_least, coins.lower - outside_most)
    upper = min(possible_most, coins.upper - outside_least)
    certain = _clipped(coins.certain, high, low, narrow)
    return Coins(lower, upper, certain, _clipped(coins.possible, low, high, wide))


def _cut_fixed(coins: Coins, shift: int, first: int, last: int) -> Coins:
    """The part of coins at places first to last - 1, when shift and window are known."""
    possible = _moved(coins.possible, shift, first, last)
    reach = length(possible)
    if coins.certain is coins.possible:
        return Coins(reach, reach, possible, possible)
    if not reach:
        return NOTHING
    certain = _moved(coins.certain, shift, first, last)
    sure = length(certain)
    lower = max(sure, coins.lower - (length(coins.possible) - reach))
    upper = min(reach, coins.upper - (length(coins.certain) - sure))
    return Coins(lower, upper, certain, possible)


def _moved(spans: Spans, shift: int, first: int, last: int) -> Spans:
    """Move spans, keep what is at places first to last - 1, count from there."""
    kept: list[tuple[int, int]] = []
    for index in range(bisect_right(spans, first - shift, key=_stop), len(spans)):
        start, stop = spans[index]
        if start + shift >= last:
            break
        kept.append((max(start + shift, first) - first, min(stop + shift, last) - first))
    return tuple(kept)


def _stop(span: tuple[int, int]) -> int:
    return span[1]


def _clipped(spans: Spans, first_by: int, last_by: int, window: tuple[int, int]) -> Spans:
    """Move the starts and the stops of spans, keep what is in the window, count from there."""
    first, last = window
    kept = []
    for start, stop in spans:
        start, stop = max(start + first_by, first), min(stop + last_by, last)
        if start < stop:
            kept.append((start - first, stop - first))
    return merged(kept)


@dataclass(frozen=True, slots=True)
class _Row:
    """The inputs as laid: their index, value and the least and most places before them."""

    order: list[int]
    before: list[tuple[int, int]]
    sizes: list[tuple[int, int]]


def _lay_inputs(spend: Spend, order: list[int]) -> _Row:
    """Lay the inputs end to end and bound where each begins.

    Inputs of unknown value hold together at least what the known ones lack: before anything
    that comes after all of them, that much is certain.
    """
    least, most = spend.unknown_range()
    count = spend.unknown_count
    low = high = unknown = 0
    before: list[tuple[int, int]] = []
    sizes: list[tuple[int, int]] = []
    for index in order:
        value = spend.input_values[index]
        before.append((low + (least if count and unknown == count else 0), high))
        if value == UNKNOWN_VALUE:
            unknown += 1
            sizes.append((least if count == 1 else 0, most))
            high = min(MAX_MONEY_SAT, high + most)
        else:
            sizes.append((value, value))
            low += value
            high = min(MAX_MONEY_SAT, high + value)
    return _Row(order, before, sizes)


def _orders(spend: Spend, *, last_first: bool) -> tuple[list[int], list[int]]:
    """The order in which inputs and outputs are laid."""
    inputs = list(range(len(spend.input_values)))
    outputs = list(range(len(spend.output_values)))
    if last_first != spend.is_reversed:
        inputs.reverse()
    if spend.is_reversed:
        outputs.reverse()
    return inputs, outputs


def forward(spend: Spend, *, last_first: bool) -> Split:
    """Carry the traced coins of the inputs to outputs and fee.

    `last_first`: lay the satoshi of the inputs backwards (LIFO).
    """
    inputs, outputs = _orders(spend, last_first=last_first)
    row = _lay_inputs(spend, inputs)
    windows: list[tuple[int, int]] = []
    end = 0
    for index in outputs:
        windows.append((end, end + spend.output_values[index]))
        end += spend.output_values[index]
    windows.append((end, end + 2 * MAX_MONEY_SAT))
    pieces: list[list[tuple[Coins, bool]]] = [[] for _ in windows]
    stops = [stop for _, stop in windows]
    for place, index in enumerate(row.order):
        coins = spend.traced[index]
        if not coins.upper:
            continue
        if last_first:
            coins = turned(coins, spend.input_values[index])
        shifts = row.before[place]
        reach = coins.possible[-1][1] + shifts[1]
        window = bisect_right(stops, coins.possible[0][0] + shifts[0])
        while window < len(windows) and windows[window][0] < reach:
            first, last = windows[window]
            part = cut(coins, shifts, first, (last - first, last - first))
            if part.upper:
                pieces[window].append((part, spend.doubtful[index]))
            window += 1
    values = [*(stop - start for start, stop in windows[:-1]), MAX_MONEY_SAT]
    laid = _gathered(pieces, values, spend)
    arms = [NOTHING] * len(outputs)
    for index, coins in zip(outputs, laid, strict=False):
        arms[index] = coins
    fee = Coins(laid[-1].lower, laid[-1].upper)
    reason = reason_of(spend, laid, by_place=True, backward=False)
    return Split(arms, fee, reason)


def backward(spend: Spend, *, last_first: bool) -> Split:
    """Carry the asked coins of the outputs back to the inputs whose places they had."""
    inputs, outputs = _orders(spend, last_first=last_first)
    row = _lay_inputs(spend, inputs)
    starts: dict[int, int] = {}
    end = 0
    for index in outputs:
        starts[index] = end
        end += spend.output_values[index]
    asked = [
        (spend.traced[index], starts[index], spend.doubtful[index])
        for index in outputs
        if spend.traced[index].upper
    ]
    pieces: list[list[tuple[Coins, bool]]] = [[] for _ in row.order]
    for place, (low, high) in enumerate(row.before):
        size = row.sizes[place]
        for coins, start, doubtful in asked:
            if start + coins.possible[0][0] >= high + size[1]:
                break
            if start + coins.possible[-1][1] <= low:
                continue
            part = cut(coins, (start - high, start - low), 0, size)
            if part.upper:
                pieces[place].append((part, doubtful))
    laid = _gathered(pieces, [size[1] for size in row.sizes], spend)
    arms = [NOTHING] * len(inputs)
    for index, coins in zip(row.order, laid, strict=True):
        arms[index] = turned(coins, spend.input_values[index]) if last_first else coins
    reason = reason_of(spend, arms, by_place=True, backward=True)
    return Split(arms, NOTHING, reason)


def _gathered(
    pieces: list[list[tuple[Coins, bool]]], values: list[int], spend: Spend
) -> list[Coins]:
    """Add up what came into each arm, and narrow the bounds by what came in altogether."""
    cap = spend.doubtful_cap
    bounds: list[tuple[int, int]] = []
    places: list[tuple[Spans, Spans]] = []
    for parts, value in zip(pieces, values, strict=True):
        lower = sum(part.lower for part, _ in parts)
        sure = sum(part.upper for part, doubtful in parts if not doubtful)
        risk = sum(part.upper for part, doubtful in parts if doubtful)
        upper = min(value, sure + (risk if cap is None else min(risk, cap)))
        bounds.append((lower, upper))
        certain = merged(span for part, _ in parts for span in part.certain)
        if all(part.certain is part.possible for part, _ in parts):
            places.append((certain, certain))
        else:
            places.append((certain, merged(s for part, _ in parts for s in part.possible)))
    bounds = tighten(bounds, *spend.traced_range())
    return [
        Coins(lower, upper, *spans) if upper else NOTHING
        for (lower, upper), spans in zip(bounds, places, strict=True)
    ]


@dataclass(frozen=True, kw_only=True)
class ByPlaces:
    """A policy that carries the places of satoshi; as `policy.Policy` has it."""

    name: str
    version: str = "1"
    source: str
    words: tuple[str, ...]
    last_first: bool
    """Whether the satoshi of the inputs are laid backwards."""
    conserves: bool = True
    has_order: bool = True
    begin = staticmethod(begin)
    doubt = staticmethod(doubt)
    join = staticmethod(join)

    def forward(self, spend: Spend) -> Split:
        """Pay the outputs from the inputs in the order of their satoshi, the fee last."""
        return forward(spend, last_first=self.last_first)

    def backward(self, spend: Spend) -> Split:
        """The inputs whose places the asked satoshi had."""
        return backward(spend, last_first=self.last_first)
