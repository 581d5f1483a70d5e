"""Targets, bits, work and retargets, against Bitcoin Core's own test values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.work import (
    bits_of_target,
    may_be_easiest,
    meets_own_target,
    retargeted_bits,
    target_of_bits,
    work_of_bits,
)
from kancil.bitcoin.network import MAINNET, REGTEST, TESTNET3


@pytest.mark.parametrize(
    ("first_time", "last_time", "bits", "expected"),
    [
        # Source: Bitcoin Core src/test/pow_tests.cpp: get_next_work, get_next_work_pow_limit,
        # get_next_work_lower_limit_actual, get_next_work_upper_limit_actual.
        (1261130161, 1262152739, 0x1D00FFFF, 0x1D00D86A),
        (1231006505, 1233061996, 0x1D00FFFF, 0x1D00FFFF),
        (1279008237, 1279297671, 0x1C05A3F4, 0x1C0168FD),
        (1263163443, 1269211443, 0x1C387F6F, 0x1D00E1FD),
    ],
)
def test_retarget_gives_the_bits_of_core_tests(
    first_time: int, last_time: int, bits: int, expected: int
) -> None:
    assert retargeted_bits(bits, first_time, last_time, MAINNET) == expected


@pytest.mark.parametrize(
    ("bits", "target", "written_back"),
    [
        # Source: Bitcoin Core src/test/arith_uint256_tests.cpp, bignum_SetCompact.
        (0x00000000, None, 0),
        (0x00123456, None, 0),
        (0x01003456, None, 0),
        (0x02000056, None, 0),
        (0x03000000, None, 0),
        (0x04000000, None, 0),
        (0x00923456, None, 0),
        (0x01803456, None, 0),
        (0x01123456, 0x12, 0x01120000),
        (0x02123456, 0x1234, 0x02123400),
        (0x03123456, 0x123456, 0x03123456),
        (0x04123456, 0x12345600, 0x04123456),
        (0x04923456, None, 0),
        (0x05009234, 0x92340000, 0x05009234),
        (0x20123456, 0x123456 << 232, 0x20123456),
        (0xFF123456, None, 0),
    ],
)
def test_compact_bits_read_as_in_core_tests(
    bits: int, target: int | None, written_back: int
) -> None:
    assert target_of_bits(bits) == target
    if target is not None:
        assert bits_of_target(target) == written_back
    assert (work_of_bits(bits) == 0) is (target is None)


@given(st.integers(1, (1 << 255) - 1))
def test_written_bits_read_back_to_the_target_without_its_tail(target: int) -> None:
    read = target_of_bits(bits_of_target(target))
    assert read is not None or target < 1
    assert read is not None
    assert read <= target
    assert target - read < max(1, target >> 15)


def test_work_of_the_first_difficulty_is_known() -> None:
    # Source: the genesis block's chainwork in Bitcoin Core, 0x100010001.
    assert work_of_bits(0x1D00FFFF) == 0x100010001


def test_own_target_is_also_held_against_the_limit_of_the_network() -> None:
    assert meets_own_target(MAINNET.genesis_hash, MAINNET.genesis_bits, MAINNET)
    assert not meets_own_target(MAINNET.genesis_hash, 0x1B00FFFF, MAINNET)
    # Regtest's easy target is no target on mainnet.
    assert meets_own_target(REGTEST.genesis_hash, REGTEST.genesis_bits, REGTEST)
    assert not meets_own_target(MAINNET.genesis_hash, REGTEST.genesis_bits, MAINNET)
    assert not meets_own_target(MAINNET.genesis_hash, 0, MAINNET)


def test_twenty_minutes_must_have_passed_and_only_on_testnet() -> None:
    assert not may_be_easiest(1200, 0, TESTNET3)
    assert may_be_easiest(1201, 0, TESTNET3)
    assert not may_be_easiest(10_000, 0, MAINNET)


def test_regtest_never_retargets() -> None:
    assert retargeted_bits(0x207FFFFF, 0, 1, REGTEST) == 0x207FFFFF
