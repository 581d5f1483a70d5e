"""The constants of each network hold together and with the blocks they name."""

from __future__ import annotations

import hashlib
import struct

import pytest

from kancil.bitcoin.blocks.work import bits_of_target, meets_own_target
from kancil.bitcoin.errors import NetworkUnknown
from kancil.bitcoin.network import (
    GENESIS_VERSION,
    MAINNET,
    NETWORKS,
    REGTEST,
    SIGNET,
    Network,
    network_named,
    network_of_magic,
)
from kancil.ground.units import MAX_MONEY_SAT, SAT_PER_BTC

# BIP 325 default challenge, Bitcoin Core chainparams.cpp.
SIGNET_CHALLENGE = bytes.fromhex(
    "512103ad5e0edad18cb1f0fc0d28a3d4f1f3e445640337489abb10404f2d1e086be430"
    "210359ef5021964fe22d6f8e05b2463c9540ce96883fe3b278760f048f5189f2e6c452ae"
)


def pinned(network: Network) -> dict[int, bytes]:
    return {each.height: each.block_hash for each in network.checkpoints}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda n: n.name)
def test_genesis_header_made_from_the_constants_has_the_genesis_hash(network: Network) -> None:
    header = struct.pack(
        "<i32s32sIII",
        GENESIS_VERSION,
        bytes(32),
        network.genesis_merkle_root,
        network.genesis_time,
        network.genesis_bits,
        network.genesis_nonce,
    )
    assert hashlib.sha256(hashlib.sha256(header).digest()).digest() == network.genesis_hash
    assert pinned(network)[0] == network.genesis_hash
    assert meets_own_target(network.genesis_hash, network.genesis_bits, network)


@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda n: n.name)
def test_easiest_target_and_its_compact_form_agree(network: Network) -> None:
    assert bits_of_target(network.pow_limit) == network.pow_limit_bits


def test_signet_magic_is_the_hash_of_its_challenge() -> None:
    script = bytes([len(SIGNET_CHALLENGE)]) + SIGNET_CHALLENGE
    assert hashlib.sha256(hashlib.sha256(script).digest()).digest()[:4] == SIGNET.magic


@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda n: n.name)
def test_checkpoints_rise_and_each_has_a_source_and_real_work(network: Network) -> None:
    heights = [point.height for point in network.checkpoints]
    assert heights == sorted(set(heights))
    assert len(network.pinned) == len(heights)
    for point in network.checkpoints:
        assert point.source
        assert int.from_bytes(point.block_hash, "little") <= network.pow_limit


def test_subsidy_halves_and_all_of_it_stays_below_21_million() -> None:
    assert MAINNET.subsidy_sat(0) == 50 * SAT_PER_BTC
    assert MAINNET.subsidy_sat(209_999) == 50 * SAT_PER_BTC
    assert MAINNET.subsidy_sat(210_000) == 25 * SAT_PER_BTC
    assert MAINNET.subsidy_sat(840_000) == 312_500_000
    assert MAINNET.subsidy_sat(64 * 210_000) == 0
    assert REGTEST.subsidy_sat(150) == 25 * SAT_PER_BTC
    # Source: Bitcoin Core validation_tests.cpp, subsidy_limit_test (it sums steps of 1,000).
    total_sat = sum(MAINNET.subsidy_sat(h) * 1000 for h in range(0, 14_000_000, 1000))
    assert total_sat == 2_099_999_997_690_000
    assert total_sat < MAX_MONEY_SAT


def test_historic_duplicate_coinbases_name_pinned_blocks() -> None:
    assert {(d.first_height, d.second_height) for d in MAINNET.duplicate_coinbases} == {
        (91722, 91880),
        (91812, 91842),
    }
    for pair in MAINNET.duplicate_coinbases:
        assert pinned(MAINNET)[pair.first_height] == pair.first_hash
        assert pinned(MAINNET)[pair.second_height] == pair.second_hash


def test_only_mainnet_is_real_money() -> None:
    assert [n.name for n in NETWORKS.values() if n.is_real_money] == ["mainnet"]


def test_networks_are_found_by_name_and_magic() -> None:
    assert network_named("signet") is SIGNET
    assert network_of_magic(bytes.fromhex("f9beb4d9")) is MAINNET
    assert network_of_magic(b"none") is None
    with pytest.raises(NetworkUnknown) as caught:
        network_named("main")
    assert caught.value.params == {
        "name": "main",
        "known": "mainnet, testnet3, testnet4, signet, regtest",
    }
