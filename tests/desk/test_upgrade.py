"""`kancil upgrade` from format 1, on both databases, killed anywhere: the same bytes."""

from __future__ import annotations

import io
import random
import re
import shutil
import signal
import sqlite3
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from kancil.custody import exhibits
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.cases import open_case
from kancil.custody.exhibits import Item, add_exhibit, seize_exhibit, store_exhibit
from kancil.custody.officers import add_first_officer, found_unit
from kancil.custody.roll import Roll
from kancil.custody.stores.sqlite_file import SqliteLedger
from kancil.custody.verify import verify_ledger
from kancil.desk.base.opening import bring_up_to_date, close_desk, open_desk
from kancil.desk.custody.moving import take_over
from kancil.evidence.intake import take_in
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import LedgerBroken, LedgerFileBroken
from kancil.ground.ids import OfficerId, new_id
from kancil.ground.workspace import FORMAT, open_workspace
from tests.cli.running import as_process, run, spawn
from tests.custody.sample import SEIZED_AT
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import Desk, Maker
from tests.desk.killing import run_and_kill

EVERY = 3
"""Each third step is tried: one step takes half a second."""


def state(root: Path) -> dict[str, bytes]:
    """Give every file of a folder with its bytes, but for the desk's and what SQLite keeps open."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.parent.name != "desk"
        if not path.name.endswith(("-shm", "-wal"))
    }


def make_older(desk: Desk, *, entries: int = 12) -> list[bytes]:
    """Make a desk's workspace one of format 1, with a ledger file of its own; gives its entries."""
    workspace = desk.workspace
    settings = workspace.root / "kancil.toml"
    settings.write_text(re.sub("format = [0-9]+", "format = 1", settings.read_text("utf-8")))
    for name in ("prices", "transfers"):
        (workspace.root / name).rmdir()
    workspace.ledger_path.parent.mkdir()
    keys, unit = desk.keys, desk.keys.unit_signer()
    with closing(SqliteLedger(workspace.ledger_path, workspace.unit.id)) as ledger:
        found_unit(ledger, name="Unit", country="LA", zone="Asia/Vientiane", unit_signer=unit)
        officer = OfficerId(new_id())
        by = ActingOfficer(officer, keys.create_officer(officer))
        add_first_officer(
            ledger, officer=officer, name="Anna", role="investigator", vouched_how="present",
            public_raw=by.signer.public_raw, unit_signer=unit,
        )  # fmt: skip
        case = open_case(ledger, title="A \x00 title", basis=from_text("Court"), by=by).case_id
        assert case is not None
        phone = seize_exhibit(
            ledger, case=case, title="Phone", item=Item("a phone"), place="Vientiane",
            seized_at=SEIZED_AT, seized_from=None, seized_by=officer, by=by,
        ).exhibit_id  # fmt: skip
        assert phone is not None
        source = workspace.root.parent / "evidence.bin"
        source.write_bytes(b"evidence")
        with desk.vault.intake_open(set):
            stated = take_in(desk.vault, [source]).content()
        stated["size_bytes"] = int(stated["size_bytes"])
        content = exhibits.Content(**stated)
        add_exhibit(ledger, case=case, title="File", content=content, source="usb", by=by)
        for number in range(entries - 5):
            store_exhibit(
                ledger, exhibit=phone, place=f"Locker {number}", seal=None, reason=None, by=by
            )
        return list(ledger.lines())


def upgrade(desk: Desk) -> None:
    ran = run("upgrade", "--json", env=desk.environment())
    assert ran.status == 0, ran


def upgraded(desk: Desk, lines: list[bytes]) -> None:
    """Check that the desk has the older ledger's entries to the byte, one more, and all rows."""
    desk.open()
    root = desk.workspace.root
    assert open_workspace(root).format == FORMAT
    ledger = desk.ledger()
    found = list(ledger.lines())
    assert [one == other for one, other in zip(found, lines, strict=False)] == [True] * len(lines)
    kinds = [entry.kind for entry in ledger.entries(len(lines) + 1)]
    assert kinds == ["workspace.upgraded"]
    kept = root / "ledger" / "before-desk.sqlite"
    with closing(sqlite3.connect(kept)) as old:
        hashes = [row[0] for row in old.execute("SELECT hash FROM entries ORDER BY n")]
    assert ledger.hashes(len(lines)) == hashes
    assert sorted(path.name for path in (root / "ledger").iterdir()) == ["before-desk.sqlite"]
    assert ledger.derived_faults() == []
    assert verify_ledger(ledger).problems == []
    rows_against_ledger(ledger)
    assert (root / "prices").is_dir()


def test_an_older_ledger_is_moved_in_to_the_byte(desk: Desk) -> None:
    lines = make_older(desk)
    refused = run("case", "list", env=desk.environment())
    assert refused.status == 20
    upgrade(desk)
    upgraded(desk, lines)
    answer = run("verify", desk.workspace.root, "--json", env=desk.environment())
    assert answer.status == 0, answer
    upgrade(desk)
    upgraded(desk, lines)


@pytest.mark.thorough
def test_killed_between_the_steps_and_run_again(desk: Desk, maker: Maker, kind: str) -> None:
    lines = make_older(desk)
    root = desk.workspace.root
    fresh = root.with_name("fresh")
    shutil.copytree(root, fresh)
    for step in count(1, EVERY):
        shutil.rmtree(root)
        shutil.copytree(fresh, root)
        maker.drop(desk.url)
        desk.url = maker.fresh_url(kind)
        if not run_and_kill(lambda: upgrade(desk), before=step):
            break
        upgrade(desk)
        upgraded(desk, lines)
    assert step > 50, "the steps are not seen any more"
    upgraded(desk, lines)


@pytest.mark.thorough
def test_killed_again_and_again_it_still_ends_well(desk: Desk) -> None:
    lines = make_older(desk)
    kills = 0
    while run_and_kill(lambda: upgrade(desk), before=5 + 7 * kills):
        kills += 1
    assert kills > 5
    upgraded(desk, lines)


@pytest.mark.thorough
def test_killed_while_the_tables_are_made(kind: str, maker: Maker, tmp_path: Path) -> None:
    """A process of its own, with no table there yet, at moments that a seed names."""
    desk = maker.make(kind, tmp_path / "unit")
    lines = make_older(desk)
    desk.url = maker.empty_url(kind)
    desk.workspace.desk_path.unlink(missing_ok=True)
    rng = random.Random(9)
    for _ in range(5):
        child = spawn("upgrade", env=desk.environment())
        time.sleep(rng.uniform(0.3, 1.5))
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=30)
    ended = as_process("upgrade", env=desk.environment())
    assert ended.status == 0, ended
    upgraded(desk, lines)
    close_desk()


def test_killed_between_a_change_of_the_tables_and_its_note_it_is_made_again(
    kind: str, maker: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django notes most changes after they are done; a desk must not be lost between the two."""
    desk = maker.make(kind, tmp_path / "unit")
    url = maker.empty_url(kind)
    desk.workspace.desk_path.unlink(missing_ok=True)
    note = MigrationRecorder.record_applied
    notes: list[str] = []

    def noted_until(stop_at: int) -> Callable[[MigrationRecorder, str, str], None]:
        def noted(self: MigrationRecorder, app: str, name: str) -> None:
            notes.append(name)
            if len(notes) == stop_at:
                raise KeyboardInterrupt
            note(self, app, name)

        return noted

    for stop_at in (1, 2, 20):
        notes.clear()
        open_desk(desk.workspace, url)
        with monkeypatch.context() as patch:
            patch.setattr(MigrationRecorder, "record_applied", noted_until(stop_at))
            with pytest.raises(KeyboardInterrupt):
                bring_up_to_date()
    open_desk(desk.workspace, url)
    bring_up_to_date()
    executor = MigrationExecutor(connections["default"])
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert len(executor.loader.applied_migrations) > 20
    close_desk()


def test_an_older_kancil_may_go_on_after_a_killed_upgrade(desk: Desk) -> None:
    """The entries are in the desk, the format number is not raised yet: the older file grows."""
    make_older(desk)
    desk.open()
    with closing(SqliteLedger(desk.workspace.ledger_path, desk.workspace.unit.id)) as earlier:
        assert take_over(desk.ledger(), earlier) == 12
        officer = earlier.folded(Roll).officer("O1").id
        by = ActingOfficer(officer, desk.keys.officer_signer(officer))
        open_case(earlier, title="Later", basis=from_text("Court"), by=by)
        lines = list(earlier.lines())
    upgrade(desk)
    upgraded(desk, lines)


def test_a_desk_with_other_entries_is_refused_and_nothing_is_changed(desk: Desk) -> None:
    make_older(desk)
    desk.open()
    with closing(SqliteLedger(desk.workspace.ledger_path, desk.workspace.unit.id)) as earlier:
        take_over(desk.ledger(), earlier)
        officer = earlier.folded(Roll).officer("O1").id
        by = ActingOfficer(officer, desk.keys.officer_signer(officer))
        open_case(earlier, title="Here", basis=from_text("Court"), by=by)
    open_case(desk.ledger(), title="There", basis=from_text("Court"), by=by)
    before, entries = state(desk.workspace.root), list(desk.ledger().lines())
    ran = run("upgrade", env=desk.environment())
    assert ran.status == LedgerFileBroken.exit_status, ran
    desk.open()
    assert (state(desk.workspace.root), list(desk.ledger().lines())) == (before, entries)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE entries SET data = replace(data, 'Locker 3', 'Locker 4') WHERE n = 9",
        "DELETE FROM entries WHERE n = 12",
        "DELETE FROM entries WHERE n = 7",
    ],
)
def test_a_broken_older_ledger_is_refused_and_nothing_is_changed(desk: Desk, damage: str) -> None:
    make_older(desk)
    if desk.is_sqlite:
        close_desk()
        desk.workspace.desk_path.unlink()
    with closing(sqlite3.connect(desk.workspace.ledger_path)) as old:
        old.execute(damage)
        old.commit()
    before = state(desk.workspace.root)
    ran = run("upgrade", env=desk.environment())
    assert ran.status in (LedgerBroken.exit_status, LedgerFileBroken.exit_status), ran
    assert len(ran.err.strip().splitlines()) >= 2
    assert state(desk.workspace.root) == before
    if desk.is_sqlite:
        assert not desk.workspace.desk_path.exists()
    else:
        desk.open()
        assert desk.ledger().head().size == 0


def test_nobody_who_can_sign_is_told_before_the_format_is_raised(desk: Desk) -> None:
    lines = make_older(desk)
    hidden = desk.workspace.keys_dir.rename(desk.workspace.root / "hidden")
    assert run("upgrade", env=desk.environment()).status != 0
    assert open_workspace(desk.workspace.root, accept_older=True).format == 1
    hidden.rename(desk.workspace.keys_dir)
    upgrade(desk)
    upgraded(desk, lines)


def test_an_older_backup_is_restored_and_then_upgraded(desk: Desk, tmp_path: Path) -> None:
    lines = make_older(desk)
    root, out = desk.workspace.root, tmp_path / "older.tar"
    write_older_backup(root, out)
    desk.workspace = replace(desk.workspace, root=tmp_path / "again")
    ran = run("restore", out, desk.workspace.root, "--json", env=desk.environment())
    assert ran.status == 0, ran
    assert open_workspace(desk.workspace.root, accept_older=True).format == 1
    shutil.copytree(root / "keys", desk.workspace.keys_dir, dirs_exist_ok=True)
    upgrade(desk)
    upgraded(desk, lines)
    assert run("verify", desk.workspace.root, env=desk.environment()).status == 0


def write_older_backup(root: Path, out: Path) -> None:
    """Write what `kancil backup` wrote of a workspace of format 1."""
    listed = []
    with tarfile.open(out, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in state(root).items():
            if name.split("/")[0] not in ("kancil.toml", "ledger", "vault"):
                continue
            listed.append({"path": name, "sha256": sha256_hex(data), "size_bytes": str(len(data))})
            header = tarfile.TarInfo(name)
            header.size = len(data)
            tar.addfile(header, io.BytesIO(data))
        listing = canonical.dumps(
            {"files": listed, "format": 1, "missing": [], "what": "kancil-backup"}
        )
        header = tarfile.TarInfo("BACKUP.json")
        header.size = len(listing)
        tar.addfile(header, io.BytesIO(listing))
