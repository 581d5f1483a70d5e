"""Numba kernels of the patterns: a pass over transactions that finds where one may stand.

Arrays in and out; each kernel has a slow plain twin in `tests/bitcoin/slow_patterns.py`. Imported
only where patterns are looked for (`kancil.bitcoin.laundering.ground`), for Numba is slow to
import.

`rows`: int64, the transactions to look at; `flow`: the spend graph (`ground.Flow`); `span`:
int64 `[2]`, the first and the last second that counts. A transaction outside the graph, of a time
that is not known or does not count, is passed over. A dwell below zero (block times are the miner's
word and may go back) is taken for none. `scratch`: int64, room for the inputs or outputs of any
transaction. What is found is written into `found`, with room for as many as `rows`; each gives how
many there are.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import kernel, part

NONE = -1
COINBASE = -2
PEEL, PASS, SLICE = range(3)
"""Of what `paths` is made."""


@part
def owner_of(start, number, near):
    """The row of an upper table that a row of the lower one belongs to, from `near` outward.

    Spenders mostly stand near what they spend, so few steps are needed.
    """
    step = 1
    if start[near] <= number:
        low, high = near, near + 1
        while high < len(start) - 1 and start[high] <= number:
            low = high
            high += step
            step *= 2
        high = min(high, len(start) - 1)
    else:
        high, low = near, near - 1
        while low > 0 and start[low] > number:
            high = low
            low -= step
            step *= 2
        low = max(low, 0)
    while high - low > 1:
        middle = (low + high) >> 1
        if start[middle] <= number:
            low = middle
        else:
            high = middle
    return low


@part
def counts(flow, span, tx):
    """Whether a transaction is in the graph and its time counts."""
    time = flow.tx_time[tx]
    return flow.tx_rank[tx] >= 0 and time >= 0 and span[0] <= time <= span[1]


@part
def _swap(values, one, other):
    kept = values[one]
    values[one] = values[other]
    values[other] = kept


@kernel
def sort_head(values, count):
    """Sort the first `count` of an array in place (heapsort)."""
    for end in range(1, count):
        child = end
        while child > 0:
            above = (child - 1) >> 1
            if values[above] >= values[child]:
                break
            _swap(values, above, child)
            child = above
    for end in range(count - 1, 0, -1):
        _swap(values, 0, end)
        above, child = 0, 1
        while child < end:
            if child + 1 < end and values[child + 1] > values[child]:
                child += 1
            if values[above] >= values[child]:
                break
            _swap(values, above, child)
            above, child = child, 2 * child + 1


@kernel
def distinct(values, count):
    """Sort the first `count` of an array and count different values; negative ones are none."""
    sort_head(values, count)
    total = 0
    for place in range(count):
        if values[place] >= 0 and (place == 0 or values[place] != values[place - 1]):
            total += 1
    return total


@kernel
def most_equal(values, count):
    """Sort the first `count` of an array and give how often the commonest value of 0 or more is."""
    sort_head(values, count)
    best, run = 0, 0
    for place in range(count):
        run = run + 1 if place > 0 and values[place] == values[place - 1] else 1
        if values[place] >= 0:
            best = max(best, run)
    return best


@part
def payer_of(flow, of_row, tx):
    """The address of the first input of a transaction; minus 2 less its row if not known.

    So payers that are not known are told apart by their transactions, and never taken for one.
    """
    first = flow.tx_input_start[tx]
    if first < flow.tx_input_start[tx + 1]:
        source = flow.input_source[first]
        if source >= 0 and of_row[source] >= 0:
            return np.int64(of_row[source])
    return np.int64(-2 - tx)


@kernel
def majority(flow, of_row, tx):
    """The address that more than half of a transaction's inputs spend from, -1 if none."""
    first, last = flow.tx_input_start[tx], flow.tx_input_start[tx + 1]
    held, lead = np.int64(NONE), 0
    for number in range(first, last):
        source = flow.input_source[number]
        address = np.int64(of_row[source]) if source >= 0 else np.int64(NONE)
        if lead == 0:
            held, lead = address, 1
        elif address == held:
            lead += 1
        else:
            lead -= 1
    if held < 0:
        return np.int64(NONE)
    count = 0
    for number in range(first, last):
        source = flow.input_source[number]
        if source >= 0 and of_row[source] == held:
            count += 1
    return held if 2 * count > last - first else np.int64(NONE)


@kernel
def fan_in(rows, flow, of_row, span, limits, scratch, found):
    """Find transactions that empty one address which many paid shortly before.

    `limits`: int64 `[3]`: payers at least, seconds from a payment to the spend at most, outputs at
    most. More than half of the inputs spend from one address; payers are told apart by the address
    of their first input, and that address itself is none.
    """
    count = 0
    for place in range(len(rows)):
        tx = rows[place]
        first, last = flow.tx_input_start[tx], flow.tx_input_start[tx + 1]
        if last - first < limits[0] or last - first > len(scratch) or not counts(flow, span, tx):
            continue
        if flow.tx_output_start[tx + 1] - flow.tx_output_start[tx] > limits[2]:
            continue
        address = majority(flow, of_row, tx)
        if address < 0:
            continue
        seen, near = 0, tx
        for number in range(first, last):
            source = flow.input_source[number]
            if source < 0 or of_row[source] != address:
                continue
            near = owner_of(flow.tx_output_start, source, near)
            time = flow.tx_time[near]
            if time < 0 or flow.tx_time[tx] - time > limits[1]:
                continue
            payer = payer_of(flow, of_row, near)
            if payer != address:
                # Payers that are not known keep their own number, above any address.
                scratch[seen] = payer if payer >= 0 else np.int64(1 << 40) - payer
                seen += 1
        if seen >= limits[0] and distinct(scratch, seen) >= limits[0]:
            found[count] = tx
            count += 1
    return count


@part
def _paid_addresses(flow, of_row, tx, scratch):
    """Count the different addresses that a transaction pays and does not first spend from."""
    payer = payer_of(flow, of_row, tx)
    first, last = flow.tx_output_start[tx], flow.tx_output_start[tx + 1]
    for output in range(first, last):
        address = np.int64(of_row[output])
        scratch[output - first] = NONE if address == payer else address
    return distinct(scratch, last - first)


@kernel
def fan_out(rows, flow, of_row, span, limits, scratch, found):
    """Find transactions that pay many addresses out of few coins.

    `limits`: int64 `[2]`: addresses at least, inputs at most. New coins (coinbases) are left out.
    """
    count = 0
    for place in range(len(rows)):
        tx = rows[place]
        outputs = flow.tx_output_start[tx + 1] - flow.tx_output_start[tx]
        if outputs < limits[0] or outputs > len(scratch) or not counts(flow, span, tx):
            continue
        first, last = flow.tx_input_start[tx], flow.tx_input_start[tx + 1]
        if last - first > limits[1] or last == first or flow.input_source[first] == COINBASE:
            continue
        if _paid_addresses(flow, of_row, tx, scratch) >= limits[0]:
            found[count] = tx
            count += 1
    return count


@kernel
def gather_scatter(rows, flow, of_row, span, limits, scratch, found):
    """Find transactions that spend what many transactions paid shortly before, and pay many.

    `limits`: int64 `[4]`: transactions spent from at least, addresses paid at least, seconds from a
    payment to the spend at most, outputs of one value at most.
    """
    count = 0
    for place in range(len(rows)):
        tx = rows[place]
        first, last = flow.tx_input_start[tx], flow.tx_input_start[tx + 1]
        if last - first < limits[0] or last - first > len(scratch):
            continue
        start, stop = flow.tx_output_start[tx], flow.tx_output_start[tx + 1]
        if stop - start < limits[1] or stop - start > len(scratch) or not counts(flow, span, tx):
            continue
        seen, near = 0, tx
        for number in range(first, last):
            source = flow.input_source[number]
            if source < 0:
                continue
            near = owner_of(flow.tx_output_start, source, near)
            time = flow.tx_time[near]
            if time >= 0 and flow.tx_time[tx] - time <= limits[2]:
                scratch[seen] = near
                seen += 1
        if seen < limits[0] or distinct(scratch, seen) < limits[0]:
            continue
        for output in range(start, stop):
            scratch[output - start] = flow.output_value[output]
        if most_equal(scratch, stop - start) > limits[3]:
            continue
        if _paid_addresses(flow, of_row, tx, scratch) >= limits[1]:
            found[count] = tx
            count += 1
    return count


@part
def largest(flow, tx):
    """The largest output of a transaction that has any."""
    best = flow.tx_output_start[tx]
    for output in range(best, flow.tx_output_start[tx + 1]):
        if flow.output_value[output] > flow.output_value[best]:
            best = output
    return best


@kernel
def carrier(flow, tx, output, limits):
    """The transaction that sends one coin on alone: its row and its largest output.

    `limits`: as `scatter_gather`'s. -1 and -1 where the coin is not spent, or otherwise.
    """
    nothing = np.int64(NONE)
    spender = flow.output_spender[output]
    if spender < 0:
        return nothing, nothing
    next_tx = np.int64(owner_of(flow.tx_input_start, spender, tx))
    if flow.tx_input_start[next_tx + 1] - flow.tx_input_start[next_tx] != 1:
        return nothing, nothing
    first, last = flow.tx_output_start[next_tx], flow.tx_output_start[next_tx + 1]
    if last == first or last - first > limits[2] or flow.tx_time[next_tx] < 0:
        return nothing, nothing
    if flow.tx_time[next_tx] - flow.tx_time[tx] > limits[1]:
        return nothing, nothing
    return next_tx, np.int64(largest(flow, next_tx))


@kernel
def scatter_gather(rows, flow, of_row, span, limits, scratch, found):
    """Find transactions whose outputs go, one transaction each, to one address or one spend.

    `limits`: int64 `[3]`: coins at least, seconds from the split to the sending on at most, outputs
    of a transaction between at most.
    """
    count = 0
    for place in range(len(rows)):
        tx = rows[place]
        first, last = flow.tx_output_start[tx], flow.tx_output_start[tx + 1]
        if last - first < limits[0] or last - first > len(scratch) or not counts(flow, span, tx):
            continue
        sent = 0
        for output in range(first, last):
            between, paid = carrier(flow, tx, output, limits)
            scratch[sent] = np.int64(of_row[paid]) if between >= 0 else np.int64(NONE)
            sent += between >= 0
        if sent < limits[0]:
            continue
        is_found = most_equal(scratch, sent) >= limits[0]
        if not is_found:
            sent = 0
            for output in range(first, last):
                between, paid = carrier(flow, tx, output, limits)
                if between >= 0 and flow.output_spender[paid] >= 0:
                    spender = flow.output_spender[paid]
                    scratch[sent] = owner_of(flow.tx_input_start, spender, between)
                    sent += 1
            is_found = most_equal(scratch, sent) >= limits[0]
        if is_found:
            found[count] = tx
            count += 1
    return count


@part
def band_at(bands, time):
    """The lowest value in satoshi that is under the threshold and near it, and the threshold.

    -1 and -1 where no price answers for the time.
    """
    starts, lows, highs = bands
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) >> 1
        if starts[middle] <= time:
            low = middle + 1
        else:
            high = middle
    if low == 0:
        return np.int64(NONE), np.int64(NONE)
    return lows[low - 1], highs[low - 1]


@part
def _peeled(flow, tx, percent):
    """The output that carries a peel chain on: the larger of two, if the other is small."""
    first = flow.tx_output_start[tx]
    if flow.tx_output_start[tx + 1] - first != 2:
        return np.int64(NONE)
    one, other = flow.output_value[first], flow.output_value[first + 1]
    larger = first if one > other else first + 1
    small = min(one, other)
    if small <= 0 or one == other or 100 * small > percent * (one + other):
        return np.int64(NONE)
    return np.int64(larger)


@part
def passed(flow, tx, percent):
    """The output that takes nearly all of one coin, of two outputs at most."""
    first, last = flow.tx_output_start[tx], flow.tx_output_start[tx + 1]
    if last - first > 2 or last == first:
        return np.int64(NONE)
    best, total = first, np.int64(0)
    for output in range(first, last):
        total += flow.output_value[output]
        if flow.output_value[output] > flow.output_value[best]:
            best = output
    value = flow.input_value[flow.tx_input_start[tx]]
    if value < total:
        value = total
    if 100 * flow.output_value[best] < percent * value:
        return np.int64(NONE)
    return np.int64(best)


@part
def _sliced(flow, tx, bands):
    """The output that carries a sum on from which one output in the band was cut."""
    first = flow.tx_output_start[tx]
    if flow.tx_output_start[tx + 1] - first != 2:
        return np.int64(NONE)
    low, high = band_at(bands, flow.tx_time[tx])
    one = low <= flow.output_value[first] < high
    other = low <= flow.output_value[first + 1] < high
    if low < 0 or one == other:
        return np.int64(NONE)
    return np.int64(first + 1 if one else first)


@kernel
def carried(flow, span, tx, what, limits, bands):
    """The output by which a path goes on from a transaction; -1 if it is no link of one.

    A link spends one coin. `what`: PEEL, PASS or SLICE; `limits`: int64 `[3]`: links at least,
    seconds between two at most, percent.
    """
    first = flow.tx_input_start[tx]
    if flow.tx_input_start[tx + 1] - first != 1 or flow.input_source[first] == COINBASE:
        return np.int64(NONE)
    if not counts(flow, span, tx):
        return np.int64(NONE)
    if what == PEEL:
        return _peeled(flow, tx, limits[2])
    if what == PASS:
        return passed(flow, tx, limits[2])
    return _sliced(flow, tx, bands)


@kernel
def link_after(flow, span, tx, what, limits, bands):
    """The link that follows a link on its path, -1 if none does."""
    output = carried(flow, span, tx, what, limits, bands)
    if output < 0 or flow.output_spender[output] < 0:
        return np.int64(NONE)
    after = np.int64(owner_of(flow.tx_input_start, flow.output_spender[output], tx))
    if carried(flow, span, after, what, limits, bands) < 0:
        return np.int64(NONE)
    if flow.tx_time[after] - flow.tx_time[tx] > limits[1]:
        return np.int64(NONE)
    return after


@kernel
def link_before(flow, span, tx, what, limits, bands):
    """The link that goes before a link on its path, -1 if none does."""
    source = flow.input_source[flow.tx_input_start[tx]]
    if source < 0:
        return np.int64(NONE)
    before = np.int64(owner_of(flow.tx_output_start, source, tx))
    if carried(flow, span, before, what, limits, bands) != source:
        return np.int64(NONE)
    if flow.tx_time[tx] - flow.tx_time[before] > limits[1]:
        return np.int64(NONE)
    return before


@kernel
def paths(rows, flow, span, what, limits, bands, found):
    """Find the first links of paths that are long enough.

    Each link has one link before and one after at most, so paths do not meet, and all are walked
    once. `found`: int64 `[rows, 2]`: the first transaction and the number of links.
    """
    count = 0
    for place in range(len(rows)):
        tx = rows[place]
        if carried(flow, span, tx, what, limits, bands) < 0:
            continue
        if link_before(flow, span, tx, what, limits, bands) >= 0:
            continue
        links, after = 1, link_after(flow, span, tx, what, limits, bands)
        while after >= 0:
            links += 1
            after = link_after(flow, span, after, what, limits, bands)
        if links >= limits[0]:
            found[count, 0], found[count, 1] = tx, links
            count += 1
    return count


@kernel
def heads(rows, flow, span, what, limits, bands):
    """Put in the place of each transaction that is a link the first link of its path."""
    for place in range(len(rows)):
        tx = rows[place]
        if carried(flow, span, tx, what, limits, bands) < 0:
            continue
        before = tx
        while before >= 0:
            tx = before
            before = link_before(flow, span, tx, what, limits, bands)
        rows[place] = tx


@kernel
def joint(rows, flow, _of_row, span, limits, scratch, found):
    """Find transactions that might be CoinJoins: several inputs, and outputs of one value.

    `limits`: int64 `[2]`: inputs at least, outputs of one value at least.
    """
    count = 0
    for place in range(len(rows)):
        tx = rows[place]
        first, last = flow.tx_output_start[tx], flow.tx_output_start[tx + 1]
        inputs = flow.tx_input_start[tx + 1] - flow.tx_input_start[tx]
        if inputs < limits[0] or last - first < limits[1] or last - first > len(scratch):
            continue
        if not counts(flow, span, tx):
            continue
        for output in range(first, last):
            scratch[output - first] = flow.output_value[output]
        if most_equal(scratch, last - first) >= limits[1]:
            found[count] = tx
            count += 1
    return count
