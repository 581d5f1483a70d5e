"""The site's store: files of evidence and released documents, each under its SHA-256.

Bytes rest before the row that names them is written. What no row names is swept by the next intake
after one that was killed. What the store raises is told in this wing's own errors, whose exit
statuses are those of its site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from kancil.evidence.errors import VaultBytesBroken, VaultBytesMissing
from kancil.evidence.vault import Vault
from kancil.ground.digests import Digests, Readable
from kancil.ground.workspace import Workspace

from .errors import FileTooLarge, StoredFileBroken, StoredFileMissing
from .models import (
    Act,
    EvidenceItem,
    LegalSignature,
    OfficialText,
    Release,
    SignOff,
    StatuteExtract,
)

MOST_MEGABYTES = 100
"""Of one file."""
PUBLISHED = "study.published"
"""The act that a report of a study was published by; its files are named in it alone."""

NAMING: list[Callable[[], set[str]]] = []
"""What else names files of the store: rooms above this one add theirs when they are installed."""


def store_of(workspace: Workspace) -> Vault:
    """The store of a workspace."""
    return Vault(workspace.vault_dir, workspace.incoming_dir, workspace.reserve_bytes)


def named_files() -> set[str]:
    """The digests of all files that rows name, and acts that published some."""
    rows = (EvidenceItem, LegalSignature, OfficialText, Release, SignOff, StatuteExtract)
    found = {each for model in rows for each in model.objects.values_list("sha256", flat=True)}
    found.update(Release.objects.values_list("consent_sha256", flat=True))
    for told in Act.objects.filter(kind=PUBLISHED).values_list("details", flat=True):
        found.update(told["files"].values())
    for named in NAMING:
        found |= named()
    return found - {""}


@dataclass
class _Bounded:
    """A stream that ends with an error where it is longer than a file may be."""

    stream: Readable
    left: int = field(default_factory=lambda: MOST_MEGABYTES * 1_000_000)

    def read(self, size: int, /) -> bytes:
        chunk = self.stream.read(size)
        self.left -= len(chunk)
        if self.left < 0:
            raise FileTooLarge(megabytes=MOST_MEGABYTES)
        return chunk


@contextmanager
def taken(store: Vault, stream: Readable) -> Iterator[Digests]:
    """Take a file in, and hold the store open until the row that names it is written.

    Raises FileTooLarge, DiskFull, StoredFileBroken.
    """
    with store.intake_open(named_files):
        try:
            digests = store.take(_Bounded(stream))
        except VaultBytesBroken as error:
            raise StoredFileBroken(sha256=str(error.params["sha256"])) from error
        yield digests


def open_stored(store: Vault, sha256: str) -> BinaryIO:
    """Open a file for reading, checked; raises StoredFileMissing, StoredFileBroken."""
    try:
        store.check(sha256)
        return store.open(sha256)
    except VaultBytesMissing as error:
        raise StoredFileMissing(sha256=sha256[:64]) from error
    except VaultBytesBroken as error:
        raise StoredFileBroken(sha256=sha256) from error
