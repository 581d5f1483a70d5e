"""Double SHA-256 at hardware speed inside kernels, and Merkle roots.

Messages are padded here (FIPS 180-4, 5.1.1) and hashed together, up to `BATCH` of them.

The hash is OpenSSL's: `SHA256_Transform` of libcrypto, the step over one 64-byte block, is
registered as a symbol with the compiler, by name, so that compiled kernels can be kept on disk
and found again by another process. Where a machine has no such library, `AVAILABLE` is false and
the parser hashes with Python's hashlib; the results are the same. A processor finishes one step
in about the time of four rounds of waiting; two messages that do not depend on each other go
through together. So the steps are called two messages in turn. State words are kept as the
library keeps them, as 32-bit numbers of the machine, first in its SHA256_CTX.

Where the processor's vectors are faster than that (`sha256_lanes.LANES`), each lane takes a
message and, when it is done, the next. The last few, which would leave most lanes empty, are
finished by libcrypto from where they stand.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numpy as np
from numba import types

from .memory import copy, copy_hashes, entry, kernel, part, put64, swap32
from .sha256_lanes import INITIAL, LANES, seconds, steps

SYMBOL = "kancil_sha256_transform"
BATCH = 128
"""Messages hashed together."""
STATE_WORDS = 32
"""32-bit words kept for each state: the library's own structure is 112 bytes, of which only the
first 32 are read and written by a step."""
SLACK = 192
"""Bytes that must be free behind the last message of an arena."""

_INITIAL = np.array(INITIAL, dtype=np.uint32)
_WIDTH = LANES or 8
"""Lanes that scratch is made for, also where none is used."""
_FEW = 8 if LANES == 16 else 2
"""So many messages or fewer are hashed sooner by libcrypto than in lanes: a step of 16 lanes takes
about the time of 8 of its blocks, and one of 8 lanes, used where libcrypto is slow, of 2 to 3."""
_BYTE_ORDER_OF_ONES = 0x80
_NAMES = ("libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so")


def _find_step() -> int | None:
    """The address of libcrypto's step function in this process, None if there is none."""
    for name in (*_NAMES, None):
        try:
            step = ctypes.CDLL(name or ctypes.util.find_library("crypto")).SHA256_Transform
        except (OSError, AttributeError):
            continue
        return ctypes.cast(step, ctypes.c_void_p).value
    return None


def _as_symbol(name: str, address: int | None, arguments: int) -> Any:
    """Register a function over addresses and sizes with the compiler; give the call of it."""
    llvm.add_symbol(name, address or ctypes.cast(_nothing, ctypes.c_void_p).value)
    return types.ExternalFunction(name, types.void(*[types.intp] * arguments))


_nothing = ctypes.CFUNCTYPE(None)(lambda: None)
"""Stands where a function is missing, so that kernels are linked; it is never called."""
_STEP = _find_step()
AVAILABLE = _STEP is not None
"""Whether libcrypto was found. If not, the kernels are still linked, and must not hash."""
transform = _step = _as_symbol(SYMBOL, _STEP, 2)
"""libcrypto's step, for kernels that hash one message at a time: addresses of the state and of 64
bytes. Only where `AVAILABLE`."""
_write_steps, _write_seconds = steps(_WIDTH), seconds(_WIDTH)


def _steps_entry(columns, places, size):
    _write_steps(columns, places, size)


def _seconds_entry(columns, rows):
    _write_seconds(columns, rows)


# Compiled and kept once each, and not again inside every kernel that comes to them.
_STEPS, _SECONDS = (entry(_steps_entry), entry(_seconds_entry)) if LANES else (None, None)
_steps = _as_symbol("kancil_sha256_steps", _STEPS.address if _STEPS else None, 3)
_seconds = _as_symbol("kancil_sha256_seconds", _SECONDS.address if _SECONDS else None, 2)


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
    digests: Any
    """uint32 `[BATCH, 8]`: what comes out; digest i as on the wire."""
    lanes: Any
    """int64 `[3, BATCH]`: for each lane its message, where its next block stands, and where its
    head or tail ends. Row 0 also names the messages for libcrypto."""
    columns: Any
    """uint32 `[BATCH / _WIDTH + 1, 8, _WIDTH]`: the first hash of message i is column
    `i % _WIDTH` of group `i // _WIDTH`; the last group holds the states in the lanes."""


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
        digests=np.empty((BATCH, 8), dtype=np.uint32),
        lanes=np.zeros((3, BATCH), dtype=np.int64),
        columns=np.zeros((BATCH // _WIDTH + 1, 8, _WIDTH), dtype=np.uint32),
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
def _to_second(work, count):
    """Hash each state's digest: to `digests`."""
    states, second = work.states, work.second
    for i in range(count):
        for j in range(8):
            second[i, j] = swap32(states[i, j])
    _begin(states, count)
    for i in range(count):
        _step(states.ctypes.data + i * 4 * STATE_WORDS, second.ctypes.data + i * 64)
    for i in range(count):
        for j in range(8):
            work.digests[i, j] = swap32(states[i, j])


@part
def _message(work, i):
    """Where to begin and end, the tail's begin and end, and the state of message i."""
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


@part
def _hash_in_turn(work, count):
    """Take the first count messages named in `lanes` through libcrypto's step, to their states."""
    following, none = 0, np.int64(0)
    at_a, end_a, tail_a, last_a, state_a = none, none, none, none, none
    at_b, end_b, tail_b, last_b, state_b = none, none, none, none, none
    while True:
        if at_a == end_a:
            if tail_a != last_a:
                at_a, end_a, tail_a = tail_a, last_a, last_a
            elif following == count:
                break
            else:
                at_a, end_a, tail_a, last_a, state_a = _message(work, work.lanes[0, following])
                following += 1
        if at_b == end_b:
            if tail_b != last_b:
                at_b, end_b, tail_b = tail_b, last_b, last_b
            elif following == count:
                break
            else:
                at_b, end_b, tail_b, last_b, state_b = _message(work, work.lanes[0, following])
                following += 1
        _step(state_a, at_a)
        _step(state_b, at_b)
        at_a += 64
        at_b += 64
    _finish(at_a, end_a, tail_a, last_a, state_a)
    _finish(at_b, end_b, tail_b, last_b, state_b)


@part
def _into_lane(work, lane, i):
    """Begin message i in a lane; `head_blocks` is 0 as soon as its tail is read."""
    state = work.columns[-1]
    for j in range(8):
        state[j, lane] = _INITIAL[j]
    blocks, work.lanes[0, lane] = work.head_blocks[i], i
    work.lanes[1, lane] = work.heads[i] if blocks else work.tails[i]
    work.lanes[2, lane] = work.lanes[1, lane] + 64 * (blocks or work.tail_blocks[i])


@part
def _leave_lane(work, lane, last):
    """Keep the first hash of a lane's message; take that of the last lane in use in its place."""
    state, i = work.columns[-1], work.lanes[0, lane]
    for j in range(8):
        work.columns[i // _WIDTH, j, i % _WIDTH] = state[j, lane]
        state[j, lane] = state[j, last]
    for j in range(3):
        work.lanes[j, lane] = work.lanes[j, last]


@part
def _hash_in_lanes(work, count):
    """Hash messages to `columns` until few are left, which are to be hashed from where they stand.

    Gives how many; they are the first named in `lanes`.
    """
    holds, places, ends = work.lanes[0], work.lanes[1], work.lanes[2]
    used = following = min(count, _WIDTH)
    for lane in range(used):
        _into_lane(work, lane, lane)
    while used > _FEW:
        size = ends[0] - places[0]
        for lane in range(1, used):
            size = min(size, ends[lane] - places[lane])
        for lane in range(used, _WIDTH):
            places[lane] = places[0]
        _steps(work.columns[-1].ctypes.data, places.ctypes.data, size)
        for lane in range(used - 1, -1, -1):
            places[lane] += size
            if places[lane] == ends[lane]:
                i = holds[lane]
                if work.head_blocks[i]:
                    work.head_blocks[i], places[lane] = 0, work.tails[i]
                    ends[lane] = work.tails[i] + 64 * work.tail_blocks[i]
                elif following < count:
                    _leave_lane(work, lane, lane)
                    _into_lane(work, lane, following)
                    following += 1
                else:
                    used -= 1
                    _leave_lane(work, lane, used)
    for lane in range(used):
        i, blocks = holds[lane], (ends[lane] - places[lane]) >> 6
        for j in range(8):
            work.states[i, j] = work.columns[-1, j, lane]
        if work.head_blocks[i]:
            work.heads[i], work.head_blocks[i] = places[lane], blocks
        else:
            work.tails[i], work.tail_blocks[i] = places[lane], blocks
    return used


@kernel
def hash_messages(work, count):
    """Double-hash the first count messages: to `digests`. Heads and tails are used up."""
    if LANES and count > _FEW:
        left = _hash_in_lanes(work, count)
        _hash_in_turn(work, left)
        for k in range(left):
            i = work.lanes[0, k]
            for j in range(8):
                work.columns[i // _WIDTH, j, i % _WIDTH] = work.states[i, j]
        for i in range(0, count, _WIDTH):
            _seconds(work.columns[i // _WIDTH].ctypes.data, work.digests[i].ctypes.data)
        return
    for i in range(count):
        work.lanes[0, i] = i
    _begin(work.states, count)
    _hash_in_turn(work, count)
    _to_second(work, count)


@kernel
def hash_pairs(tree, target, source, work, count):
    """Double-hash rows `source + 2i` and `source + 2i + 1` of the tree into row `target + i`.

    `tree`: uint32 `[n, 8]`, hashes as on the wire. count is at most BATCH; targets must not lie
    behind the rows still to be read.
    """
    tree_at, padding = tree.ctypes.data + 32 * source, work.second.ctypes.data + 64 * BATCH
    if LANES and count > _FEW:
        state, places = work.columns[-1], work.lanes[1]
        for i in range(0, count, _WIDTH):
            for j in range(8):
                state[j] = _INITIAL[j]
            for lane in range(_WIDTH):
                places[lane] = tree_at + 64 * min(i + lane, count - 1)
            _steps(state.ctypes.data, places.ctypes.data, 64)
            for lane in range(_WIDTH):
                places[lane] = padding
            _steps(state.ctypes.data, places.ctypes.data, 64)
            _seconds(state.ctypes.data, work.digests[i].ctypes.data)
    else:
        states, state_at = work.states, work.states.ctypes.data
        _begin(states, count)
        for i in range(count):
            _step(state_at + i * 4 * STATE_WORDS, tree_at + 64 * i)
        for i in range(count):
            _step(state_at + i * 4 * STATE_WORDS, padding)
        _to_second(work, count)
    copy_hashes(tree[target:], work.digests, 0, count)


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
