"""Writing files so that they are either whole and on disk, or not there at all."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .digests import CHUNK_BYTES
from .errors import DiskFull, FileExists, FileNotReadable, KancilError
from .ids import new_id
from .owner import OWN_FILE

LOCK_NAME = ".lock"


def sync_folder(folder: Path) -> None:
    """Make a folder's own entries durable (POSIX fsync of the directory)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, data: bytes, *, mode: int = OWN_FILE, replace: bool = True) -> None:
    """Write a whole file: temporary name, fsync, rename, fsync of the folder.

    Raises FileExists (only with `replace=False`), DiskFull. A crash leaves the old file or the
    new one, and at worst a `.tmp-` file beside it.
    """
    if not replace and path.exists():
        raise FileExists(path=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".tmp-{new_id()}")
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            os.link(temporary, path)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise FileExists(path=str(path)) from error
    except OSError as error:
        raise translated(error, path) from error
    finally:
        temporary.unlink(missing_ok=True)


def translated(error: OSError, path: Path | str) -> DiskFull | FileNotReadable:
    """Turn an operating-system error into ours: a full disk, or a file that does not answer."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path=str(path))
    return FileNotReadable(path=str(path))


def read_file(path: Path) -> bytes:
    """Read a whole small file; raises FileNotReadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces, as lower-case hex. Raises FileNotReadable."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise translated(error, path) from error
    return digest.hexdigest()


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Write a new file of any length, which is removed again where the writing ends by an error.

    Raises FileExists, DiskFull, FileNotReadable.
    """
    try:
        file = path.open("xb")
    except FileExistsError as error:
        raise FileExists(path=str(path)) from error
    except OSError as error:
        raise translated(error, path) from error
    try:
        with file:
            yield file
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise translated(error, path) from error
        raise


@contextmanager
def held_folder(folder: Path, taken: KancilError) -> Iterator[int]:
    """Make a folder if need be, and hold it for writing; gives the lock's file descriptor.

    Raises `taken` while another process holds it, DiskFull, FileNotReadable. The lock is the
    system's own (flock): it ends with the processes that hold it, however they end.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWN_FILE)
    except OSError as error:
        raise translated(error, folder) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise taken from error
        yield lock
    finally:
        os.close(lock)


def plain_name(name: str, limit_bytes: int = 200) -> str:
    """Make a file name of what somebody sent: no path, no control or direction mark, not too long.

    Letters of every script stay. A name of which nothing is left becomes `file`.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(
        letter for letter in last if letter.isprintable() or letter in "\u200b\u200c\u200d"
    ).strip(" .")
    while len(shown.encode("utf-8", "replace")) > limit_bytes:
        shown = shown[:-1]
    return shown.rstrip(" .") or "file"


def stated_name(name: str) -> str:
    """Write a file's name as it was sent, in a form that is seen and is no path.

    What is not printable (controls, direction marks, lone surrogates), what parts a path and what
    is blank at an end is written as `<U+202E>`; joiners, which Khmer and others need, stay.
    """
    inner = name.strip(" ")
    first = len(name) - len(name.lstrip(" ")) if inner else len(name)
    seen = [
        letter
        if (letter.isprintable() and letter not in "/\\" and first <= place < first + len(inner))
        or letter in "\u200b\u200c\u200d"
        else f"<U+{ord(letter):04X}>"
        for place, letter in enumerate(name)
    ]
    if set(name) == {"."}:
        seen[0] = "<U+002E>"
    return "".join(seen)
