"""Merkle paths: a real proof of another program, every place in every small tree, and forgeries."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.errors import (
    MerkleProofDepthWrong,
    MerkleProofNotReadable,
    MerkleProofUnsafe,
    MerkleProofWrong,
)
from kancil.bitcoin.blocks.merkle_proof import (
    Depth,
    MerklePath,
    check_path,
    merkle_root,
    parse_proof,
    path_of,
    paths_of,
)
from kancil.bitcoin.blocks.parse import parse_blocks
from tests.bitcoin.merkle_blocks import build_proof
from tests.examples import examples

# Source: rust-bitcoin (CC0), bitcoin/src/merkle_tree/block.rs, merkleblock_serialization: what
# Bitcoin Core's `gettxoutproof '["220ebc64e2…"]'` gave for a transaction of block
# 0000000000013b8ab2cd513b0261a14096412195a72a0c4827d229dcc7e0f7af, which holds nine.
CORE_PROOF = bytes.fromhex(
    "0100000090f0a9f110702f808219ebea1173056042a714bad51b916cb680000000000000"
    "5275289558f51c9966699404ae2294730c3c9f9bda53523ce50e9b95e558da2fdb261b4d"
    "4c86041b1ab1bf930900000005"
    "fac7708a6e81b2a986dea60db2663840ed141130848162eb1bd1dee54f309a1b"
    "2ee1e12587e497ada70d9bd10d31e83f0a924825b96cb8d04e8936d793fb60db"
    "7ad8b910d0c7ba2369bc7f18bb53d80e1869ba2c32274996cebe1ae264bc0e22"
    "89189ff0316cdc10511da71da757e553cada9f3b5b1434f3923673adb57d83ca"
    "ac392c38af156d6fc30b55fad4112df2b95531e68114e9ad10011e72f7b7cfdb"
    "025700"
)
CORE_TXID = bytes.fromhex("220ebc64e21abece964927322cba69180ed853bb187fbc6923bac7d010b9d87a")[::-1]


def sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def txids_of(count: int) -> list[bytes]:
    return [sha256d(number.to_bytes(4, "big")) for number in range(count)]


def slow_root(txids: list[bytes]) -> bytes:
    """Repeat the last node of an odd level, join in pairs: the rule as Core's comment tells it."""
    level = txids
    while len(level) > 1:
        if len(level) % 2:
            level = [*level, level[-1]]
        level = [sha256d(level[i] + level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def header_over(root: bytes) -> bytes:
    return bytes(36) + root + bytes(12)


# --- the real one ---------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [CORE_PROOF, CORE_PROOF.hex().encode() + b"\n"])
def test_core_proof_is_read_raw_and_in_hex(raw: bytes) -> None:
    proof = parse_proof(raw)
    assert proof.transaction_count == 9
    assert (
        proof.block_hash[::-1].hex()
        == "0000000000013b8ab2cd513b0261a14096412195a72a0c4827d229dcc7e0f7af"
    )
    assert proof.root == proof.header_root
    path = proof.path_of(CORE_TXID)
    assert path is not None
    assert len(path.siblings) == 4
    assert check_path(path, proof.header_root) == Depth.OPEN
    assert proof.coinbase_path() is None
    assert proof.path_of(bytes(32)) is None


def test_core_proof_cut_at_every_byte_is_refused() -> None:
    for size in range(len(CORE_PROOF)):
        with pytest.raises(MerkleProofNotReadable):
            parse_proof(CORE_PROOF[:size])


def test_core_proof_with_any_byte_changed_no_longer_proves_the_transaction() -> None:
    root = CORE_PROOF[36:68]
    for at in range(HEADER, len(CORE_PROOF)):
        changed = bytearray(CORE_PROOF)
        changed[at] ^= 0x41
        try:
            proof = parse_proof(bytes(changed))
        except MerkleProofNotReadable:
            continue
        path = proof.path_of(CORE_TXID)
        if path is not None:
            with pytest.raises(MerkleProofWrong):
                check_path(path, root)


HEADER = 80


# --- any tree -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [*range(1, 34), 100, 257])
def test_every_place_of_a_tree_has_its_path_beside_the_coinbase(count: int) -> None:
    txids = txids_of(count)
    root = slow_root(txids)
    assert merkle_root(txids) == root
    coinbase, *others = paths_of(txids, range(count))
    assert check_path(coinbase, root, coinbase=coinbase) == Depth.SHOWN
    for path in others:
        assert check_path(path, root, coinbase=coinbase, base_size_bytes=250) == Depth.SHOWN
        assert check_path(path, root) == Depth.OPEN


def test_a_block_of_one_transaction_needs_no_second_path() -> None:
    only = path_of(txids_of(1), 0)
    assert only.siblings == ()
    assert check_path(only, only.txid) == Depth.SHOWN


@given(st.integers(1, 70), st.data())
@examples(150)
def test_a_built_proof_reads_back_to_the_same_paths(count: int, data: st.DataObject) -> None:
    txids = txids_of(count)
    matched = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    header = header_over(merkle_root(txids))
    proof = parse_proof(build_proof(header, txids, matched))
    assert proof.header == header
    assert proof.root == proof.header_root
    assert list(proof.paths) == paths_of(txids, sorted(matched))
    assert (proof.coinbase_path() is None) is (0 not in matched)


def test_core_would_read_back_what_is_built_for_a_large_block() -> None:
    txids = txids_of(4000)
    raw = build_proof(header_over(merkle_root(txids)), txids, [0, 1234, 3999])
    assert len(raw) < 2000
    assert [path.index for path in parse_proof(raw).paths] == [0, 1234, 3999]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_our_own_error(raw: bytes) -> None:
    for prefix in (b"", CORE_PROOF[:84]):
        try:
            proof = parse_proof(prefix + raw)
        except MerkleProofNotReadable:
            continue
        assert len(proof.header) == HEADER


# --- forgeries ------------------------------------------------------------------------------------


def test_wrong_transaction_sibling_or_place_does_not_lead_to_the_root() -> None:
    txids = txids_of(11)
    root = merkle_root(txids)
    path = path_of(txids, 6)
    siblings = (*path.siblings[:2], bytes(32), *path.siblings[3:])
    for wrong in (
        MerklePath(txids[5], 6, path.siblings),
        MerklePath(txids[6], 7, path.siblings),
        MerklePath(txids[6], 6 + 16, path.siblings),
        MerklePath(txids[6], -1, path.siblings),
        MerklePath(txids[6], 6, siblings),
        MerklePath(txids[6], 6, path.siblings[:-1]),
    ):
        with pytest.raises(MerkleProofWrong):
            check_path(wrong, root)


def test_a_transaction_hung_below_a_crafted_64_byte_one_is_caught_by_its_depth() -> None:
    """CVE-2017-12842: a real leaf whose 64 bytes are read as two hashes, one of them invented."""
    invented = sha256d(b"a payment that never was")
    crafted = bytes(32) + invented
    txids = [*txids_of(3), sha256d(crafted)]
    root = merkle_root(txids)
    honest = path_of(txids, 3)
    forged = MerklePath(invented, 2 * 3 + 1, (bytes(32), *honest.siblings))
    assert forged.root() == root
    assert check_path(forged, root) == Depth.OPEN  # alone, the path shows nothing of its depth
    with pytest.raises(MerkleProofDepthWrong) as caught:
        check_path(forged, root, coinbase=path_of(txids, 0))
    assert (caught.value.params["depth"], caught.value.params["coinbase_depth"]) == (3, 2)


def test_an_inner_node_shown_as_a_transaction_of_64_bytes_is_refused() -> None:
    txids = txids_of(4)
    inner = sha256d(txids[0] + txids[1])
    path = MerklePath(inner, 0, (sha256d(txids[2] + txids[3]),))
    assert path.root() == merkle_root(txids)
    with pytest.raises(MerkleProofUnsafe):
        check_path(path, merkle_root(txids), base_size_bytes=64)


def test_the_doubled_last_transaction_has_no_second_place() -> None:
    """CVE-2012-2459: the list with its last entry twice has the same root."""
    txids = txids_of(3)
    root = merkle_root(txids)
    assert merkle_root([*txids, txids[2]]) == root
    path = path_of(txids, 2)
    assert check_path(path, root) == Depth.OPEN
    phantom = MerklePath(txids[2], 3, path.siblings)
    assert phantom.root() == root
    with pytest.raises(MerkleProofWrong):
        check_path(phantom, root)


def test_a_partial_tree_with_equal_neighbours_is_refused() -> None:
    txids = txids_of(3)
    doubled = [*txids, txids[2]]
    raw = build_proof(header_over(merkle_root(doubled)), doubled, [3])
    with pytest.raises(MerkleProofNotReadable):
        parse_proof(raw)


def test_a_coinbase_path_of_another_block_is_refused() -> None:
    txids = txids_of(8)
    stranger = path_of([sha256d(b"x"), *txids[1:]], 0)
    with pytest.raises(MerkleProofWrong):
        check_path(path_of(txids, 5), merkle_root(txids), coinbase=stranger)
    with pytest.raises(MerkleProofWrong):
        check_path(path_of(txids, 5), merkle_root(txids), coinbase=path_of(txids, 1))


@pytest.mark.parametrize(
    "body",
    [
        "00000000" + "01" + "11" * 32 + "0101",  # no transactions
        "ffffffff" + "01" + "11" * 32 + "0101",  # more than any block holds
        "01000000" + "02" + "11" * 64 + "0101",  # more hashes than transactions
        "01000000" + "01" + "11" * 32 + "00",  # no flags
        "01000000" + "01" + "11" * 32 + "020100",  # a flag byte too many
        "01000000" + "fd0100" + "11" * 32 + "0101",  # a size not minimally written
        "01000000" + "01" + "11" * 32 + "010100",  # a byte left over
        "01000000" + "ffffffffffffffffff",  # a size that lies
        "02000000" + "02" + "11" * 32 + "22" * 32 + "0100",  # hashes not all used
    ],
)
def test_malformed_partial_trees_are_refused(body: str) -> None:
    with pytest.raises(MerkleProofNotReadable):
        parse_proof(bytes(80) + bytes.fromhex(body))
    assert parse_proof(bytes(80) + bytes.fromhex("01000000" + "01" + "11" * 32 + "0101")).paths


def test_a_flood_of_bytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(MerkleProofNotReadable):
        parse_proof(bytes((2 << 20) + 1))


def test_every_transaction_of_a_real_block_has_a_path_to_its_header(shared_data: Path) -> None:
    raw = (shared_data / "bitcoin" / "blocks" / "mainnet" / "383616.raw").read_bytes()
    columns, skipped = parse_blocks(raw, [[0, len(raw)]], with_witness=False)
    assert not skipped
    txids = [txid.tobytes() for txid in columns.tx_id]
    root = raw[36:68]
    coinbase, *others = paths_of(txids, range(len(txids)))
    assert len(others) == 1730
    for path in others:
        assert check_path(path, root, coinbase=coinbase) == Depth.SHOWN
    proof = parse_proof(build_proof(raw[:80], txids, [0, 1000]))
    assert list(proof.paths) == [coinbase, others[999]]
