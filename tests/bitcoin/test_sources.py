"""Which files a source has, and what each is found to be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kancil.bitcoin.blocks import file as blockfile
from kancil.bitcoin.holdings.errors import SourceNotFound
from kancil.bitcoin.holdings.read import FileReading, read_file
from kancil.bitcoin.holdings.sources import Found, SourceForm, SourcePath, list_files, read_back
from kancil.bitcoin.network import MAINNET, NETWORKS, REGTEST
from tests.bitcoin import regtest
from tests.bitcoin.merkle_blocks import build_proof

DATA = Path(__file__).parents[1] / "data" / "bitcoin"
BLOCK_170 = (DATA / "blocks" / "mainnet-170.raw").read_bytes()
TRANSACTIONS = (DATA / "transactions.txt").read_text().split()
BRANCH = regtest.grow(regtest.GENESIS_HASH, 1, 3)


def found(path: Path, key: bytes = b"") -> Found:
    return Found(path, path.name, "", path.stat().st_size, key)


def read(tmp_path: Path, data: bytes, name: str = "file", network: str = "mainnet") -> FileReading:
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(found(path), NETWORKS[network])


def codes(reading: FileReading) -> list[str]:
    return [skip.code for skip in reading.skipped]


def forms(reading: FileReading) -> list[SourceForm]:
    return [one.source.form for one in reading.readings]


# --- which files ----------------------------------------------------------------------------------


def test_a_folder_is_walked_in_order_and_links_and_pipes_are_skips(tmp_path: Path) -> None:
    root = tmp_path / "blocks"
    (root / "b").mkdir(parents=True)
    for name in ("b/2", "a", "c"):
        (root / name).write_bytes(b"x")
    (tmp_path / "outside").write_bytes(b"x")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "in").symlink_to(root / "a")
    (root / "loop").symlink_to(root / "loop")
    (root / "folder").symlink_to(tmp_path)
    os.mkfifo(root / "pipe")
    files, skipped = list_files([SourcePath(root)])
    assert [file.name for file in files] == ["blocks/a", "blocks/c", "blocks/b/2"]
    assert {(Path(skip.place).name, skip.code) for skip in skipped} == {
        ("out", "source-link-outside"),
        ("folder", "source-link-outside"),
        ("in", "source-link-inside"),
        ("loop", "source-link-outside"),
        ("pipe", "source-device"),
    }


def test_a_named_device_is_a_skip_and_a_missing_name_an_error(tmp_path: Path) -> None:
    files, skipped = list_files([SourcePath(Path("/dev/zero"))])
    assert (files, [skip.code for skip in skipped]) == ([], ["source-device"])
    with pytest.raises(SourceNotFound):
        list_files([SourcePath(tmp_path / "nothing")])


def test_an_unreadable_file_is_a_skip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> blockfile.Bytes:
        raise PermissionError

    monkeypatch.setattr(blockfile, "open_bytes", refuse)
    assert codes(read(tmp_path, b"x")) == ["source-unreadable"]


def test_a_key_is_found_in_the_folder_beside_the_file_and_by_stated_names(tmp_path: Path) -> None:
    for name, data in (("xor.dat", b"12345678"), ("blk00000.dat", b"x"), ("vault1", b"x")):
        (tmp_path / name).write_bytes(data)
    files, _ = list_files([SourcePath(tmp_path)])
    assert {file.xor_key for file in files} == {b"12345678"}
    files, _ = list_files([SourcePath(tmp_path / "blk00000.dat")])
    assert files[0].xor_key == b"12345678"
    stated = [
        SourcePath(tmp_path / "vault1", "node/blocks/blk00000.dat", "exhibit"),
        SourcePath(tmp_path / "xor.dat", "node/blocks/xor.dat", "exhibit"),
    ]
    files, _ = list_files(stated)
    assert [(file.name, file.xor_key) for file in files] == [
        ("node/blocks/blk00000.dat", b"12345678")
    ]


def test_a_key_file_of_wrong_length_is_a_skip(tmp_path: Path) -> None:
    (tmp_path / "xor.dat").write_bytes(b"123")
    (tmp_path / "blk00000.dat").write_bytes(b"x")
    files, skipped = list_files([SourcePath(tmp_path)])
    assert (len(files), [skip.code for skip in skipped]) == (1, ["source-key-wrong"])


# --- what a file holds ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["170.raw", "anything.pdf", "0170.hex.raw"])
def test_a_block_is_known_by_its_bytes_raw_or_hex(tmp_path: Path, name: str) -> None:
    for data in (BLOCK_170, BLOCK_170.hex().encode() + b"\n"):
        reading = read(tmp_path, data, name)
        assert (forms(reading), codes(reading)) == ([SourceForm.BLOCK], [])
        assert reading.readings[0].columns.tx_count == 2


def test_a_name_of_digits_states_a_height_and_no_other_name_does(tmp_path: Path) -> None:
    for name, height in (("170.raw", 170), ("block-170.raw", -1), ("blk00170.dat", -1)):
        assert read(tmp_path, BLOCK_170, name).readings[0].source.stated_height == height


def test_a_transaction_is_known_raw_and_hex(tmp_path: Path) -> None:
    for text in TRANSACTIONS:
        for data in (bytes.fromhex(text), text.encode()):
            assert forms(read(tmp_path, data)) == [SourceForm.TRANSACTION]


def test_each_line_of_a_hex_file_is_read_and_a_bad_line_is_told(tmp_path: Path) -> None:
    lines = [TRANSACTIONS[0], "00ff" * 40, TRANSACTIONS[1]]
    reading = read(tmp_path, "\n".join(lines).encode())
    assert forms(reading) == [SourceForm.TRANSACTION] * 2
    assert codes(reading) == ["source-line"]
    assert reading.skipped[0].place.endswith("line 2")
    for one, line in zip(reading.readings, (lines[0], lines[2]), strict=True):
        assert read_back(one.source, 0, len(line) // 2) == bytes.fromhex(line)


def test_a_proof_and_headers_are_known(tmp_path: Path) -> None:
    block = BRANCH[0]
    proof = build_proof(block.header, [tx.txid for tx in block.txs], [0])
    assert forms(read(tmp_path, proof, network="regtest")) == [SourceForm.PROOF]
    assert forms(read(tmp_path, proof.hex().encode(), network="regtest")) == [SourceForm.PROOF]
    headers = b"".join(one.header for one in BRANCH)
    assert forms(read(tmp_path, headers, network="regtest")) == [SourceForm.HEADERS]
    assert read(tmp_path, headers, network="regtest").readings[0].headers == headers


def test_a_transaction_of_64_bytes_is_refused(tmp_path: Path) -> None:
    tx = regtest.Tx(((b"\x01" * 32, 0),), ((1, b"\x51" * 4),), b"")
    assert len(tx.base) == 64
    assert codes(read(tmp_path, tx.raw)) == ["transaction-unsafe"]


def test_a_block_file_is_read_in_the_clear_and_xored(tmp_path: Path) -> None:
    data = regtest.block_file(BRANCH) + bytes(500)
    key = bytes.fromhex("0102030405060708")
    hidden = bytes(byte ^ key[place % 8] for place, byte in enumerate(data))
    for stored, used in ((data, b""), (hidden, key), (data, key)):
        path = tmp_path / "blk00000.dat"
        path.write_bytes(stored)
        reading = read_file(found(path, used), REGTEST)
        assert (forms(reading), codes(reading)) == ([SourceForm.BLOCK_FILE], [])
        rows = reading.readings[0].columns
        assert [bytes(row) for row in rows.block_hash] == [block.hash for block in BRANCH]
        for number, block in enumerate(BRANCH):
            place = int(rows.block_offset[number]), int(rows.block_size[number])
            assert read_back(reading.readings[0].source, *place) == block.raw


def test_a_scrambled_block_file_without_its_key_says_so(tmp_path: Path) -> None:
    hidden = bytes(byte ^ 0x5A for byte in regtest.block_file(BRANCH))
    assert codes(read(tmp_path, hidden, "blk00000.dat", "regtest")) == ["source-no-block"]


def test_a_file_of_another_network_names_it(tmp_path: Path) -> None:
    reading = read(tmp_path, regtest.block_file(BRANCH), "blk00000.dat")
    assert codes(reading) == ["source-other-network"]
    assert reading.skipped[0].params == {"network": "mainnet", "belongs": "regtest"}


def test_blocks_behind_other_bytes_are_found_and_the_bytes_told(tmp_path: Path) -> None:
    reading = read(tmp_path, b"junk" * 10 + regtest.block_file(BRANCH), network="regtest")
    assert forms(reading) == [SourceForm.BLOCK_FILE]
    assert reading.readings[0].columns.block_count == 3
    assert codes(reading) == ["block-file-garbage"]


def test_a_truncated_last_block_is_a_skip_and_the_others_are_read(tmp_path: Path) -> None:
    reading = read(tmp_path, regtest.block_file(BRANCH)[:-5], "blk00000.dat", "regtest")
    assert reading.readings[0].columns.block_count == 2
    assert codes(reading) == ["block-file-truncated"]
    assert reading.skipped[0].place.startswith(str(tmp_path))


def test_a_real_block_cut_anywhere_is_a_skip_never_an_error(tmp_path: Path) -> None:
    for length in range(len(BLOCK_170)):
        reading = read(tmp_path, BLOCK_170[:length])
        if length == 80:
            assert forms(reading) == [SourceForm.HEADERS]
            continue
        assert reading.readings == []
        assert len(reading.skipped) == 1
    assert codes(read(tmp_path, BLOCK_170[:300])) == ["block-truncated"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a", b"", "source-empty"),
        ("a", b"hello", "source-not-bitcoin"),
        ("a", bytes(1000), "source-not-bitcoin"),
        ("a", b"\xff" * 5000, "source-not-bitcoin"),
        ("a", b"ab" * 500, "source-not-bitcoin"),
        ("rev00000.dat", b"junk" * 50, "source-undo-file"),
        ("blk00000.dat", b"junk" * 50, "source-no-block"),
        ("a", (1).to_bytes(8, "little") + b"\x01\x51" + bytes(9), "source-spent-outputs"),
    ],
)
def test_what_is_no_source_is_told_why(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    reading = read(tmp_path, data, name)
    assert (reading.readings, codes(reading)) == ([], [code])


def test_a_pipe_put_in_a_files_place_is_a_skip(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "blk00000.dat")
    assert codes(read_file(found(tmp_path / "blk00000.dat"), MAINNET)) == ["source-device"]


def test_bytes_are_not_read_back_from_a_file_that_became_shorter(tmp_path: Path) -> None:
    reading = read(tmp_path, BLOCK_170)
    (tmp_path / "file").write_bytes(BLOCK_170[:-1])
    with pytest.raises(OSError, match="file"):
        read_back(reading.readings[0].source, 0, len(BLOCK_170))
