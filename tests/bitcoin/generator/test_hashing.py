"""The hash kernels against hashlib and the plain RIPEMD-160, with and without libcrypto."""

from __future__ import annotations

import hashlib

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.plain_hash import double, merkle
from kancil.bitcoin.compiled.sha256_lanes import INITIAL
from kancil.bitcoin.generator import hashing
from kancil.bitcoin.script.ripemd160 import hash160, ripemd160

SCRATCH = hashing.new_hashing()
_compiled = numba.njit(hashing.compiled_block.py_func)


def given_by(kernel: object, data: bytes, size: int) -> bytes:
    source, out = np.frombuffer(b"--" + data, np.uint8).copy(), np.zeros(size + 1, np.uint8)
    kernel(SCRATCH, source, 2, len(data), out, 1)  # type: ignore[operator]
    return out[1:].tobytes()


@given(st.binary(max_size=400))
def test_sha256_is_that_of_hashlib(data: bytes) -> None:
    assert given_by(hashing.sha256, data, 32) == hashlib.sha256(data).digest()
    assert given_by(hashing.sha256d, data, 32) == double(data)


@given(st.binary(max_size=64))
def test_ripemd160_and_hash160_are_the_plain_ones(data: bytes) -> None:
    assert given_by(hashing.ripemd160, data, 20) == ripemd160(data)
    assert given_by(hashing.hash160, data, 20) == hash160(data)


@pytest.mark.parametrize("data", [b"abc", b"", bytes(range(55))])
def test_the_step_for_machines_without_libcrypto_hashes_right(data: bytes) -> None:
    padded = data + b"\x80" + bytes(55 - len(data)) + (8 * len(data)).to_bytes(8, "big")
    state, schedule = np.zeros(32, np.uint32), np.zeros(64, np.uint32)
    state[:8] = INITIAL
    _compiled(state, schedule, np.frombuffer(padded, np.uint8), 0)
    assert state[:8].astype(">u4").tobytes() == hashlib.sha256(data).digest()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 11, 16, 17])
def test_merkle_roots_are_the_plain_ones(count: int) -> None:
    leaves = [hashlib.sha256(bytes([n])).digest() for n in range(count)]
    level = np.zeros((count + 1, 32), np.uint8)
    level[:count] = np.frombuffer(b"".join(leaves), np.uint8).reshape(count, 32)
    hashing.merkle_root(SCRATCH, level, count, np.zeros(64, np.uint8))
    assert level[0].tobytes() == merkle(leaves)[0]
