"""The vault: exhibit bytes by content, written once, read-only, on disk before anyone relies on it.

Layout: docs/formats/workspace.md. What the vault proves: the bytes under a digest are those that
were taken in under it, as long as `check` says so. What it does not prove: where they came from.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kancil.ground.digests import CHUNK_BYTES, Digests, Readable, digest_stream
from kancil.ground.errors import DiskFull, FileNotReadable, KancilError, UploadNoRoom
from kancil.ground.files import sync_folder, translated
from kancil.ground.ids import new_id
from kancil.ground.room import require_room

from .errors import NothingTaken, VaultBusy, VaultBytesBroken, VaultBytesMissing

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MODE = 0o400
Gate = Callable[[Digests], object]
"""Raises what keeps a file with these digests out."""
"""Of a file of the vault: written once, and its owner's alone."""
_ROOM_BYTES = 128 * 1024
"""Room that an intake's marker holds: SQLite's index of a log (32 KiB), and some pages."""


@dataclass(frozen=True, slots=True)
class Vault:
    """The vault of one workspace."""

    folder: Path
    """`vault/`."""
    incoming: Path
    """`incoming/`, on the same file system."""
    reserve_bytes: int = 0
    """What an intake must leave free on the disk."""

    def path_of(self, sha256: str) -> Path:
        """Where the content of this digest rests (whether or not it is there)."""
        if _SHA256.fullmatch(sha256) is None:
            raise VaultBytesMissing(sha256=sha256[:64])
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def holds(self, sha256: str) -> bool:
        """Whether there is a file under this digest; `check` says whether it is right."""
        return self.path_of(sha256).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """Open a content for reading; raises VaultBytesMissing."""
        try:
            return self.path_of(sha256).open("rb")
        except OSError as error:
            raise VaultBytesMissing(sha256=sha256) from error

    def take(
        self,
        stream: Readable,
        watch: Callable[[bytes], object] | None = None,
        gate: Gate | None = None,
    ) -> Digests:
        """Take a stream in: one pass, on disk and read-only when this returns.

        `watch` is given each chunk, for progress. `gate` is given the digests and may raise, before
        anything is under its name. The same content twice is kept once.
        Raises DiskFull, UploadNoRoom; what was not finished leaves nothing in `incoming/`.
        """
        temporary = self.incoming / new_id()
        try:
            with temporary.open("xb") as file:
                sinks = [self._leave_room, file.write, *([] if watch is None else [watch])]
                digests = digest_stream(stream, *sinks)
                file.flush()
                os.fchmod(file.fileno(), _MODE)
                os.fsync(file.fileno())
            if gate is not None:
                gate(digests)
            self._place(temporary, digests)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS):
                raise translated(error, self.folder) from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        return digests

    def _leave_room(self, chunk: bytes) -> None:
        """Stop before the reserve is touched, asked chunk by chunk since others write too."""
        require_room(self.incoming, len(chunk), self.reserve_bytes)

    def _place(self, temporary: Path, digests: Digests) -> None:
        target = self.path_of(digests.sha256)
        fresh = [folder for folder in (target.parent.parent, target.parent) if not folder.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        for folder in fresh:
            sync_folder(folder.parent)
        try:
            os.link(temporary, target)
        except FileExistsError:
            if target.stat().st_size != digests.size_bytes:
                raise VaultBytesBroken(sha256=digests.sha256) from None
            return
        sync_folder(target.parent)

    def check(self, sha256: str, watch: Callable[[bytes], object] | None = None) -> None:
        """Read a content again; raises VaultBytesMissing or VaultBytesBroken."""
        digest = hashlib.sha256()
        with self.open(sha256) as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                if watch is not None:
                    watch(chunk)
        if digest.hexdigest() != sha256:
            raise VaultBytesBroken(sha256=sha256)

    def remove(self, sha256: str) -> None:
        """Remove a content's bytes (disposal, or an orphan); silent when they are gone already."""
        path = self.path_of(sha256)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def contents(self) -> Iterator[str]:
        """List the digests of all files in the vault, sorted."""
        for path in sorted(self.folder.glob("??/??/*")):
            if _SHA256.fullmatch(path.name):
                yield path.name

    @contextmanager
    def intake_open(self, is_named: Callable[[], set[str]]) -> Iterator[None]:
        """Hold the vault open for an intake: first sweep what a killed one left, then lock.

        `is_named` gives the digests that ledger entries name; it is asked only when an intake was
        killed or refused and no other runs. Intakes share the lock; a sweep needs it alone. What an
        intake had taken when the disk was full is swept at once, so that there is room again: the
        marker holds a little room from the start, which `is_named` may need to read a database.
        After any other end, or when another intake runs, the marker stays and the next one sweeps.
        """
        with (self.incoming / ".lock").open("ab") as lock:
            if _locked_alone(lock):
                self._sweep(is_named)
            fcntl.flock(lock, fcntl.LOCK_SH)
            marker = self.incoming / f"{new_id()}.intake"
            try:
                marker.write_bytes(bytes(_ROOM_BYTES))
                sync_folder(self.incoming)
            except OSError as error:
                marker.unlink(missing_ok=True)
                raise translated(error, marker) from error
            try:
                yield
            except (DiskFull, NothingTaken, UploadNoRoom):
                with suppress(KancilError, OSError):  # the marker stays, and the next intake sweeps
                    os.truncate(marker, 0)
                    if _locked_alone(lock):
                        self._sweep(is_named)
                raise
            else:
                marker.unlink()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep every file while files are read: none is swept or disposed of. Intakes go on.

        Waits for a sweep or a disposal to end.
        """
        with (self.incoming / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the vault alone, for a disposal: no intake may be taking in the same bytes.

        Raises VaultBusy while an intake or a backup runs.
        """
        with (self.incoming / ".lock").open("ab") as lock:
            if not _locked_alone(lock):
                raise VaultBusy(path=str(self.folder))
            yield

    def _sweep(self, is_named: Callable[[], set[str]]) -> None:
        left = [path for path in self.incoming.iterdir() if path.name != ".lock"]
        if not left:
            return
        named = is_named()
        for sha256 in self.contents():
            if sha256 not in named:
                self.remove(sha256)
        for path in left:
            path.unlink(missing_ok=True)

    def orphans(self, named: set[str]) -> list[str]:
        """List the digests in the vault that no ledger entry names."""
        return [sha256 for sha256 in self.contents() if sha256 not in named]


def _locked_alone(lock: BinaryIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file without following a last link; raises FileNotReadable."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error
    return os.fdopen(handle, "rb", buffering=0)
