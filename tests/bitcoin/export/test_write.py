"""Exports are whole or unfinished, the same bytes again, and checked byte by byte."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import build_clusters
from kancil.bitcoin.export import write as write_room
from kancil.bitcoin.export.check import check_export
from kancil.bitcoin.export.errors import ExportBroken, ExportFolderTaken, ExportNotReadable
from kancil.bitcoin.export.manifest import MANIFEST, UNFINISHED, read_manifest
from kancil.bitcoin.export.rows import Bounds
from kancil.bitcoin.export.write import export_chain
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.network import REGTEST
from kancil.ground.errors import DiskFull, FormatTooNew
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of, ingest_here
from tests.bitcoin.export.worlds import ROOT, Tried, export

EMPTY = LabelIndex([], REGTEST)


def state_of(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Digest, inode and time of change of every file."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_ino,
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def bytes_of(folder: Path) -> dict[str, str]:
    return {name: state[0] for name, state in state_of(folder).items()}


def test_a_second_run_rewrites_nothing(made_world: Tried, tmp_path: Path) -> None:
    first = export(made_world.world, tmp_path / "out")
    before = state_of(tmp_path / "out")
    again = export(made_world.world, tmp_path / "out")
    assert state_of(tmp_path / "out") == before
    assert (again.written, again.kept) == (0, first.written)
    assert again.manifest == first.manifest


def test_the_same_chain_gives_the_same_bytes_in_another_folder(
    made_world: Tried, tmp_path: Path
) -> None:
    export(made_world.world, tmp_path / "other")
    assert bytes_of(tmp_path / "other") == bytes_of(made_world.folder)


def test_a_classrooms_export_says_so_in_each_file_and_is_whole(
    made_world: Tried, tmp_path: Path
) -> None:
    world, folder = made_world.world, tmp_path / "out"
    first = export(world, folder)
    marked = export_chain(world.chain, world.clusters, world.labels, folder, with_clusters=True,
                          width=40, training="TRAINING")  # fmt: skip
    assert (marked.written, marked.kept) == (first.written, 0), "an unmarked file is not kept"
    checked = check_export(folder)
    assert checked.manifest.about["training"] == "TRAINING"
    for file in checked.manifest.files:
        footer = pq.read_metadata(folder / file.path)
        assert footer.metadata == {b"training": b"TRAINING"}
        assert pq.read_table(folder / file.path).equals(
            pq.read_table(made_world.folder / file.path)
        )
    assert "training" not in first.manifest.about


def test_the_manifest_lists_each_file_with_its_rows_and_digest(made_world: Tried) -> None:
    checked = check_export(made_world.folder)
    for file in checked.manifest.files:
        path = made_world.folder / file.path
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
        assert pq.read_metadata(path).num_rows == file.rows
    assert checked.sha256 == hashlib.sha256((made_world.folder / MANIFEST).read_bytes()).hexdigest()
    about = checked.manifest.about
    assert about["network"] == "regtest"
    assert about["methods"]["clusters"]["coinjoins_excluded_by"] == "made for a test 1"
    assert about["sources"]
    assert about["rows"]["outputs"] == sum(
        file.rows for file in checked.manifest.files_of("outputs")
    )
    assert str(made_world.folder.parent) not in (made_world.folder / MANIFEST).read_text()


def test_files_of_another_range_are_taken_away(made_world: Tried, tmp_path: Path) -> None:
    export(made_world.world, tmp_path / "out", Bounds(0, 60))
    done = export(made_world.world, tmp_path / "out", Bounds(40, 100))
    assert done.removed > 0
    check_export(tmp_path / "out")
    export(made_world.world, tmp_path / "fresh", Bounds(40, 100))
    assert bytes_of(tmp_path / "fresh") == bytes_of(tmp_path / "out")


def test_without_clusters_their_table_goes(made_world: Tried, tmp_path: Path) -> None:
    world = made_world.world
    export(world, tmp_path / "out")
    export_chain(world.chain, world.clusters, world.labels, tmp_path / "out", width=40)
    assert not (tmp_path / "out" / "clusters").exists()
    assert not check_export(tmp_path / "out").manifest.has_clusters


def test_more_blocks_leave_the_earlier_files_alone(tmp_path: Path) -> None:
    blocks = _blocks(9)
    folder = tmp_path / "grows"
    chain = chain_of(folder, {"blk00000.dat": regtest.block_file(blocks[:7])})
    out = tmp_path / "out"
    export_chain(chain, build_clusters(chain), EMPTY, out, width=3)
    before = state_of(out)
    more = folder / "blk00001.dat"
    more.write_bytes(regtest.block_file(blocks[7:]))
    ingest_here(chain.path, [more])
    chain = Chain.open(chain.path)
    done = export_chain(chain, build_clusters(chain), EMPTY, out, width=3)
    after = state_of(out)
    same = [name for name in before if after.get(name) == before[name]]
    assert {name for name in same if name.startswith("outputs")} == {
        "outputs/part-00000000-00000002.parquet",
        "outputs/part-00000003-00000005.parquet",
    }
    assert done.kept == 11
    check_export(out)


def _blocks(count: int) -> list[Any]:
    blocks = [regtest.mine(regtest.GENESIS_HASH, [regtest.coinbase(1, 1)])]
    while len(blocks) < count:
        height = len(blocks) + 1
        made = [regtest.coinbase(height, height)]
        blocks.append(regtest.mine(blocks[-1].hash, made, time=1_300_000_000 + 600 * height))
    return blocks


# --- killed, full, taken --------------------------------------------------------------------------


@pytest.mark.parametrize("stop_at", [0, 3, 8, 20])
def test_a_run_that_breaks_leaves_nothing_that_looks_finished(
    made_world: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    """Stopped at a file's end, of an export begun anew and of one that changes a finished one."""
    whole = bytes_of(made_world.folder)
    for begun in (False, True):
        out = tmp_path / f"begun-{begun}"
        if begun:
            export(made_world.world, out, Bounds(0, 60))
        with monkeypatch.context() as patch:
            _stop(patch, stop_at)
            with pytest.raises(DiskFull):
                export(made_world.world, out)
        assert not (out / MANIFEST).exists()
        assert not list(out.rglob(".tmp-*"))
        with pytest.raises(ExportNotReadable) as told:
            check_export(out)
        assert str(told.value.params["why"]).startswith("note.export-unfinished")
        export(made_world.world, out)
        assert bytes_of(out) == whole


def _stop(patch: pytest.MonkeyPatch, files: int) -> None:
    done: list[Path] = []
    close = write_room._New.close

    def full(self: Any, path: Path) -> tuple[int, str]:
        if len(done) == files:
            raise OSError(28, "No space left on device")
        done.append(path)
        return close(self, path)

    patch.setattr(write_room._New, "close", full)


def test_a_broken_run_goes_on_with_the_parts_that_were_done(
    made_world: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _stop(patch, 13)
        with pytest.raises(DiskFull):
            export(made_world.world, tmp_path / "out")
    done = export(made_world.world, tmp_path / "out")
    assert done.kept == 12


def test_a_killed_export_has_no_manifest(tmp_path: Path) -> None:
    """A process of its own, killed after the first table of a part has its name."""
    chain = chain_of(tmp_path, {"blk00000.dat": regtest.block_file(_blocks(8))})
    program = (
        "import sys, time; from pathlib import Path\n"
        "from kancil.bitcoin.chain.chain import Chain\n"
        "from kancil.bitcoin.clusters.clusters import build_clusters\n"
        "from kancil.bitcoin.export import write\n"
        "from kancil.bitcoin.labels.index import LabelIndex\n"
        "from kancil.bitcoin.network import REGTEST\n"
        "close = write._New.close\n"
        "def slow(self, path):\n"
        "    made = close(self, path); print(path, flush=True); time.sleep(60); return made\n"
        "write._New.close = slow\n"
        "chain = Chain.open(Path(sys.argv[1]))\n"
        "write.export_chain(chain, build_clusters(chain), LabelIndex([], REGTEST),"
        " Path(sys.argv[2]), width=3)\n"
    )
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", program, chain.path, out],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    ) as child:
        assert child.stdout is not None
        assert b"part-" in child.stdout.readline()
        with pytest.raises(ExportFolderTaken):
            export_chain(chain, build_clusters(chain), EMPTY, out, width=3)
        child.send_signal(signal.SIGKILL)
    assert list(out.rglob("*.parquet"))
    with pytest.raises(ExportNotReadable):
        check_export(out)
    export_chain(chain, build_clusters(chain), EMPTY, out, width=3)
    check_export(out)
    assert not list(out.rglob(".tmp-*"))
    assert not (out / UNFINISHED).exists()


def test_a_folder_with_other_files_is_refused_and_left_alone(
    made_world: Tried, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ExportFolderTaken):
        export(made_world.world, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_whose_manifest_is_not_ours_is_refused(made_world: Tried, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"name": "another program"}')
    with pytest.raises(ExportFolderTaken):
        export(made_world.world, tmp_path)
    assert (tmp_path / MANIFEST).read_text() == '{"name": "another program"}'


def test_an_export_of_another_network_is_refused(
    made_world: Tried, real_world: Tried, tmp_path: Path
) -> None:
    export(made_world.world, tmp_path / "out", Bounds(0, 3))
    before = state_of(tmp_path / "out")
    with pytest.raises(ExportFolderTaken):
        export(real_world.world, tmp_path / "out")
    assert state_of(tmp_path / "out") == before


# --- what a check finds ---------------------------------------------------------------------------


@pytest.fixture
def small(made_world: Tried, tmp_path: Path) -> Path:
    export(made_world.world, tmp_path / "small", Bounds(100, 110))
    return tmp_path / "small"


def test_a_changed_byte_anywhere_in_a_file_is_found(small: Path) -> None:
    path = next((small / "outputs").iterdir())
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(ExportBroken):
            check_export(small)
    path.write_bytes(whole)
    check_export(small)


def test_a_file_more_or_less_is_found(small: Path) -> None:
    path = next((small / "inputs").iterdir())
    (small / "inputs" / "more.parquet").write_bytes(path.read_bytes())
    with pytest.raises(ExportBroken) as more:
        check_export(small)
    assert str(more.value.params["why"]) == "note.export-not-listed"
    path.unlink()
    with pytest.raises(ExportBroken) as less:
        check_export(small)
    assert str(less.value.params["why"]) == "note.export-file-missing"


def test_the_next_run_mends_a_changed_file(made_world: Tried, small: Path) -> None:
    before = bytes_of(small)
    path = next((small / "outputs").iterdir())
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    done = export(made_world.world, small, Bounds(100, 110))
    assert done.written > 0
    assert bytes_of(small) == before


def test_a_manifest_that_tells_other_rows_is_found(small: Path) -> None:
    path = small / MANIFEST
    value = json.loads(path.read_text())
    value["files"][0]["rows"] += 1
    path.write_text(json.dumps(value))
    with pytest.raises(ExportBroken) as told:
        check_export(small)
    assert str(told.value.params["why"]) == "note.export-rows-wrong"


@pytest.mark.parametrize(
    "change",
    [
        {"format": "another"},
        {"files": [{"path": "../../secret.parquet"}]},
        {"files": 3},
        {"methods": {}},
        {"network": 5},
        {"version": "1"},
    ],
)
def test_a_manifest_of_another_form_is_refused(small: Path, change: dict[str, Any]) -> None:
    path = small / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ExportNotReadable):
        read_manifest(small)


def test_a_path_that_leaves_the_folder_is_refused(small: Path) -> None:
    path = small / MANIFEST
    value = json.loads(path.read_text())
    for name in ("../outputs/x.parquet", "/outputs/x.parquet", "outputs/../x.parquet"):
        value["files"][0]["path"] = name
        path.write_text(json.dumps(value))
        with pytest.raises(ExportNotReadable):
            read_manifest(small)


def test_a_newer_manifest_is_refused_by_its_version(small: Path) -> None:
    path = small / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 2}))
    with pytest.raises(FormatTooNew):
        read_manifest(small)


def test_bytes_that_are_no_manifest_are_refused(small: Path) -> None:
    for data in (b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000):
        (small / MANIFEST).write_bytes(data)
        with pytest.raises(ExportNotReadable):
            read_manifest(small)
    with pytest.raises(ExportNotReadable):
        read_manifest(small / "nowhere")
