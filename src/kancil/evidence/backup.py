"""Backup and restore: one tar file from which a workspace comes back on a second folder.

Ledger and books are copied first, as lines of text of one moment, then every vault file that this
copy names, which nobody may dispose of meanwhile; so the copy is consistent while others work, and
either database can take it back. Private keys and chain columns are left out unless asked for: keys
belong to their holders, columns are a cache.
"""

from __future__ import annotations

import base64
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from kancil.ground import canonical
from kancil.ground.digests import digest_stream, sha256_hex
from kancil.ground.errors import FileExists, FormatTooNew, LedgerFormatUnreleased, WorkspaceExists
from kancil.ground.files import sync_folder, translated
from kancil.ground.ids import new_id
from kancil.ground.owner import open_for_owner
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.signedfile import read_signed, write_signed
from kancil.ground.signing import Signer, fingerprint
from kancil.ground.workspace import SETTINGS_NAME, Workspace, complete_folders

from .age import Identity, Recipient, decrypted, encrypted_into, is_encrypted
from .errors import BackupBroken, BackupNotReadable
from .vault import Vault

FORMAT = 3
"""2 had no signature; such a backup is still read, and counts as unsigned."""
_OLDEST = 2
LIST_NAME = "BACKUP.json"
SIGNATURE_NAME = "BACKUP.sig"
"""One signed line over the SHA-256 of the list; it stands before the list, which is the last."""
SIGNATURE_FORMAT = "kancil-backup-signature/1"
ENTRIES_NAME = "ledger/entries.jsonl"
"""The ledger's entries, one a line."""
TABLES_NAME = "desk/tables.jsonl"
"""The rows of the desk's tables that no entry makes, one a line."""
COPY_NAMES = (ENTRIES_NAME, TABLES_NAME)

_Mode = Literal["w", "w|"]
_LISTED = {"path", "sha256", "size_bytes"}
_LONGEST_SIGNATURE = 4_096
_LONGEST_LIST = 1 << 30
_PLAIN_FOLDERS = (
    "checkpoints",
    "courses",
    "directory",
    "labels",
    "law",
    "prices",
    "packages",
    "requests",
    "studies",
    "traces",
    "training",
    "transfers",
    "views",
    "desk/bundles",
    "desk/reports",
)


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
    signed_by: str | None
    """Fingerprint of the key that signed the list; None: unsigned."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was read of a backup, every member of which is what its list says."""

    files: int
    size_bytes: int
    list_sha256: str
    """SHA-256 of the backup's BACKUP.json."""
    signed_by: str | None
    """Fingerprint of the key that signed the list; whose it is, is not known here. None: none."""


def write_backup(
    workspace: Workspace,
    out: Path,
    copy_books: Callable[[Path], set[str]],
    *,
    signer: Signer | None,
    with_keys: bool = False,
    with_chains: bool = False,
    recipients: Sequence[Recipient] = (),
    progress: Progress = SILENT,
) -> Backup:
    """Write a backup of a workspace to a new file, while others may go on working.

    `copy_books` writes ledger and books, as they are at one moment, into a folder that it is given,
    and gives the digests that this ledger names. That folder lies in the workspace, since the books
    in it are plain. `signer`: who signs the list; None leaves it unsigned. `recipients`: who can
    decrypt the file; nobody: it is not encrypted. Raises FileExists, DiskFull.
    """
    if out.exists():
        raise FileExists(path=str(out))
    partial = out.with_name(f".tmp-{new_id()}")
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    try:
        # From before the ledger is copied, so that nothing it names is disposed of meanwhile.
        with (
            vault.kept(),
            tempfile.TemporaryDirectory(dir=workspace.desk_path.parent, prefix=".tmp-") as folder,
        ):
            named = copy_books(Path(folder))
            members = list(_members(workspace, Path(folder), named, with_keys, with_chains))
            missing = tuple(sorted(named - {Path(name).name for name, _ in members}))
            with _new_file(partial, recipients) as (file, mode):
                backup = _write_tar(file, mode, out, members, missing, signer, progress)
        os.link(partial, out)
        sync_folder(out.parent)
    except FileExistsError as error:
        raise FileExists(path=str(out)) from error
    except OSError as error:
        raise translated(error, out) from error
    finally:
        partial.unlink(missing_ok=True)
    return backup


def copied_entries(folder: Path) -> Iterator[bytes]:
    """The bytes of each entry of a copied ledger in a folder."""
    return copied_lines(folder / ENTRIES_NAME)


def copied_lines(path: Path) -> Iterator[bytes]:
    """The lines of a copy, without their ends."""
    with path.open("rb") as file:
        for line in file:
            yield line.removesuffix(b"\n")


def _members(
    workspace: Workspace, books: Path, named: set[str], with_keys: bool, with_chains: bool
) -> Iterator[tuple[str, Path]]:
    yield SETTINGS_NAME, workspace.root / SETTINGS_NAME
    yield from _files_below(books, books)
    folders = list(_PLAIN_FOLDERS)
    folders += ["keys"] if with_keys else []
    folders += ["chains"] if with_chains else []
    for folder in folders:
        yield from _files_below(workspace.root / folder, workspace.root)
    for sha256 in sorted(named):
        path = workspace.vault_dir / sha256[:2] / sha256[2:4] / sha256
        if path.is_file():
            yield path.relative_to(workspace.root).as_posix(), path


def _files_below(folder: Path, root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".tmp-"):
            yield path.relative_to(root).as_posix(), path


@contextmanager
def _new_file(path: Path, recipients: Sequence[Recipient]) -> Iterator[tuple[BinaryIO, _Mode]]:
    """Open a new file for a tar, on disk when this ends, and say how tar is to write to it."""
    with open(path, "xb", opener=open_for_owner) as file:
        if recipients:
            with encrypted_into(file, recipients) as sealed:
                yield sealed, "w|"
        else:
            yield file, "w"
        file.flush()
        os.fsync(file.fileno())


def _write_tar(
    file: BinaryIO,
    mode: _Mode,
    out: Path,
    members: list[tuple[str, Path]],
    missing: tuple[str, ...],
    signer: Signer | None,
    progress: Progress,
) -> Backup:
    size_bytes = sum(path.stat().st_size for _, path in members if path.is_file())
    progress.start(size_bytes, "bytes", "progress.backup")
    listed = []
    with tarfile.open(fileobj=file, mode=mode, format=tarfile.PAX_FORMAT) as tar:
        for name, path in members:
            if not path.is_file():
                continue  # a cache that was replaced meanwhile
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
        if signer is not None:
            line = _signature(listing, signer)
            tar.addfile(_header(SIGNATURE_NAME, len(line)), io.BytesIO(line))
        tar.addfile(_header(LIST_NAME, len(listing)), io.BytesIO(listing))
    progress.finish()
    signed_by = None if signer is None else fingerprint(signer.public_raw)
    return Backup(out, len(listed), size_bytes, sha256_hex(listing), missing, signed_by)


def _signature(listing: bytes, signer: Signer) -> bytes:
    stated = {"format": SIGNATURE_FORMAT, "list_sha256": sha256_hex(listing)}
    return write_signed(stated, signer)


def _header(name: str, size_bytes: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size = size_bytes
    header.mode = 0o600
    return header


def restore_backup(
    path: Path,
    root: Path,
    *,
    check: Callable[[Path, Restored], object] | None = None,
    identities: Sequence[Identity] = (),
    progress: Progress = SILENT,
) -> Restored:
    """Restore a backup into a new or empty folder.

    `identities`: what an encrypted one is decrypted with. `check` is given the restored folder
    before it appears under its name, and what was read; what it raises ends the restore.

    Raises BackupNotReadable, BackupBroken, WorkspaceExists, DiskFull. A refused restore leaves
    the folder as it was found.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise WorkspaceExists(path=str(root))
    root.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=root.parent, prefix=".tmp-restore-"))
    try:
        restored = _read(path, identities, lambda name: _new_member(staging / name, name), progress)
        complete_folders(staging)
        if check is not None:
            check(staging, restored)
        if root.exists():
            root.rmdir()
        staging.rename(root)
        sync_folder(root.parent)
    except OSError as error:
        raise translated(error, root if root.exists() else path) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return restored


def check_backup(
    path: Path,
    books: Path,
    *,
    identities: Sequence[Identity] = (),
    progress: Progress = SILENT,
) -> Restored:
    """Read a backup whole without restoring it; only its settings and ledger go to `books`.

    Raises BackupNotReadable, BackupBroken, DiskFull.
    """
    wanted = {SETTINGS_NAME, ENTRIES_NAME}

    def place(name: str) -> AbstractContextManager[Callable[[bytes], object]]:
        if name in wanted:
            return _new_member(books / name, name)
        return nullcontext(lambda _chunk: None)

    try:
        return _read(path, identities, place, progress)
    except OSError as error:
        raise translated(error, path) from error


def is_backup(path: Path) -> bool:
    """Whether a file begins as a backup does: encrypted to age, or a tar of our settings."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(512)
    return is_encrypted(path) or (start[257:262] == b"ustar" and SETTINGS_NAME.encode() in start)


def _read(
    path: Path,
    identities: Sequence[Identity],
    place: Callable[[str], AbstractContextManager[Callable[[bytes], object]]],
    progress: Progress,
) -> Restored:
    try:
        with _plain(path, identities) as tar:
            return _unpack(tar, path, place, progress)
    except (tarfile.TarError, EOFError) as error:
        raise BackupNotReadable(path=str(path), why=Phrase("why.backup-no-archive")) from error


@contextmanager
def _new_member(target: Path, name: str) -> Iterator[Callable[[bytes], object]]:
    """A member's new file, which is on disk when this ends."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        yield file.write
        os.fchmod(file.fileno(), 0o400 if name.startswith("vault/") else 0o600)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _plain(path: Path, identities: Sequence[Identity]) -> Iterator[tarfile.TarFile]:
    """Open a backup's tar, which an encrypted one gives as a stream; raises BackupNotReadable."""
    if not is_encrypted(path):
        with tarfile.open(path, mode="r:") as tar:
            yield tar
        return
    if not identities:
        raise BackupNotReadable(path=str(path), why=Phrase("why.backup-encrypted"))
    with decrypted(path, identities) as file, tarfile.open(fileobj=file, mode="r|") as tar:
        yield tar


def _unpack(
    tar: tarfile.TarFile,
    path: Path,
    place: Callable[[str], AbstractContextManager[Callable[[bytes], object]]],
    progress: Progress,
) -> Restored:
    digests: dict[str, tuple[str, int]] = {}
    listing = signature = None
    progress.start(path.stat().st_size, "bytes", "progress.restore")
    for member in tar:
        source = tar.extractfile(member) if _is_safe(member) else None
        is_known = member.name in digests or (member.name == SIGNATURE_NAME and signature)
        if listing is not None or source is None or is_known:
            raise BackupNotReadable(
                path=str(path), why=Phrase("why.backup-member", {"member": member.name[:100]})
            )
        if member.name == LIST_NAME:
            listing = source.read(_LONGEST_LIST)
        elif member.name == SIGNATURE_NAME:
            signature = source.read(_LONGEST_SIGNATURE)
        else:
            with place(member.name) as write:
                found = digest_stream(source, write, lambda c: progress.advance(len(c)))
            digests[member.name] = (found.sha256, found.size_bytes)
    progress.finish()
    if listing is None:
        raise _no_list(path)
    _compare(path, listing, digests)
    size_bytes = sum(size for _, size in digests.values())
    signed_by = None if signature is None else _signed_by(path, signature, listing)
    return Restored(len(digests), size_bytes, sha256_hex(listing), signed_by)


def _signed_by(path: Path, line: bytes, listing: bytes) -> str:
    """The fingerprint of the key that signed this list; raises SignatureWrong, BackupBroken."""
    stated = read_signed(line, format_name=SIGNATURE_FORMAT, path=str(path))
    if stated.get("list_sha256") != sha256_hex(listing):
        raise BackupBroken(path=str(path), member=LIST_NAME)
    return fingerprint(base64.b64decode(stated["public_key"]))


def _no_list(path: Path) -> BackupNotReadable:
    return BackupNotReadable(path=str(path), why=Phrase("why.backup-list", {"member": LIST_NAME}))


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
        raise _no_list(path)
    number, files = stated.get("format"), stated.get("files")
    if type(number) is not int or not isinstance(files, list):
        raise _no_list(path)
    if number > FORMAT:
        raise FormatTooNew(what=str(path), found=number, known=FORMAT)
    if number < _OLDEST:
        raise LedgerFormatUnreleased(what=str(path), found=number)
    for file in files:
        if not isinstance(file, dict) or file.keys() != _LISTED:
            raise _no_list(path)
        if not all(isinstance(value, str) for value in file.values()):
            raise _no_list(path)
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
