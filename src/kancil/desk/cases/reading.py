"""Files of exhibits, opened and sent by right, each act with its entry in the ledger.

From the vault, or from where a file stayed; to pages, the API and commands. Bytes are parsed in a
child (`kancil.evidence.reading.child`); here they are found, granted, and passed on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kancil.custody.acting import ActingOfficer
from kancil.custody.reading import download_exhibit, require_readable, view_exhibit
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.evidence.errors import InPlaceChanged, VaultBytesBroken, VaultBytesMissing
from kancil.evidence.named import NamedFile, exhibit_files
from kancil.evidence.reading.child import draw_file, open_file
from kancil.evidence.reading.page import Asked, Drawn, Opened
from kancil.evidence.vault import Vault
from kancil.ground.digests import CHUNK_BYTES
from kancil.ground.errors import FileNotReadable
from kancil.ground.ids import ExhibitId

from .errors import PageNotFound


def readable_file(ledger: LedgerStore, vault: Vault, exhibit: ExhibitId, sha256: str) -> NamedFile:
    """A file of an exhibit by its digest, the first that its listings name.

    Raises ExhibitGone, LegalBasisExpired; PageNotFound where no file of the exhibit has it.
    """
    roll = ledger.folded(Roll)
    require_readable(roll, exhibit)
    files = exhibit_files(roll.exhibit(exhibit), vault)
    found = next((each for each in files if each.sha256 == sha256), None)
    if found is None:
        raise PageNotFound
    return found


def files_from(
    ledger: LedgerStore, vault: Vault, exhibit: ExhibitId, first: int, most: int
) -> list[NamedFile]:
    """Files of an exhibit in the order of its listings, from the one of that number on, from 0."""
    files = exhibit_files(ledger.folded(Roll).exhibit(exhibit), vault)
    return list(islice(files, first, first + most))


def view_file(
    ledger: LedgerStore, vault: Vault, file: NamedFile, asked: Asked, by: ActingOfficer
) -> Opened:
    """Open a file at one place, once the ledger says who looks.

    A page that is turned writes nothing more (`view_exhibit`). Raises what `open_file` raises.
    """
    view_exhibit(ledger, exhibit=file.exhibit.id, sha256=file.sha256, by=by)
    path = path_of(vault, file)
    try:
        return open_file(path, file.path, file.sha256, asked)
    except VaultBytesBroken as error:
        raise changed(file) from error


def draw_page(
    ledger: LedgerStore, vault: Vault, file: NamedFile, asked: Asked, by: ActingOfficer
) -> Drawn:
    """Draw a page or a picture of a file, as `view_file`."""
    view_exhibit(ledger, exhibit=file.exhibit.id, sha256=file.sha256, by=by)
    path = path_of(vault, file)
    try:
        return draw_file(path, file.path, file.sha256, asked)
    except VaultBytesBroken as error:
        raise changed(file) from error


def send_file(
    ledger: LedgerStore, vault: Vault, file: NamedFile, by: ActingOfficer, first: int, last: int
) -> Iterator[bytes]:
    """The bytes of a file from `first` to `last`, once the ledger says to whom they go.

    A whole file is compared with its SHA-256 on the way; its last bytes stay back where it differs,
    so that what arrived is seen to be cut. Memory: one chunk. Raises VaultBytesMissing,
    VaultBytesBroken, InPlaceChanged, FileNotReadable, before anything is written where the size is
    another one already.
    """
    path = path_of(vault, file)
    if path.stat().st_size != file.size_bytes:
        raise changed(file)
    download_exhibit(ledger, exhibit=file.exhibit.id, sha256=file.sha256, by=by, goes_on=first > 0)
    return _chunks(path, file, first, last)


def copy_file(vault: Vault, file: NamedFile, target: Path) -> None:
    """Copy a file's bytes to where a task of ours reads them, compared with their SHA-256.

    Raises VaultBytesMissing, VaultBytesBroken, InPlaceChanged, FileNotReadable; what was copied
    of wrong bytes stays, for the caller to remove.
    """
    with target.open("xb") as copy:
        for chunk in _chunks(path_of(vault, file), file, 0, file.size_bytes - 1):
            copy.write(chunk)


def file_beginning(vault: Vault, file: NamedFile, size_bytes: int) -> bytes:
    """The first bytes of a file, as they lie there; raises as `copy_file`."""
    with path_of(vault, file).open("rb") as stream:
        return stream.read(size_bytes)


def path_to_read(vault: Vault, file: NamedFile) -> Path:
    """Where a file's bytes rest, compared with their SHA-256 now; raises as `copy_file`."""
    path = path_of(vault, file)
    for _ in _chunks(path, file, 0, file.size_bytes - 1):
        pass
    return path


def _chunks(path: Path, file: NamedFile, first: int, last: int) -> Iterator[bytes]:
    digest, left = hashlib.sha256(), last - first + 1
    is_whole = left == file.size_bytes
    with path.open("rb") as stream:
        stream.seek(first)
        while left > 0:
            chunk = stream.read(min(CHUNK_BYTES, left))
            left -= len(chunk)
            digest.update(chunk)
            is_wrong = left == 0 and is_whole and digest.hexdigest() != file.sha256
            if not chunk or is_wrong:
                raise changed(file)
            yield chunk


def path_of(vault: Vault, file: NamedFile) -> Path:
    """Where a file's bytes rest; raises FileNotReadable, VaultBytesMissing."""
    if not file.in_place:
        if not vault.holds(file.sha256):
            raise VaultBytesMissing(sha256=file.sha256)
        return vault.path_of(file.sha256)
    path = Path(file.path)
    if path.is_symlink() or not path.is_file():
        raise FileNotReadable(path=file.path)
    return path


def changed(file: NamedFile) -> InPlaceChanged | VaultBytesBroken:
    """The error for a file whose bytes are not those that were taken in."""
    return InPlaceChanged(path=file.path) if file.in_place else VaultBytesBroken(sha256=file.sha256)
