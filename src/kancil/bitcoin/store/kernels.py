"""Numba kernels of the store: keys, sorting, joining, and finding in what was sorted before.

Arrays in and out; slow twins in `tests/bitcoin/store/test_store_kernels.py`. Keys are 64-bit
numbers mixed with the store's secret seed, so that nobody can choose ids or scripts that fall
together. Imported only where a store is made or asked, for Numba is slow to import.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import CHECKED, ask, copy, kernels_of, part, stamp_of, u64
from kancil.bitcoin.holdings.address_kernels import hash_script, is_same, mixed

_SOURCES = ("compiled/memory", "holdings/address_kernels", "store/kernels")
"""The modules whose text goes into the kernels."""
kernel = kernels_of(stamp_of(_SOURCES, f"checked {CHECKED}"))
NONE = -1
_FIRST_BITS, _SECOND_BITS = 12, 8
FIRST = 1 << _FIRST_BITS
"""Parts of the first pass of a sort or a join; the caller makes room for their counts."""
SECOND = 1 << _SECOND_BITS
_FIRST_SHIFT = np.uint64(64 - _FIRST_BITS)
_SECOND_SHIFT = np.uint64(64 - _FIRST_BITS - _SECOND_BITS)
_SECOND_MASK = np.uint64(SECOND - 1)
_NEEDLES_AHEAD = 16
"""For how many needles ahead the memory is asked for."""
_ROWS_AHEAD = 32
"""The same, where one row is asked at a time and nothing is searched."""
ALL_KEYS = 2.0**64
_WAITS = -2
"""Less a place in a run: its key is the one looked for, its script is not compared yet."""


# --- keys -----------------------------------------------------------------------------------------


@kernel
def id_keys(ids, seed, high, low):
    """Make the two keys of each 32-byte id: its first 8 bytes mixed, and the 8 bytes after them.

    `ids`: uint8 `[32 n]`, `high`, `low`: uint64 `[n]`.
    """
    for row in range(len(high)):
        high[row] = mixed(u64(ids, 32 * row) ^ seed)
        low[row] = u64(ids, 32 * row + 8)


@kernel
def script_keys(kind, start, pool, rows, seed, keys):
    """Hash the scripts in these rows: kind uint8, start int64, pool uint8, keys uint64 `[rows]`."""
    for place in range(len(rows)):
        row = rows[place]
        keys[place] = hash_script(kind[row], pool, start[row], start[row + 1], seed)


# --- sorting --------------------------------------------------------------------------------------


@part
def _begin_parts(keys, begin):
    """Count the keys of each first part: `begin[p]` to `begin[p + 1] - 1`."""
    for number in range(FIRST + 1):
        begin[number] = 0
    for place in range(len(keys)):
        begin[np.int64(keys[place] >> _FIRST_SHIFT) + 1] += 1
    for number in range(FIRST):
        begin[number + 1] += begin[number]


@kernel
def sort_pairs(keys, rows, begin, spare_keys, spare_rows):
    """Sort keys ascending in place, their rows with them; of equal keys the lower row first.

    `keys`: uint64 `[n]`, spread evenly; `rows`: int64 `[n]`, ascending where keys are equal;
    `begin`: int64 `[2 * FIRST + SECOND + 2]`; `spare_*`: as `keys` and `rows`.
    """
    _begin_parts(keys, begin)
    ends, counts = begin[FIRST + 1 :], begin[2 * FIRST + 1 :]
    for number in range(FIRST):
        ends[number] = begin[number]
    for place in range(len(keys)):
        number = np.int64(keys[place] >> _FIRST_SHIFT)
        at = ends[number]
        spare_keys[at], spare_rows[at] = keys[place], rows[place]
        ends[number] = at + 1
    for number in range(FIRST):
        first, last = begin[number], begin[number + 1]
        for sub in range(SECOND + 1):
            counts[sub] = 0
        for place in range(first, last):
            counts[np.int64((spare_keys[place] >> _SECOND_SHIFT) & _SECOND_MASK) + 1] += 1
        for sub in range(SECOND):
            counts[sub + 1] += counts[sub]
        for place in range(first, last):
            sub = np.int64((spare_keys[place] >> _SECOND_SHIFT) & _SECOND_MASK)
            at = first + counts[sub]
            keys[at], rows[at] = spare_keys[place], spare_rows[place]
            counts[sub] += 1
        for place in range(first + 1, last):
            key, row = keys[place], rows[place]
            at = place
            while at > first and keys[at - 1] > key:
                keys[at], rows[at] = keys[at - 1], rows[at - 1]
                at -= 1
            keys[at], rows[at] = key, row


@kernel
def sort_numbers(numbers, rows, bits, spare_numbers, spare_rows, counts):
    """Sort numbers of at most that many bits in place, their rows with them; stable.

    `numbers`, `rows`: int64 `[n]`; `counts`: int64 `[65537]`. Sixteen bits a pass.
    """
    shift = 0
    source, source_rows, target, target_rows = numbers, rows, spare_numbers, spare_rows
    passes = 0
    while shift < bits:
        for value in range(len(counts)):
            counts[value] = 0
        for place in range(len(source)):
            counts[((source[place] >> shift) & 0xFFFF) + 1] += 1
        for value in range(len(counts) - 1):
            counts[value + 1] += counts[value]
        for place in range(len(source)):
            value = (source[place] >> shift) & 0xFFFF
            at = counts[value]
            target[at], target_rows[at] = source[place], source_rows[place]
            counts[value] = at + 1
        source, source_rows, target, target_rows = target, target_rows, source, source_rows
        shift += 16
        passes += 1
    if passes % 2:
        for place in range(len(numbers)):
            numbers[place], rows[place] = spare_numbers[place], spare_rows[place]


# --- joining in memory ----------------------------------------------------------------------------


@kernel
def scatter_keys(high, low, begin, ends, part_high, part_low, part_row):
    """Put keys into parts by their first bits, in the order of rows within a part.

    `begin`, `ends`: int64 `[FIRST + 1]`; `part_*`: `[n]`, uint64 and int32.
    """
    _begin_parts(high, begin)
    for number in range(FIRST):
        ends[number] = begin[number]
    for row in range(len(high)):
        number = np.int64(high[row] >> _FIRST_SHIFT)
        at = ends[number]
        part_high[at], part_low[at], part_row[at] = high[row], low[row], row
        ends[number] = at + 1


@part
def _fill_slots(slots, mask, high, low, first, last):
    """Put keys into slots; says whether two of them are the same."""
    for slot in range(mask + 1):
        slots[slot] = NONE
    has_twins = False
    for place in range(first, last):
        slot = np.int64(high[place]) & mask
        while slots[slot] != NONE:
            other = first + slots[slot]
            has_twins |= high[other] == high[place] and low[other] == low[place]
            slot = (slot + 1) & mask
        slots[slot] = place - first
    return has_twins


@part
def _latest(slots, mask, held, first, high, low, bound, has_twins):
    """The last held row of these keys that is below the bound, -1 none."""
    held_high, held_low, held_row, _ = held
    slot = np.int64(high) & mask
    best = np.int64(NONE)
    while slots[slot] != NONE:
        other = first + slots[slot]
        if held_high[other] == high and held_low[other] == low:
            found = np.int64(held_row[other])
            if best < found < bound:
                best = found
            if not has_twins:
                break
        slot = (slot + 1) & mask
    return best


@kernel
def join(held, asked, before, slots, answer):
    """Find for each asked key the last held row with the same two keys that is below its bound.

    `held`, `asked`: (high, low, row, begin) as `scatter_keys` fills them. `before`: int64
    `[asked]`, the first held row that is too late for each. `slots`: int32, a power of two, over
    twice the largest part of `held`. `answer`: int64 `[asked]`, by the row of what is asked; only
    written where found.
    """
    held_high, held_low, _, held_begin = held
    asked_high, asked_low, asked_row, asked_begin = asked
    for number in range(FIRST):
        first, last = held_begin[number], held_begin[number + 1]
        start, stop = asked_begin[number], asked_begin[number + 1]
        if first == last or start == stop:
            continue
        size = 16
        while size < 2 * (last - first):
            size *= 2
        mask = size - 1
        has_twins = _fill_slots(slots, mask, held_high, held_low, first, last)
        for place in range(start, stop):
            row = asked_row[place]
            high, low = asked_high[place], asked_low[place]
            found = _latest(slots, mask, held, first, high, low, before[row], has_twins)
            if found != NONE:
                answer[row] = found


@kernel
def take_found(found, inputs, outpoints, held, base, source):
    """Write the sources of inputs whose transactions were found by their keys.

    `found`, `inputs`: int64, a transaction and the input that names it; `outpoints`: ids uint8
    `[32 inputs]` and indexes of all inputs; `held`: ids uint8 `[32 transactions]` and starts of
    outputs; `base`: what their numbers begin at. Left as they are: where the whole id is another,
    or the transaction has no such output.
    """
    prev_id, prev_index = outpoints
    ids, start = held
    for place in range(len(found)):
        if place + _ROWS_AHEAD < len(found):
            tx = found[place + _ROWS_AHEAD]
            ask(start, tx)
            ask(ids, 32 * tx)
            ask(prev_id, 32 * inputs[place + _ROWS_AHEAD])
        tx, number = found[place], inputs[place]
        output = start[tx] + np.int64(prev_index[number])
        is_it = output < start[tx + 1]
        for at in range(0, 32, 8):
            is_it &= u64(ids, 32 * tx + at) == u64(prev_id, 32 * number + at)
        if is_it:
            source[number] = base + output


# --- runs: what was sorted before -----------------------------------------------------------------


@part
def _first_at_least(keys, low, high, wanted):
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@part
def guessed(at, low, high, density):
    """About how far from `at` on a key lies: keys are mixed, so they are spread evenly."""
    return at + np.int64(np.float64(high - low) * density)


@part
def advanced(keys, at, wanted, density):
    """The first place from `at` on whose key is not below the wanted one.

    By growing steps, up or down, from where it should be; `density`: keys by number.
    """
    if at >= len(keys) or keys[at] >= wanted:
        return at
    guess = min(guessed(at, keys[at], wanted, density), len(keys) - 1)
    step = 1
    if keys[guess] < wanted:
        low = guess
        while low + step < len(keys) and keys[low + step] < wanted:
            low += step
            step *= 2
        return _first_at_least(keys, low, min(low + step + 1, len(keys)), wanted)
    high = guess
    while high - step > at and keys[high - step] >= wanted:
        high -= step
        step *= 2
    return _first_at_least(keys, max(at, high - step), high, wanted)


@kernel
def find_ids(run_high, run_low, run_row, limit, high, low, answer):
    """Find ids in a run: `high` ascending, `low` beside it.

    `answer`: int64 by needle, raised to the greatest row found below `limit`; else left.
    """
    at, density = 0, len(run_high) / ALL_KEYS
    for number in range(len(high)):
        wanted = high[number]
        at = advanced(run_high, at, wanted, density)
        if number + _NEEDLES_AHEAD < len(high):
            ask(run_high, guessed(at, wanted, high[number + _NEEDLES_AHEAD], density))
        other = at
        while other < len(run_high) and run_high[other] == wanted:
            row = np.int64(run_row[other])
            if run_low[other] == low[number] and row < limit and row > answer[number]:
                answer[number] = row
            other += 1


@part
def _is_alike(pool, at, other_pool, other_at, length):
    is_alike = True
    for place in range(length):
        is_alike &= pool[at + place] == other_pool[other_at + place]
    return is_alike


@part
def _same_script(run, table, limit, at, wanted_key, wanted):
    """The script of a run from place `at` on that has this key and these bytes, -1 none."""
    run_key, run_id = run
    kind, start, pool = table
    asked_kind, asked_start, asked_stop, asked_pool = wanted
    length = asked_stop - asked_start
    while at < len(run_key) and run_key[at] == wanted_key:
        script = np.int64(run_id[at])
        if (
            script < limit
            and kind[script] == asked_kind
            and start[script + 1] - start[script] == length
            and _is_alike(pool, start[script], asked_pool, asked_start, length)
        ):
            return script
        at += 1
    return np.int64(NONE)


@kernel
def find_scripts(run, table, limit, keys, rows, wanted, answer):
    """Find scripts in a run, their bytes compared.

    `run`: keys uint64 and scripts int64; `table`: kind, start and pool of the store's scripts;
    `wanted`: the same of those asked, in `rows`, with `keys` ascending. `answer`: int64 by place,
    only written where found.
    """
    run_key, run_id = run
    kind, start, pool = table
    asked_kind, asked_start, asked_pool = wanted
    at, density = 0, len(run_key) / ALL_KEYS
    for number in range(len(keys) + _NEEDLES_AHEAD):
        if number < len(keys):
            at = advanced(run_key, at, keys[number], density)
            if number + _NEEDLES_AHEAD < len(keys):
                ask(run_key, guessed(at, keys[number], keys[number + _NEEDLES_AHEAD], density))
            if at < len(run_key) and run_key[at] == keys[number] and answer[number] < 0:
                answer[number] = _WAITS - at
                ask(start, np.int64(run_id[at]))
                ask(kind, np.int64(run_id[at]))
        if number >= _NEEDLES_AHEAD // 2:
            half = number - _NEEDLES_AHEAD // 2
            if half < len(keys) and answer[half] <= _WAITS:
                script = np.int64(run_id[_WAITS - answer[half]])
                if script < limit:
                    ask(pool, np.int64(start[script]))
        begin = number - _NEEDLES_AHEAD
        if begin >= 0 and answer[begin] <= _WAITS:
            answer[begin] = _same_script(
                run, table, limit, _WAITS - answer[begin], keys[begin],
                (asked_kind[rows[begin]], asked_start[rows[begin]],
                 asked_start[rows[begin] + 1], asked_pool),
            )  # fmt: skip


@part
def _least(runs, places):
    """The run that goes on first, by its key and then by its place among them; -1 none."""
    which, least = -1, np.uint64(0)
    for number in range(len(runs)):
        key, at = runs[number][0], places[number]
        if at < len(key) and (which < 0 or key[at] < least):
            which, least = number, key[at]
    return which


@kernel
def merge_runs(runs, limit, into, places):
    """Merge runs; of equal keys those of the first come first; rows at `limit` or over go.

    Each is key, low and row, and may be empty; `low` is empty where runs have none. `places`:
    int64 `[runs]`, where to go on in each; the work ends when `into` is full or all are at their
    ends. Gives how many were written.
    """
    into_key, into_low, into_row = into
    at, has_low = 0, len(into_low) > 0
    while at < len(into_key):
        which = _least(runs, places)
        if which < 0:
            break
        key, low, row = runs[which]
        place = places[which]
        places[which] = place + 1
        if row[place] < limit:
            into_key[at], into_row[at] = key[place], row[place]
            if has_low:
                into_low[at] = low[place]
            at += 1
    return at


# --- scripts of a piece ---------------------------------------------------------------------------


@part
def _known_as(script, rows, first, last, row):
    """Which of these distinct rows holds the same script as a row does, -1 none."""
    kind, start, pool = script
    length = start[row + 1] - start[row]
    for place in range(first, last):
        other = rows[place]
        if (
            kind[other] == kind[row]
            and start[other + 1] - start[other] == length
            and is_same(pool, start[row], pool, start[other], length)
        ):
            return other
    return np.int64(NONE)


@kernel
def number_all(script, keys, rows, numbers):
    """Number the scripts of a step by first appearance, every kind of them.

    `script`: kind uint8 `[n]`, start int64 `[n + 1]`, pool uint8. `keys`, `rows`: the key of each
    and its row, as `sort_pairs` leaves them; afterwards the first of them are the distinct scripts,
    keys ascending, by their numbers. `numbers`: int64 `[n]`, the answer, and int64 `[n]`, the first
    row of each number. Gives how many there are.
    """
    answer, first_row = numbers
    kind, start, pool = script
    distinct, begin, before = 0, 0, np.uint64(0)
    for place in range(len(keys)):
        if place + _ROWS_AHEAD < len(keys):
            row = rows[place + _ROWS_AHEAD]
            ask(start, row)
            ask(kind, row)
            ask(answer, row)
            ask(pool, start[rows[place + _ROWS_AHEAD // 2]])
        key, row = keys[place], rows[place]
        if key != before:
            begin, before = distinct, key
        same = _known_as(script, rows, begin, distinct, row)
        answer[row] = row if same < 0 else same
        if same < 0:  # written over what was read
            keys[distinct], rows[distinct] = key, row
            distinct += 1
    count = 0
    for row in range(len(answer)):
        if row + _ROWS_AHEAD < len(answer):
            ask(answer, answer[row + _ROWS_AHEAD])
        first = answer[row]
        if first == row:
            first_row[count] = row
            answer[row] = count
            count += 1
        else:
            answer[row] = answer[first]
    for place in range(distinct):
        if place + _ROWS_AHEAD < distinct:
            ask(answer, rows[place + _ROWS_AHEAD])
        rows[place] = answer[rows[place]]
    return count


@kernel
def number_new(known, order, base, number_of, first_row):
    """Number the scripts that the store does not know from `base` on, by first appearance.

    `known`: int64, the number of each distinct script in the order of keys, -1 none; `order`: its
    place by first appearance. `number_of`: int64 by that place, the answer; `first_row`: the row of
    each, of which those of new scripts stand first afterwards. Gives how many are new.
    """
    for place in range(len(known)):
        if place + _ROWS_AHEAD < len(known):
            ask(number_of, order[place + _ROWS_AHEAD])
        number_of[order[place]] = known[place]
    count = 0
    for number in range(len(number_of)):
        if number_of[number] < 0:
            number_of[number] = base + count
            first_row[count] = first_row[number]
            count += 1
    return count


@kernel
def keep_new(known, keys, order, number_of):
    """Leave the keys of new scripts, and in `order` their numbers, as a run has them.

    The others as `number_new` takes and gives them. Gives how many there are.
    """
    count = 0
    for place in range(len(known)):
        if place + _ROWS_AHEAD < len(known):
            ask(number_of, order[place + _ROWS_AHEAD])
        if known[place] < 0:
            keys[count], order[count] = keys[place], number_of[order[place]]
            count += 1
    return count


@kernel
def payload_starts(start, rows, target_start):
    """Where the payloads of these rows begin, one after another: int64 `[rows + 1]`."""
    at = np.int64(0)
    target_start[0] = 0
    for place in range(len(rows)):
        at += start[rows[place] + 1] - start[rows[place]]
        target_start[place + 1] = at


@kernel
def copy_payloads(start, pool, rows, target_start, target):
    """Copy the payloads of these rows one after another; see `payload_starts`."""
    for place in range(len(rows)):
        first, at = start[rows[place]], target_start[place]
        copy(target, at, pool, first, start[rows[place] + 1] - first)


@kernel
def link_outputs(script, base, known, last, before):
    """Chain the outputs of each script: `before[n]` is the output before n that pays the same.

    `script`: int64 `[n]`, script of outputs `base` and on; `last`: int64, the last output of each
    script of this piece by number, -1 none; `known`: the number that `script` is counted from.
    """
    for place in range(len(script)):
        if place + _ROWS_AHEAD < len(script):
            ask(last, script[place + _ROWS_AHEAD] - known)
        number = script[place] - known
        before[place] = last[number]
        last[number] = base + place


# --- spends ---------------------------------------------------------------------------------------


@kernel
def spend_new(source, base, first_input, spender):
    """Note the spends of outputs `base` and on by inputs `first_input` and on.

    `source`: int64 `[inputs]`; `spender`: int64 `[outputs]`, -1. Gives the place of the first input
    that spends what another spends, -1 if there is none.
    """
    for place in range(len(source)):
        if place + _ROWS_AHEAD < len(source):
            ask(spender, source[place + _ROWS_AHEAD] - base)
        output = source[place] - base
        if output >= 0 and source[place] >= 0:
            if spender[output] >= 0:
                return place
            spender[output] = first_input + place
    return -1


@kernel
def spend_old(output, number, limit, spender):
    """Note spends, ascending by output, in the column itself; numbers from `limit` on are open.

    Gives the place of the first output that was spent before, -1 if there is none.
    """
    for place in range(len(output)):
        found = spender[output[place]]
        if 0 <= found < limit and found != number[place]:
            return place
        spender[output[place]] = number[place]
    return -1
