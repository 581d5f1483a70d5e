"""Checking a workspace's bytes again, for the commands that end with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kancil.cli.frame.door import Door
from kancil.custody.kept import KeptNote, copies_folder, kept_notes
from kancil.custody.roll import Roll
from kancil.custody.verdict import Note
from kancil.desk.cases.row_fault import RowFault
from kancil.evidence.named import Trouble, check_contents
from kancil.ground.progress import Progress
from kancil.ground.words import render

_NAMES = 20
"""Files that are named where many are told."""


def check_workspace(door: Door, progress: Progress, roll: Roll | None = None) -> list[Trouble]:
    """Read every live exhibit's bytes again; gives what is not as recorded.

    `roll`: what exhibits there are, else as the workspace's ledger says.
    """
    roll = door.roll if roll is None else roll
    total = sum(int(content["size_bytes"]) for _, content in roll.live_contents())
    progress.start(total, "bytes", "progress.check")
    troubles = list(check_contents(roll, door.vault, lambda c: progress.advance(len(c))))
    progress.finish()
    return troubles


def kept_checkpoints(door: Door) -> list[KeptNote]:
    """The checkpoints that lie in the workspace, in its kept bundles, and where copies go."""
    workspace, copies = door.workspace, copies_folder(door.workspace)
    from kancil.desk.cases.kept_files import bundled_checkpoints

    notes = [*kept_notes(workspace.checkpoints_dir, "checkpoints"), *bundled_checkpoints(workspace)]
    if copies is not None and copies.is_dir():
        notes += kept_notes(copies, str(copies))
    return notes


def not_compared(door: Door) -> list[Note]:
    """What a check of a workspace does not compare, in one place."""
    _ = door.ledger
    from kancil.desk.cases.kept_files import unnamed_files, without_digest
    from kancil.desk.cases.people_faults import accounts_without_factors

    notes = [Note(f"not-compared-{what}") for what in ("sign-in", "keys", "caches", "stamps")]
    bundles = without_digest(door.roll, door.workspace)
    if bundles:
        notes.append(Note("not-compared-bundles", {"names": ", ".join(bundles)}))
    unnamed = unnamed_files(door.roll, door.workspace)
    if unnamed:
        names = ", ".join(unnamed[:_NAMES])
        notes.append(Note("not-compared-unnamed", {"count": len(unnamed), "names": names}))
    accounts = accounts_without_factors(door.ledger)
    if accounts:
        notes.append(Note("not-compared-factors", {"names": ", ".join(accounts)}))
    copies = copies_folder(door.workspace)
    if copies is not None and not copies.is_dir():
        notes.append(Note("not-compared-copies", {"path": str(copies)}))
    return notes


def check_kept(door: Door) -> list[dict[str, str]]:
    """Compare kept bundles and reports with the ledger; gives each that differs."""
    roll = door.roll
    from kancil.desk.cases.kept_files import kept_faults

    return [
        {
            "code": fault.code,
            "file": fault.name,
            "sentence": render(f"note.kept-{fault.code}", name=fault.name),
        }
        for fault in kept_faults(roll, door.workspace)
    ]


def check_rows(door: Door) -> list[dict[str, str]]:
    """Compare the desk's rows with the ledger; gives each that differs, with its sentence."""
    ledger = door.ledger
    from kancil.desk.cases.index import row_faults

    return rows_as_dicts(row_faults(ledger))


def rows_as_dicts(faults: Sequence[RowFault]) -> list[dict[str, str]]:
    """Rows that differ for JSON, each with its sentence."""
    return [
        {
            "code": fault.code,
            "table": fault.table,
            "row": fault.row,
            "column": fault.column,
            "sentence": render(
                f"note.row-{fault.code}", table=fault.table, row=fault.row, column=fault.column
            ),
        }
        for fault in faults
    ]


def show_rows(door: Door, rows: Sequence[dict[str, str]]) -> None:
    """Say each row that differs in a line, or that none does."""
    if not rows:
        door.screen.say(render("note.rows-fit"))
    for row in rows:
        door.screen.say(f"  {row['sentence']}")


def troubles_as_dicts(troubles: Sequence[Trouble]) -> list[dict[str, Any]]:
    """Troubles for JSON."""
    return [
        {
            "code": trouble.error.code,
            "exhibit": trouble.exhibit,
            "path": trouble.path,
            "sentence": _sentence(trouble),
        }
        for trouble in troubles
    ]


def show_troubles(door: Door, troubles: Sequence[Trouble]) -> None:
    """Say each trouble in a line."""
    for trouble in troubles:
        door.screen.say(f"  {trouble.exhibit}: {_sentence(trouble)}")


def _sentence(trouble: Trouble) -> str:
    return render(f"error.{trouble.error.code}.sentence", **trouble.error.params)
