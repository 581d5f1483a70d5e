"""Checkpoints and their slips: made at seizure, case opening and bundle, and on demand.

A slip is one page with the checkpoint's hash, a QR code and a line to sign, to hand to someone
outside. Only what someone outside holds shows a cut, forked or rewritten ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.custody.checkpoint import Checkpoint, read_checkpoint
from kancil.custody.kept import sign_and_keep
from kancil.custody.slip import slip_html, slip_text
from kancil.ground.clock import to_text
from kancil.ground.files import read_file, write_durably
from kancil.ground.words import render

SlipOption = Annotated[
    Path | None, typer.Option("--slip", help="Also write the slip's page to this file.")
]


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A checkpoint that was made, and where its note and slip are."""

    checkpoint: Checkpoint
    note_path: Path
    slip_path: Path
    text: str

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "id": self.checkpoint.sha256,
            "size": self.checkpoint.size,
            "root": self.checkpoint.root.hex(),
            "at": to_text(self.checkpoint.at),
            "path": str(self.note_path),
            "slip": str(self.slip_path),
        }

    def show(self, door: Door) -> None:
        """Print the slip's text and where its page is."""
        door.screen.say()
        door.screen.say(self.text)
        door.screen.say(render("note.slip", path=str(self.slip_path)))


def sign_checkpoint(door: Door) -> tuple[Checkpoint, Path]:
    """Sign the ledger's head with the unit's key and keep the note in the workspace.

    Raises LedgerDiffersFromCheckpoint when another ledger of this size was signed before: its note
    is the trace of a cut or a fork, and is never written over.
    """
    return sign_and_keep(door.ledger, door.workspace, door.keys.unit_signer(), door.now)


def kept_checkpoint(door: Door, size: int) -> tuple[Checkpoint, Path]:
    """Read a checkpoint that was signed before; raises FileNotReadable, CheckpointNotReadable."""
    path = door.workspace.checkpoints_dir / f"{size}.txt"
    return read_checkpoint(read_file(path)), path


def stamp_over(door: Door, checkpoint: Checkpoint) -> bytes | None:
    """The time stamp attached to a checkpoint, None if there is none."""
    path = door.workspace.checkpoints_dir / f"{checkpoint.size}.tsr"
    return read_file(path) if path.exists() else None


def hand_out_slip(
    door: Door, reason: str, out: Path | None, checkpoint: Checkpoint | None = None
) -> HandedOut:
    """Write a checkpoint's slip, signing a new checkpoint if none is given.

    `reason`: why it is handed out, in words.
    """
    if checkpoint is None:
        checkpoint, path = sign_checkpoint(door)
    else:
        path = door.workspace.checkpoints_dir / f"{checkpoint.size}.txt"
    unit = door.workspace.unit
    is_training = door.workspace.site.is_training
    page = slip_html(
        checkpoint, unit_name=unit.name, reason=reason, zone=unit.zone, is_training=is_training
    )
    slip_path = path.with_suffix(".slip.html")
    write_durably(slip_path, page.encode("utf-8"))
    if out is not None:
        door.write(out, page.encode("utf-8"))
    text = slip_text(
        checkpoint, unit_name=unit.name, reason=reason, zone=unit.zone, is_training=is_training
    )
    return HandedOut(checkpoint, path, out or slip_path, text)
