"""Hashes in the lanes of vectors, of every width on any processor, beside hashlib."""

from __future__ import annotations

import functools
import hashlib
import random
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.compiled import sha256
from kancil.bitcoin.compiled.sha256_lanes import INITIAL, lanes_for, seconds, steps
from tests.bitcoin.slow_parser import sha256d
from tests.bitcoin.test_kernels import hashed

WIDTHS = (4, 8, 16)


@functools.cache
def compiled(width: int) -> tuple[Callable[..., None], Callable[..., None]]:
    """Compile the two calls for a width; the instructions are those of any processor."""
    step, second = steps(width), seconds(width)

    @numba.njit
    def run(columns: Any, places: Any, size: Any) -> None:
        step(columns.ctypes.data, places.ctypes.data, size)

    @numba.njit
    def run_second(columns: Any, rows: Any) -> None:
        second(columns.ctypes.data, rows.ctypes.data)

    return run, run_second


def padded(message: bytes) -> bytes:
    """Pad a message to whole blocks (FIPS 180-4, 5.1.1)."""
    zeros = bytes(-(len(message) + 9) % 64)
    return message + b"\x80" + zeros + (8 * len(message)).to_bytes(8, "big")


def in_lanes(messages: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """SHA-256 and double SHA-256 of messages of as many blocks, one to a lane."""
    width, blocks = len(messages), [np.frombuffer(padded(each), np.uint8) for each in messages]
    run, run_second = compiled(width)
    columns = np.repeat(np.array(INITIAL, np.uint32)[:, None], width, axis=1)
    places = np.array([each.ctypes.data for each in blocks], dtype=np.int64)
    run(columns, places, len(blocks[0]))
    rows = np.empty((width, 8), np.uint32)
    run_second(columns, rows)
    once = [columns[:, lane].astype(">u4").tobytes() for lane in range(width)]
    return once, [row.tobytes() for row in rows]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_examples_of_the_standard_come_out_in_each_lane(width: int) -> None:
    # NIST, "Examples with Intermediate Values" of FIPS 180-4, SHA-256: one block and two; and
    # the message of a million letters of FIPS 180-2, appendix B.3.
    long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    known = {
        b"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        long: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        b"a" * 1_000_000: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    }
    for message, digest in known.items():
        once, _ = in_lanes([message] * width)
        assert [each.hex() for each in once] == [digest] * width


@pytest.mark.parametrize("width", WIDTHS)
def test_each_lane_hashes_its_own_message_for_every_length_around_a_block(width: int) -> None:
    source = random.Random(20261124)
    for blocks in range(1, 6):
        lengths = range(max(0, 64 * (blocks - 1) - 8), 64 * blocks - 8)
        for first in range(0, len(lengths), width):
            messages = [source.randbytes(lengths[(first + i) % len(lengths)]) for i in range(width)]
            once, twice = in_lanes(messages)
            assert once == [hashlib.sha256(each).digest() for each in messages]
            assert twice == [sha256d(each) for each in messages]


@pytest.mark.parametrize("width", WIDTHS)
def test_lanes_of_ones_and_of_zeros_beside_each_other_do_not_mix(width: int) -> None:
    messages = [bytes([255 * (lane % 2)]) * 119 for lane in range(width)]
    assert in_lanes(messages)[1] == [sha256d(each) for each in messages]


SIZES = st.one_of(st.integers(0, 300), st.sampled_from([1000, 4095, 4096, 20_000]))


@given(st.lists(SIZES, min_size=1, max_size=sha256.BATCH), st.integers(0, 2**32))
def test_a_batch_of_short_and_long_messages_hashes_as_hashlib_does(
    sizes: list[int], seed: int
) -> None:
    source = random.Random(seed)
    messages = [source.randbytes(size) for size in sizes]
    assert hashed(messages) == [sha256d(each) for each in messages]


def test_every_count_of_messages_with_one_that_is_long_hashes_as_hashlib_does() -> None:
    source = random.Random(7)
    for count in range(1, sha256.BATCH + 1):
        messages = [source.randbytes(source.randrange(301)) for _ in range(count)]
        messages[source.randrange(count)] = source.randbytes(64 * source.randrange(1, 60))
        assert hashed(messages) == [sha256d(each) for each in messages], count


@pytest.mark.parametrize(
    ("features", "lanes"),
    [
        ("", 0),
        ("+neon,+sha2", 0),
        ("+sse4.2,+ssse3", 0),
        ("+avx2,+sha,+avx512f,+avx512bw,+avx512vl", 16),
        ("+avx2,+sha,+avx512f,+avx512bw,-avx512vl", 0),
        ("+avx2,-sha,-avx512f", 8),
        ("-avx2,-sha,-avx512f", 0),
        ("+avx2,+sha,-avx512f", 0),
    ],
)
def test_lanes_are_used_where_they_are_faster(features: str, lanes: int) -> None:
    assert lanes_for(features) == lanes
