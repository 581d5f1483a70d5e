"""Which network a block belongs to that came without a block file's magic: told by its header.

Headers come from `read`; a network goes back where the one that was stated cannot be. A block
of mainnet is known by its difficulty: at no time since testnets began was it so low that a block of
theirs could be one of mainnet. Between the test networks only pinned blocks and dates tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from kancil.bitcoin.blocks.headers import HeaderTree, HeightSource, WorkVerdict
from kancil.bitcoin.blocks.work import target_of_bits
from kancil.bitcoin.network import MAINNET, NETWORKS, REGTEST, SIGNET, TESTNET3, TESTNET4, Network

from .sources import SourceForm

STATED = "officer"
"""Nothing that was read tells the network: the officer stated it."""

LEAST_DIFFICULTY = (
    (1_296_688_602, 10_000),
    (1_364_774_400, 5_000_000),
    (1_401_580_800, 5_000_000_000),
    (1_514_764_800, 1_000_000_000_000),
    (1_714_777_860, 50_000_000_000_000),
)
"""From this time of a block's header on mainnet was never easier, in units of its easiest target:
February 2011 (22,012 at height 105,000), April 2013 (6,695,826 from 227,808 on), June 2014 (about
10 thousand million), January 2018 (1.9 million million), May 2024 (80 million million), each
halved at least. Source: `nBits` of mainnet's headers; blocks of those years are in the tests."""
_TELLS_TESTNETS = 1_401_580_800
"""From this time on no block of a test network was as hard as mainnet's least."""
_HEADER_TIME, _HEADER_BITS = slice(68, 72), slice(72, 76)
_TESTNET3_HEIGHT = 2_000_000
"""Testnet3 passed this height in 2021, before testnet4 began, which is far below it."""
_SLACK_SECONDS = 7_200
"""A block's time may lie so far before its hour (Bitcoin Core, MAX_FUTURE_BLOCK_TIME)."""


def least_difficulty(time: int) -> int:
    """The least that mainnet's difficulty was since this time, 1 before test networks began."""
    return max((least for since, least in LEAST_DIFFICULTY if time >= since), default=1)


def other_network(header: bytes, claimed_height: int, network: Network) -> Network | None:
    """The network that a block is likely of, if it cannot be of this one; else None.

    `header`: 80 bytes; `claimed_height`: of its coinbase, -1 none.
    """
    digest = hashlib.sha256(hashlib.sha256(header).digest()).digest()
    for known in NETWORKS.values():
        if digest in known.pinned or header[4:36] in known.pinned:
            return None if known is network else known
    time = int.from_bytes(header[_HEADER_TIME], "little")
    bits = int.from_bytes(header[_HEADER_BITS], "little")
    target = target_of_bits(bits)
    if target is None:
        return None
    is_hard = target <= MAINNET.pow_limit // least_difficulty(time)
    if network is MAINNET:
        return None if is_hard else _test_network(time, target, claimed_height)
    is_excluded = (
        target > network.pow_limit
        or (network.never_retargets and bits != network.pow_limit_bits)
        or time < network.genesis_time - _SLACK_SECONDS
    )
    if is_hard and (is_excluded or time >= _TELLS_TESTNETS):
        return MAINNET
    return _test_network(time, target, claimed_height) if is_excluded else None


def _test_network(time: int, target: int, claimed_height: int) -> Network:
    if target > SIGNET.pow_limit:
        return REGTEST
    if target > TESTNET3.pow_limit:
        return SIGNET
    is_new = time >= TESTNET4.genesis_time and claimed_height < _TESTNET3_HEIGHT
    return TESTNET4 if is_new else TESTNET3


def known_by(forms: Iterable[SourceForm], tree: HeaderTree, network: Network) -> str:
    """How the network of a chain is known: `block files`, `pinned block`, `difficulty`, `officer`.

    `forms`: of its sources. The last says that nobody but the officer told it.
    """
    if any(form in (SourceForm.BLOCK_FILE, SourceForm.UNDO_FILE) for form in forms):
        return "block files"
    is_linked = tree.height_source == HeightSource.LINKED
    if (is_linked & (tree.verdict != WorkVerdict.FAILED)).any():
        return "pinned block"
    return "difficulty" if network is MAINNET and len(tree.verdict) else STATED


__all__ = ["LEAST_DIFFICULTY", "STATED", "known_by", "least_difficulty", "other_network"]
