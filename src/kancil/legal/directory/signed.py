"""Signed directory files between units (docs/formats/directory.md)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from kancil.ground import canonical
from kancil.ground.child import in_child
from kancil.ground.errors import FormatTooNew, NotCanonical, SignatureWrong
from kancil.ground.ids import is_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.signedfile import read_signed, site_mark, write_signed
from kancil.ground.signing import Signer, fingerprint
from kancil.ground.workspace import Site

from .errors import DirectoryFileBroken, DirectoryFileNotReadable, DirectoryFileTooLarge
from .office import Office
from .reading import is_seen, offices_of, read_offices, refuse_free_mail

VERSION = 1
FORMAT = f"kancil-directory/{VERSION}"
SUFFIX = ".kancil-directory"
MAX_BYTES = 10_000_000
_FORMAT = re.compile(r"kancil-directory/([0-9]{1,6})")
_KEYS = {"as_of", "format", "offices", "public_key", "unit", "version"}
_MARKS: tuple[dict[str, str], ...] = ({}, site_mark(Site.CLASSROOM))
"""What a statement may have besides: nothing, or that a classroom made it."""
_UNIT_KEYS = {"country", "id", "name"}


@dataclass(frozen=True, slots=True)
class Issuer:
    """The unit that a file says it is of; whose key signed it, the fingerprint says."""

    id: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class SignedDirectory:
    """A file that was read."""

    unit: Issuer
    version: int
    """How many verifications the unit had recorded: a later file has a higher one."""
    as_of: date
    offices: tuple[Office, ...]
    fingerprint: str
    sha256: str
    is_training: bool = False
    """Whether a classroom signed it."""


def write_directory(
    offices: Iterable[Office],
    *,
    unit: Issuer,
    version: int,
    as_of: date,
    signer: Signer,
    site: Site = Site.UNIT,
) -> bytes:
    """The bytes of the signed file; the same entries and key give the same bytes."""
    statement = {
        "as_of": as_of.isoformat(),
        "format": FORMAT,
        "offices": plain(sorted(offices, key=lambda each: each.id)),
        "unit": plain(unit),
        "version": version,
        **site_mark(site),
    }
    return write_signed(statement, signer)


def read_directory(data: bytes, path: str) -> SignedDirectory:
    """Read a signed file; the signature is checked before anything else is believed.

    Whether the key is trusted is not asked here. Raises DirectoryFileTooLarge, FormatTooNew,
    DirectoryFileNotReadable, DirectoryFileBroken, and what entries raise that are wrong.
    """
    if len(data) > MAX_BYTES:
        raise DirectoryFileTooLarge(path=path, megabytes=MAX_BYTES // 1_000_000)
    _check_format(data, path)
    try:
        statement = read_signed(data, format_name=FORMAT, path=path)
    except (SignatureWrong, NotCanonical) as error:
        raise DirectoryFileBroken(path=path) from error
    mark = {name: statement[name] for name in set(statement) - _KEYS}
    if mark not in _MARKS or not set(statement) >= _KEYS:
        raise _unreadable(path, "statement")
    unit, version = _issuer(statement["unit"], path), statement["version"]
    if type(version) is not int or version < 1:
        raise _unreadable(path, "version")
    try:
        as_of = date.fromisoformat(statement["as_of"])
    except (TypeError, ValueError) as error:
        raise _unreadable(path, "as_of") from error
    offices = offices_of(statement["offices"], path)
    if any(each.verified_on is None or each.verified_on > as_of for each in offices):
        raise _unreadable(path, "verified_on")
    return SignedDirectory(
        unit,
        version,
        as_of,
        offices,
        fingerprint(base64.b64decode(statement["public_key"])),
        sha256(data).hexdigest(),
        is_training=bool(mark),
    )


def _issuer(value: Any, path: str) -> Issuer:
    if not isinstance(value, dict) or set(value) != _UNIT_KEYS:
        raise _unreadable(path, "unit")
    texts = list(value.values())
    if not all(isinstance(each, str) and is_seen(each) and len(each) <= 300 for each in texts):
        raise _unreadable(path, "unit")
    if not is_id(value["id"]) or not value["name"].strip():
        raise _unreadable(path, "unit")
    return Issuer(**value)


def _unreadable(path: str, part: str) -> DirectoryFileNotReadable:
    return DirectoryFileNotReadable(path=path, why=Phrase("why.directory-part", {"part": part}))


def _check_format(data: bytes, path: str) -> None:
    """Another file, and one of a newer Kancil, from one that was changed on its way."""
    other = DirectoryFileNotReadable(path=path, why=Phrase("why.directory-other-file"))
    if not data.startswith(b'{"signature":"'):
        raise other
    try:
        whole = canonical.loads(data)
    except NotCanonical as error:
        raise DirectoryFileBroken(path=path) from error
    statement = whole.get("statement")
    stated = statement.get("format") if isinstance(statement, dict) else None
    found = _FORMAT.fullmatch(stated) if isinstance(stated, str) else None
    if found is None:
        raise other
    if int(found[1]) > VERSION:
        raise FormatTooNew(what=path, found=int(found[1]), known=VERSION)


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def open_directory(data: bytes, path: str) -> SignedDirectory:
    """Read a file that came from another unit, in a child of its own.

    Raises PublicAddressWanted, and what `read_directory` raises.
    """
    file = read_directory(data, path)
    for each in file.offices:
        refuse_free_mail(each)
    return file


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def open_offices(data: bytes, path: str) -> tuple[Office, ...]:
    """Read a list that a person wrote in a child of its own; raises what `read_offices` raises."""
    return read_offices(data, path)
