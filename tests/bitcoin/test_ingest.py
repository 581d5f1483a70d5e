"""Ingest: kept all or not at all, whatever the sources hold and whoever is killed."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kancil.bitcoin.chain import ingest as ingest_room
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import ChainOtherNetwork, NothingToIngest
from kancil.bitcoin.chain.ingest import default_limits, ingest, read_sources
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.errors import ChainBusy, SourceNotFound
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.ground import child
from kancil.ground.confine import Grants, Limits, missing
from kancil.ground.errors import DiskFull, ParserLimitReached, ParserStopped
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from tests.bitcoin import regtest
from tests.bitcoin.chains import ingest_here
from tests.bitcoin.regtest import block_file, grow

DATA = Path(__file__).parents[1] / "data" / "bitcoin" / "blocks"
BRANCH = grow(regtest.GENESIS_HASH, 1, 6)


@pytest.fixture
def chain_dir(tmp_path: Path) -> Path:
    return tmp_path / "chains" / "test"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "blk00000.dat").write_bytes(block_file(BRANCH[:3]))
    return folder


def held_hashes(chain_dir: Path) -> list[str]:
    chain = Chain.open(chain_dir)
    return [row.tobytes()[::-1].hex() for row in chain.columns.block_hash]


@contextmanager
def unchanged(chain_dir: Path) -> Iterator[None]:
    """Check that nothing of a chain's folder changes."""
    before = {path.name: path.read_bytes() for path in chain_dir.iterdir()}
    yield
    assert {path.name: path.read_bytes() for path in chain_dir.iterdir()} == before


class Watcher:
    """Progress that remembers."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def start(self, total: int | None, unit: str, label: str) -> None:
        self.told.append(("start", total, unit, label))

    def advance(self, amount: int) -> None:
        self.told.append(("advance", amount))

    def finish(self) -> None:
        self.told.append(("finish",))


def test_an_ingest_reports_what_it_took(chain_dir: Path, sources: Path) -> None:
    (sources / "note.txt").write_bytes(b"hello")
    watcher = Watcher()
    report = ingest(chain_dir, [sources], network=REGTEST, progress=watcher)
    assert (
        report.added | {"blocks": 3, "transactions": 3, "inputs": 3, "outputs": 3} == report.added
    )
    assert report.held == {"blocks": 3, "transactions": 3, "inputs": 3, "outputs": 3}
    assert report.skipped_by_code == {"source-not-bitcoin": 1}
    assert held_hashes(chain_dir) == [block.shown for block in BRANCH[:3]]
    size = sum(path.stat().st_size for path in sources.iterdir())
    assert watcher.told[0] == ("start", size, "bytes", "progress.bitcoin-read")
    assert sum(int(str(one[1])) for one in watcher.told if one[0] == "advance") == size
    told = json.loads(json.dumps(plain(report)))
    assert (told["id"], told["size_bytes"], told["is_real_money"]) == (report.id, str(size), False)
    kept = Chain.open(chain_dir).record.ingests
    assert [(one["id"], one["skipped_by_code"]) for one in kept] == [
        (report.id, {"source-not-bitcoin": 1})
    ]


def test_blocks_that_are_held_already_are_counted_and_dropped(
    chain_dir: Path, sources: Path
) -> None:
    ingest_here(chain_dir, [sources])
    (sources / "blk00001.dat").write_bytes(block_file([*BRANCH[:2], *BRANCH[3:], BRANCH[5]]))
    report = ingest_here(chain_dir, [sources])
    assert (report.added["blocks"], report.added["duplicate_blocks"]) == (3, 6)
    assert held_hashes(chain_dir) == [block.shown for block in BRANCH]


def test_an_ingest_of_the_same_again_changes_nothing_held(chain_dir: Path, sources: Path) -> None:
    ingest_here(chain_dir, [sources])
    report = ingest_here(chain_dir, [sources])
    assert (report.added["blocks"], report.added["duplicate_blocks"]) == (0, 3)
    assert (report.held["blocks"], len(Chain.open(chain_dir).sources)) == (3, 1)


def test_only_one_array_file_is_kept(chain_dir: Path, sources: Path) -> None:
    for number in range(3):
        (sources / "blk00000.dat").write_bytes(block_file(BRANCH[: number + 2]))
        ingest_here(chain_dir, [sources])
    names = sorted(path.name for path in chain_dir.iterdir())
    assert len(names) == 3
    assert names[:1] == [".lock"]
    assert names[-1] == "chain.json"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a": b""},
        {"a": os.urandom(5000), "b": b"\xff" * 100},
        {"blk00000.dat": b"\xfa\xbf\xb5\xda\xff\xff\xff\xff" + bytes(100)},
        {"blk00000.dat": block_file(BRANCH[:1], MAINNET.magic)},
        {"a": BRANCH[0].header + b"\xff" + b"\xff" * 8 + bytes(200)},
        {"a": BRANCH[0].header + b"\x00"},
    ],
    ids=["none", "empty", "random", "length-lies", "network", "huge-count", "no-transactions"],
)
def test_sources_without_anything_are_refused_and_the_chain_stays(
    chain_dir: Path, sources: Path, tmp_path: Path, files: dict[str, bytes]
) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    with pytest.raises(NothingToIngest) as refused:
        ingest_here(chain_dir, [folder])
    assert refused.value.params["files"] == len(files)
    assert not chain_dir.exists()
    ingest_here(chain_dir, [sources])
    with unchanged(chain_dir), pytest.raises(NothingToIngest):
        ingest_here(chain_dir, [folder])


def test_a_missing_source_another_network_and_a_busy_chain_are_refused(
    chain_dir: Path, sources: Path, tmp_path: Path
) -> None:
    ingest_here(chain_dir, [sources])
    with unchanged(chain_dir):
        with pytest.raises(SourceNotFound):
            ingest(chain_dir, [tmp_path / "nothing"], network=REGTEST)
        with pytest.raises(ChainOtherNetwork):
            ingest_here(chain_dir, [sources], network=MAINNET)
        with chain_store.held(chain_dir), pytest.raises(ChainBusy):
            ingest_here(chain_dir, [sources])


def worked_seconds() -> float:
    """The seconds that cores worked for this process and its children that have ended."""
    return sum(os.times()[:4])


@pytest.mark.thorough
def test_ten_thousand_junk_files_are_ten_thousand_skips(chain_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "junk"
    folder.mkdir()
    bytes_of = random.Random(7).randbytes
    for number in range(10_000):
        (folder / f"{number:05}").write_bytes(bytes_of(50 + number % 900))
    (folder / "real").write_bytes(block_file(BRANCH))
    started = worked_seconds()
    report = ingest(chain_dir, [folder], network=REGTEST)
    # Half of all junk has "work" on a network this easy: some is told as a block that is broken.
    assert len(report.skipped) == 10_000
    assert report.skipped_by_code["source-not-bitcoin"] > 9_900
    assert report.added["blocks"] == 6
    assert worked_seconds() - started < 60
    limits = Limits(default_limits().memory_bytes, cpu_seconds=1)
    with unchanged(chain_dir), pytest.raises(ParserLimitReached) as refused:
        ingest(chain_dir, [folder] * 20, network=REGTEST, limits=limits)
    assert refused.value.params == {
        "limit": Phrase("thing.time"),
        "amount": Phrase("thing.seconds", {"n": 1}),
    }


def test_too_little_memory_is_told_and_the_chain_stays(chain_dir: Path, sources: Path) -> None:
    with pytest.raises(ParserLimitReached) as refused:
        ingest(chain_dir, [sources], network=REGTEST, limits=Limits(1 << 20, 100))
    assert refused.value.params == {
        "limit": Phrase("thing.memory"),
        "amount": Phrase("thing.megabytes", {"n": 1}),
    }
    assert not chain_dir.exists()


# --- killed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_child_that_is_killed_is_told_and_the_chain_stays(
    chain_dir: Path, sources: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    ingest_here(chain_dir, [sources])
    (sources / "blk00001.dat").write_bytes(block_file(BRANCH))
    code = f"import os; os.kill(os.getpid(), {int(number)})"
    monkeypatch.setattr(child, "_PYTHON", ("-c", code))
    with unchanged(chain_dir), pytest.raises(ParserStopped) as refused:
        ingest(chain_dir, [sources], network=REGTEST)
    assert refused.value.params == {"how": number.name}


def test_a_child_that_fails_by_a_fault_of_its_own_is_told(
    chain_dir: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_PYTHON", ("-c", "raise RuntimeError('a fault')"))
    with pytest.raises(ParserStopped) as refused:
        ingest(chain_dir, [sources], network=REGTEST)
    assert refused.value.params == {"how": "RuntimeError: a fault"}
    monkeypatch.setattr(child, "_PYTHON", ("-c", "print('nonsense')"))
    with pytest.raises(ParserStopped):
        ingest(chain_dir, [sources], network=REGTEST)


PARENT = """
import sys
from pathlib import Path
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.network import REGTEST
print("ready", flush=True)
ingest(Path(sys.argv[1]), [Path(sys.argv[2])], network=REGTEST)
print("done", flush=True)
"""


def wait_until_free(chain_dir: Path) -> None:
    """Wait for an orphaned child to end, as the system ends it with its parent."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        handle = os.open(chain_dir / ".lock", os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return
        finally:
            os.close(handle)
    raise AssertionError("the chain stayed locked")


@pytest.mark.thorough
def test_killed_at_any_moment_the_old_chain_or_the_new_one_is_there(
    chain_dir: Path, sources: Path
) -> None:
    ingest(chain_dir, [sources], network=REGTEST)
    old, new = [b.shown for b in BRANCH[:3]], [b.shown for b in BRANCH]
    (sources / "blk00001.dat").write_bytes(block_file(BRANCH))
    seen = set()
    for delay in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.2):
        with subprocess.Popen(
            [sys.executable, "-c", PARENT, str(chain_dir), str(sources)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(ingest_room.__file__).parents[3])},
        ) as parent:
            assert parent.stdout is not None
            assert parent.stdout.readline() == b"ready\n"
            time.sleep(delay)
            parent.kill()
        wait_until_free(chain_dir)
        found = held_hashes(chain_dir)
        assert found in (old, new)
        seen.add(len(found))
    assert 3 in seen
    report = ingest(chain_dir, [sources], network=REGTEST)
    assert report.held["blocks"] == 6
    assert len(list(chain_dir.iterdir())) == 3


STEPS = ("write_arrays", "rename", "write_record", "sweep")


@pytest.mark.parametrize("step", STEPS)
def test_stopped_before_each_step_the_chain_is_whole(
    chain_dir: Path, sources: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    ingest_here(chain_dir, [sources])
    (sources / "blk00001.dat").write_bytes(block_file(BRANCH))

    class Stopped(BaseException):
        pass

    def stop(*_arguments: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        if step == "rename":
            patch.setattr(Path, "rename", stop)
        elif step == "sweep":
            real, calls = chain_store.sweep, []

            def sweep(folder: Path) -> None:
                calls.append(folder)
                stop() if len(calls) == 2 else real(folder)

            patch.setattr(chain_store, "sweep", sweep)
        else:
            patch.setattr(chain_store, step, stop)
        with pytest.raises(Stopped):
            ingest_here(chain_dir, [sources])
    assert len(held_hashes(chain_dir)) == (6 if step == "sweep" else 3)
    ingest_here(chain_dir, [sources])
    assert len(held_hashes(chain_dir)) == 6
    assert len(list(chain_dir.iterdir())) == 3


@pytest.mark.parametrize("at", range(4))
def test_a_full_disk_is_told_and_the_chain_stays(
    chain_dir: Path, sources: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    ingest_here(chain_dir, [sources])
    (sources / "blk00001.dat").write_bytes(block_file(BRANCH))
    real, count = os.fsync, 0

    def fsync(handle: int) -> None:
        nonlocal count
        count += 1
        if count == at + 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(DiskFull):
        ingest_here(chain_dir, [sources])
    monkeypatch.undo()
    # The last sync comes after the one step that counts: then the new chain is there.
    assert len(held_hashes(chain_dir)) == (3 if at < 3 else 6)


# --- what the child may not do --------------------------------------------------------------------


@pytest.mark.skipif("landlock" in missing(), reason="this kernel has no Landlock")
def test_the_child_sees_its_sources_and_its_chain_and_no_key(
    chain_dir: Path, sources: Path, tmp_path: Path
) -> None:
    hidden = tmp_path / "keys"
    hidden.mkdir()
    (hidden / "blk00001.dat").write_bytes(block_file(BRANCH))
    request = {
        "chain_dir": str(chain_dir), "temporary": str(chain_dir / "arrays"), "network": "regtest",
        "network_named": True,
        "sources": [[str(sources), "", "", ""]], "spent": [], "fresh": False,
    }  # fmt: skip
    chain_dir.mkdir(parents=True)
    grants = Grants(reads=[str(sources)], writes=[str(chain_dir)])
    limits = default_limits()
    assert read_sources.within(limits, grants)(request)["added"]["blocks"] == 3
    request["sources"] = [[str(sources), "", "", ""], [str(hidden / "blk00001.dat"), "", "", ""]]
    request["temporary"] = str(chain_dir / "more")
    found = read_sources.within(limits, grants)({**request, "fresh": True})
    assert found["added"]["blocks"] == 3
    assert [skip[0] for skip in found["skipped"]] == ["source-unreadable"]


def test_a_key_beside_a_block_file_that_was_named_alone_is_seen(
    chain_dir: Path, tmp_path: Path
) -> None:
    key, plain = bytes(range(1, 9)), block_file(BRANCH[:3])
    masked = bytes(byte ^ key[at % 8] for at, byte in enumerate(plain))
    (tmp_path / "xor.dat").write_bytes(key)
    (tmp_path / "blk00000.dat").write_bytes(masked)
    report = ingest(chain_dir, [tmp_path / "blk00000.dat"], network=REGTEST)
    assert report.added["blocks"] == 3
