"""ZIP archives and the formats that are one: members by the central directory (APPNOTE 6.3.10).

Names that are not marked as UTF-8 are read as such where they are valid, else as code page 437.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

from kancil.evidence.members.archive import Archive, Packed
from kancil.ground.skipped import Skipped

_ENCRYPTED = 0x1
_UTF8 = 0x800


def _packed(_path: str, data: bytes) -> Iterator[Packed | Skipped]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    for each in archive.infolist():
        name = _name(each)
        if each.is_dir():
            continue
        if each.flag_bits & _ENCRYPTED:
            yield Skipped("member-encrypted", name)
        else:
            yield Packed(name, partial(_open, archive, each), each.file_size)


def _open(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(entry))


def _name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


ZIP = Archive(frozenset({"zip"}), _packed)
