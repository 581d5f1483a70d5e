"""Numba kernels: one pass over bytes that writes down where a selector may stand.

A kernel looks at the form alone; what it writes down is verified by `rules`. Buffers begin and end
with at least `PAD` bytes 0xFF.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numba
import numpy as np

from . import lanes
from . import tables as t
from .forms import OPTIONS, PHRASE, domain, line, long_run, mark, part, put, short_run, wide

PAD = 128
LEAST_WORDS, WORD_GAP_BYTES = 12, 12
"""Words of a seed phrase in a row, and how many bytes may stand between two of them."""
_STAMP = hashlib.sha256(
    b"".join(
        Path(__file__).with_name(f"{name}.py").read_bytes() for name in ("forms", "lanes", "tables")
    )
).hexdigest()[:12]
"""Names a version of the parts: Numba itself looks only at a kernel's own file."""


def kernel(function: Any) -> Any:
    """Compile a kernel; kept on disk beside the module, or else in the user's cache folder."""
    function.__qualname__ += f"_{_STAMP}"
    try:
        return numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # numba found no folder that it may write
        return numba.njit(**OPTIONS)(function)


_1, _2, _4, _8, _TOP = (np.uint64(each) for each in (1, 2, 4, 8, 63))
_LAST = np.uint64(1 << 63)
"""Of a block: what follows it is of the next."""


@part
def _seed_bit(buffer, start, length, seeds):
    """1 if a run begins as a word of a seed phrase does, by its first four letters, else 0."""
    letters = np.uint64(lanes.four(buffer, start))
    pairs = (letters & np.uint64(0x001F001F)) | ((letters & np.uint64(0x1F001F00)) >> np.uint64(3))
    key = (pairs & np.uint64(0x3FF)) | ((pairs >> np.uint64(6)) & np.uint64(0xFFC00))
    if length == 3:
        key &= np.uint64(0x7FFF)
    return np.int64((seeds[key >> np.uint64(6)] >> (key & np.uint64(63))) & _1)


@part
def _wides(classes, buffer, base, zeros, start, end, out, count):
    """Write down the runs of UTF-16 that begin in a block; gives where the last stands."""
    pairs = lanes.printable_bits(buffer, base) & (zeros >> _1)
    pairs &= (pairs >> _2) & (pairs >> _4)
    while pairs != 0:
        at = base + lanes.lowest(pairs)
        if at >= end:
            count, start, end = wide(classes, buffer, at, out, count)
        pairs &= pairs - _1
    return count, start, end


@part
def _lines(classes, buffer, base, end, out, count):
    """Write down the lines of base64 that begin in a block; gives where the last ends."""
    runs = lanes.base64_bits(buffer, base)
    runs &= runs >> _1
    runs &= runs >> _2
    runs &= runs >> _4
    runs &= runs >> _8
    while runs != 0:
        at = base + lanes.lowest(runs)
        if at >= end:
            count, end = line(classes, buffer, at, out, count)
        runs &= runs - _1
    return count, end


@part
def _numbers(buffer, base, before, digits, carry_digit):
    """A bit for each colon after a letter or digit, and each dot between two digits."""
    dots = lanes.dot_bits(buffer, base)
    dots &= ((digits << _1) | carry_digit) & ((digits >> _1) | _LAST)
    return dots | (lanes.colon_bits(buffer, base) & before)


@part
def _run(classes, buffer, how, first, begin, end, out, count):
    """Write down a run of letters and digits that is as long as a selector."""
    if how & t.MAY_BE_LONG:
        return long_run(classes, buffer, begin, end, out, count)
    if how & t.MAY_BE_SHORT and first & (t.IS_UPPER | t.IS_DIGIT):
        return short_run(classes, buffer, begin, end, out, count)
    return count


@part
def _next(base, begin, starts):
    """Where the next run of a block begins, if there is one, and the starts that are left."""
    if starts == 0:
        return begin, starts
    return base + lanes.lowest(starts), starts & (starts - _1)


@kernel
def scan(buffer, classes, lengths, labels, kinds, seeds, longest, out):
    """Write down what may be a selector; gives how many there are, also where `out` is full.

    `buffer`: uint8, padded; `classes`: `[256]`; `lengths`: `[64]`, what a run of so many letters
    and digits may be (longer ones are as the last); `labels`, `kinds`: hash table of last labels;
    `seeds`: uint64, a bit for the first letters of each word of a seed phrase; `longest`: bytes of
    a URL at most; `out`: int64 `[n, 3]`: rule, first byte, byte after. UTF-16 and base64 by place.
    """
    count, begin, wide_start, wide_end, line_end = 0, 0, 0, 0, 0
    words, chain_start, chain_end = 0, 0, 0
    carry, carry_digit = np.uint64(0), np.uint64(0)
    for base in range(PAD, len(buffer) - PAD + 1, lanes.LANES):
        alnum = lanes.alnum_bits(buffer, base)
        marks = lanes.at_bits(buffer, base)
        plus = lanes.plus_bits(buffer, base)
        if (alnum | carry | marks | plus) == 0:
            carry_digit = np.uint64(0)
            continue
        zeros = lanes.zero_bits(buffer, base)
        if zeros != 0:
            count, wide_start, wide_end = _wides(
                classes, buffer, base, zeros, wide_start, wide_end, out, count
            )
        if wide_start + 1 < base and base + lanes.LANES < wide_end:  # nothing but single letters
            carry, carry_digit, begin = alnum >> _TOP, np.uint64(0), base + lanes.LANES - 1
            continue
        count, line_end = _lines(classes, buffer, base, line_end, out, count)
        before = (alnum << _1) | carry
        digits = lanes.digit_bits(buffer, base)
        marks &= (alnum >> _1) | _LAST
        marks |= plus & ~before
        marks |= _numbers(buffer, base, before, digits, carry_digit)
        while marks != 0:
            count = mark(classes, buffer, base + lanes.lowest(marks), longest, out, count)
            marks &= marks - _1
        ends, starts = ~alnum & before, alnum & ~before
        if carry == 0:
            begin, starts = _next(base, begin, starts)
        while ends != 0:
            end = base + lanes.lowest(ends)
            ends &= ends - _1
            length = end - begin
            how = lengths[np.uint64(min(length, 63))]
            first = classes[np.uint64(buffer[np.uint64(begin)])]
            is_word = np.int64(how & t.MAY_BE_WORD) & _seed_bit(buffer, begin, length, seeds)
            is_number = np.int64((how & t.MAY_BE_NUMBER) != 0 and (first & t.IS_DIGIT) != 0)
            goes_on = np.int64(begin - chain_end <= WORD_GAP_BYTES)
            if words >= LEAST_WORDS and is_number == 0 and is_word & goes_on == 0:
                count = put(out, count, PHRASE, chain_start, chain_end)
            goes_on &= np.int64(words > 0)
            chain_start += (begin - chain_start) * (is_word & (1 - goes_on))
            words = is_number * words + (1 - is_number) * is_word * (goes_on * words + 1)
            chain_end += (end - chain_end) * is_word
            if buffer[np.uint64(begin - 1)] == 46 and how & t.MAY_BE_LABEL:
                count = domain(classes, buffer, labels, kinds, begin, end, out, count)
            count = _run(classes, buffer, how, first, begin, end, out, count)
            begin, starts = _next(base, begin, starts)
        carry, carry_digit = alnum >> _TOP, digits >> _TOP
    if words >= LEAST_WORDS:
        count = put(out, count, PHRASE, chain_start, chain_end)
    return count


@kernel
def narrow(buffer, rows, out, pieces):
    """Take every second byte of runs of UTF-16; gives how many bytes `out` holds.

    `rows`: of `scan`; `pieces`: int64 `[n, 2]`: where each begins in `out` and in `buffer`.
    """
    end = PAD
    for row in range(len(rows)):
        pieces[row, 0], pieces[row, 1] = end, rows[row, 1]
        for index in range(rows[row, 1], rows[row, 2], 2):
            out[end] = buffer[index]
            end += 1
        out[end : end + 16] = 255
        end += 16
    out[end : end + PAD] = 255
    return end + PAD


@kernel
def decode(buffer, rows, digits, out, pieces):
    """Decode lines of base64 that hold text; gives how many bytes `out` holds.

    A line goes on with the one before it where that one is whole groups of four characters and
    nothing but a line break stands between. `digits`: int64 `[256]`, the value of each character.
    """
    end, last = PAD, -1
    for row in range(len(rows)):
        first, size = rows[row, 1], rows[row, 2] - rows[row, 1]
        if not (row > 0 and last == rows[row - 1, 2] and first - last <= 2 and buffer[last] < 32):
            out[end : end + 16] = 255
            end += 16
        pieces[row, 0], pieces[row, 1] = end, first
        last = -1
        if size & 3 == 1:
            continue
        begin, bits, held, zeros, others = end, 0, 0, 0, 0
        for index in range(first, first + size):
            bits = (bits << 6 | digits[buffer[index]]) & 0xFFFFFF
            held += 6
            if held >= 8:
                held -= 8
                byte = (bits >> held) & 255
                zeros += byte == 0
                others += (0 < byte < 32 and byte not in (9, 10, 13)) or byte == 127 or byte == 255
                out[end] = byte
                end += 1
            if others > 0:
                break
        if others > 0 or (zeros > 0 and 5 * zeros < 2 * (end - begin)):
            end = begin
            pieces[row, 0] = end
            continue
        if size & 3 == 0:
            last = first + size
    out[end : end + PAD] = 255
    return end + PAD
