"""Checkpoints that the unit keeps: the ledger's head signed once, and never written over.

They lie in `checkpoints/` as SIZE.txt. A kept note of another root is the trace of a cut or a fork.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kancil.ground.errors import LedgerDiffersFromCheckpoint
from kancil.ground.files import read_file, write_durably
from kancil.ground.signing import Signer

from .checkpoint import Checkpoint, make_checkpoint, read_checkpoint
from .store import LedgerView


def sign_and_keep(
    ledger: LedgerView, unit: str, signer: Signer, at: datetime, folder: Path
) -> tuple[Checkpoint, Path]:
    """Sign the ledger's head with the unit's key and keep the note; gives it and its file.

    Raises LedgerDiffersFromCheckpoint when another ledger of this size was signed before: its note
    is the trace of a cut or a fork, and is never written over.
    """
    note = make_checkpoint(ledger.head(), unit, signer, at)
    checkpoint = read_checkpoint(note)
    path = folder / f"{checkpoint.size}.txt"
    if path.exists():
        kept = read_checkpoint(read_file(path))
        if kept.root != checkpoint.root:
            raise LedgerDiffersFromCheckpoint(size=kept.size, held=checkpoint.size)
        # The same head was signed before: the older note, with its earlier time, is the better.
        return kept, path
    write_durably(path, note)
    return checkpoint, path
