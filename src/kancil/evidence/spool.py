"""The spool: files on their way from a browser, piece by piece, until an intake takes them.

One folder an upload under `desk/uploads/`, named by the upload's id: `sending.json` says what is to
come and what its digests are; `0001` holds bytes and `0001.done` how many of them are checked and
on disk. Names that were sent never become names of files. An upload that was cut goes on where its
last whole piece ended, also after a crash: bytes beyond it are cut off by the next piece.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kancil.ground import canonical, clock
from kancil.ground.digests import Readable
from kancil.ground.errors import FileNotReadable, NotCanonical
from kancil.ground.files import stated_name, sync_folder, translated, write_durably
from kancil.ground.ids import is_id, new_id
from kancil.ground.phrase import Param, Phrase
from kancil.ground.plain import LEFT_OUT, plain
from kancil.ground.room import RESERVE_BYTES, require_room
from kancil.ground.units import grouped

from .errors import UploadNotReadable

MOST_PIECE_BYTES = 8 << 20
MOST_FILES = 1000
MOST_NAME = 255
"""Characters; no usual file system has longer names."""
MOST_BYTES = 1 << 53
"""Largest whole number that a browser writes exactly."""
KEPT_SECONDS = 7 * 24 * 3600
"""How long an upload that nobody goes on with is kept."""
_BLOCK_BYTES = 1 << 18
_PREFIX = "sending-"
_GONE_SECONDS = 24 * 3600
_PASSING = (".new-*", ".gone-*", "upload-*", "tmp*")
"""What is there for a moment: uploads being made or removed, and what plain forms carried."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file as the browser states it."""

    name: str
    """As `stated_name` writes it."""
    size_bytes: int
    sha256: str
    """As the browser computed it before anything was sent, or as the list of a lab has it."""


@dataclass(frozen=True, slots=True)
class Sending:
    """An upload that has begun."""

    id: str = field(metadata=LEFT_OUT)
    """Name of its folder, which is where it is kept."""
    case: str
    person: str
    """Whoever sends it."""
    title: str
    source: str
    begun_at: datetime
    files: tuple[SentFile, ...]
    handling_code: str = ""
    """Under which it came; empty for none."""
    sending_office: str = ""
    """Who asks for the code."""
    is_laid: bool = False
    """Whether this machine laid the files ready: no browser computed their digests."""

    @property
    def size_bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file.size_bytes for file in self.files)


def read_files(given: Any) -> tuple[SentFile, ...]:
    """Read what a browser says it will send; raises UploadNotReadable."""
    if not isinstance(given, list) or not given:
        raise _unreadable("upload-form")
    if len(given) > MOST_FILES:
        raise _unreadable("upload-many", most=grouped(MOST_FILES))
    names = read_names([each.get("name") if isinstance(each, dict) else None for each in given])
    return tuple(_read_file(each, name) for each, name in zip(given, names, strict=True))


def read_names(given: list[Any]) -> list[str]:
    """Write the names of what is sent together as `stated_name` does; raises UploadNotReadable."""
    names: list[str] = []
    for name in given:
        if not isinstance(name, str) or not name.strip():
            raise _unreadable("upload-unnamed")
        if len(name) > MOST_NAME:
            raise _unreadable("upload-name-long", most=MOST_NAME, name=stated_name(name[:40]))
        names.append(stated_name(name))
    double = next((name for name, count in Counter(names).items() if count > 1), None)
    if double is not None:
        raise _unreadable("upload-double", name=double)
    return names


def _read_file(given: dict[str, Any], name: str) -> SentFile:
    size, sha256 = given.get("size"), given.get("sha256")
    if type(size) is not int or not 0 <= size < MOST_BYTES:
        raise _unreadable("upload-form")
    if not isinstance(sha256, str) or _SHA256.fullmatch(sha256) is None:
        raise _unreadable("upload-form")
    return SentFile(name, size, sha256)


def _unreadable(why: str, **params: Param) -> UploadNotReadable:
    return UploadNotReadable(why=Phrase(f"why.{why}", params))


@dataclass(frozen=True, slots=True)
class Spool:
    """The spool of one workspace."""

    folder: Path
    """`desk/uploads/`; made when something is first sent."""
    reserve_bytes: int = RESERVE_BYTES
    """What an upload must leave free on the disk, for the desk and for whoever else works."""

    def begin(
        self, *, case: str, person: str, title: str, source: str, files: tuple[SentFile, ...],
        handling_code: str = "", sending_office: str = "", is_laid: bool = False,
    ) -> Sending:  # fmt: skip
        """Begin an upload, or find the same one: same case, sender, and files by name and digest.

        Raises UploadNoRoom, DiskFull.
        """
        self._make()
        with self._locked(self.folder / ".spool", is_waiting=True):
            known = self._same(case, person, files)
            if known is not None:
                changed = replace(
                    known, title=title, source=source, handling_code=handling_code,
                    sending_office=sending_office, is_laid=is_laid,
                )  # fmt: skip
                self.require_room(changed.size_bytes * 2 - sum(self.held(changed)))
                self._state(self._path(known.id), changed)
                return changed
            at = clock.now()
            came = (handling_code, sending_office, is_laid)
            made = Sending(new_id(), case, person, title, source, at, files, *came)
            self.require_room(made.size_bytes * 2)
            self._lay(made)
        return made

    def _lay(self, made: Sending) -> None:
        """Make the folder whole before it has its name."""
        new = self.folder / f".new-{made.id}"
        new.mkdir()
        self._state(new, made)
        for place in range(1, len(made.files) + 1):
            (new / _named(place)).touch()
        new.rename(self._path(made.id))
        sync_folder(self.folder)

    def _state(self, folder: Path, sending: Sending) -> None:
        write_durably(folder / "sending.json", canonical.dumps(plain(sending)))

    def _same(self, case: str, person: str, files: tuple[SentFile, ...]) -> Sending | None:
        for each in self.all():
            if (each.case, each.person, each.files) == (case, person, files):
                return each
        return None

    def find(self, name: str) -> Sending | None:
        """Find an upload by its id."""
        if not is_id(name):
            return None
        try:
            return _read(name, canonical.loads((self._path(name) / "sending.json").read_bytes()))
        except (OSError, NotCanonical, KeyError, TypeError, ValueError):
            return None

    def all(self) -> list[Sending]:
        """List what is here, the oldest first."""
        names = sorted(path.name.removeprefix(_PREFIX) for path in self.folder.glob(f"{_PREFIX}*"))
        return [found for found in map(self.find, names) if found is not None]

    def held(self, sending: Sending) -> list[int]:
        """How many bytes of each file are here, checked and on disk."""
        return [self._held(sending.id, place) for place in range(1, len(sending.files) + 1)]

    def is_whole(self, sending: Sending) -> bool:
        """Whether every byte is here."""
        return self.held(sending) == [file.size_bytes for file in sending.files]

    def paths(self, sending: Sending) -> dict[Path, str]:
        """Where each file lies, and the name it was sent under."""
        folder = self._path(sending.id)
        return {folder / _named(place): file.name for place, file in enumerate(sending.files, 1)}

    def add(
        self,
        sending: Sending,
        place: int,
        *,
        offset: int,
        size_bytes: int,
        sha256: str,
        stream: Readable,
    ) -> int:
        """Add a piece to a file and give how many bytes are here now.

        `place`: of the file, from 1. A piece that does not begin where the file ends adds nothing,
        nor does one that meets another one being written: what is given then says where to go on.
        Raises UploadNotReadable for a piece that is cut or changed on its way, UploadNoRoom,
        DiskFull; the file is then as it was before.
        """
        if not 1 <= place <= len(sending.files) or not 0 < size_bytes <= MOST_PIECE_BYTES:
            raise _unreadable("upload-form")
        if not 0 <= offset <= sending.files[place - 1].size_bytes - size_bytes:
            raise _unreadable("upload-form")
        with self._locked(self._path(sending.id) / ".lock") as is_mine:
            before = self._held(sending.id, place)
            if not is_mine or offset != before:
                return before
            self.require_room(size_bytes)
            path = self._path(sending.id) / _named(place)
            try:
                _append(path, before, size_bytes, sha256, stream)
            except OSError as error:
                raise translated(error, self.folder) from error
            write_durably(_done(path), str(before + size_bytes).encode())
            return before + size_bytes

    def lay(self, sending: Sending, place: int, source: Path) -> None:
        """Put a file of this machine in a file's place, whole; `place`: from 1.

        It is linked where the disk can, else copied: nothing writes to a file that is whole, and
        the intake compares its bytes with what was stated. Raises DiskFull, FileNotReadable.
        """
        path = self._path(sending.id) / _named(place)
        new = path.with_name(f"{path.name}.new")
        with self._locked(self._path(sending.id) / ".lock", is_waiting=True):
            if self._held(sending.id, place) == sending.files[place - 1].size_bytes:
                return
            try:
                new.unlink(missing_ok=True)
                _link_or_copy(source, new)
                new.replace(path)
            except OSError as error:
                raise translated(error, source) from error
            write_durably(_done(path), str(sending.files[place - 1].size_bytes).encode())

    def renew(self, sending: Sending) -> Sending | None:
        """An upload a new id, so that it can be asked for once more; None if it is gone."""
        fresh = replace(sending, id=new_id())
        try:
            self._path(sending.id).rename(self._path(fresh.id))
        except OSError:
            return None
        sync_folder(self.folder)
        return fresh

    def drop(self, name: str) -> None:
        """Remove an upload and its bytes; silent when it is gone."""
        if not is_id(name):
            return
        gone = self.folder / f".gone-{new_id()}"
        try:
            self._path(name).rename(gone)
        except FileNotFoundError:
            return
        shutil.rmtree(gone, ignore_errors=True)

    def sweep(self, is_wanted: Callable[[str], bool]) -> None:
        """Remove what was left for seven days, and what a killed process left half made."""
        now = time.time()
        for each in self.all():
            if now - self.touched_at(each) > KEPT_SECONDS and not is_wanted(each.id):
                self.drop(each.id)
        for pattern in _PASSING:
            for path in self.folder.glob(pattern):
                if now - path.lstat().st_mtime <= _GONE_SECONDS:
                    continue
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def touched_at(self, sending: Sending) -> float:
        """When the last piece came, in Unix seconds."""
        times = [path.lstat().st_mtime for path in self._path(sending.id).iterdir()]
        return max(times, default=0.0)

    def require_room(self, size_bytes: int) -> None:
        """Refuse what would leave the disk less than the reserve; raises UploadNoRoom."""
        require_room(self.folder, size_bytes, self.reserve_bytes)

    def _held(self, name: str, place: int) -> int:
        try:
            return int(_done(self._path(name) / _named(place)).read_bytes())
        except (FileNotFoundError, ValueError):
            return 0

    def _make(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise translated(error, self.folder) from error

    def _path(self, name: str) -> Path:
        return self.folder / f"{_PREFIX}{name}"

    @contextmanager
    def _locked(self, path: Path, *, is_waiting: bool = False) -> Iterator[bool]:
        """Hold a lock, or say that another holds it; the system lets go of it with its holder."""
        try:
            lock = path.open("ab")
        except OSError as error:
            raise FileNotReadable(path=str(path)) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if is_waiting else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True


def _append(path: Path, before: int, size_bytes: int, sha256: str, stream: Readable) -> None:
    """Write a piece where the file ends, durably; raises UploadNotReadable, and OSError."""
    digest, left = hashlib.sha256(), size_bytes
    try:
        with path.open("r+b") as file:
            file.truncate(before)
            file.seek(before)
            while left and (block := stream.read(min(left, _BLOCK_BYTES))):
                digest.update(block)
                file.write(block)
                left -= len(block)
            if left:
                raise _unreadable("upload-piece-cut")
            if digest.hexdigest() != sha256:
                raise _unreadable("upload-piece-changed")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        # Bytes beyond the last whole piece count for nothing; a full disk gets them back.
        os.truncate(path, before)
        raise


def _link_or_copy(source: Path, new: Path) -> None:
    try:
        os.link(source, new, follow_symlinks=False)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, new, follow_symlinks=False)
        with new.open("rb") as file:
            os.fsync(file.fileno())


def _named(place: int) -> str:
    return f"{place:04d}"


def _done(path: Path) -> Path:
    return path.with_name(f"{path.name}.done")


def _read(name: str, stated: Mapping[str, Any]) -> Sending:
    return Sending(
        id=name,
        case=stated["case"],
        person=stated["person"],
        title=stated["title"],
        source=stated["source"],
        begun_at=clock.from_text(stated["begun_at"]),
        files=tuple(
            SentFile(file["name"], int(file["size_bytes"]), file["sha256"])
            for file in stated["files"]
        ),
        handling_code=str(stated.get("handling_code", "")),
        sending_office=str(stated.get("sending_office", "")),
        is_laid=stated.get("is_laid") is True,
    )
