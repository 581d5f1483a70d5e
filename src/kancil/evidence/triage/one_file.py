"""One file of an image, opened in a limited child by the address of its metadata.

The image is not walked: the volume's file system is opened and asked for that one file. A content
that is short enough is compared with its SHA-256 of the pass before anything of it is shown.
"""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import pytsk3

from kancil.evidence.images.opening import open_image, tsk_image
from kancil.evidence.images.volume import volumes
from kancil.evidence.reading.child import draw_stream, open_stream
from kancil.evidence.reading.page import Asked, Drawn, Opened
from kancil.ground.child import in_child

STRETCH_BYTES = 32 << 20
"""How much of a file leaves a child at once."""
_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class OneFile:
    """Which file of an image, as the pass listed and read it."""

    volume: int
    address: str
    """Of its metadata (`images.entry.FileEntry`)."""
    name: str
    size_bytes: int
    """As far as it could be read."""
    sha256: str


@in_child(memory_bytes=1 << 30, cpu_seconds=120)
def open_entry_file(files: tuple[str, ...], one: OneFile, asked: Asked) -> Opened:
    """Show a file of an image at one place.

    `files`: of the image, in their order. Raises ImageNotReadable and what `open_file` raises.
    """
    with ExitStack() as stack:
        return open_stream(stream_of(files, one, stack), one.name, one.sha256, asked)


@in_child(memory_bytes=1 << 30, cpu_seconds=120)
def draw_entry_file(files: tuple[str, ...], one: OneFile, asked: Asked) -> Drawn:
    """Draw a picture or a page of a PDF; raises as `open_entry_file`."""
    with ExitStack() as stack:
        return draw_stream(stream_of(files, one, stack), one.name, one.sha256, asked)


@in_child(memory_bytes=1 << 30, cpu_seconds=120)
def read_entry_file(files: tuple[str, ...], one: OneFile, offset: int, length: int) -> bytes:
    """Some bytes of a file; fewer where they cannot be read. Raises ImageNotReadable."""
    with ExitStack() as stack:
        stream = stream_of(files, one, stack)
        stream.seek(offset)
        return stream.read(min(length, STRETCH_BYTES))


def stream_of(files: tuple[str, ...], one: OneFile, stack: ExitStack) -> BinaryIO:
    """The bytes of one file until `stack` closes; called in a child. Raises ImageNotReadable."""
    image = open_image([Path(each) for each in files], stack)
    system = next(
        (system for volume, system in volumes(image, tsk_image(image))
         if volume.number == one.volume), None,
    )  # fmt: skip
    inode, *stream = map(int, one.address.split("-"))
    try:
        file = None if system is None else system.open_meta(inode=inode)
    except OSError:  # what was there when it was listed: the digest or the length says the rest
        file = None
    return cast(BinaryIO, io.BufferedReader(_Content(file, one.size_bytes, tuple(stream)), _BUFFER))


class _Content(io.RawIOBase):
    """A file's bytes at any place; where they cannot be read, it ends."""

    def __init__(self, file: pytsk3.File | None, size: int, stream: tuple[int, ...]) -> None:
        self._file, self._size, self._stream, self._at = file, size, stream, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        length = min(len(buffer), self._size - self._at)
        if length <= 0 or self._file is None:
            return 0
        try:
            data = self._file.read_random(self._at, length, *self._stream)
        except OSError:
            return 0
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
