"""A raw image is read at any offset, over the seams of its parts."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.images.containers.raw import RAW


@given(
    st.lists(st.binary(max_size=9), min_size=1, max_size=5), st.integers(0, 50), st.integers(0, 50)
)
def test_reading_is_slicing(parts: list[bytes], offset: int, size: int) -> None:
    files = [_named(part) for part in parts]
    image = RAW.open(files)
    whole = b"".join(parts)
    assert image.size_bytes == len(whole)
    assert image.read(offset, size) == whole[offset : offset + size]


def test_a_file_that_became_shorter_is_an_error() -> None:
    file = _named(b"12345")
    image = RAW.open([file, _named(b"6")])
    file.truncate(2)
    with pytest.raises(OSError, match="shorter"):
        image.read(0, 6)


def _named(data: bytes) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = "part"
    return file
