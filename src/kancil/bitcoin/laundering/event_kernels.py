"""Numba kernels that count, and write down, events of addresses; the second half of the patterns'.

As in `kancil.bitcoin.laundering.kernels`, whose parts they share.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import CHECKED, kernels_of, part, stamp_of

from .kernels import COINBASE, NONE, band_at, counts, largest, owner_of, passed, payer_of

FORWARD, ASLEEP_TO, ASLEEP_FROM, GIFT, UNDER = range(5)
"""What `events` looks for."""
_SOURCES = ("compiled/memory", "laundering/kernels", "laundering/event_kernels")
kernel = kernels_of(stamp_of(_SOURCES, f"checked {CHECKED}"))


@part
def _note(key, item, counters, share, found, count):
    """Count an event of a key, or write it down if its key has counted enough; gives how many.

    `share`: int64 `[3]`: events at least, number of shares, and which share of the keys is asked.
    With 0 events at least, it is counted by its key.
    """
    slot = key % len(counters)
    if share[0] == 0:
        if counters[slot] < 255:
            counters[slot] += 1
    elif counters[slot] >= share[0] and key % share[1] == share[2]:
        if count < len(found):
            found[count, 0], found[count, 1] = key, item
        count += 1
    return count


@part
def _forwarded(flow, of_row, tx, limits):
    """The address that sends a coin on soon after it came, -1 if it does not.

    One input; the largest output goes to another address and takes nearly all.
    """
    first = flow.tx_input_start[tx]
    nothing = np.int64(NONE)
    if flow.tx_input_start[tx + 1] - first != 1:
        return nothing
    source = flow.input_source[first]
    if source < 0 or of_row[source] < 0:
        return nothing
    output = passed(flow, tx, limits[1])
    if output < 0 or of_row[output] == of_row[source]:
        return nothing
    came = flow.tx_time[owner_of(flow.tx_output_start, source, tx)]
    if came < 0 or flow.tx_time[tx] - came > limits[0]:
        return nothing
    return np.int64(of_row[source])


@part
def _young_from(flow, earliest, chunk, tx, seconds):
    """The row of an output from which on every one was made too late to have lain so long.

    `earliest`: int64, one for each `chunk` transactions: the earliest time of these and all later
    ones. Searched once a transaction, and the maker of a coin only if it is not past this row.
    """
    latest = flow.tx_time[tx] - seconds
    low, high = 0, len(earliest)
    while low < high:
        middle = (low + high) >> 1
        if earliest[middle] > latest:
            high = middle
        else:
            low = middle + 1
    return flow.tx_output_start[min(low * chunk, len(flow.tx_output_start) - 1)]


@part
def _woken(flow, of_row, tx, number, limits, what):
    """The address that a coin which lay long went to, or came from; -1 if it did not lie."""
    source = flow.input_source[number]
    if source < 0 or flow.output_value[source] < limits[1]:
        return np.int64(NONE)
    came = flow.tx_time[owner_of(flow.tx_output_start, source, tx)]
    if came < 0 or flow.tx_time[tx] - came < limits[0]:
        return np.int64(NONE)
    if what == ASLEEP_FROM:
        return np.int64(of_row[source])
    if flow.tx_output_start[tx] == flow.tx_output_start[tx + 1]:
        return np.int64(NONE)
    best = largest(flow, tx)
    return np.int64(of_row[best]) if flow.output_value[best] > 0 else np.int64(NONE)


@part
def _gift_band(flow, tx, what, bands):
    """The values that count as payments: none of new coins, none where no price answers."""
    first = flow.tx_input_start[tx]
    if first == flow.tx_input_start[tx + 1] or flow.input_source[first] == COINBASE:
        return np.int64(0), np.int64(0)
    if what == GIFT:
        return np.int64(1), np.int64(1 << 62)
    low, high = band_at(bands, flow.tx_time[tx])
    return max(low, np.int64(0)), max(high, np.int64(0))


@kernel
def events(rows, flow, of_row, span, what, limits, bands, earliest, chunk, counters, share, found):
    """Count events by address, or write those down whose address has enough.

    `what`: FORWARD (of a transaction; limits: seconds, percent), ASLEEP_TO and ASLEEP_FROM (of an
    input; limits: seconds, satoshi), GIFT (of an output: a payment by somebody else; limits: none),
    UNDER (of an output in the band, by somebody else). `earliest` and `chunk`: see `_young_from`;
    for the two that need it. `counters`: uint8, one for each address or
    for several, full at 255. `found`: int64 `[n, 2]`: address, and row of transaction, input or
    output; with no rows at all, events are counted. Gives how many were written.
    """
    count = 0
    for place in range(len(rows)):
        tx = rows[place]
        if not counts(flow, span, tx):
            continue
        if what == FORWARD:
            key = _forwarded(flow, of_row, tx, limits)
            if key >= 0:
                count = _note(key, tx, counters, share, found, count)
        elif what in (ASLEEP_TO, ASLEEP_FROM):
            young = _young_from(flow, earliest, chunk, tx, limits[0])
            for number in range(flow.tx_input_start[tx], flow.tx_input_start[tx + 1]):
                if flow.input_source[number] >= young:
                    continue
                key = _woken(flow, of_row, tx, number, limits, what)
                if key >= 0:
                    count = _note(key, number, counters, share, found, count)
        else:
            low, high = _gift_band(flow, tx, what, bands)
            payer = payer_of(flow, of_row, tx)
            for output in range(flow.tx_output_start[tx], flow.tx_output_start[tx + 1]):
                key = np.int64(of_row[output])
                if key >= 0 and key != payer and low <= flow.output_value[output] < high:
                    count = _note(key, output, counters, share, found, count)
    return count
