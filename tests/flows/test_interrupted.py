"""Killed at any moment, two at once, and a full disk: the next command works and all verifies."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kancil.reports.casework.bundle.checker.verdict import EXIT_NOT_CONFIRMED
from tests.cli.running import Unit, run
from tests.cli.sample_unit import BASIS, BLOCKS, found

SEEDS = (1, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (2, 3, 4)))
LONGEST_SECONDS = 1.3
"""About as long as each of these commands takes, so that a kill may come at any stage."""


def _kill_within(unit: Unit, seed: int, *words: str | Path) -> None:
    """Start a command and kill it at a moment that the seed names.

    Every other time its children live on, as when only the parent is killed.
    """
    with unit.spawn(*words) as child:
        time.sleep(random.Random(seed).uniform(0.15, LONGEST_SECONDS))
        if seed % 2:
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.send_signal(signal.SIGKILL)
        child.communicate(timeout=60)


def _wait_for_orphan(unit: Unit, chain: str) -> None:
    """Wait until the child of a killed ingest, which keeps the chain locked, has ended too."""
    lock = unit.root / "chains" / chain / ".lock"
    for _ in range(600):
        if not lock.exists():
            return
        with lock.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.1)
            else:
                return
    raise AssertionError("the orphan never ended")


@pytest.mark.thorough
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_ingest_leaves_the_chain_as_it_was_or_as_it_would_be(
    sample: Unit, unit: Unit, seed: int
) -> None:
    before = unit.ask("bitcoin", "status", "main")["blocks"]
    held = unit.ask("bitcoin", "status", "main")
    _kill_within(unit, seed, "bitcoin", "ingest", "fresh", "E1")
    _kill_within(unit, seed + 10, "bitcoin", "ingest", "main", BLOCKS / "370661.raw")
    after = unit.ask("bitcoin", "status", "main")
    assert after["blocks"] == before
    assert after["islands"] == held["islands"]
    unit.say("verify", unit.root)
    _wait_for_orphan(unit, "fresh")
    done = unit.ask("bitcoin", "ingest", "fresh", "E1", "--spent", "E2")
    assert done["held"]["blocks"] == before
    assert unit.ask("bitcoin", "block", "fresh", "300025")["fees_sat"] == "7773345"
    left = [path.name for path in (unit.root / "chains").rglob(".tmp-*")]
    assert left == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_intake_is_whole_or_forgotten(unit: Unit, seed: int) -> None:
    source = unit.root.parent / "source"
    source.mkdir()
    maker = random.Random(seed)
    for number in range(60):
        (source / f"{number:03}").write_bytes(maker.randbytes(300_000))
    before = len(unit.ask("exhibit", "list"))
    _kill_within(unit, seed, "exhibit", "add", "C1", source)
    known = len(unit.ask("exhibit", "list"))
    assert known in (before, before + 1)
    assert unit.ask("verify", unit.root)["intact"] is True
    added = unit.ask("exhibit", "add", "C1", source)
    assert len(added["files"]) == 60
    verdict = unit.ask("verify", unit.root)
    assert (verdict["intact"], verdict["orphans"]) == (True, [])
    assert [path.name for path in (unit.root / "incoming").iterdir()] == [".lock"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_bundle_is_whole_or_not_there(unit: Unit, seed: int) -> None:
    out = unit.root.parent / "bundle.zip"
    _kill_within(unit, seed, "bundle", "C1", "-o", out)
    if out.exists():
        assert run("verify", out).status == EXIT_NOT_CONFIRMED
        out.unlink()
    unit.say("verify", unit.root)
    unit.say("bundle", "C1", "-o", out)
    assert run("verify", out).status == EXIT_NOT_CONFIRMED


def test_two_intakes_at_once_are_two_exhibits(unit: Unit) -> None:
    sources = []
    for number in range(3):
        path = unit.root.parent / f"source-{number}"
        path.write_bytes(os.urandom(2_000_000))
        sources.append(path)
    before = len(unit.ask("exhibit", "list"))
    children = [unit.spawn("exhibit", "add", "C1", path, "--json") for path in sources]
    ended = [(child.communicate(timeout=120), child.returncode) for child in children]
    assert [status for _, status in ended] == [0, 0, 0], ended
    rows = unit.ask("exhibit", "list")
    assert len(rows) == before + 3
    assert len({row["label"] for row in rows}) == len(rows)
    verdict = unit.ask("verify", unit.root)
    assert (verdict["intact"], verdict["orphans"]) == (True, [])


def test_two_ingests_into_one_chain_do_not_mix(unit: Unit) -> None:
    words = ("bitcoin", "ingest", "fresh", "--json")
    children = [unit.spawn(*words, BLOCKS / name) for name in ("370661.raw", "300025.raw")]
    statuses = []
    for child in children:
        child.communicate(timeout=120)
        statuses.append(child.returncode)
    # Whoever comes second waits or is told that the chain is busy (10); nothing is half there.
    assert set(statuses) <= {0, 10}
    assert statuses.count(0) >= 1
    assert unit.ask("bitcoin", "status", "fresh")["blocks"] == statuses.count(0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(folder: Path, spare_bytes: int = 0) -> Path:
    filler = folder / "filler"
    state = os.statvfs(folder)
    filler.write_bytes(bytes(max(0, state.f_bavail * state.f_frsize - spare_bytes)))
    return filler


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("spare_bytes", [0, 100_000])
def test_a_bundle_or_backup_onto_a_full_disk_leaves_nothing(
    unit: Unit, small_disk: Path, spare_bytes: int
) -> None:
    _fill(small_disk, spare_bytes)
    before = _names(small_disk)
    for words in (("bundle", "C1", "-o", small_disk / "b.zip"), ("backup", "-o", small_disk / "u")):
        error: Any = unit.refused(*words)
        assert error["code"] == "disk-full", words
        assert _names(small_disk) == before
    unit.say("verify", unit.root)
    unit.say("bundle", "C1", "-o", unit.root.parent / "b.zip")


def test_a_unit_on_a_full_disk_records_nothing_and_goes_on_later(
    small_disk: Path, tmp_path: Path
) -> None:
    unit = found(small_disk / "unit")
    unit.say("case", "new", "First", "--legal-basis", BASIS)
    large = tmp_path / "large"
    large.write_bytes(os.urandom(4_000_000))
    assert unit.refused("exhibit", "add", "C1", large)["code"] == "upload-no-room"
    entries = unit.ask("verify", unit.root)["entries"]
    filler = _fill(small_disk, 300_000)
    words = ("bitcoin", "ingest", "main", BLOCKS / "574200.raw")
    assert unit.refused(*words)["code"] == "disk-full"
    assert unit.refused("bitcoin", "status", "main")["code"] == "chain-not-found"
    filler.unlink()
    filler = _fill(small_disk)
    ran = unit.run("case", "new", "Second", "--legal-basis", BASIS)
    assert ran.status == 15, ran
    filler.unlink()
    assert unit.ask("verify", unit.root)["entries"] in (entries, entries + 1)
    unit.say("case", "new", "Third", "--legal-basis", BASIS)
    verdict = unit.ask("verify", unit.root)
    assert (verdict["intact"], verdict["orphans"]) == (True, [])
