"""Telling a bundle that was unpacked and zipped again from one whose signed files were changed.

Both are not intact, since a ZIP of another form can show different files to different readers. Only
here a ZIP is read as common tools read it, by its directory, and only to say that sentence.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from kancil.reports.casework.bundle.manifest import MANIFEST

MOST_BYTES = 512_000_000
"""Of all members together; a ZIP that unpacks to more is not looked into."""
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DESCRIPTORS = (12, 16)
"""Bytes behind a member whose sizes stand after it."""
_FOREIGN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, LookupError,
    NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What zipfile raises over damaged files."""


def read_any_zip(data: bytes) -> dict[str, bytes] | None:
    """Read the members beside the one MANIFEST.json, whatever folder it is in.

    None where the file is no such ZIP, names a member twice, or unpacks to more than `MOST_BYTES`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _members(archive)
    except _FOREIGN:
        return None


def is_whole_zip(data: bytes) -> bool:
    """Whether a ZIP that `read_any_zip` reads is its members and its directory, no byte more.

    So that no reader, by the directory or from the first byte on, can see another member in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            rows = sorted(archive.infolist(), key=lambda one: one.header_offset)
            names = [one.filename for one in rows if not one.is_dir()]
            at = 0
            ends = [*(one.header_offset for one in rows[1:]), archive.start_dir]
            for one, after in zip(rows, ends, strict=True):
                if one.header_offset != at or data[at : at + 4] != b"PK\x03\x04":
                    return False
                name, extra = struct.unpack_from("<HH", data, at + 26)
                end = at + 30 + name + extra + one.compress_size
                if after - end not in (_DESCRIPTORS if one.flag_bits & 8 else (0,)):
                    return False
                at = after
            is_end_last = not archive.comment and data[-22:-18] == b"PK\x05\x06"
    except _FOREIGN:
        return False
    folder = next((name.removesuffix(MANIFEST) for name in names if name.endswith(MANIFEST)), "")
    return is_end_last and bool(rows) and all(name.startswith(folder) for name in names)


def _members(archive: zipfile.ZipFile) -> dict[str, bytes] | None:
    files = [one for one in archive.infolist() if not one.is_dir()]
    names = [one.filename for one in files]
    folders = [
        name.removesuffix(MANIFEST)
        for name in names
        if name == MANIFEST or name.endswith(f"/{MANIFEST}")
    ]
    is_odd = any(one.flag_bits & 1 or one.compress_type not in _KINDS for one in files)
    is_too_large = sum(one.file_size for one in files) > MOST_BYTES
    if len(folders) != 1 or len(set(names)) != len(names) or is_odd or is_too_large:
        return None
    (folder,) = folders
    return {
        one.filename.removeprefix(folder): archive.read(one)
        for one in files
        if one.filename.startswith(folder)
    }
