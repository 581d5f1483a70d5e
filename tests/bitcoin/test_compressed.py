"""Compressed sources are read as what they hold, within limits, and found again."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kancil.bitcoin.blocks import compressed
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NothingToIngest
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.holdings.read import FileReading, read_file
from kancil.bitcoin.holdings.sources import Found, SourceForm, read_back
from kancil.bitcoin.holdings.store import read_record
from kancil.bitcoin.network import MAINNET, REGTEST, Network
from tests.bitcoin import regtest

DATA = Path(__file__).parents[1] / "data" / "bitcoin"
BLOCK_170 = (DATA / "blocks" / "mainnet-170.raw").read_bytes()
BRANCH = regtest.grow(regtest.GENESIS_HASH, 1, 3)
KEY = bytes(range(1, 9))
Pack = Callable[[bytes], bytes]
both = pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])


def read(path: Path, raw: bytes, network: Network = MAINNET) -> FileReading:
    path.write_bytes(raw)
    return read_file(Found(path, path.name, "", len(raw)), network)


def codes(reading: FileReading) -> list[str]:
    return [skip.code for skip in reading.skipped]


def unpacked(raw: bytes) -> tuple[bytes, str]:
    plain, code = compressed.unpacked(np.frombuffer(raw, np.uint8))
    return plain.tobytes(), code


@both
@pytest.mark.parametrize(
    ("plain", "form"),
    [
        (BLOCK_170, SourceForm.BLOCK),
        (BLOCK_170.hex().encode(), SourceForm.BLOCK),
        (MAINNET.magic + len(BLOCK_170).to_bytes(4, "little") + BLOCK_170, SourceForm.BLOCK_FILE),
        (BLOCK_170[:80], SourceForm.HEADERS),
        (json.dumps({"result": BLOCK_170.hex()}).encode(), SourceForm.BLOCK),
    ],
)
def test_every_form_is_read_compressed_too(
    tmp_path: Path, pack: Pack, plain: bytes, form: SourceForm
) -> None:
    packed = pack(plain)
    reading = read(tmp_path / "any name", packed)
    assert [one.source.form for one in reading.readings] == [form]
    source = reading.readings[0].source
    assert (source.sha256, source.size_bytes) == (hashlib.sha256(packed).hexdigest(), len(packed))
    if form is not SourceForm.HEADERS:
        start = 8 if form is SourceForm.BLOCK_FILE else 0
        assert read_back(source, start, len(BLOCK_170)) == BLOCK_170


@both
def test_several_streams_in_one_file_are_all_read(pack: Pack) -> None:
    raw = np.random.default_rng(1).bytes(200_000)
    assert unpacked(pack(raw) + pack(b"") + pack(BLOCK_170)) == (raw + BLOCK_170, "")


@both
def test_a_compressed_file_cut_anywhere_is_one_skip(tmp_path: Path, pack: Pack) -> None:
    packed = pack(BLOCK_170)
    for length in range(10, len(packed), 7):
        reading = read(tmp_path / "file", packed[:length])
        assert (reading.readings, codes(reading)) == ([], ["source-unpacks-not"])


@both
def test_damage_and_what_follows_are_not_passed_over(pack: Pack) -> None:
    packed = pack(BLOCK_170)
    damaged = packed[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:]
    for raw in (damaged, packed + b"and more that nobody sees"):
        assert unpacked(raw) == (raw, "source-unpacks-not")


@both
def test_no_more_than_the_limit_is_unpacked(
    tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compressed, "MOST_BYTES", 300_000)
    assert unpacked(pack(bytes(300_000))) == (bytes(300_000), "")
    reading = read(tmp_path / "file", pack(bytes(300_001)))
    assert codes(reading) == ["source-unpacks-large"]
    assert reading.skipped[0].params == {"limit": "300.0 kB", "ratio": 200}
    raw = pack(np.random.default_rng(2).bytes(300_000))
    assert unpacked(raw) == (raw, "source-unpacks-large")


def test_a_small_file_that_grows_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "FREE_BYTES", 100_000)
    monkeypatch.setattr(compressed, "MOST_RATIO", 100)
    for raw in (gzip.compress(bytes(1_000_000)), bz2.compress(bytes(1_000_000))):
        assert unpacked(raw)[1] == "source-unpacks-large"


def test_a_block_that_begins_as_a_compressed_file_does_is_still_a_block(tmp_path: Path) -> None:
    for begin in (b"\x1f\x8b\x08\x00", b"BZh9"):
        reading = read(tmp_path / "file", begin + BLOCK_170[4:])
        assert [one.source.form for one in reading.readings] == [SourceForm.BLOCK]
        back = read_back(reading.readings[0].source, 0, len(BLOCK_170))
        assert back == begin + BLOCK_170[4:]


def test_what_is_compressed_twice_or_holds_nothing_is_told(tmp_path: Path) -> None:
    twice = gzip.compress(gzip.compress(BLOCK_170))
    assert codes(read(tmp_path / "file", twice)) == ["source-not-bitcoin"]
    assert codes(read(tmp_path / "file", gzip.compress(b""))) == ["source-empty"]


@both
def test_raw_bytes_come_out_of_a_chain_made_of_compressed_files(tmp_path: Path, pack: Pack) -> None:
    clear = regtest.block_file(BRANCH)
    turned = bytes(byte ^ KEY[place % 8] for place, byte in enumerate(clear))
    suffix = "gz" if pack is gzip.compress else "bz2"
    path = tmp_path / f"blk00000.dat.{suffix}"
    path.write_bytes(pack(turned))
    (tmp_path / "xor.dat").write_bytes(KEY)
    report = ingest(tmp_path / "chain", [path], network=REGTEST)
    assert (report.held["blocks"], report.skipped) == (3, ())
    chain = Chain.open(tmp_path / "chain")
    assert sorted(chain.raw_block(number) for number in range(3)) == sorted(
        block.raw for block in BRANCH
    )
    row = chain.tx_row(BRANCH[1].txs[0].shown)
    assert chain.raw_transaction(row) == BRANCH[1].txs[0].raw
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert [one.sha256 for one in read_record(tmp_path / "chain").sources] == [digest]


def test_a_file_that_was_compressed_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "file"
    source = read(path, gzip.compress(BLOCK_170)).readings[0].source
    assert read_back(source, 0, len(BLOCK_170)) == BLOCK_170
    path.write_bytes(gzip.compress(BLOCK_170[:-1]))
    with pytest.raises(OSError, match="file"):
        read_back(source, 0, len(BLOCK_170))


def test_nothing_is_unpacked_later_but_the_bytes_that_were_ingested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    source = read(path, gzip.compress(BLOCK_170, mtime=1)).readings[0].source
    path.write_bytes(gzip.compress(BLOCK_170, mtime=2))
    monkeypatch.setattr(compressed, "unpacked", None)
    with pytest.raises(OSError, match="file"):
        read_back(source, 0, len(BLOCK_170))


def test_only_what_is_damaged_is_refused_and_the_chain_stays_away(tmp_path: Path) -> None:
    path = tmp_path / "block.gz"
    path.write_bytes(gzip.compress(BLOCK_170)[:-9])
    with pytest.raises(NothingToIngest) as refused:
        ingest(tmp_path / "chain", [path], network=MAINNET)
    assert "skip.source-unpacks-not" in str(refused.value.params["reason"])
    assert not (tmp_path / "chain" / "chain.json").exists()
