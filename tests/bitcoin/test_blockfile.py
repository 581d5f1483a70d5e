"""Bytes of source files: opened safely, unXORed, unhexed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.blocks import file as blockfile


def as_bytes(data: bytes) -> blockfile.Bytes:
    return np.frombuffer(data, np.uint8)


@given(st.binary(max_size=100), st.binary(min_size=8, max_size=8), st.integers(0, 100))
def test_xor_equals_the_slow_twin_at_any_offset(data: bytes, key: bytes, offset: int) -> None:
    slow = bytes(byte ^ key[(offset + place) % 8] for place, byte in enumerate(data))
    fast = blockfile.without_xor(as_bytes(data), key, offset)
    assert fast.tobytes() == slow
    assert blockfile.without_xor(fast, key, offset).tobytes() == data


def test_a_small_and_a_large_file_are_read_the_same(tmp_path: Path) -> None:
    for size in (0, 5, blockfile.SMALL_BYTES, blockfile.SMALL_BYTES + 1):
        path = tmp_path / str(size)
        path.write_bytes(os.urandom(size))
        assert blockfile.open_bytes(path).tobytes() == path.read_bytes()


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(blockfile.NotAFile):
        blockfile.open_bytes(tmp_path / "pipe")


def test_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/null")):
        with pytest.raises(OSError, match=str(path)):
            blockfile.open_bytes(path)


@given(st.binary(min_size=1, max_size=60), st.sampled_from(["\n", "\r\n", " ", "\t"]))
def test_hex_with_any_white_space_gives_its_bytes(data: bytes, space: str) -> None:
    text = space.join([data.hex()[i : i + 10] for i in range(0, len(data) * 2, 10)]) + space
    raw = as_bytes(b"\xef\xbb\xbf" + text.upper().encode())
    assert blockfile.looks_like_hex(raw)
    assert blockfile.hex_pieces(raw)[0] == data


def test_hex_lines_are_pieces_of_their_own() -> None:
    assert blockfile.hex_pieces(as_bytes(b"00\n\n1122\nabc")) == [b"", b"\x00", b"\x11\x22", b""]
    assert blockfile.hex_pieces(as_bytes(b"00\n1122\n")) == [b"\x00\x11\x22", b"\x00", b"\x11\x22"]


def test_other_bytes_are_not_taken_for_hex() -> None:
    assert not blockfile.looks_like_hex(as_bytes(b"   \n"))
    assert not blockfile.looks_like_hex(as_bytes(b"00" * 100 + b"x"))


def test_a_key_file_has_exactly_eight_bytes(tmp_path: Path) -> None:
    path = tmp_path / "xor.dat"
    for data, key in ((b"12345678", b"12345678"), (b"1234567", None), (b"", None)):
        path.write_bytes(data)
        assert blockfile.read_key(path) == key
