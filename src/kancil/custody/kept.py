"""Checkpoints that the unit keeps: the ledger's head signed once, and never written over.

They lie in `checkpoints/` as SIZE.txt, and each leaves by itself for a folder or drive that the
unit names (`copy_to` in `kancil.toml`). A kept note of another root is the trace of a cut or a
fork.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kancil.ground.errors import DiskFull, FileNotReadable
from kancil.ground.files import read_file, translated, write_durably
from kancil.ground.signing import Signer
from kancil.ground.workspace import Workspace

from .checkpoint import MAX_BYTES, Checkpoint, make_checkpoint, read_checkpoint
from .errors import LedgerDiffersFromCheckpoint
from .store import LedgerView


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A checkpoint's note as it lies somewhere, unread."""

    place: str
    """Where, for people."""
    data: bytes


def kept_notes(folder: Path, place: str) -> Iterator[KeptNote]:
    """The notes of checkpoints in a folder, by size; one longer than a note can be is cut.

    `place`: what the folder is called. Raises FileNotReadable.
    """
    found = sorted(folder.glob("*.txt"), key=lambda path: (len(path.stem), path.stem))
    for path in found:
        try:
            with path.open("rb") as file:
                yield KeptNote(f"{place}/{path.name}", file.read(MAX_BYTES + 1))
        except OSError as error:
            raise FileNotReadable(path=str(path)) from error


def sign_and_keep(
    ledger: LedgerView, workspace: Workspace, signer: Signer, at: datetime
) -> tuple[Checkpoint, Path]:
    """Sign the ledger's head with the unit's key and keep the note; gives it and its file.

    Raises LedgerDiffersFromCheckpoint as `keep_checkpoint` does.
    """
    note = make_checkpoint(ledger.head(), workspace.unit.id, signer, at)
    return keep_checkpoint(workspace, read_checkpoint(note))


def keep_checkpoint(workspace: Workspace, checkpoint: Checkpoint) -> tuple[Checkpoint, Path]:
    """Keep a checkpoint's note, and a copy where the unit wants them; gives it and its file.

    Of the same head signed twice, the older note with its earlier time is the better and stays.
    Raises LedgerDiffersFromCheckpoint when another ledger of this size was signed before: its note
    is the trace of a cut or a fork, and is never written over.
    """
    path = workspace.checkpoints_dir / f"{checkpoint.size}.txt"
    if path.exists():
        kept = read_checkpoint(read_file(path))
        if kept.root != checkpoint.root:
            raise LedgerDiffersFromCheckpoint(size=kept.size, held=checkpoint.size)
        checkpoint = kept
    else:
        write_durably(path, checkpoint.data)
    copy_checkpoints(workspace)
    return checkpoint, path


def copies_folder(workspace: Workspace) -> Path | None:
    """Where copies go: a folder named by the unit's id, so that a drive can serve several units."""
    to = workspace.checkpoint_copies
    return None if to is None else to / workspace.unit.id


def begin_copies(workspace: Workspace) -> list[str]:
    """Make the folder for copies and fill it; gives the names of notes that could not be copied.

    The folder is made here and nowhere else: an empty mount point is not taken for the drive.
    Raises DiskFull, FileNotReadable.
    """
    folder = copies_folder(workspace)
    if folder is not None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise translated(error, folder) from error
    return copy_checkpoints(workspace)


def copy_checkpoints(workspace: Workspace) -> list[str]:
    """Copy every note that is not there yet; gives the names of those that are still owed.

    A drive that is absent or full keeps nobody from work: what is owed is copied with the next
    checkpoint. A copy is never written over, whatever it says.
    """
    folder = copies_folder(workspace)
    if folder is None:
        return []
    for path in _not_copied(workspace, folder):
        try:
            write_durably(folder / path.name, read_file(path))
        except (DiskFull, FileNotReadable):
            break
    return owed_checkpoints(workspace)


def owed_checkpoints(workspace: Workspace) -> list[str]:
    """Names of the notes of which there is no copy where copies are wanted."""
    folder = copies_folder(workspace)
    notes = workspace.checkpoints_dir.glob("*.txt")
    if folder is None:
        return []
    return sorted(path.name for path in notes if not (folder / path.name).is_file())


def _not_copied(workspace: Workspace, folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [workspace.checkpoints_dir / name for name in owed_checkpoints(workspace)]
