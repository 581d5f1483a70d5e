"""Double SHA-256 at hardware speed inside kernels, and Merkle roots.

The hash is OpenSSL's: `SHA256_Transform` of libcrypto, the step over one 64-byte block, is
registered as a symbol with the compiler, by name, so that compiled kernels can be kept on disk
and found again by another process. Where a machine has no such library, `AVAILABLE` is false and
the parser hashes with Python's hashlib; the results are the same.

A processor finishes one step in about the time of four rounds of waiting; two messages that do
not depend on each other go through together. So messages are padded here (FIPS 180-4, 5.1.1)
and their steps are called two messages in turn. State words are kept as the library keeps them,
as 32-bit numbers of the machine, first in its SHA256_CTX.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import types

from kancil.bitcoin.memory import copy, kernel, part, put64, swap32

SYMBOL = "kancil_sha256_transform"
BATCH = 128
"""Messages hashed together."""
STATE_WORDS = 32
"""32-bit words kept for each state: the library's own structure is 112 bytes, of which only the
first 32 are read and written by a step."""
SLACK = 192
"""Bytes that must be free behind the last message of an arena."""

_INITIAL = np.array(
    [
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
        0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
    ],
    dtype=np.uint32,
)  # fmt: skip
"""First state (FIPS 180-4, 5.3.3)."""
_BYTE_ORDER_OF_ONES = 0x80
_NAMES = ("libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so")


def _find_step() -> int | None:
    """Give the address of libcrypto's step function in this process, None if there is none."""
    for name in (*_NAMES, None):
        try:
            step = ctypes.CDLL(name or ctypes.util.find_library("crypto")).SHA256_Transform
        except (OSError, AttributeError):
            continue
        return ctypes.cast(step, ctypes.c_void_p).value
    return None


_STEP = _find_step()
AVAILABLE = _STEP is not None
"""Whether libcrypto was found. If not, the kernels are still linked, and must not hash."""
_no_step = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(lambda _state, _block: None)
llvm.add_symbol(SYMBOL, _STEP or ctypes.cast(_no_step, ctypes.c_void_p).value)
_step: Any = types.ExternalFunction(SYMBOL, types.void(types.intp, types.intp))


class HashWork(NamedTuple):
    """Scratch of `hash_messages`: up to BATCH messages, their states, the second messages.

    A message is its head, whole 64-byte blocks anywhere in memory, and then its tail, the padded
    rest in the arena.
    """

    arena: Any
    """uint8."""
    heads: Any
    """int64 `[BATCH]`: address of the head of message i."""
    head_blocks: Any
    """int64 `[BATCH]`."""
    tails: Any
    """int64 `[BATCH]`: address of the tail."""
    tail_blocks: Any
    """int64 `[BATCH]`: at least 1."""
    states: Any
    """uint32 `[BATCH, STATE_WORDS]`."""
    second: Any
    """uint32 `[BATCH + 1, 16]`: messages of the second hash; last the padding of 64 bytes."""


def new_work(arena_bytes: int) -> HashWork:
    """Make the scratch arrays, with an arena that holds arena_bytes."""
    second = np.zeros((BATCH + 1, 16), dtype=np.uint32)
    second[:BATCH, 8] = _BYTE_ORDER_OF_ONES
    second[:BATCH, 15] = np.uint32(256).byteswap()
    second[BATCH, 0] = _BYTE_ORDER_OF_ONES
    second[BATCH, 15] = np.uint32(512).byteswap()
    return HashWork(
        arena=np.empty(arena_bytes + SLACK, dtype=np.uint8),
        heads=np.zeros(BATCH, dtype=np.int64),
        head_blocks=np.zeros(BATCH, dtype=np.int64),
        tails=np.zeros(BATCH, dtype=np.int64),
        tail_blocks=np.zeros(BATCH, dtype=np.int64),
        states=np.zeros((BATCH, STATE_WORDS), dtype=np.uint32),
        second=second,
    )


@part
def put_tail(work, i, at, length, total):
    """Pad message i, total bytes long, whose last length bytes stand in the arena from at on.

    Gives the place in the arena behind it.
    """
    arena, end = work.arena, at + length
    for j in range(9):
        put64(arena, end + 8 * j, np.uint64(0))
    arena[end] = 0x80
    blocks = (length + 8) // 64 + 1
    bits = np.uint64(total * 8)
    high, low = swap32(np.uint32(bits >> np.uint64(32))), swap32(np.uint32(bits))
    put64(arena, at + 64 * blocks - 8, (np.uint64(low) << np.uint64(32)) | np.uint64(high))
    work.tails[i], work.tail_blocks[i] = arena.ctypes.data + at, blocks
    return at + 64 * blocks


@part
def put_message(work, i, at, buffer, start, size):
    """Set bytes of the buffer as message i, read where they stand; its tail in the arena at at.

    Gives the place in the arena behind it.
    """
    whole, rest = size >> 6, size & 63
    work.heads[i], work.head_blocks[i] = buffer.ctypes.data + start, whole
    # A copy of known length is a few instructions; what it brings too much is padded over.
    if start + 64 * whole + 64 <= buffer.size:
        copy(work.arena, at, buffer, start + 64 * whole, 64)
    else:
        copy(work.arena, at, buffer, start + 64 * whole, rest)
    return put_tail(work, i, at, rest, size)


@part
def _begin(states, count):
    for i in range(count):
        for j in range(8):
            states[i, j] = _INITIAL[j]


@part
def _to_second(states, second, count):
    """Set each digest, in wire order, as the message of the second hash; begin anew."""
    for i in range(count):
        for j in range(8):
            second[i, j] = swap32(states[i, j])
    _begin(states, count)
    for i in range(count):
        _step(states.ctypes.data + i * 4 * STATE_WORDS, second.ctypes.data + i * 64)


@part
def _message(work, i):
    """Give where to begin and end, the tail's begin and end, and the state of message i."""
    at, tail = work.heads[i], work.tails[i]
    end, last = at + 64 * work.head_blocks[i], tail + 64 * work.tail_blocks[i]
    state = work.states.ctypes.data + 4 * STATE_WORDS * i
    if at == end:
        return tail, last, last, last, state
    return at, end, tail, last, state


@part
def _finish(at, end, tail, last, state):
    """Hash what is left of a message, with none beside it."""
    while True:
        while at < end:
            _step(state, at)
            at += 64
        if tail == last:
            return
        at, end, tail = tail, last, last


@kernel
def hash_messages(work, count):
    """Double-hash the first count messages; digest i is `states[i, :8]`, words to be swapped."""
    _begin(work.states, count)
    following, none = 0, numba.int64(0)
    at_a, end_a, tail_a, last_a, state_a = none, none, none, none, none
    at_b, end_b, tail_b, last_b, state_b = none, none, none, none, none
    while True:
        if at_a == end_a:
            if tail_a != last_a:
                at_a, end_a, tail_a = tail_a, last_a, last_a
            elif following == count:
                break
            else:
                at_a, end_a, tail_a, last_a, state_a = _message(work, following)
                following += 1
        if at_b == end_b:
            if tail_b != last_b:
                at_b, end_b, tail_b = tail_b, last_b, last_b
            elif following == count:
                break
            else:
                at_b, end_b, tail_b, last_b, state_b = _message(work, following)
                following += 1
        _step(state_a, at_a)
        _step(state_b, at_b)
        at_a += 64
        at_b += 64
    _finish(at_a, end_a, tail_a, last_a, state_a)
    _finish(at_b, end_b, tail_b, last_b, state_b)
    _to_second(work.states, work.second, count)


@kernel
def hash_pairs(tree, target, source, work, count):
    """Double-hash rows `source + 2i` and `source + 2i + 1` of the tree into row `target + i`.

    `tree`: uint32 `[n, 8]`, hashes as on the wire. count is at most BATCH; targets must not lie
    behind the rows still to be read.
    """
    states, second = work.states, work.second
    _begin(states, count)
    tree_at, state_at = tree.ctypes.data + 32 * source, states.ctypes.data
    for i in range(count):
        _step(state_at + i * 4 * STATE_WORDS, tree_at + 64 * i)
    padding = second.ctypes.data + 64 * BATCH
    for i in range(count):
        _step(state_at + i * 4 * STATE_WORDS, padding)
    _to_second(states, second, count)
    for i in range(count):
        for j in range(8):
            tree[target + i, j] = swap32(states[i, j])


@kernel
def merkle_root(tree, count, work):
    """Reduce count hashes at the head of the tree to the root, in row 0.

    Gives whether two neighbours were equal at any level, which lets a forged list have the same
    root (CVE-2012-2459; Bitcoin Core's ComputeMerkleRoot). `tree`: uint32 `[count + 1, 8]` at
    least, overwritten.
    """
    mutated = False
    while count > 1:
        for i in range(0, count - 1, 2):
            j = 0
            while j < 8 and tree[i, j] == tree[i + 1, j]:
                j += 1
            mutated |= j == 8
        if count & 1:
            for j in range(8):
                tree[count, j] = tree[count - 1, j]
            count += 1
        count //= 2
        for first in range(0, count, BATCH):
            hash_pairs(tree, first, 2 * first, work, min(BATCH, count - first))
    return mutated
