"""One file of an examined disk: what is known of it, and its bytes, shown or sent by right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import pyarrow.compute as pc

from kancil.custody.acting import ActingOfficer
from kancil.custody.reading import download_exhibit
from kancil.custody.roll import Exhibit
from kancil.custody.store import LedgerStore
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.reading import changed, path_of
from kancil.desk.cases.triage import called_as_admitted, image_files
from kancil.evidence.errors import VaultBytesBroken
from kancil.evidence.named import NamedFile
from kancil.evidence.reading.page import Asked, Drawn, Opened
from kancil.evidence.triage.content import reason_of
from kancil.evidence.triage.one_file import (
    STRETCH_BYTES,
    OneFile,
    draw_entry_file,
    open_entry_file,
    read_entry_file,
)
from kancil.evidence.vault import Vault
from kancil.ground.child import InChild
from kancil.ground.confine import Grants
from kancil.ground.phrase import Phrase

from .examination import Examination
from .identifiers import in_file, secrets_of

_P = ParamSpec("_P")
_R = TypeVar("_R")

MOST_MEMBERS = 500
"""So many of what lies in a file are listed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the pass listed and read it."""

    entry: dict[str, Any]
    """Of `FileEntry`."""
    content: dict[str, Any] | None
    """Of `FileContent`; None: it was not read."""
    members: list[dict[str, Any]]
    """Of `FileContent`: what lies in it, the first `MOST_MEMBERS`."""
    reasons: list[Phrase]
    """Why it, or a part of it, was not examined."""
    secrets: list[str]
    """Kinds of the private keys and seed phrases in it: its content is sealed."""
    selectors: list[dict[str, Any]]
    """Of `SeenSelector`: what stands in it and in what lies in it."""

    @property
    def name(self) -> str:
        """Its own name, without the folders."""
        return str(self.entry["path"]).rpartition("/")[2]

    @property
    def asked(self) -> OneFile:
        """How a child finds it; raises PageNotFound for what was not read, or is sealed."""
        if self.content is None or self.secrets:
            raise PageNotFound
        return OneFile(
            self.entry["volume"], self.entry["address"], self.name, self.content["read_bytes"],
            self.content["sha256"].hex(),
        )  # fmt: skip


def listed_file(found: Examination, number: int) -> Listed:
    """The entry of a number; raises PageNotFound."""
    if not 0 < number <= len(found.entries):
        raise PageNotFound
    left = found.outcome.left_out
    reasons = left.filter(pc.equal(left["number"], number)).to_pylist()
    row, own = int(found.content_rows[number - 1]), []
    if row >= 0:
        some = found.contents.slice(row, MOST_MEMBERS + 1).to_pylist()
        own = [each for each in some if each["number"] == number]
    return Listed(
        found.entries.slice(number - 1, 1).to_pylist()[0],
        own[0] if own else None,
        own[1:],
        [reason_of(each["code"], each["params"]) for each in reasons],
        sorted({kind for entry, kind in secrets_of(found) if entry == number}),
        in_file(found, number),
    )


def open_listed(vault: Vault, exhibit: Exhibit, one: OneFile, asked: Asked) -> Opened:
    """Open a file at one place; the ledger says already who looks. Raises as `open_entry_file`."""
    image = image_files(exhibit, vault)
    files = _paths(vault, image)
    try:
        with called_as_admitted(image):
            return _reading(open_entry_file, files)(files, one, asked)
    except VaultBytesBroken as error:
        raise changed(image[0]) from error


def draw_listed(vault: Vault, exhibit: Exhibit, one: OneFile, asked: Asked) -> Drawn:
    """Draw a picture, or a page of a PDF, as `open_listed`."""
    image = image_files(exhibit, vault)
    files = _paths(vault, image)
    try:
        with called_as_admitted(image):
            return _reading(draw_entry_file, files)(files, one, asked)
    except VaultBytesBroken as error:
        raise changed(image[0]) from error


def send_listed(
    ledger: LedgerStore,
    vault: Vault,
    exhibit: Exhibit,
    one: OneFile,
    by: ActingOfficer,
    first: int,
    last: int,
) -> Iterator[bytes]:
    """The bytes of a file from `first` to `last`, once the ledger says to whom they go.

    A whole file is compared with its SHA-256 of the pass, as `desk.cases.reading.send_file` does.
    Raises InPlaceChanged, VaultBytesBroken and what reading an image raises.
    """
    image = image_files(exhibit, vault)
    files = _paths(vault, image)
    download_exhibit(ledger, exhibit=exhibit.id, sha256=one.sha256, by=by, goes_on=first > 0)
    return _stretches(image, files, one, first, last)


def _stretches(
    image: list[NamedFile], files: tuple[str, ...], one: OneFile, first: int, last: int
) -> Iterator[bytes]:
    digest, at = hashlib.sha256(), first
    is_whole = last - first + 1 == one.size_bytes
    while at <= last:
        length = min(STRETCH_BYTES, last - at + 1)
        with called_as_admitted(image):
            chunk = _reading(read_entry_file, files)(files, one, at, length)
        digest.update(chunk)
        at += length
        is_wrong = at > last and is_whole and digest.hexdigest() != one.sha256
        if len(chunk) < length or is_wrong:
            raise changed(image[0])
        yield chunk


def _paths(vault: Vault, image: list[NamedFile]) -> tuple[str, ...]:
    return tuple(str(path_of(vault, each)) for each in image)


def _reading(asked: InChild[_P, _R], files: tuple[str, ...]) -> InChild[_P, _R]:
    return asked.within(asked.limits, Grants(reads=files))
