"""Others at work, a database that does not answer, a full disk: one sentence each, nothing lost."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from kancil.custody.acting import ActingOfficer
from kancil.custody.verify import verify_entries, verify_ledger
from kancil.desk.base import settings as desk_settings
from kancil.desk.base.errors import (
    AccountNameTaken,
    DeskBusy,
    DeskNotReadable,
    DeskUnreachable,
    TextNotStorable,
)
from kancil.desk.base.opening import close_desk, open_desk, snapshot, told
from kancil.desk.custody.models import LedgerEntry
from kancil.desk.custody.store import one_transaction
from kancil.desk.people.actions import add_person
from kancil.desk.people.models import Person, Role
from kancil.ground import words
from kancil.ground.errors import DiskFull, KancilError
from tests.cli.running import ROOT
from tests.custody.sample import founded_in
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import Desk, Maker
from tests.desk.postgres import Cluster
from tests.desk.test_store import disk_draft

pytestmark = pytest.mark.thorough

ENTRIES = 2000
"""By eight processes together; ten thousand take over a minute on two cores."""


def in_words(error: KancilError) -> str:
    """An error's sentence, which must exist, take its parameters and be one line."""
    sentence = words.render(f"error.{error.code}.sentence", **error.params)
    assert words.has(f"error.{error.code}.sentence")
    assert words.has(f"error.{error.code}.next")
    assert "\n" not in sentence
    return sentence


def start(desk: Desk, anna: ActingOfficer, count: int) -> subprocess.Popen[str]:
    private = anna.signer._private.private_bytes_raw().hex()  # type: ignore[attr-defined]
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.desk.child", anna.id, private, str(count)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, **desk.environment(), "PYTHONPATH": path},
    )  # fmt: skip


@pytest.mark.thorough
def test_eight_processes_append_without_a_fork(desk: Desk) -> None:
    ledger = desk.ledger()
    _, anna = founded_in(ledger)
    children = [start(desk, anna, ENTRIES // 8) for _ in range(8)]
    numbers: list[int] = []
    for child in children:
        out, err = child.communicate(timeout=300)
        assert child.returncode == 0, err
        numbers += [int(line) for line in out.split()]
    assert sorted(numbers) == list(range(3, ENTRIES + 3))
    verdict = verify_ledger(ledger)
    assert (verdict.state, verdict.size) == ("consistent, not anchored", ENTRIES + 2)
    rows_against_ledger(ledger)


@contextmanager
def head_held(desk: Desk) -> Iterator[None]:
    """Let somebody else hold what a writer needs."""
    if desk.url is None:
        with closing(sqlite3.connect(desk.workspace.desk_path, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
            holder.execute("ROLLBACK")
        return
    with psycopg.connect(desk.url) as holder:
        holder.execute("SELECT 1 FROM ledger_head FOR UPDATE")
        yield


def test_a_held_lock_is_waited_for_and_then_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = desk.ledger()
    _, anna = founded_in(ledger)
    monkeypatch.setattr(desk_settings, "BUSY_SECONDS", 1)
    desk.open()
    with head_held(desk):
        for _ in range(2):
            with pytest.raises(DeskBusy) as error:
                ledger.append(disk_draft(anna), anna.signer)
            in_words(error.value)
        assert ledger.head().size == 2, "reading waits for nobody"
        assert len(list(ledger.lines())) == 2
    assert ledger.append(disk_draft(anna), anna.signer).n == 3


def test_a_writer_waits_for_nobody_who_reads_a_snapshot(desk: Desk) -> None:
    ledger = desk.ledger()
    _, anna = founded_in(ledger)
    with snapshot():
        before = LedgerEntry.objects.count()
        child = start(desk, anna, 3)
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        assert len(out.split()) == 3
        assert LedgerEntry.objects.count() == before == 2
    assert LedgerEntry.objects.count() == 5
    assert ledger.append(disk_draft(anna), anna.signer).n == 6


def test_a_connection_that_was_cut_is_told_once_and_made_anew(maker: Maker, tmp_path: Path) -> None:
    desk = maker.make("postgresql", tmp_path / "unit")
    ledger = desk.ledger()
    _, anna = founded_in(ledger)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
    database = connection.settings_dict["NAME"]
    for act in (ledger.head, lambda: ledger.append(disk_draft(anna), anna.signer)):
        assert maker.cluster().say(f"{cut} '{database}'")
        with pytest.raises(DeskUnreachable) as error:
            act()
        in_words(error.value)
        act()

    def cut_off() -> None:
        # In the middle of an act: nothing of it is there, and the next one goes on.
        with one_transaction():
            ledger.append(disk_draft(anna), anna.signer)
            maker.cluster().say(f"{cut} '{database}'")

    with pytest.raises(DeskUnreachable):
        cut_off()
    assert ledger.head().size == 3
    assert ledger.append(disk_draft(anna), anna.signer).n == 4
    rows_against_ledger(ledger)
    assert verify_ledger(ledger).problems == []
    close_desk()


def test_a_deadlock_is_busy_and_ends(maker: Maker, tmp_path: Path) -> None:
    desk = maker.make("postgresql", tmp_path / "unit")
    ledger = desk.ledger()
    founded_in(ledger)
    with pytest.raises(DeskBusy), told(), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'; SELECT pg_sleep(5)")
    with pytest.raises(DeskBusy), told(), connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
    with pytest.raises(DiskFull), told(), connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$")
    assert ledger.head().size == 2
    close_desk()


def test_a_database_that_is_not_there_is_told_in_one_sentence(
    sqlite_desk: Desk, cluster: Cluster, tmp_path: Path
) -> None:
    for url in (
        "postgresql://kancil@/none?host=/tmp/no-such-folder",
        "postgresql://kancil@127.0.0.1:1/none",
        cluster.url("no_such_database"),
    ):
        open_desk(sqlite_desk.workspace, url)
        with pytest.raises(DeskUnreachable) as error:
            sqlite_desk.ledger()
        in_words(error.value)
        assert "password" not in str(error.value)


def test_tables_that_are_not_there_and_a_file_that_is_none_are_told(
    sqlite_desk: Desk, cluster: Cluster
) -> None:
    open_desk(sqlite_desk.workspace, cluster.url(cluster.create()))
    with pytest.raises(DeskNotReadable):
        sqlite_desk.ledger()
    close_desk()
    path = sqlite_desk.workspace.desk_path
    for content in (b"", b"this is no database" * 500):
        path.write_bytes(content)
        sqlite_desk.open()
        with pytest.raises(DeskNotReadable) as error:
            sqlite_desk.ledger()
        in_words(error.value)
        close_desk()


def test_a_nul_in_an_account_is_refused_or_not_found(desk: Desk) -> None:
    with pytest.raises(TextNotStorable) as error:
        add_person(username="a\x00b", name="A", role=Role.OFFICER)
    in_words(error.value)
    with pytest.raises(TextNotStorable):
        add_person(username="ab", name="A\x00B", role=Role.OFFICER)
    assert not Person.objects.exists()
    add_person(username="ab", name="Anna", role=Role.OFFICER)
    with pytest.raises(AccountNameTaken):
        add_person(username="AB", name="Anna", role=Role.OFFICER)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """A full-to-be disk in a folder; says whether there is one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = (
        os.geteuid() == 0
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )
    try:
        yield mounted
    finally:
        if mounted:
            close_desk()
            subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_refuses_and_keeps_what_was_there(maker: Maker, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "3m") as mounted:
        desk = maker.make("sqlite", tmp_path / "small" / "unit")
        ledger = desk.ledger()
        _, anna = founded_in(ledger)
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        if not mounted:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limit[1]))
        written = 2
        try:
            error: KancilError | None = None
            while error is None and written < 4000:
                try:
                    ledger.append(disk_draft(anna, "x" * 2000), anna.signer)
                    written += 1
                except (DiskFull, DeskNotReadable) as caught:
                    error = caught
            # A file-size limit, where no small disk could be mounted, shows as a failed write.
            assert isinstance(error, DiskFull if mounted else DeskNotReadable)
            in_words(error)
            assert written > 10
            assert ledger.head().size == written
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        lines = list(ledger.lines())
        rows_against_ledger(ledger)
    verdict = verify_entries(lines)
    assert (verdict.size, verdict.problems) == (written, [])
