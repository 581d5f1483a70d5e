"""Proof of work in exact integers: targets, compact bits, work, and what each block must ask for.

Sources: Bitcoin Core src/arith_uint256.cpp (SetCompact, GetCompact), src/chain.cpp (GetBlockProof),
src/pow.cpp (GetNextWorkRequired, CalculateNextWorkRequired).
"""

from __future__ import annotations

from functools import lru_cache

from kancil.bitcoin.network import (
    RETARGET_INTERVAL,
    TARGET_SPACING_SECONDS,
    TARGET_TIMESPAN_SECONDS,
    Network,
)


@lru_cache(maxsize=4096)
def target_of_bits(bits: int) -> int | None:
    """The 256-bit target of compact bits; None if negative, zero or beyond 256 bits."""
    size = bits >> 24
    word = bits & 0x7FFFFF
    if size <= 3:
        word >>= 8 * (3 - size)
        target = word
    else:
        target = word << (8 * (size - 3))
    is_negative = word != 0 and bits & 0x800000
    overflows = word != 0 and (
        size > 34 or (word > 0xFF and size > 33) or (word > 0xFFFF and size > 32)
    )
    return None if is_negative or overflows or target == 0 else target


def bits_of_target(target: int) -> int:
    """The compact bits of a target; what does not fit three bytes is cut off, as in Core."""
    size = (target.bit_length() + 7) // 8
    word = target << (8 * (3 - size)) if size <= 3 else target >> (8 * (size - 3))
    if word & 0x800000:
        word >>= 8
        size += 1
    return word | size << 24


@lru_cache(maxsize=4096)
def work_of_bits(bits: int) -> int:
    """The expected number of hashes that a block with these bits stands for; 0 if invalid."""
    target = target_of_bits(bits)
    return 0 if target is None else (1 << 256) // (target + 1)


def meets_own_target(block_hash: bytes, bits: int, network: Network) -> bool:
    """Whether a hash (internal order) is at or below its own target, itself within the limit.

    Source: Bitcoin Core pow.cpp, CheckProofOfWork.
    """
    target = target_of_bits(bits)
    if target is None or target > network.pow_limit:
        return False
    return int.from_bytes(block_hash, "little") <= target


def retargeted_bits(previous_bits: int, first_time: int, last_time: int, network: Network) -> int:
    """The bits of the first block of a period of 2,016.

    `previous_bits`: of the last block of the period before, or, where the network
    `retargets_from_first`, of its first; `first_time`, `last_time`: of that
    period's first and last block. Only 2,015 intervals lie between them: the known off-by-one,
    which is part of the rule. The change is limited to a factor of four either way.
    """
    if network.never_retargets:
        return previous_bits
    timespan = last_time - first_time
    timespan = max(timespan, TARGET_TIMESPAN_SECONDS // 4)
    timespan = min(timespan, TARGET_TIMESPAN_SECONDS * 4)
    previous = target_of_bits(previous_bits)
    if previous is None:
        return network.pow_limit_bits
    target = previous * timespan // TARGET_TIMESPAN_SECONDS
    return bits_of_target(min(target, network.pow_limit))


def is_period_start(height: int) -> bool:
    """Whether the difficulty may change at this height."""
    return height % RETARGET_INTERVAL == 0


def may_be_easiest(time: int, previous_time: int, network: Network) -> bool:
    """Whether testnet's 20-minute rule asks this block for the easiest target."""
    return network.allows_min_difficulty and time > previous_time + 2 * TARGET_SPACING_SECONDS
