"""Where copies of checkpoints go: setting it, and what `kancil status` says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.custody.kept import begin_copies, copies_folder, owed_checkpoints
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.ground.workspace import mark


def checkpoint_status(door: Door) -> dict[str, Any]:
    """How many entries and checkpoints there are, where copies go, and what is owed."""
    workspace = door.workspace
    folder = copies_folder(workspace)
    return {
        "entries": door.ledger.head().size,
        "checkpoints": len(list(workspace.checkpoints_dir.glob("*.txt"))),
        "copies": None if folder is None else str(folder),
        "copies_there": folder is not None and folder.is_dir(),
        "owed": len(owed_checkpoints(workspace)),
    }


def checkpoint_facts(value: dict[str, Any]) -> list[tuple[str, str]]:
    """The same in words."""
    return [
        (render("name.entries"), str(value["entries"])),
        (render("name.checkpoints"), str(value["checkpoints"])),
        (render("name.checkpoint-copies"), _copies(value)),
    ]


def _copies(value: dict[str, Any]) -> str:
    if value["copies"] is None:
        return render("note.copies-nowhere")
    how = "all" if not value["owed"] else "owed" if value["copies_there"] else "absent"
    return render(f"note.copies-{how}", path=value["copies"], count=value["owed"])


def copy_to(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="A folder on another drive or a share, by its whole path.")
    ] = None,
    nowhere: Annotated[
        bool, typer.Option("--nowhere", help="Make no copies from now on; existing ones stay.")
    ] = False,
) -> None:
    """Set the folder or drive to which every checkpoint is copied.

    From now on every checkpoint is also copied there, in a folder named by the unit's id, and
    those that are kept are copied now. When the drive is away the work goes on: what is owed is
    shown by `kancil status` and copied with the next checkpoint. `kancil verify` compares the
    ledger with these copies too, so that a cut end is seen even if checkpoints/ was cut with it.
    Whoever can change both can still hide it: a note that someone outside holds is better.

        kancil ledger copy-to /media/drive
    """
    door = Door(context)
    if (folder is None) != nowhere:
        why = Phrase("why.copies-folder")
        raise OptionNotUsable(option="FOLDER", value=str(folder or "--nowhere"), why=why)
    old = door.workspace
    if folder is not None and folder.resolve().is_relative_to(old.root):
        why = Phrase("why.copies-inside")
        raise OptionNotUsable(option="FOLDER", value=str(folder), why=why)
    if folder is not None and not folder.is_dir():
        raise OptionNotUsable(option="FOLDER", value=str(folder), why=Phrase("why.no-folder"))
    to = None if folder is None else folder.resolve()
    workspace = mark(
        old.root, old.unit, old.site, reserve_bytes=old.reserve_bytes, checkpoint_copies=to
    )
    owed = begin_copies(workspace)
    value = {"id": workspace.unit.id, "copy_to": None if to is None else str(to), "owed": len(owed)}
    key = "done.copies-nowhere" if to is None else "done.copies"
    door.show(value, render(key, path=str(copies_folder(workspace)), count=len(owed)))
