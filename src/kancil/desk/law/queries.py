"""The unit's own law, read from the files that its entries name."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger
from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file
from kancil.ground.workspace import Workspace
from kancil.legal.lawfile import read_law
from kancil.legal.library import Library
from kancil.legal.offences import OffenceText

from .errors import LawFileChanged, OffenceNotFound


def law_path(workspace: Workspace, sha256: str) -> Path:
    """Where a file of law is kept."""
    return workspace.law_dir / f"{sha256}.yaml"


def law_library(ledger: DeskLedger, workspace: Workspace) -> Library:
    """All that the unit's files of law say, the later before the earlier.

    Raises LawFileChanged where a file is gone or is not what was imported.
    """
    found = Library()
    for entry in ledger.folded(Roll).laws:
        path = law_path(workspace, str(entry.body["sha256"]))
        data = read_file(path) if path.is_file() else b""
        if sha256_hex(data) != entry.body["sha256"]:
            raise LawFileChanged(name=str(entry.body["name"]), entry=entry.n)
        found = found.with_later(_read(data))
    return found


@lru_cache(maxsize=32)
def _read(data: bytes) -> Library:
    """Read what a child read when it was kept."""
    return read_law(data, "")


def offence_named(library: Library, id: str) -> OffenceText:
    """A text of law by its id; raises OffenceNotFound."""
    if id not in library.offences:
        raise OffenceNotFound(offence=id[:80])
    return library.offences[id]
