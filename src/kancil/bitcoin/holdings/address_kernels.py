"""Numba kernels that number a chain's scripts: the same kind and payload, the same number.

Arrays in and out; slow twin in `tests/bitcoin/test_address_ids.py`. Imported only where numbers
are made (`kancil.bitcoin.chain.address_ids`), for Numba is slow to import.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import byte, kernel, part, u64

_MIX_1, _MIX_2 = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT, _TAG_SHIFT, _TAG_BITS = np.uint64(33), np.uint64(32), np.uint64(0xFFFFFF)
_PASS_SHIFT = np.uint64(56)
MOST_PASSES = 256
NONE, WAITS = -1, -2
"""Of a script without a number; of one that is not numbered yet."""


@part
def mixed(number):
    """Spread every bit over all (the finalizer of MurmurHash3, public domain)."""
    number ^= number >> _SHIFT
    number *= _MIX_1
    number ^= number >> _SHIFT
    number *= _MIX_2
    return number ^ (number >> _SHIFT)


@part
def hash_script(kind, pool, start, stop, seed):
    """Hash a script with a secret seed, so that nobody can choose scripts that collide."""
    number = mixed(seed ^ np.uint64(kind * 1000003 + stop - start))
    at = start
    while at + 8 <= stop:
        number = mixed(number ^ u64(pool, at)) + seed
        at += 8
    rest, place = np.uint64(0), np.uint64(0)
    while at < stop:
        rest |= np.uint64(byte(pool, at)) << place
        place += np.uint64(8)
        at += 1
    return mixed(number ^ rest)


@part
def is_same(pool, one, other_pool, other, length):
    """Whether two stretches, of one pool or of two, hold the same bytes."""
    at = 0
    while at + 8 <= length:
        if u64(pool, one + at) != u64(other_pool, other + at):
            return False
        at += 8
    while at < length:
        if byte(pool, one + at) != byte(other_pool, other + at):
            return False
        at += 1
    return True


@kernel
def number_pass(script, numbers, table, count, seed, mine, passes):
    """Number the scripts whose hash falls into pass `mine` of `passes`, in the order of rows.

    `script`: kinds uint8 `[n]`, payload starts int64 `[n + 1]`, pool uint8. `numbers`: `[n]`,
    WAITS where a number is asked for, and the answer; and the first row of each number, int64
    `[n]`. `table`: slots and tags, int64 and uint32 `[a power of two]`, slots all -1. Gives the
    numbers given so far, `count` and more; -1 if the table is too small.
    """
    kinds, starts, pool = script
    answer, first_row = numbers
    slots, tags = table
    mask, most = np.uint64(len(slots) - 1), len(slots) - (len(slots) >> 2)
    used = 0
    for row in range(len(kinds)):
        if answer[row] == NONE:
            continue
        start, stop = starts[row], starts[row + 1]
        hashed = hash_script(kinds[row], pool, start, stop, seed)
        if np.int64(hashed >> _PASS_SHIFT) % passes != mine:
            continue
        tag = np.uint32((hashed >> _TAG_SHIFT) & _TAG_BITS)
        slot = np.int64(hashed & mask)
        while True:
            number = slots[slot]
            if number < 0:
                slots[slot], tags[slot] = count, tag
                first_row[count] = row
                answer[row] = count
                count += 1
                used += 1
                break
            if tags[slot] == tag:
                other = first_row[number]
                length = stop - start
                is_alike = (
                    kinds[other] == kinds[row] and starts[other + 1] - starts[other] == length
                )
                if is_alike and is_same(pool, start, pool, starts[other], length):
                    answer[row] = number
                    break
            slot = np.int64(np.uint64(slot + 1) & mask)
        if used > most:
            return -1
    return count


@kernel
def renumber(answer, new, first_row):
    """Number anew by first appearance; `new`: `[numbers]`, all -1. Gives how many there are."""
    count = 0
    for row in range(len(answer)):
        old = answer[row]
        if old < 0:
            continue
        if new[old] < 0:
            new[old] = count
            first_row[count] = row
            count += 1
        answer[row] = new[old]
    return count
