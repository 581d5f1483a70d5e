"""Numba kernels of what a growing store keeps at hand: unspent transactions, and a script filter.

Arrays in and out; slow twins in `tests/bitcoin/store/test_growth_kernels.py`. Imported only where a
store is made, for Numba is slow to import.

An *entry* of the unspent is a key (uint64, as in a run of ids) and a body of five uint64: bytes 8
to 31 of the id, its first output, and its number of outputs shifted by 32 bits with the number of
those that may still be spent. Entries stand by key, ascending; no two have the same id.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import CHECKED, ask, kernels_of, part, stamp_of, u64

from .kernels import ALL_KEYS, advanced, guessed

_SOURCES = (
    "compiled/memory", "holdings/address_kernels", "store/kernels", "store/growth_kernels",
)  # fmt: skip
kernel = kernels_of(stamp_of(_SOURCES, f"checked {CHECKED}"))
BODY = 5
"""Numbers in the body of an entry."""
BLOCK_WORDS = 8
"""Words of 32 bits in a block of the filter; a key sets one bit of each."""
_AHEAD = 16
_LEFT = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_SALTS = (
    0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31,
)  # fmt: skip
"""Odd numbers, those of Parquet's filter: one for each word of a block."""
_TOP_FIVE = np.uint64(27)


# --- unspent --------------------------------------------------------------------------------------


@kernel
def find_unspent(held, high, low, place_of, outpoints, source, hits):
    """Find the outputs that inputs spend among the unspent; whole ids are compared.

    `held`: keys uint64 `[n]` and bodies uint64 `[5 n]`; `high`, ascending, `low` beside it: keys of
    what is asked, `place_of` the input of each; `outpoints`: ids uint8 `[32 inputs]` and indexes of
    all inputs. `source`: int64 by input, only written where found. `hits`: int64 by needle, the
    entry found, -1 none. A transaction that has no such output is not found.
    """
    key, body = held
    prev_id, prev_index = outpoints
    at, density = 0, len(key) / ALL_KEYS
    for number in range(len(high)):
        wanted, place = high[number], place_of[number]
        at = advanced(key, at, wanted, density)
        if number + _AHEAD < len(high):
            near = guessed(at, wanted, high[number + _AHEAD], density)
            ask(key, near)
            ask(body, BODY * near)
            ask(prev_id, 32 * place_of[number + _AHEAD])
        hits[number] = -1
        other = at
        while other < len(key) and key[other] == wanted:
            first = BODY * other
            if (
                body[first] == low[number]
                and body[first + 1] == u64(prev_id, 32 * place + 16)
                and body[first + 2] == u64(prev_id, 32 * place + 24)
                and np.uint64(prev_index[place]) < body[first + 4] >> _HALF
            ):
                source[place] = np.int64(body[first + 3]) + np.int64(prev_index[place])
                hits[number] = other
            other += 1


@kernel
def count_left(start, kinds, spender, never, counts):
    """Count the outputs of each transaction, and those that may still be spent.

    `start`: int64, outputs of each; `kinds`, `spender`: of outputs, -1 where nothing spends one;
    `never`: the kind that cannot be spent. `counts`: uint64, the answer, as in a body.
    """
    for tx in range(len(counts)):
        left = np.uint64(0)
        for output in range(start[tx], start[tx + 1]):
            left += np.uint64(spender[output] < 0 and kinds[output] != never)
        counts[tx] = np.uint64(start[tx + 1] - start[tx]) << _HALF | left


@kernel
def new_unspent(run, ids, start, counts, bases, into):
    """Make the entries of a step's transactions, also of those that have no output left.

    `run`: key, low and row of its ids, by key; `ids`: uint8 `[32 transactions]`; `start`: int64,
    outputs of each; `counts`: as `count_left` gives them; `bases`: the first transaction and the
    first output of the step. `into`: keys and bodies, as many as there are transactions.
    """
    key, low, row = run
    into_key, into_body = into
    for place in range(len(key)):
        if place + _AHEAD < len(key):
            ahead = row[place + _AHEAD] - bases[0]
            ask(start, ahead)
            ask(counts, ahead)
            ask(ids, 32 * ahead)
        tx = row[place] - bases[0]
        into_key[place] = key[place]
        first = BODY * place
        into_body[first] = low[place]
        into_body[first + 1] = u64(ids, 32 * tx + 16)
        into_body[first + 2] = u64(ids, 32 * tx + 24)
        into_body[first + 3] = np.uint64(bases[1] + start[tx])
        into_body[first + 4] = counts[tx]


@part
def _is_again(key, body, at, other_key, other_body, other):
    """Whether the id of an entry is that of one from place `other` on."""
    first, is_again = BODY * at, False
    while other < len(other_key) and other_key[other] == key[at] and not is_again:
        begin = BODY * other
        is_again = (
            other_body[begin] == body[first]
            and other_body[begin + 1] == body[first + 1]
            and other_body[begin + 2] == body[first + 2]
        )
        other += 1
    return is_again


@kernel
def merge_unspent(held, gone, new, into):
    """Merge entries, less what was spent of those held; gives how many there are.

    `gone`: int64, ascending, the held entry of each output spent since. An entry of which nothing
    is left goes, and one whose id a later transaction has again: that one takes its place, as in
    Bitcoin Core. `into`: room for all.
    """
    held_key, held_body = held
    new_key, new_body = new
    into_key, into_body = into
    at, place, count, spent = 0, 0, 0, 0
    while at < len(held_key) or place < len(new_key):
        if place >= len(new_key) or (at < len(held_key) and held_key[at] <= new_key[place]):
            key, body, entry = held_key, held_body, at
            is_again = _is_again(held_key, held_body, at, new_key, new_body, place)
            fewer = np.uint64(0)
            while spent < len(gone) and gone[spent] == at:
                fewer += np.uint64(1)
                spent += 1
            at += 1
        else:
            key, body, entry = new_key, new_body, place
            is_again = _is_again(new_key, new_body, place, new_key, new_body, place + 1)
            fewer = np.uint64(0)
            place += 1
        first, target = BODY * entry, BODY * count
        if is_again or (body[first + 4] & _LEFT) <= fewer:
            continue
        into_key[count] = key[entry]
        for number in range(BODY - 1):
            into_body[target + number] = body[first + number]
        into_body[target + 4] = body[first + 4] - fewer
        count += 1
    return count


# --- filter ---------------------------------------------------------------------------------------


@part
def _block(key, blocks):
    """The first word of a key's block: blocks follow the keys."""
    return BLOCK_WORDS * np.int64(((key >> _HALF) * np.uint64(blocks)) >> _HALF)


@part
def _bit(key, number):
    spread = ((key & _LEFT) * np.uint64(_SALTS[number])) & _LEFT
    return np.uint32(1) << np.uint32(spread >> _TOP_FIVE)


@kernel
def mark(words, keys):
    """Put keys, spread evenly, into a filter: uint32 `[8 blocks]`, at first 0.

    A split block Bloom filter as in Apache Parquet (Putze, Sanders, Singler, *Cache-, Hash- and
    Space-Efficient Bloom Filters*, 2007).
    """
    blocks = len(words) // BLOCK_WORDS
    for place in range(len(keys)):
        first = _block(keys[place], blocks)
        for number in range(BLOCK_WORDS):
            words[first + number] |= _bit(keys[place], number)


@kernel
def may_hold(words, keys, answer):
    """Of each key whether it may have been put into a filter: bool; False is sure."""
    blocks = len(words) // BLOCK_WORDS
    for place in range(len(keys)):
        first, is_held = _block(keys[place], blocks), True
        for number in range(BLOCK_WORDS):
            is_held &= (words[first + number] & _bit(keys[place], number)) != 0
        answer[place] = is_held
