"""A block without a block file's magic: which network it cannot be of, and how one is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.bitcoin.blocks.work import bits_of_target
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NetworkNotNamed, NothingToIngest
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.holdings.network_signs import LEAST_DIFFICULTY, least_difficulty, other_network
from kancil.bitcoin.network import MAINNET, NETWORKS, REGTEST, SIGNET, TESTNET3, TESTNET4, Network
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase
from tests.bitcoin import regtest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "bitcoin"
SAMPLE = ROOT / "sample" / "blocks"
TESTNET3_928816 = bytes.fromhex(
    "0000002020d3d8ec06aa5e5728b3d52177ffac09c7528ff709df593d0900000000000000669d8fb7"
    "947f7cdf1d05bd98001ceb06535ea2d2578324cb1422657428889045e6cfdf57f002021a665dc5f5"
)
"""Header of that block: bcoin-org/bcoin @ 0c18028c, test/data/ (MIT)."""


def header(time: int, bits: int) -> bytes:
    """A header of that time and target; nobody worked for it."""
    return (
        (4).to_bytes(4, "little") + bytes([7]) * 64
        + time.to_bytes(4, "little") + bits.to_bytes(4, "little") + bytes(4)
    )  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [*SAMPLE.glob("[0-9]*[0-9].raw"), *(DATA / "blocks").glob("mainnet-*.raw")],
    ids=lambda path: path.name,
)
def test_real_blocks_of_mainnet_pass_as_such(path: Path) -> None:
    if "spent" in path.name:
        return
    raw = path.read_bytes()[:80]
    assert other_network(raw, -1, MAINNET) is None


def test_every_one_of_the_first_600_headers_passes_as_mainnet() -> None:
    raw = (DATA / "vectors" / "first_600_headers.bin").read_bytes()
    for at in range(0, len(raw), 80):
        assert other_network(raw[at : at + 80], -1, MAINNET) is None


@pytest.mark.parametrize("network", [n for n in NETWORKS.values() if n is not TESTNET3])
def test_a_block_of_testnet3_is_refused_elsewhere_and_its_network_named(
    tmp_path: Path, network: Network
) -> None:
    path = tmp_path / "header"
    path.write_bytes(TESTNET3_928816)
    with pytest.raises(NothingToIngest) as caught:
        ingest(tmp_path / "chain", [path], network=network)
    reason = caught.value.params["reason"]
    if network is REGTEST:
        return  # its only target is easier than that of this header: it is told as no bitcoin
    assert isinstance(reason, Phrase)
    assert reason.params == {"network": network.name, "belongs": "testnet3"}
    assert "--network testnet3" in render_phrase(reason)


def test_the_first_block_of_testnet4_is_known_by_its_hash(tmp_path: Path) -> None:
    path = DATA / "blocks" / "testnet4-0.raw"
    for network in (MAINNET, TESTNET3):
        with pytest.raises(NothingToIngest) as caught:
            ingest(tmp_path / "other", [path], network=network)
        reason = caught.value.params["reason"]
        assert isinstance(reason, Phrase)
        assert reason.params["belongs"] == "testnet4"
    report = ingest(tmp_path / "chain", [path], network=TESTNET4)
    status = Chain.open(tmp_path / "chain").status()
    assert (report.held["blocks"], status.network_known_by) == (1, "pinned block")
    assert status.work["difficulty checked along held headers to a pinned checkpoint"] == 1
    assert not status.is_real_money


EASIEST = 0x1D00FFFF


@pytest.mark.parametrize(
    ("time", "bits", "claimed", "network", "likely"),
    [
        (1_725_000_000, EASIEST, 40_000, MAINNET, TESTNET4),
        (1_725_000_000, EASIEST, 2_900_000, MAINNET, TESTNET3),
        (1_474_285_542, EASIEST, 928_816, MAINNET, TESTNET3),
        (1_725_000_000, 0x1E0377AE, 200_000, MAINNET, SIGNET),
        (1_725_000_000, 0x207FFFFF, 5, MAINNET, REGTEST),
        (1_725_000_000, 0x1E0377AE, 200_000, TESTNET4, SIGNET),
        (1_474_285_542, EASIEST, -1, TESTNET4, TESTNET3),
        (1_250_000_000, EASIEST, -1, TESTNET3, MAINNET),
        (1_250_000_000, EASIEST, -1, MAINNET, None),
        (1_725_000_000, EASIEST, 40_000, TESTNET4, None),
        (1_725_000_000, EASIEST, 40_000, TESTNET3, None),
        (1_440_047_432, 0x1814DD04, 370_661, TESTNET3, MAINNET),
        (1_440_047_432, 0x1814DD04, 370_661, REGTEST, MAINNET),
        (1_300_000_000, 0x207FFFFF, 5, REGTEST, None),
    ],
)
def test_date_and_difficulty_tell_a_network_that_it_cannot_be(
    time: int, bits: int, claimed: int, network: Network, likely: Network | None
) -> None:
    assert other_network(header(time, bits), claimed, network) is likely


@pytest.mark.parametrize(("since", "least"), LEAST_DIFFICULTY)
def test_the_least_difficulty_is_a_bound_to_the_second(since: int, least: int) -> None:
    hard = bits_of_target(MAINNET.pow_limit // (least + least // 1000))
    easy = bits_of_target(MAINNET.pow_limit // (least - least // 1000))
    assert least_difficulty(since) == least > least_difficulty(since - 1)
    assert other_network(header(since, hard), -1, MAINNET) is None
    assert other_network(header(since, easy), -1, MAINNET) is not None
    assert other_network(header(since - 1, easy), -1, MAINNET) is None


def test_a_network_that_only_the_officer_states_must_be_named_and_the_record_says_so(
    tmp_path: Path,
) -> None:
    loose = regtest.Tx(((b"\x09" * 32, 0),), ((5, regtest.p2pkh(1)),))
    path = tmp_path / "tx"
    path.write_bytes(loose.raw)
    with pytest.raises(NetworkNotNamed) as caught:
        ingest(tmp_path / "chain", [path], network=MAINNET, is_network_named=False)
    assert "testnet4" in str(caught.value.params["known"])
    assert not (tmp_path / "chain").exists()
    ingest(tmp_path / "chain", [path], network=MAINNET)
    chain = Chain.open(tmp_path / "chain")
    assert chain.status().network_known_by == "officer"
    assert "network (stated by the officer)" in chain.tx(loose.shown).not_checked


@pytest.mark.parametrize(
    ("name", "known_by"), [("370661.raw", "difficulty"), ("blk00000.dat", "block files")]
)
def test_what_is_read_can_tell_that_it_is_mainnet(tmp_path: Path, name: str, known_by: str) -> None:
    path = SAMPLE / name
    ingest(tmp_path / "chain", [path], network=MAINNET, is_network_named=False)
    chain = Chain.open(tmp_path / "chain")
    assert chain.status().network_known_by == known_by
    assert "network (stated by the officer)" not in chain.not_checked


def test_a_chain_that_is_there_keeps_its_network(tmp_path: Path) -> None:
    path = tmp_path / "tx"
    path.write_bytes(regtest.Tx(((b"\x09" * 32, 0),), ((5, regtest.p2pkh(1)),)).raw)
    ingest(tmp_path / "chain", [path], network=TESTNET4)
    again = ingest(tmp_path / "chain", [path], network=TESTNET4, is_network_named=False)
    assert again.network == "testnet4"
