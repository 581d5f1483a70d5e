"""Backup and restore: one tar file from which a workspace comes back on a second folder.

The ledger is copied first, by SQLite's own online backup, then every vault file that this copy
names; the vault only grows, so the copy is consistent while others work. Private keys and chain
columns are left out unless asked for: keys belong to their holders, columns are a cache.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kancil.ground import canonical
from kancil.ground.digests import digest_stream, sha256_hex
from kancil.ground.errors import (
    BackupBroken,
    BackupNotReadable,
    DiskFull,
    FileExists,
    FileNotReadable,
    FormatTooNew,
    WorkspaceExists,
)
from kancil.ground.files import sync_folder, translated
from kancil.ground.ids import new_id
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.workspace import SETTINGS_NAME, Workspace

FORMAT = 1
LIST_NAME = "BACKUP.json"

_LISTED = {"path", "sha256", "size_bytes"}
_PLAIN_FOLDERS = ("checkpoints", "labels", "prices", "traces", "transfers")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    path: Path
    files: int
    size_bytes: int
    list_sha256: str
    """SHA-256 of BACKUP.json, which names every other member with its digest."""
    missing: tuple[str, ...]
    """Digests that the ledger names and the vault does not hold (disposed of, or lost)."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back."""

    files: int
    size_bytes: int
    list_sha256: str
    """SHA-256 of the backup's BACKUP.json."""


def write_backup(
    workspace: Workspace,
    out: Path,
    named: set[str],
    *,
    with_keys: bool = False,
    with_chains: bool = False,
    progress: Progress = SILENT,
) -> Backup:
    """Write a backup of a workspace to a new file.

    `named`: digests that ledger entries name. Raises FileExists, DiskFull.
    """
    if out.exists():
        raise FileExists(path=str(out))
    partial = out.with_name(f".tmp-{new_id()}")
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".tmp-") as folder:
            copy = Path(folder) / "desk.sqlite"
            _copy_books(workspace.desk_path, copy)
            members = list(_members(workspace, copy, named, with_keys, with_chains))
            missing = tuple(sorted(named - {Path(name).name for name, _ in members}))
            backup = _write_tar(partial, out, members, missing, progress)
        os.link(partial, out)
        sync_folder(out.parent)
    except FileExistsError as error:
        raise FileExists(path=str(out)) from error
    except OSError as error:
        raise translated(error, out) from error
    finally:
        partial.unlink(missing_ok=True)
    return backup


def _copy_books(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise DiskFull(path=str(target.parent)) from error
        raise FileNotReadable(path=str(source)) from error


def _members(
    workspace: Workspace, books: Path, named: set[str], with_keys: bool, with_chains: bool
) -> Iterator[tuple[str, Path]]:
    yield SETTINGS_NAME, workspace.root / SETTINGS_NAME
    yield "desk/desk.sqlite", books
    folders = list(_PLAIN_FOLDERS)
    folders += ["keys"] if with_keys else []
    folders += ["chains"] if with_chains else []
    for folder in folders:
        for path in sorted((workspace.root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".tmp-"):
                yield path.relative_to(workspace.root).as_posix(), path
    for sha256 in sorted(named):
        path = workspace.vault_dir / sha256[:2] / sha256[2:4] / sha256
        if path.is_file():
            yield path.relative_to(workspace.root).as_posix(), path


def _write_tar(
    partial: Path,
    out: Path,
    members: list[tuple[str, Path]],
    missing: tuple[str, ...],
    progress: Progress,
) -> Backup:
    size_bytes = sum(path.stat().st_size for _, path in members)
    progress.start(size_bytes, "bytes", "progress.backup")
    listed = []
    with (
        partial.open("xb") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in members:
            with path.open("rb") as source:
                digests = digest_stream(source, lambda chunk: progress.advance(len(chunk)))
                source.seek(0)
                tar.addfile(_header(name, digests.size_bytes), source)
            listed.append(
                {"path": name, "sha256": digests.sha256, "size_bytes": str(digests.size_bytes)}
            )
        listing = canonical.dumps(
            {"files": listed, "format": FORMAT, "missing": list(missing), "what": "kancil-backup"}
        )
        tar.addfile(_header(LIST_NAME, len(listing)), io.BytesIO(listing))
        file.flush()
        os.fsync(file.fileno())
    progress.finish()
    return Backup(out, len(listed), size_bytes, sha256_hex(listing), missing)


def _header(name: str, size_bytes: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size = size_bytes
    header.mode = 0o600
    return header


def restore_backup(
    path: Path,
    root: Path,
    *,
    check: Callable[[Path], object] | None = None,
    progress: Progress = SILENT,
) -> Restored:
    """Restore a backup into a new or empty folder.

    `check` is given the restored folder before it appears under its name; what it raises ends
    the restore.

    Raises BackupNotReadable, BackupBroken, WorkspaceExists, DiskFull. A refused restore leaves
    the folder as it was found.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise WorkspaceExists(path=str(root))
    root.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=root.parent, prefix=".tmp-restore-"))
    try:
        restored = _unpack(path, staging, progress)
        for folder in ("incoming", "keys", "chains", "vault", "labels", "traces", "checkpoints"):
            (staging / folder).mkdir(exist_ok=True)
        staging.chmod(0o755)
        (staging / "keys").chmod(0o700)
        if check is not None:
            check(staging)
        if root.exists():
            root.rmdir()
        staging.rename(root)
        sync_folder(root.parent)
    except (tarfile.TarError, EOFError) as error:
        raise BackupNotReadable(path=str(path), why=Phrase("why.backup-no-archive")) from error
    except OSError as error:
        raise translated(error, root if root.exists() else path) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return restored


def _unpack(path: Path, staging: Path, progress: Progress) -> Restored:
    digests: dict[str, tuple[str, int]] = {}
    listing: bytes | None = None
    progress.start(path.stat().st_size, "bytes", "progress.restore")
    with tarfile.open(path, mode="r:") as tar:
        for member in tar:
            if listing is not None or not _is_safe(member) or member.name in digests:
                raise BackupNotReadable(
                    path=str(path), why=Phrase("why.backup-member", {"member": member.name[:100]})
                )
            source = tar.extractfile(member)
            if source is None:
                raise BackupNotReadable(
                    path=str(path), why=Phrase("why.backup-member", {"member": member.name[:100]})
                )
            if member.name == LIST_NAME:
                listing = source.read(1 << 30)
                continue
            target = staging / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            mode = 0o444 if member.name.startswith("vault/") else 0o600
            with target.open("xb") as file:
                found = digest_stream(source, file.write, lambda c: progress.advance(len(c)))
                os.fchmod(file.fileno(), mode)
                file.flush()
                os.fsync(file.fileno())
            digests[member.name] = (found.sha256, found.size_bytes)
    progress.finish()
    if listing is None:
        raise BackupNotReadable(
            path=str(path), why=Phrase("why.backup-list", {"member": LIST_NAME})
        )
    _compare(path, listing, digests)
    return Restored(len(digests), sum(size for _, size in digests.values()), sha256_hex(listing))


def _compare(path: Path, listing: bytes, digests: dict[str, tuple[str, int]]) -> None:
    remaining = dict(digests)
    for name, sha256, size in _read_list(path, listing):
        found = remaining.pop(name, None)
        if found is None or (found[0], str(found[1])) != (sha256, size):
            raise BackupBroken(path=str(path), member=name[:200])
    if remaining:
        raise BackupBroken(path=str(path), member=min(remaining))


def _read_list(path: Path, listing: bytes) -> Iterator[tuple[str, str, str]]:
    """Read BACKUP.json strictly: name, SHA-256 and size (text) of each member."""
    stated = canonical.loads_canonical(listing)
    if not isinstance(stated, dict) or stated.get("what") != "kancil-backup":
        raise BackupNotReadable(
            path=str(path), why=Phrase("why.backup-list", {"member": LIST_NAME})
        )
    number, files = stated.get("format"), stated.get("files")
    if type(number) is not int or not isinstance(files, list):
        raise BackupNotReadable(
            path=str(path), why=Phrase("why.backup-list", {"member": LIST_NAME})
        )
    if number > FORMAT:
        raise FormatTooNew(what=str(path), found=number, known=FORMAT)
    for file in files:
        if not isinstance(file, dict) or file.keys() != _LISTED:
            raise BackupNotReadable(
                path=str(path), why=Phrase("why.backup-list", {"member": LIST_NAME})
            )
        if not all(isinstance(value, str) for value in file.values()):
            raise BackupNotReadable(
                path=str(path), why=Phrase("why.backup-list", {"member": LIST_NAME})
            )
        yield file["path"], file["sha256"], file["size_bytes"]


def _is_safe(member: tarfile.TarInfo) -> bool:
    parts = PurePosixPath(member.name).parts
    return (
        member.isreg()
        and not member.name.startswith("/")
        and ".." not in parts
        and "\\" not in member.name
        and "\x00" not in member.name
    )
