"""Numba kernels of the trace: which transactions unseen coins can have reached, for a whole graph.

Arrays in, arrays out; each kernel has a slow plain twin in `tests/bitcoin/test_trace_kernels.py`.
Imported only by traces that need it (`kancil.bitcoin.tracing.pool`), for Numba is slow to import.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.compiled.memory import kernels_of, stamp_of

Array: TypeAlias = NDArray[Any]

_SOURCES = ("tracing/kernels",)
_kernel = kernels_of(stamp_of(_SOURCES), {})


@_kernel
def latest_unknown(
    order: Array,
    own: Array,
    tx_input_start: Array,
    input_source: Array,
    output_tx: Array,
) -> Array:
    """For each transaction the latest run in which unseen coins can have joined its past.

    `order`: int64, transactions by rank. `own`: int64 `[nt]`, run before which an input of
    unknown source of the transaction itself was made, -1 none. `output_tx`: int64 `[no]`.
    Answer int64 `[nt]`: the greatest `own` among it and its ancestors, -1 none.
    """
    latest = own.copy()
    for place in range(len(order)):
        tx = order[place]
        best = latest[tx]
        for number in range(tx_input_start[tx], tx_input_start[tx + 1]):
            source = input_source[number]
            if source >= 0:
                best = max(best, latest[output_tx[source]])
        latest[tx] = best
    return latest


@_kernel
def earliest_unseen(
    order: Array,
    own: Array,
    tx_output_start: Array,
    output_spender: Array,
    input_tx: Array,
) -> Array:
    """For each transaction the earliest run in which its coins can have gone out of sight.

    `own`: int64 `[nt]`, run after which an output without a seen spend of the transaction itself
    can be spent, int64's greatest none. `input_tx`: int64 `[ni]`. Answer int64 `[nt]`: the
    smallest `own` among it and its descendants.
    """
    earliest = own.copy()
    for place in range(len(order) - 1, -1, -1):
        tx = order[place]
        best = earliest[tx]
        for number in range(tx_output_start[tx], tx_output_start[tx + 1]):
            spender = output_spender[number]
            if spender >= 0:
                best = min(best, earliest[input_tx[spender]])
        earliest[tx] = best
    return earliest


NEVER = np.iinfo(np.int64).max
