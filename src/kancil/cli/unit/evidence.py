"""Commands for digital evidence: a disk image listed and read, file by file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.study import show_table
from kancil.desk.cases.triage import triage_exhibit
from kancil.evidence.triage.content import LeftOut
from kancil.evidence.triage.outcome import Outcome
from kancil.evidence.triage.tables import files_csv, kinds_table, not_examined_table, volumes_table
from kancil.ground.files import write_durably
from kancil.ground.plain import plain
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import render
from kancil.records.record import records_of

from .exhibits import ExhibitName


def triage(
    context: typer.Context,
    exhibit: ExhibitName,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="New CSV file: a row for each entry.")
    ] = None,
) -> None:
    """List and read every file of a disk image.

    An exhibit's files are one image: E01, raw, QCOW2, VMDK, VHD, DMG or ISO. Each file's MD5,
    SHA-1, SHA-256 and kind, deleted ones included; what could not be examined is listed. The
    digests that the acquisition stored are compared first. The ledger says who looked.

        kancil evidence triage E4 -o files.csv
    """
    door = Door(context)
    found_exhibit = door.roll.exhibit(exhibit)
    if out is not None:
        door.can_write(out)
    with door.screen.progress() as progress:
        found = triage_exhibit(
            door.ledger, door.vault, door.workspace.triage_dir, found_exhibit, door.acting(),
            progress,
        )  # fmt: skip
    if out is not None:
        write_durably(out, files_csv(found), replace=False)
    door.show({"id": found_exhibit.id, **_value(found)}, lambda: _show(door, found))


def _value(found: Outcome) -> dict[str, Any]:
    listed = found.listed
    return {
        "container": listed.container,
        "size_bytes": str(listed.size_bytes),
        "stored": listed.stored,
        "stated": listed.stated,
        "volumes": volumes_table(found).as_rows(),
        "entries": listed.entries,
        "files_read": len(found.contents),
        "kinds": kinds_table(found).as_rows(),
        "not_examined": [plain(each) for each in records_of(LeftOut, found.left_out)],
    }


def _show(door: Door, found: Outcome) -> None:
    listed, screen = found.listed, door.screen
    states = Counter(found.entries["state"].to_pylist())
    screen.say(
        render(
            "done.triage",
            container=render(f"name.container-{listed.container}"),
            size=bytes_text(listed.size_bytes),
            entries=grouped(listed.entries),
            deleted=grouped(listed.entries - states["allocated"]),
            read=grouped(len(found.contents)),
        )
    )
    stored = ", ".join(each.upper().replace("SHA1", "SHA-1") for each in listed.stored)
    screen.say(render("note.triage-stored" if stored else "note.triage-not-stored", digests=stored))
    for table in (volumes_table(found), kinds_table(found), not_examined_table(found)):
        if table.rows:
            show_table(door, table)
    screen.say(render("note.triage-limits"))
