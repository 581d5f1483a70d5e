"""EWF, known as E01: EnCase's and most imagers' format, compressed, in segments.

Source: libewf, *Expert Witness Compression Format* (libyal/libewf, documentation), by which the
library here reads too. The digests in it are of the disk, written when it was acquired.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO

import pyewf

from kancil.evidence.images.container import OpenImage, of_library

_SIGNATURES = (b"EVF\x09\x0d\x0a\xff\x00", b"EVF2\x0d\x0a\x81\x00")


_SECTION_BYTES = 76
"""Of the description that each section begins with; that of the last section is all of it."""


class Ewf:
    """Expert Witness Compression Format, versions 1 and 2."""

    name = "ewf"

    def recognises(self, head: bytes, tail: bytes) -> bool:
        """By its signature."""
        return head.startswith(_SIGNATURES)

    def open(self, files: Sequence[BinaryIO]) -> OpenImage:
        """Open the segments together, in the order of their own numbers.

        The library opens what is cut off or lacks segments, and reads zeros there: so the numbers,
        and the mark at the end of the last one, are looked at here.
        """
        ordered = sorted(files, key=_number)
        if _is_first_version(files[0]):
            wanted = list(range(1, len(files) + 1))
            if [_number(each) for each in ordered] != wanted or _last_section(
                ordered[-1]
            ) != b"done":
                raise OSError("segment")
        handle = pyewf.handle()
        handle.open_file_objects(ordered)
        digests = {name.lower(): value.lower() for name, value in handle.get_hash_values().items()}
        stored = {name: digests[name] for name in ("md5", "sha1") if digests.get(name)}
        stated = {name: value for name, value in handle.get_header_values().items() if value}
        return of_library(self.name, handle, stored=stored, stated=stated)


def _is_first_version(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(8) == _SIGNATURES[0]


def _number(file: BinaryIO) -> int:
    file.seek(9)
    return int.from_bytes(file.read(2), "little")


def _last_section(file: BinaryIO) -> bytes:
    """The kind of a segment's last section: `next` where another follows, `done` at the end."""
    file.seek(max(0, file.seek(0, io.SEEK_END) - _SECTION_BYTES))
    return file.read(16).rstrip(b"\0")


EWF = Ewf()
