"""The SQLite store: links, the lock, crashes, full disks, damage."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import NO_HASH, Draft
from kancil.custody.merkle import root_of
from kancil.custody.roll import Roll
from kancil.custody.stores import sqlite_file
from kancil.custody.stores.sqlite_file import SqliteLedger
from kancil.custody.verify import verify_entries, verify_ledger
from kancil.ground import clock
from kancil.ground.errors import (
    DiskFull,
    EntryNotFound,
    FileNotReadable,
    FormatTooNew,
    LedgerBusy,
    LedgerFileBroken,
    LedgerOfOtherUnit,
    LedgerOnNetworkShare,
)
from kancil.ground.ids import new_id
from tests.custody.sample import founded, make_sample

SRC = Path(__file__).parents[3] / "src"

# A child that appends until told to stop or killed; it prints each number once it is durable.
CHILD = """
import sys
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from kancil.custody.entry import Draft
from kancil.custody.stores.sqlite_file import SqliteLedger
from kancil.ground.signing import MemorySigner
path, unit, officer, key, count = sys.argv[1:6]
signer = MemorySigner(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)))
ledger = SqliteLedger(Path(path), unit)
draft = Draft("unit.disk-stated", {"encrypted": "yes", "exception": None, "seen": "x"}, officer)
for _ in range(int(count)):
    print(ledger.append(draft, signer).n, flush=True)
"""


def start_child(path: Path, unit: str, anna: ActingOfficer, count: int) -> subprocess.Popen[str]:
    private = anna.signer._private.private_bytes_raw().hex()  # type: ignore[attr-defined]
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), unit, anna.id, private, str(count)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(SRC)},
    )  # fmt: skip


def disk_draft(anna: ActingOfficer, seen: str = "x") -> Draft:
    return Draft("unit.disk-stated", {"encrypted": "yes", "exception": None, "seen": seen}, anna.id)


def test_entries_are_linked_in_unit_case_and_exhibit(tmp_path: Path) -> None:
    sample = make_sample(tmp_path / "l.sqlite")
    entries = list(sample.ledger.entries())
    assert [entry.n for entry in entries] == list(range(1, 10))
    assert entries[0].prev == NO_HASH
    for before, after in pairwise(entries):
        assert after.prev == before.hash.hex()
    in_case = list(sample.ledger.case_entries(sample.case))
    assert [entry.case.n for entry in in_case if entry.case] == [1, 2, 3, 4, 5]
    phone = list(sample.ledger.exhibit_entries(sample.phone))
    assert [(entry.n, entry.exhibit.n) for entry in phone if entry.exhibit] == [
        (6, 1), (8, 2), (9, 3),
    ]  # fmt: skip
    assert phone[1].exhibit is not None
    assert phone[1].exhibit.prev == phone[0].hash.hex()
    head = sample.ledger.head()
    assert (head.size, head.hash) == (9, entries[-1].hash)
    assert head.root == root_of(entry.hash for entry in entries)
    assert sample.ledger.derived_faults() == []
    with pytest.raises(EntryNotFound):
        sample.ledger.read(10)


def test_a_clock_that_ran_backwards_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, _, _, anna = founded(tmp_path / "l.sqlite")
    before = ledger.read(2).at
    wrong = before - timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: wrong)
    entry = ledger.append(disk_draft(anna), anna.signer)
    assert entry.at == before
    assert entry.body["clock"] == clock.to_text(wrong)
    assert verify_entries(ledger.lines()).problems == []


@pytest.mark.thorough
def test_eight_processes_append_ten_thousand_entries_without_a_fork(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    ledger, unit, _, anna = founded(path)
    children = [start_child(path, unit, anna, 1250) for _ in range(8)]
    numbers: list[int] = []
    for child in children:
        out, _ = child.communicate(timeout=120)
        assert child.returncode == 0
        numbers += [int(line) for line in out.split()]
    assert sorted(numbers) == list(range(3, 10_003))
    verdict = verify_ledger(ledger)
    assert (verdict.state, verdict.size) == ("consistent, not anchored", 10_002)


@pytest.mark.thorough
def test_a_killed_process_leaves_a_whole_ledger_with_all_it_told(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    ledger, unit, _, anna = founded(path)
    ledger.close()
    told = 2
    for pause in (0.0, 0.01, 0.03, 0.05, 0.1):
        child = start_child(path, unit, anna, 100_000)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause)
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split()
        child.wait()
        told = max([told + 1, *(int(text) for text in rest if text.isdigit())])
        with SqliteLedger(path, unit) as again:
            size = again.head().size
            assert size >= told
            assert verify_ledger(again).problems == []
            told = size


def test_a_full_disk_refuses_and_keeps_what_was_there(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = os.geteuid() == 0 and _mount(small)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    ledger, _, _, anna = founded(small / "l.sqlite")
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, limit[1]))
    written = 2
    try:
        error: Exception | None = None
        while error is None and written < 2000:
            try:
                ledger.append(disk_draft(anna, "x" * 2000), anna.signer)
                written += 1
            except (DiskFull, FileNotReadable) as caught:
                error = caught
        # A file-size limit, where no small disk could be mounted, shows as a failed write.
        assert isinstance(error, DiskFull if mounted else FileNotReadable)
        assert written > 10
        assert ledger.head().size == written
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        lines = list(ledger.lines())
        ledger.close()
        if mounted:
            subprocess.run(["umount", str(small)], check=True)
    verdict = verify_entries(lines)
    assert (verdict.size, verdict.problems) == (written, [])


def _mount(folder: Path) -> bool:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def test_a_held_lock_is_waited_for_and_then_told(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    ledger, unit, _, anna = founded(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with SqliteLedger(path, unit, busy_seconds=0.1) as other, pytest.raises(LedgerBusy):
        other.append(disk_draft(anna), anna.signer)
    holder.execute("ROLLBACK")
    assert ledger.append(disk_draft(anna), anna.signer).n == 3


def test_an_act_that_fails_leaves_nothing(tmp_path: Path) -> None:
    ledger, _, _, anna = founded(tmp_path / "l.sqlite")

    def fail(view: object) -> Draft:
        raise KeyError(view)

    with pytest.raises(KeyError):
        ledger.append_with(fail, anna.signer)
    assert ledger.head().size == 2
    assert ledger.append(disk_draft(anna), anna.signer).n == 3


def test_the_roll_is_only_continued_also_over_another_process_entries(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    sample = make_sample(path)
    roll = sample.ledger.folded(Roll)
    with SqliteLedger(path, sample.unit) as other:
        other.append(disk_draft(sample.anna), sample.anna.signer)
    assert sample.ledger.folded(Roll) is roll
    assert roll.size == 10


def test_another_units_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    founded(path)
    with pytest.raises(LedgerOfOtherUnit):
        SqliteLedger(path, new_id())


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    _, unit, _, _ = founded(path)
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 2")
    db.close()
    with pytest.raises(FormatTooNew):
        SqliteLedger(path, unit)


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(LedgerFileBroken):
        SqliteLedger(path, new_id())
    with pytest.raises(FileNotReadable):
        SqliteLedger(tmp_path / "none.sqlite", new_id(), create=False)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("UPDATE entries SET hash = zeroblob(32) WHERE n = 4", "hash"),
        ("UPDATE entries SET case_n = 99 WHERE n = 7", "case_n"),
        ("UPDATE entries SET exhibit_id = 'x' WHERE n = 8", "exhibit_id"),
        ("UPDATE head SET edge = zeroblob(64)", "head"),
    ],
)
def test_a_changed_derived_column_is_found(tmp_path: Path, change: str, column: str) -> None:
    path = tmp_path / "l.sqlite"
    sample = make_sample(path)
    db = sqlite3.connect(path)
    db.execute(change)
    db.commit()
    db.close()
    assert [found for _, found in sample.ledger.derived_faults()] == [column]
    verdict = verify_ledger(sample.ledger)
    assert [problem.code for problem in verdict.problems] == ["derived-column-wrong"]


def test_a_head_that_is_not_the_last_entry_is_refused_at_opening(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    sample = make_sample(path)
    sample.ledger.close()
    db = sqlite3.connect(path)
    db.execute("DELETE FROM entries WHERE n = 9")
    db.commit()
    db.close()
    with pytest.raises(LedgerFileBroken):
        SqliteLedger(path, sample.unit)


def test_a_network_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n"
    fake = tmp_path.parent / f"{tmp_path.name}-mounts"
    fake.write_text(mounts)
    monkeypatch.setattr(sqlite_file, "_MOUNTS", fake)
    with pytest.raises(LedgerOnNetworkShare):
        SqliteLedger(tmp_path / "l.sqlite", new_id())


def test_a_whole_ledger_can_be_taken_over(tmp_path: Path) -> None:
    sample = make_sample(tmp_path / "l.sqlite")
    with SqliteLedger(tmp_path / "copy.sqlite", sample.unit) as copy:
        assert copy.import_lines(sample.ledger.lines()) == 9
        assert copy.head() == sample.ledger.head()
        assert copy.derived_faults() == []
        with pytest.raises(LedgerFileBroken):
            copy.import_lines(sample.ledger.lines())
