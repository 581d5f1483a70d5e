"""Keccak-256 against published digests, and its sponge against hashlib's SHA3-256."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.keccak import keccak256

SHA3_PAD = 0x06
"""FIPS 202, section 6.1: two bits more than Keccak's own."""


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        (
            b"Transfer(address,address,uint256)",
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        ),
    ],
)
def test_digests_are_those_published(text: bytes, digest: str) -> None:
    """Sources: Ethereum Yellow Paper (KEC of nothing), Keccak's own vectors, EIP-20's event."""
    assert keccak256(text).hex() == digest


@given(st.binary(max_size=500))
def test_with_the_other_padding_it_is_sha3(data: bytes) -> None:
    assert keccak256(data, SHA3_PAD) == hashlib.sha3_256(data).digest()
    assert keccak256(data) != hashlib.sha3_256(data).digest()


@pytest.mark.parametrize("length", [134, 135, 136, 137, 271, 272, 273])
def test_a_block_that_is_just_full_is_padded_right(length: int) -> None:
    data = bytes(range(256)) * 2
    assert keccak256(data[:length], SHA3_PAD) == hashlib.sha3_256(data[:length]).digest()
