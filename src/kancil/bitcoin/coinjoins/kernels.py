"""Numba kernel of the pass for CoinJoins: which transactions each heuristic could speak of at all.

Arrays in and out; the slow twins are the heuristics themselves, member by member, in
`tests/bitcoin/test_coinjoins.py`. Imported only by `kancil.bitcoin.clusters.coinjoins`, for Numba
is slow to import.

The kernel asks of a transaction only what a member asks for *before* it can say yes or unknown, and
only what counts, values and forms of scripts tell without a script's bytes. So it lets through more
than a member does and never less; the member itself then judges what is left. Of one thing a
script's bytes do tell, that Wasabi's coordinator is paid: `coinjoins.could_be` adds these.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import CHECKED, kernels_of, part, stamp_of
from kancil.bitcoin.holdings.graph import COINBASE
from kancil.bitcoin.script.kind import ScriptKind

from .heuristics import joinmarket, wasabi1, wasabi2, whirlpool, whirlpool_tx0
from .verdicts import LEAST_OUTPUTS
from .whirlpool_pools import MOST_ABOVE_SAT, POOLS_SAT

_SOURCES = (
    "coinjoins/kernels", "coinjoins/verdicts", "coinjoins/whirlpool_pools", "script/kind",
    "holdings/graph", "coinjoins/heuristics/whirlpool", "coinjoins/heuristics/whirlpool_tx0",
    "coinjoins/heuristics/wasabi1", "coinjoins/heuristics/wasabi2",
    "coinjoins/heuristics/joinmarket",
)  # fmt: skip
"""The modules whose text goes into the kernel."""
_kernel = kernels_of(stamp_of(_SOURCES, f"checked {CHECKED}"))

WHIRLPOOL, WHIRLPOOL_TX0, WASABI1, WASABI2, JOINMARKET, EQUAL_OUTPUT = 1, 2, 4, 8, 16, 32
"""Bit of each heuristic in `could`."""
BITS = {
    ("whirlpool", "1"): WHIRLPOOL,
    ("whirlpool", "2"): WHIRLPOOL,
    ("whirlpool-tx0", "1"): WHIRLPOOL_TX0,
    ("wasabi1", "1"): WASABI1,
    ("wasabi1", "2"): WASABI1,
    ("wasabi1", "3"): WASABI1,
    ("wasabi2", "1"): WASABI2,
    ("wasabi2", "2"): WASABI2,
    ("joinmarket", "1"): JOINMARKET,
    ("joinmarket", "2"): JOINMARKET,
    ("equal-output", "1"): EQUAL_OUTPUT,
    ("equal-output", "2"): EQUAL_OUTPUT,
}
"""The same by name and version: of another version the kernel knows nothing."""

_P2WPKH, _OP_RETURN = int(ScriptKind.P2WPKH), int(ScriptKind.OP_RETURN)
_NATIVE = tuple(sorted(int(kind) for kind in whirlpool.NATIVE))
_LEAST_POOL, _MOST_POOL = whirlpool.LEAST_INPUTS, whirlpool.MOST_INPUTS
_NOTES = whirlpool_tx0.MESSAGE_BYTES
_MOST_OTHERS, _MOST_PIECES = whirlpool_tx0.MOST_OTHERS, whirlpool_tx0.MOST_PIECES
_LEAST_WASABI1, _LEAST_WASABI2 = wasabi1.LEAST_EQUAL, wasabi2.LEAST_INPUTS
_FEW_WASABI2 = wasabi2.LEAST_FEW_INPUTS
_LEAST_EQUAL = joinmarket.LEAST_EQUAL


@part
def _could_whirlpool(value, kind, first, stop, inputs):
    """As many outputs as inputs, five to ten, all of one pool's size and native segwit."""
    outputs = stop - first
    if outputs < _LEAST_POOL or outputs > _MOST_POOL or inputs != outputs:
        return False
    if value[first] not in POOLS_SAT:
        return False
    for row in range(first, stop):
        if value[row] != value[first] or kind[row] not in _NATIVE:
            return False
    return True


@part
def _could_tx0(value, kind, payload_start, first, stop):
    """One OP_RETURN of the right length without value, and pieces a little above a pool's size."""
    if stop - first > _MOST_PIECES + _MOST_OTHERS + 1:
        return False
    notes, pieces = 0, 0
    for row in range(first, stop):
        if kind[row] == _OP_RETURN:
            notes += 1
            size = payload_start[row + 1] - payload_start[row]
            if notes > 1 or value[row] != 0 or size not in _NOTES:
                return False
        elif kind[row] == _P2WPKH:
            for pool in POOLS_SAT:
                if pool < value[row] <= pool + MOST_ABOVE_SAT:
                    pieces += 1
    others = stop - first - 1 - pieces
    return notes == 1 and pieces > 0 and others <= _MOST_OTHERS


@part
def _could_wasabi1(kind, first, stop, inputs, run):
    """Ten inputs or more, and ten equal outputs or more; all outputs P2WPKH."""
    if inputs < _LEAST_WASABI1 or run < _LEAST_WASABI1:
        return False
    for row in range(first, stop):  # noqa: SIM110 (Numba compiles no generator)
        if kind[row] != _P2WPKH:
            return False
    return True


@part
def _could_wasabi2(value, first, stop, inputs):
    """Outputs from the largest to the smallest, two of them equal; of few inputs not all."""
    if inputs < _FEW_WASABI2 or stop - first < 2:
        return False
    if inputs < _LEAST_WASABI2 and value[first] == value[stop - 1]:
        return False
    has_equal = False
    for row in range(first + 1, stop):
        if value[row] > value[row - 1]:
            return False
        has_equal |= value[row] == value[row - 1]
    return has_equal


@part
def _sorted_into(room, value, first, stop):
    """Copy values into `room` in ascending order (Shell's sort; Ciura's gaps)."""
    count = stop - first
    for place in range(count):
        room[place] = value[first + place]
    for gap in (701, 301, 132, 57, 23, 10, 4, 1):
        for place in range(gap, count):
            one = room[place]
            at = place
            while at >= gap and room[at - gap] > one:
                room[at] = room[at - gap]
                at -= gap
            room[at] = one


@part
def _runs(room, count):
    """Count the most equal ones among `count` ascending values; say if half, rounded up, are."""
    half, most, has_half, run = (count + 1) // 2, 1, False, 1
    for place in range(1, count + 1):
        if place < count and room[place] == room[place - 1]:
            run += 1
            continue
        most = max(most, run)
        has_half |= run == half
        run = 1
    return most, has_half


@_kernel
def could_be(first_tx, tx_input_start, tx_output_start, input_source, outputs, room, could):
    """Which heuristics could say yes or unknown of each of these transactions.

    Transactions `first_tx` to `first_tx + len(could) - 1`. `outputs`: value, kind and payload start
    of each output. `room`: int64, as long as the most outputs of one of them. `could`: uint8, bits.
    """
    value, kind, payload_start = outputs
    for place in range(len(could)):
        tx = first_tx + place
        could[place] = 0
        first, stop = tx_output_start[tx], tx_output_start[tx + 1]
        inputs = tx_input_start[tx + 1] - tx_input_start[tx]
        if stop - first < LEAST_OUTPUTS and inputs < _LEAST_WASABI2:
            continue
        for number in range(tx_input_start[tx], tx_input_start[tx + 1]):
            inputs -= input_source[number] == COINBASE
        bits = np.uint8(0)
        if _could_wasabi2(value, first, stop, inputs):
            bits |= np.uint8(WASABI2)
        if stop - first >= LEAST_OUTPUTS:
            if _could_whirlpool(value, kind, first, stop, inputs):
                bits |= np.uint8(WHIRLPOOL)
            if _could_tx0(value, kind, payload_start, first, stop):
                bits |= np.uint8(WHIRLPOOL_TX0)
            _sorted_into(room, value, first, stop)
            most, has_half = _runs(room, stop - first)
            if _could_wasabi1(kind, first, stop, inputs, most):
                bits |= np.uint8(WASABI1)
            if has_half and inputs >= (stop - first + 1) // 2:
                bits |= np.uint8(EQUAL_OUTPUT)
                if stop - first >= 2 * _LEAST_EQUAL - 1:
                    bits |= np.uint8(JOINMARKET)
        could[place] = bits
