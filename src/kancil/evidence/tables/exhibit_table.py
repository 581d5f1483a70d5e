"""The bytes of one table: an exhibit's file, checked against its listing, or a plain file."""

from __future__ import annotations

from pathlib import Path

from kancil.custody.exhibits import require_here
from kancil.custody.roll import Exhibit
from kancil.evidence.errors import (
    ExhibitFileNotNamed,
    InPlaceChanged,
    TableTooLarge,
    VaultBytesBroken,
)
from kancil.evidence.named import NamedFile, exhibit_files
from kancil.evidence.vault import Vault, open_regular
from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file

from .table import MAX_FILE_BYTES, MAX_ROWS


def table_file(exhibit: Exhibit, vault: Vault, name: str | None = None) -> NamedFile:
    """Find the file that is meant: the only one, else the one of that path or file name.

    Raises ExhibitGone, ExhibitFileNotNamed, VaultBytesMissing.
    """
    require_here(exhibit)
    files = list(exhibit_files(exhibit, vault))
    if name is not None:
        found = [file for file in files if name in (file.path, Path(file.path).name, file.sha256)]
    else:
        found = files
    if len({file.sha256 for file in found}) != 1:
        known = ", ".join(Path(file.path).name for file in files[:10])
        raise ExhibitFileNotNamed(exhibit=exhibit.label, count=len(found), known=known)
    return found[0]


def table_bytes(path: Path) -> bytes:
    """Read a file that is no exhibit, within the limit; raises TableTooLarge, FileNotReadable."""
    if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
        raise _too_large(str(path))
    return read_file(path)


def _too_large(path: str) -> TableTooLarge:
    return TableTooLarge(path=path, megabytes=MAX_FILE_BYTES // 1_000_000, rows=MAX_ROWS)


def read_table_bytes(file: NamedFile, vault: Vault) -> bytes:
    """Read a file whole, within the limit of tables, and check its digest.

    Raises TableTooLarge, VaultBytesMissing, VaultBytesBroken, FileNotReadable, InPlaceChanged.
    """
    if file.size_bytes > MAX_FILE_BYTES:
        raise _too_large(file.path)
    with open_regular(Path(file.path)) if file.in_place else vault.open(file.sha256) as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if sha256_hex(data) != file.sha256:
        raise (
            InPlaceChanged(path=file.path)
            if file.in_place
            else VaultBytesBroken(sha256=file.sha256)
        )
    return data
