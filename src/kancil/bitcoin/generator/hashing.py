"""SHA-256 and RIPEMD-160 as kernels over byte arrays, for keys, scripts, ids and Merkle roots.

`kancil.bitcoin.compiled.sha256` hashes twice and in batches. A generated key is hashed once and
alone, so the two functions stand here: SHA-256 by libcrypto's step where that is found, else
compiled from below. The tests compare both with hashlib, and RIPEMD-160 with
`kancil.bitcoin.script.ripemd160`. Sources: FIPS 180-4, section 6.2; Dobbertin, Bosselaers, Preneel,
"RIPEMD-160" (1996), appendix A.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from kancil.bitcoin.compiled.sha256 import AVAILABLE, STATE_WORDS, transform
from kancil.bitcoin.compiled.sha256_lanes import CONSTANTS, INITIAL
from kancil.bitcoin.generator.compiled import kernel, part
from kancil.bitcoin.script import ripemd160 as plain

_K = np.array(CONSTANTS, np.uint32)
_START = np.array(INITIAL, np.uint32)
_RIPEMD_START = np.array(plain.START, np.uint32)
_ADDED = np.array([plain.CONSTANTS_LEFT, plain.CONSTANTS_RIGHT], np.uint32)
_WORDS = np.array([plain.WORD_LEFT, plain.WORD_RIGHT], np.int64).reshape(2, 80)
_TURNS = np.array([plain.TURN_LEFT, plain.TURN_RIGHT], np.uint32).reshape(2, 80)


class Hashing(NamedTuple):
    """Scratch of the kernels below."""

    state: Any
    """uint32 `[STATE_WORDS]`: the first 8 are used."""
    schedule: Any
    """uint32 `[64]`."""
    tail: Any
    """uint8 `[128]`: the padded end of a message."""
    short: Any
    """uint8 `[32]`: the digest that is hashed again."""
    lines: Any
    """uint32 `[2, 5]`: the two lines of RIPEMD-160."""


def new_hashing() -> Hashing:
    """Make the scratch arrays."""
    return Hashing(
        np.zeros(STATE_WORDS, np.uint32),
        np.zeros(64, np.uint32),
        np.zeros(128, np.uint8),
        np.zeros(32, np.uint8),
        np.zeros((2, 5), np.uint32),
    )


@part
def _right(value, amount):
    return np.uint32((value >> np.uint32(amount)) | (value << np.uint32(32 - amount)))


@part
def _left(value, amount):
    return np.uint32((value << amount) | (value >> np.uint32(np.uint32(32) - amount)))


@part
def compiled_block(state, w, data, at):
    """Take the 64 bytes at `at` into the state; `w`: the schedule."""
    for i in range(16):
        j = at + 4 * i
        w[i] = (
            (np.uint32(data[j]) << np.uint32(24))
            | (np.uint32(data[j + 1]) << np.uint32(16))
            | (np.uint32(data[j + 2]) << np.uint32(8))
            | np.uint32(data[j + 3])
        )
    for i in range(16, 64):
        x, y = w[i - 15], w[i - 2]
        s0 = _right(x, 7) ^ _right(x, 18) ^ (x >> np.uint32(3))
        s1 = _right(y, 17) ^ _right(y, 19) ^ (y >> np.uint32(10))
        w[i] = np.uint32(w[i - 16] + s0 + w[i - 7] + s1)
    a, b, c, d = state[0], state[1], state[2], state[3]
    e, f, g, h = state[4], state[5], state[6], state[7]
    for i in range(64):
        one = np.uint32(
            h + (_right(e, 6) ^ _right(e, 11) ^ _right(e, 25)) + ((e & f) ^ (~e & g)) + _K[i] + w[i]
        )
        two = np.uint32(
            (_right(a, 2) ^ _right(a, 13) ^ _right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
        )
        h, g, f = g, f, e
        e = np.uint32(d + one)
        d, c, b = c, b, a
        a = np.uint32(one + two)
    state[0] = np.uint32(state[0] + a)
    state[1] = np.uint32(state[1] + b)
    state[2] = np.uint32(state[2] + c)
    state[3] = np.uint32(state[3] + d)
    state[4] = np.uint32(state[4] + e)
    state[5] = np.uint32(state[5] + f)
    state[6] = np.uint32(state[6] + g)
    state[7] = np.uint32(state[7] + h)


@part
def _library_block(state, _w, data, at):
    transform(state.ctypes.data, data.ctypes.data + at)


_block = _library_block if AVAILABLE else compiled_block


@part
def _padded(tail, data, at, rest, size, is_big):
    """Write the last bytes of a message and its length to the tail; give its blocks."""
    blocks = 1 if rest < 56 else 2
    for i in range(rest):
        tail[i] = data[at + i]
    tail[rest] = 0x80
    for i in range(rest + 1, 64 * blocks):
        tail[i] = 0
    bits = size * 8
    for i in range(8):
        place = 64 * blocks - 1 - i if is_big else 64 * blocks - 8 + i
        tail[place] = (bits >> (8 * i)) & 0xFF
    return blocks


@kernel
def sha256(scratch, data, at, size, out, out_at):
    """Write the SHA-256 of `size` bytes from `at` on to 32 bytes of out."""
    state = scratch.state
    for i in range(8):
        state[i] = _START[i]
    whole = size // 64
    for i in range(whole):
        _block(state, scratch.schedule, data, at + 64 * i)
    blocks = _padded(scratch.tail, data, at + 64 * whole, size - 64 * whole, size, True)
    for i in range(blocks):
        _block(state, scratch.schedule, scratch.tail, 64 * i)
    for i in range(8):
        value = state[i]
        out[out_at + 4 * i] = (value >> np.uint32(24)) & np.uint32(255)
        out[out_at + 4 * i + 1] = (value >> np.uint32(16)) & np.uint32(255)
        out[out_at + 4 * i + 2] = (value >> np.uint32(8)) & np.uint32(255)
        out[out_at + 4 * i + 3] = value & np.uint32(255)


@kernel
def sha256d(scratch, data, at, size, out, out_at):
    """Write SHA-256 of SHA-256."""
    sha256(scratch, data, at, size, scratch.short, 0)
    sha256(scratch, scratch.short, 0, 32, out, out_at)


@part
def _mixed(way, x, y, z):
    if way == 0:
        return np.uint32(x ^ y ^ z)
    if way == 1:
        return np.uint32((x & y) | (~x & z))
    if way == 2:
        return np.uint32((x | ~y) ^ z)
    if way == 3:
        return np.uint32((x & z) | (y & ~z))
    return np.uint32(x ^ (y | ~z))


@kernel
def ripemd160(scratch, data, at, size, out, out_at):
    """Write the RIPEMD-160 of up to 64 bytes from `at` on to 20 bytes of out."""
    tail, block, lines, state = scratch.tail, scratch.schedule, scratch.lines, scratch.state
    for i in range(5):
        state[i] = _RIPEMD_START[i]
    blocks = _padded(tail, data, at, size, size, False)
    for n in range(blocks):
        for i in range(16):
            j = 64 * n + 4 * i
            block[i] = (
                np.uint32(tail[j])
                | (np.uint32(tail[j + 1]) << np.uint32(8))
                | (np.uint32(tail[j + 2]) << np.uint32(16))
                | (np.uint32(tail[j + 3]) << np.uint32(24))
            )
        for line in range(2):
            a, b, c, d, e = state[0], state[1], state[2], state[3], state[4]
            for step in range(80):
                turn = step // 16
                way = turn if line == 0 else 4 - turn
                total = np.uint32(
                    a + _mixed(way, b, c, d) + block[_WORDS[line, step]] + _ADDED[line, turn]
                )
                moved = np.uint32(_left(total, _TURNS[line, step]) + e)
                a, e, d, c, b = e, d, _left(c, np.uint32(10)), b, moved
            lines[line, 0], lines[line, 1], lines[line, 2] = a, b, c
            lines[line, 3], lines[line, 4] = d, e
        first = np.uint32(state[1] + lines[0, 2] + lines[1, 3])
        state[1] = np.uint32(state[2] + lines[0, 3] + lines[1, 4])
        state[2] = np.uint32(state[3] + lines[0, 4] + lines[1, 0])
        state[3] = np.uint32(state[4] + lines[0, 0] + lines[1, 1])
        state[4] = np.uint32(state[0] + lines[0, 1] + lines[1, 2])
        state[0] = first
    for i in range(5):
        for j in range(4):
            out[out_at + 4 * i + j] = (state[i] >> np.uint32(8 * j)) & np.uint32(255)


@kernel
def hash160(scratch, data, at, size, out, out_at):
    """Write RIPEMD-160 of SHA-256, 20 bytes."""
    sha256(scratch, data, at, size, scratch.short, 0)
    ripemd160(scratch, scratch.short, 0, 32, out, out_at)


@kernel
def merkle_root(scratch, level, count, pair):
    """Reduce count ids at the head of level to the root, in row 0.

    `level`: uint8 `[count + 1, 32]` at least, overwritten. `pair`: uint8 `[64]`, scratch. An odd
    level repeats its last (Bitcoin Core, ComputeMerkleRoot).
    """
    while count > 1:
        if count & 1:
            for j in range(32):
                level[count, j] = level[count - 1, j]
            count += 1
        count //= 2
        for i in range(count):
            for j in range(32):
                pair[j] = level[2 * i, j]
                pair[32 + j] = level[2 * i + 1, j]
            sha256d(scratch, pair, 0, 64, level[i], 0)
