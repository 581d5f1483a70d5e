"""A `blocks` folder as Bitcoin Core's own library wrote it, read as a slice and as a whole chain.

`tests/data/bitcoin/make_core_folder.py` made it: 241 blocks of the chain, 6 that were overtaken,
their undo records, Core's database and its XOR key.
"""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

import numpy as np
import pytest

from kancil.bitcoin.blocks import file as blockfile
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import IngestReport, ingest
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.store.errors import NoChainFound
from kancil.bitcoin.store.plan import plan_for
from kancil.ground.phrase import Param
from kancil.ground.plain import plain
from kancil.ground.words import render

PACKED = Path(__file__).parents[1] / "data" / "bitcoin" / "core_blocks.tar.xz"
TIP = "712e922ef6f7772ba3e2a5f6eb5c1264a6c165c30212c183559c9ad2c3ad258c"
LAST_HEIGHT = 240


@pytest.fixture(scope="module")
def with_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as the library left it."""
    folder = tmp_path_factory.mktemp("core")
    with tarfile.open(PACKED) as packed:
        packed.extractall(folder, filter="data")
    return folder / "blocks"


@pytest.fixture(scope="module")
def in_clear(with_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a Core older than 28 writes it: no key, and the room at the end is zeros."""
    folder = tmp_path_factory.mktemp("older") / "blocks"
    (folder / "index").mkdir(parents=True)
    for path in (with_key / "index").iterdir():
        (folder / "index" / path.name).write_bytes(path.read_bytes())
    key = (with_key / "xor.dat").read_bytes()
    for name in ("blk00000.dat", "rev00000.dat"):
        data = blockfile.open_bytes(with_key / name)
        end = int(np.flatnonzero(data)[-1]) + 1
        plain = blockfile.without_xor(data[:end], key)
        (folder / name).write_bytes(plain.tobytes() + bytes(4096))
    return folder


@pytest.fixture(params=["with_key", "in_clear"])
def blocks(request: pytest.FixtureRequest) -> Path:
    folder = request.getfixturevalue(request.param)
    assert isinstance(folder, Path)
    return folder


def read(chain_dir: Path, *sources: Path, first_height: int | None = None) -> IngestReport:
    return ingest(chain_dir, sources, network=REGTEST, first_height=first_height)


def told(report: IngestReport) -> dict[str, dict[str, Param]]:
    return {skip.code: dict(skip.params) for skip in report.skipped}


def test_a_whole_chain_is_read_from_the_folder_and_undo_files_are_left_aside_and_named(
    blocks: Path, tmp_path: Path
) -> None:
    report = read(tmp_path / "whole", blocks, first_height=0)
    chain = Chain.open(tmp_path / "whole")
    status = plain(chain.status())
    assert (status["blocks"], status["islands"][0]["last"]) == (LAST_HEIGHT + 1, TIP)
    assert told(report) == {"source-undo-not-needed": {"count": 1}, "source-index": {"count": 4}}
    assert [Path(skip.place).name for skip in report.skipped] == ["index", "rev00000.dat"]
    for skip in report.skipped:
        assert str(skip.params["count"]) in render(f"skip.{skip.code}", **skip.params)


def test_a_window_is_read_from_the_folder(blocks: Path, tmp_path: Path) -> None:
    report = read(tmp_path / "window", blocks, first_height=150)
    assert report.held["blocks"] == LAST_HEIGHT - 149
    assert "source-undo-not-needed" in told(report)


def test_a_slice_uses_undo_data_and_the_room_kept_ready_is_no_fault(
    blocks: Path, tmp_path: Path
) -> None:
    report = read(tmp_path / "slice", blocks)
    assert told(report) == {"source-index": {"count": 4}}
    assert report.held["blocks"] == LAST_HEIGHT + 1 + 6
    assert report.added["undo_records"] == LAST_HEIGHT + 6
    status = plain(Chain.open(tmp_path / "slice").status())
    assert (len(status["stale"]), status["islands"][0]["last"]) == (6, TIP)


def test_a_compressed_folder_gives_a_slice_and_no_whole_chain(
    with_key: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "blocks"
    folder.mkdir()
    for name in ("blk00000.dat", "rev00000.dat"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((with_key / name).read_bytes(), 1))
    (folder / "xor.dat").write_bytes((with_key / "xor.dat").read_bytes())
    report = read(tmp_path / "slice", folder)
    assert (told(report), report.held["blocks"]) == ({}, LAST_HEIGHT + 1 + 6)
    assert report.added["undo_records"] == LAST_HEIGHT + 6
    with pytest.raises(NoChainFound):
        read(tmp_path / "none", folder, first_height=0)
    (folder / "blk00000.dat").write_bytes((with_key / "blk00000.dat").read_bytes())
    report = read(tmp_path / "whole", folder, first_height=0)
    assert [(skip.code, Path(skip.place).name) for skip in report.skipped] == [
        ("source-compressed", "blk00000.dat.gz"),
        ("source-compressed", "rev00000.dat.gz"),
    ]


def test_bytes_that_are_no_room_are_still_told(with_key: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "blocks"
    damaged.mkdir()
    data = bytearray((with_key / "blk00000.dat").read_bytes()[:200_000])
    data[150_000] = 1
    (damaged / "blk00000.dat").write_bytes(data)
    (damaged / "xor.dat").write_bytes((with_key / "xor.dat").read_bytes())
    for name, first_height in (("slice", None), ("whole", 0)):
        report = read(tmp_path / name, damaged, first_height=first_height)
        assert set(told(report)) == {"block-file-garbage"}


def test_files_called_otherwise_are_left_aside_in_a_folder_and_read_when_named(
    in_clear: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "blocks"
    folder.mkdir()
    whole = (in_clear / "blk00000.dat").read_bytes()
    first = 8 + int.from_bytes(whole[4:8], "little")
    (folder / "blk00000.dat").write_bytes(whole[:first])
    for name in ("copy.bin", "notes.txt", ".lock"):
        (folder / name).write_bytes(whole)
    report = read(tmp_path / "folder", folder, first_height=0)
    assert told(report) == {"source-others": {"count": 3}}
    assert report.held["blocks"] == 1
    report = read(tmp_path / "folder", folder, folder / "copy.bin")
    assert report.held["blocks"] == LAST_HEIGHT + 1


def test_undo_data_are_left_aside_whatever_the_file_is_called(
    in_clear: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "blocks"
    folder.mkdir()
    for name, source in (("blk00000.dat", "blk"), ("blk00001.dat", "rev"), ("rev1.dat", "blk")):
        (folder / name).write_bytes((in_clear / f"{source}00000.dat").read_bytes())
    report = read(tmp_path / "whole", folder, first_height=0)
    assert [Path(skip.place).name for skip in report.skipped] == ["blk00001.dat"]
    assert report.held["blocks"] == LAST_HEIGHT + 1


def test_a_plan_counts_block_files_alone(with_key: Path, tmp_path: Path) -> None:
    plan = plan_for(tmp_path / "chain", [SourcePath(with_key)])
    assert plan.block_bytes == (with_key / "blk00000.dat").stat().st_size
