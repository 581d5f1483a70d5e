"""Vault, intake and backup: what goes in is what rests there, or it is told."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kancil.evidence.backup import restore_backup, write_backup
from kancil.evidence.errors import (
    BackupBroken,
    BackupNotReadable,
    NothingTaken,
    VaultBytesBroken,
    VaultBytesMissing,
)
from kancil.evidence.intake import Intake, read_listing, take_in
from kancil.evidence.vault import Vault
from kancil.ground import ids
from kancil.ground.errors import (
    DiskFull,
    FileExists,
    FileNotReadable,
    FormatTooNew,
    NotCanonical,
    UploadNoRoom,
    WorkspaceExists,
)
from kancil.ground.workspace import Unit, Workspace, lay_out, mark


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "unit"
    lay_out(root)
    unit = Unit(ids.UnitId(ids.new_id()), "Unit", "LA", ZoneInfo("Asia/Vientiane"), "en")
    return mark(root, unit)


@pytest.fixture
def vault(workspace: Workspace) -> Vault:
    return Vault(workspace.vault_dir, workspace.incoming_dir)


def _named() -> set[str]:
    return set()


def _take(vault: Vault, *sources: Path | str, **options: object) -> Intake:
    with vault.intake_open(_named):
        return take_in(vault, sources, **options)  # type: ignore[arg-type]


def test_what_was_sent_has_the_name_it_was_sent_under_and_no_time_of_change(
    vault: Vault, tmp_path: Path
) -> None:
    """The file's own time here is when it arrived: no claim about the file that was sent."""
    sent, kept = tmp_path / "0001", tmp_path / "kept.bin"
    sent.write_bytes(b"abc")
    kept.write_bytes(b"abc")
    listings = set()
    for arrived in (1_700_000_000, 1_700_000_001):
        os.utime(sent, (arrived, arrived))
        taken = _take(vault, sent, stated={sent: "photo.bin"})
        assert [(file.path, file.modified_at) for file in taken.files] == [("photo.bin", None)]
        listings.add(taken.listing_sha256)
    assert len(listings) == 1
    os.utime(kept, (1_700_000_000, 1_700_000_000))
    beside = _take(vault, sent, kept, stated={sent: "photo.bin"})
    assert {file.path: file.modified_at for file in beside.files} == {
        "photo.bin": None,
        str(kept): "2023-11-14T22:13:20.000000Z",
    }


def test_bytes_rest_read_only_under_their_digest_and_once(vault: Vault) -> None:
    digests = vault.take(io.BytesIO(b"abc"))
    # FIPS 180-4, appendix: SHA-256 and SHA-1 of "abc"; RFC 1321 A.5: MD5 of "abc".
    assert digests.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digests.sha1 == "a9993e364706816aba3e25717850c26c9cd0d89d"
    assert digests.md5 == "900150983cd24fb0d6963f7d28e17f72"
    path = vault.path_of(digests.sha256)
    assert path.stat().st_mode & 0o777 == 0o400
    before = path.stat().st_ino
    vault.take(io.BytesIO(b"abc"))
    assert path.stat().st_ino == before
    assert list(vault.contents()) == [digests.sha256]
    vault.check(digests.sha256)


def test_changed_and_missing_bytes_are_told(vault: Vault) -> None:
    digests = vault.take(io.BytesIO(b"abc"))
    path = vault.path_of(digests.sha256)
    path.chmod(0o644)
    path.write_bytes(b"abd")
    with pytest.raises(VaultBytesBroken):
        vault.check(digests.sha256)
    path.write_bytes(b"abcd")
    with pytest.raises(VaultBytesBroken):
        vault.take(io.BytesIO(b"abc"))
    vault.remove(digests.sha256)
    with pytest.raises(VaultBytesMissing):
        vault.check(digests.sha256)
    with pytest.raises(VaultBytesMissing):
        vault.open("../../etc/passwd")


def test_a_folder_is_taken_with_its_listing_and_its_skips(vault: Vault, tmp_path: Path) -> None:
    source = tmp_path / "phone"
    (source / "b").mkdir(parents=True)
    (source / "a.txt").write_bytes(b"one")
    (source / "b" / "ខ្មែរ.txt").write_bytes(b"two")
    Path(os.fsdecode(os.fsencode(source) + b"/\xff.bin")).write_bytes(b"three")
    outside = tmp_path / "secret"
    outside.write_bytes(b"not to be taken")
    (source / "out").symlink_to(outside)
    (source / "in").symlink_to(source / "a.txt")
    (source / "broken").symlink_to(source / "nowhere")
    (source / "loop").symlink_to(source)
    os.mkfifo(source / "pipe")
    os.mknod(source / "socket", stat.S_IFSOCK | 0o600)
    intake = _take(vault, source)
    assert [file.path.removeprefix(str(source)) for file in intake.files] == [
        "/\\xff.bin",
        "/a.txt",
        "/b/ខ្មែរ.txt",
    ]
    assert sorted(skip.code for skip in intake.skipped) == [
        "file-unreadable",
        "link-broken",
        "link-inside",
        "link-inside",
        "link-out-of-tree",
        "not-a-regular-file",
    ]
    assert [line["sha256"] for line in read_listing(vault, intake.listing_sha256)] == [
        file.digests.sha256 for file in intake.files
    ]
    content = intake.content()
    assert (content["files"], content["size_bytes"], content["sha256"]) == (3, "11", None)
    assert hashlib.sha256(b"not to be taken").hexdigest() not in set(vault.contents())


def test_standard_input_and_one_file_are_taken(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"abc")
    intake = _take(vault, path, "-", standard_input=io.BytesIO(b"from a pipe"))
    assert [file.path for file in intake.files] == ["-", str(path)]
    single = _take(vault, path).content()
    assert single["sha256"] == hashlib.sha256(b"abc").hexdigest()


def test_what_stays_in_place_is_digested_only(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "blk00000.dat"
    path.write_bytes(b"blocks")
    intake = _take(vault, path, in_place=True)
    assert intake.content()["in_place"] is True
    assert not vault.holds(hashlib.sha256(b"blocks").hexdigest())
    assert vault.holds(intake.listing_sha256)


def test_nothing_to_take_is_one_sentence(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingTaken):
        _take(vault, tmp_path / "empty")
    with pytest.raises(FileNotReadable):
        _take(vault, tmp_path / "nowhere")


def test_a_name_that_is_not_text_does_not_stay_in_place(vault: Vault, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.dat"))
    odd.write_bytes(b"a")
    (tmp_path / "plain.dat").write_bytes(b"b")
    (tmp_path / "\\xff.dat").write_bytes(b"c")
    intake = _take(vault, odd, tmp_path / "plain.dat", tmp_path / "\\xff.dat", in_place=True)
    assert len(intake.files) == 2
    assert [skip.code for skip in intake.skipped] == ["name-not-text"]


def _interrupted_intake(vault: Vault) -> None:
    with vault.intake_open(_named):
        vault.take(io.BytesIO(b"never recorded"))
        (vault.incoming / "half").write_bytes(b"half a file")
        raise KeyboardInterrupt


def test_what_a_killed_intake_left_is_swept_and_what_is_named_stays(vault: Vault) -> None:
    kept = vault.take(io.BytesIO(b"named by an entry")).sha256
    with pytest.raises(KeyboardInterrupt):
        _interrupted_intake(vault)
    assert len(list(vault.contents())) == 2
    with vault.intake_open(lambda: {kept}):
        assert list(vault.contents()) == [kept]
    assert [path.name for path in vault.incoming.iterdir()] == [".lock"]


def _refused_intake(vault: Vault) -> None:
    with vault.intake_open(_named):
        vault.take(io.BytesIO(b"never recorded"))
        raise DiskFull(path="here")


def test_a_disk_that_gives_no_room_back_hides_no_refusal(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "a file system that copies on write")

    monkeypatch.setattr(os, "truncate", refuse)
    with pytest.raises(DiskFull):
        _refused_intake(vault)
    assert list(vault.incoming.glob("*.intake"))
    with vault.intake_open(_named):
        assert list(vault.contents()) == []


def test_an_intake_stops_before_the_reserve_is_touched_and_leaves_nothing(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter([9_000_000, 8_000_000, 7_000_000, 6_000_000, 5_000_000])
    usage = lambda _: type("Usage", (), {"free": next(free)})()  # noqa: E731
    monkeypatch.setattr(shutil, "disk_usage", usage)
    careful = Vault(vault.folder, vault.incoming, reserve_bytes=5_500_000)
    with pytest.raises(UploadNoRoom), careful.intake_open(_named):
        careful.take(io.BytesIO(bytes(4_000_000)))
    assert list(vault.contents()) == []
    assert [path.name for path in vault.incoming.iterdir()] == [".lock"]


def test_what_a_full_disk_refused_waits_for_the_intakes_that_run(vault: Vault) -> None:
    with vault.intake_open(_named):
        other = vault.take(io.BytesIO(b"not recorded yet")).sha256
        with pytest.raises(DiskFull):
            _refused_intake(vault)
        assert len(list(vault.contents())) == 2
    with vault.intake_open(lambda: {other}):
        assert list(vault.contents()) == [other]


KILLED = """
import sys
from pathlib import Path
from kancil.evidence.intake import take_in
from kancil.evidence.vault import Vault
root = Path(sys.argv[1])
vault = Vault(root / "vault", root / "incoming")
with vault.intake_open(set):
    print("go", flush=True)
    take_in(vault, [Path(sys.argv[2])])
"""


def test_intake_survives_kill_at_any_moment(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(60):
        (source / f"{number:03}").write_bytes(os.urandom(200_000))
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    generator = random.Random(7)
    for _ in range(6):
        command = [sys.executable, "-c", KILLED, str(workspace.root), str(source)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(generator.random() * 0.15)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        for sha256 in vault.contents():
            vault.check(sha256)
    intake = _take(vault, source)
    assert len(intake.files) == 60
    assert len(list(vault.contents())) == 61
    assert [path.name for path in vault.incoming.iterdir()] == [".lock"]


STREAMED = r"""
import re, sys
from pathlib import Path
from kancil.evidence.vault import Vault
class Zeros:
    left = int(sys.argv[2])
    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        return bytes(size)
root = Path(sys.argv[1])
digests = Vault(root / "vault", root / "incoming").take(Zeros())
status = Path("/proc/self/status").read_text()
print(digests.size_bytes, re.search(r"VmHWM:\s+(\d+) kB", status)[1])
"""


def test_a_long_stream_needs_little_memory(workspace: Workspace) -> None:
    size_bytes = 400_000_000
    command = [sys.executable, "-c", STREAMED, str(workspace.root), str(size_bytes)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    taken, peak_kib = map(int, run.stdout.split())
    assert taken == size_bytes
    assert peak_kib < 200_000


def _too_much(vault: Vault) -> None:
    def named() -> set[str]:
        # As a database does that opens its log anew.
        (vault.folder.parent / "index").write_bytes(bytes(64 * 1024))
        return set()

    with vault.intake_open(named):
        try:
            for n in range(100):
                vault.take(io.BytesIO(bytes([n]) * 100_000))
        except DiskFull:
            with suppress(OSError):
                (vault.folder.parent / "the rest").write_bytes(bytes(1_000_000))
            raise


def test_a_full_disk_is_said_and_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)], check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine lets nobody mount a tmpfs")
    try:
        (small / "vault").mkdir()
        (small / "incoming").mkdir()
        full = Vault(small / "vault", small / "incoming")
        with pytest.raises(DiskFull):
            _too_much(full)
        assert list(full.contents()) == []
        assert [path.name for path in full.incoming.iterdir()] == [".lock"]
        (small / "the rest").unlink()
        with full.intake_open(_named):
            small_digest = full.take(io.BytesIO(b"fits")).sha256
        full.check(small_digest)
    finally:
        subprocess.run(["umount", str(small)], check=True)


def _books(named: set[str]) -> Callable[[Path], set[str]]:
    """Stand for the desk, which writes its ledger and books into a folder."""

    def copy(folder: Path) -> set[str]:
        (folder / "ledger").mkdir()
        (folder / "ledger" / "entries.jsonl").write_bytes(b"entry\n")
        return named

    return copy


def test_a_backup_comes_back_in_a_second_folder(workspace: Workspace, tmp_path: Path) -> None:
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    named = {vault.take(io.BytesIO(data)).sha256 for data in (b"a", b"b" * 3_000_000)}
    vault.take(io.BytesIO(b"orphan"))
    (workspace.keys_dir / "unit.pem").write_bytes(b"private")
    (workspace.checkpoints_dir / "1.txt").write_bytes(b"note")
    out = tmp_path / "backup.tar"
    backup = write_backup(workspace, out, _books(named | {"f" * 64}), signer=None)
    assert backup.missing == ("f" * 64,)
    with tarfile.open(out) as tar:
        assert not [name for name in tar.getnames() if name.startswith("keys")]
    with pytest.raises(FileExists):
        write_backup(workspace, out, _books(named), signer=None)
    restore_backup(out, tmp_path / "second")
    second = Vault(tmp_path / "second" / "vault", tmp_path / "second" / "incoming")
    assert set(second.contents()) == named
    for sha256 in named:
        second.check(sha256)
    restored = tmp_path / "second" / "ledger" / "entries.jsonl"
    assert restored.read_bytes() == b"entry\n"
    assert (tmp_path / "second" / "checkpoints" / "1.txt").read_bytes() == b"note"
    with pytest.raises(WorkspaceExists):
        restore_backup(out, tmp_path / "second")


def test_a_changed_backup_is_refused_and_restores_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    named = {vault.take(io.BytesIO(b"evidence")).sha256}
    out = tmp_path / "backup.tar"
    write_backup(workspace, out, _books(named), signer=None)
    good = out.read_bytes()
    place = good.index(b"evidence")
    generator = random.Random(5)
    changed = [good[:place] + b"3vidence" + good[place + 8 :], good[:5000], b"", b"x" * 2000]
    changed.append(good.replace(b'"format":3', b'"format":4'))
    for _ in range(40):
        where = generator.randrange(len(good.rstrip(b"\x00")))
        mutated = bytearray(good)
        mutated[where] ^= 1 << generator.randrange(8)
        changed.append(bytes(mutated))
    refused = 0
    for number, data in enumerate(changed):
        out.write_bytes(data)
        target = tmp_path / f"restored-{number}"
        try:
            restore_backup(out, target)
        except (BackupBroken, BackupNotReadable, FormatTooNew, NotCanonical):
            refused += 1
            assert not target.exists()
        else:
            # A bit of tar padding or of an unused header field: the contents must be the same.
            restored = Vault(target / "vault", target / "incoming")
            for sha256 in named:
                restored.check(sha256)
    assert refused >= 5


def test_a_backup_that_climbs_out_is_refused(tmp_path: Path) -> None:
    for name in ("../escape", "/tmp/escape", "a/../../escape"):
        out = tmp_path / "hostile.tar"
        with tarfile.open(out, "w") as tar:
            header = tarfile.TarInfo(name)
            header.size = 1
            tar.addfile(header, io.BytesIO(b"x"))
        with pytest.raises(BackupNotReadable):
            restore_backup(out, tmp_path / "target")
        assert not (tmp_path / "escape").exists()
