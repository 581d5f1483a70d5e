"""Importing a file of law: its bytes in the workspace, and an entry that names them."""

from __future__ import annotations

from dataclasses import dataclass

from kancil.custody.acting import ActingOfficer
from kancil.custody.law import record_law
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground.digests import sha256_hex
from kancil.ground.files import write_durably
from kancil.ground.workspace import Workspace
from kancil.ground.yaml_tree import LIMIT_BYTES
from kancil.legal.lawfile import read_law_file
from kancil.legal.library import Library

from .errors import LawFileTooLarge
from .queries import law_path


@dataclass(frozen=True, slots=True)
class Imported:
    """A file of law that was read."""

    sha256: str
    library: Library
    is_new: bool
    """False for the file that was imported last, to the byte: nothing changed."""

    @property
    def counts(self) -> dict[str, int]:
        """How much of each it states."""
        found = self.library
        return {
            "offences": len(found.offences),
            "agreements": len(found.agreements),
            "statuses": len(found.own_statuses),
            "entries": len(found.entries),
        }


def import_law(
    ledger: DeskLedger, workspace: Workspace, *, data: bytes, name: str, by: ActingOfficer
) -> Imported:
    """Read a file of law in a child, keep it and record it; the last one again changes nothing.

    Raises LawFileTooLarge, LawFileNotReadable, DiskFull; then nothing was changed.
    """
    if len(data) > LIMIT_BYTES:
        raise LawFileTooLarge(path=name, megabytes=LIMIT_BYTES // 1_000_000)
    library, sha256 = read_law_file(data, name), sha256_hex(data)
    laws = ledger.folded(Roll).laws
    if laws and laws[-1].body["sha256"] == sha256:
        return Imported(sha256, library, is_new=False)
    done = Imported(sha256, library, is_new=True)
    with one_transaction():
        record_law(
            ledger, sha256=sha256, name=name, counts=done.counts,
            countries=library.countries, by=by,
        )  # fmt: skip
        write_durably(law_path(workspace, sha256), data)
    return done
