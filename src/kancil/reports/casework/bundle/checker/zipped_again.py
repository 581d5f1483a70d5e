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
