"""RIPEMD-160 in plain Python, for the few key hashes shown to people, and of many digests at once.

Python's `hashlib` has it only where the system's OpenSSL offers it, so the same workspace would
answer on one machine and fail on the next. Source: Dobbertin, Bosselaers, Preneel, "RIPEMD-160:
A Strengthened Version of RIPEMD" (1996), pseudo-code of appendix A.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MASK = 0xFFFFFFFF
START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)
CONSTANTS_LEFT = (0x00000000, 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xA953FD4E)
CONSTANTS_RIGHT = (0x50A28BE6, 0x5C4DD124, 0x6D703EF3, 0x7A6D76E9, 0x00000000)

# Which message word, and how far to rotate, in each of the 80 steps; five rounds of sixteen.
WORD_LEFT = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8),
    (3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12),
    (1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2),
    (4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13),
)
WORD_RIGHT = (
    (5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12),
    (6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2),
    (15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13),
    (8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14),
    (12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11),
)
TURN_LEFT = (
    (11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8),
    (7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12),
    (11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5),
    (11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12),
    (9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6),
)
TURN_RIGHT = (
    (8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6),
    (9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11),
    (9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5),
    (15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8),
    (8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11),
)


def _mix(round_number: int, x: int, y: int, z: int) -> int:
    match round_number:
        case 0:
            return x ^ y ^ z
        case 1:
            return (x & y) | (~x & z)
        case 2:
            return (x | ~y) ^ z
        case 3:
            return (x & z) | (y & ~z)
    return x ^ (y | ~z)


def _turned(value: int, amount: int) -> int:
    value &= _MASK
    return (value << amount | value >> (32 - amount)) & _MASK


def _line(
    state: tuple[int, ...],
    block: list[int],
    words: tuple[tuple[int, ...], ...],
    turns: tuple[tuple[int, ...], ...],
    constants: tuple[int, ...],
    mixes: tuple[int, ...],
) -> tuple[int, int, int, int, int]:
    a, b, c, d, e = state
    for number in range(5):
        for step in range(16):
            total = a + _mix(mixes[number], b, c, d) + block[words[number][step]]
            moved = (_turned(total + constants[number], turns[number][step]) + e) & _MASK
            a, e, d, c, b = e, d, _turned(c, 10), b, moved
    return a, b, c, d, e


def ripemd160(message: bytes) -> bytes:
    """The 20-byte RIPEMD-160 digest of a message."""
    padded = message + b"\x80" + bytes((55 - len(message)) % 64)
    padded += (8 * len(message)).to_bytes(8, "little")
    state: tuple[int, ...] = START
    for start in range(0, len(padded), 64):
        block = [
            int.from_bytes(padded[at : at + 4], "little") for at in range(start, start + 64, 4)
        ]
        left = _line(state, block, WORD_LEFT, TURN_LEFT, CONSTANTS_LEFT, (0, 1, 2, 3, 4))
        right = _line(state, block, WORD_RIGHT, TURN_RIGHT, CONSTANTS_RIGHT, (4, 3, 2, 1, 0))
        state = tuple(
            (state[(i + 1) % 5] + left[(i + 2) % 5] + right[(i + 3) % 5]) & _MASK for i in range(5)
        )
    return b"".join(word.to_bytes(4, "little") for word in state)


def ripemd160_of_digests(digests: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RIPEMD-160 of many messages of 32 bytes at once: uint8 `[n, 32]` to uint8 `[n, 20]`."""
    words = np.ascontiguousarray(digests).view("<u4").astype(np.int64)
    block: list[Any] = [*words.T, 0x80, 0, 0, 0, 0, 0, 8 * digests.shape[1], 0]
    left = _line(START, block, WORD_LEFT, TURN_LEFT, CONSTANTS_LEFT, (0, 1, 2, 3, 4))
    right = _line(START, block, WORD_RIGHT, TURN_RIGHT, CONSTANTS_RIGHT, (4, 3, 2, 1, 0))
    state: list[Any] = [
        (START[(i + 1) % 5] + left[(i + 2) % 5] + right[(i + 3) % 5]) & _MASK for i in range(5)
    ]
    return np.stack(state, axis=1).astype("<u4").view(np.uint8)


def hash160(message: bytes) -> bytes:
    """Bitcoin's HASH160: RIPEMD-160 of SHA-256."""
    return ripemd160(hashlib.sha256(message).digest())
