"""Commands for digital evidence: a disk image listed and read, file by file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.study import show_table
from kancil.custody.roll import Exhibit
from kancil.desk.cases.triage import image_files, triage_exhibit
from kancil.desk.evidence.timeline import Line, Timeline, lines_of
from kancil.evidence.export.case import write_case
from kancil.evidence.export.dfxml import write_dfxml
from kancil.evidence.export.examined import Examined, ImageFile
from kancil.evidence.export.parquet import write_parquet
from kancil.evidence.images.entry import time_text
from kancil.evidence.tables.moment import zone_named
from kancil.evidence.triage.content import LeftOut
from kancil.evidence.triage.outcome import Outcome
from kancil.evidence.triage.tables import files_csv, kinds_table, not_examined_table, volumes_table
from kancil.ground.clock import from_person
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import new_file, sha256_of
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import render
from kancil.records.record import records_of

from .exhibits import CaseName, ExhibitName


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
    if out is not None:
        door.can_write(out)
    held, found = _triaged(door, exhibit)
    if out is not None:
        door.write(out, files_csv(found))
    door.show({"id": held.id, **_value(found)}, lambda: _show(door, found))


_FORMS: dict[str, Callable[[Examined, BinaryIO], None]] = {
    "case": write_case,
    "dfxml": write_dfxml,
    "parquet": write_parquet,
}


def export(
    context: typer.Context,
    exhibit: ExhibitName,
    form: Annotated[str, typer.Option("--form", help="case, dfxml or parquet.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The new file.")],
) -> None:
    """Write what is on a disk image for another tool: CASE, DFXML or Parquet.

    Every entry, with the digests of each file that was read. An image that was not examined yet is
    examined first. The same exhibit is written to the same bytes on any machine.

        kancil evidence export E4 --form case -o disk.jsonld
    """
    door = Door(context)
    if form not in _FORMS:
        raise OptionNotUsable(option="--form", value=form[:40], why=", ".join(_FORMS))
    door.can_write(out)
    held, found = _triaged(door, exhibit)
    files = tuple(
        ImageFile(each.path, each.sha256, each.size_bytes) for each in image_files(held, door.vault)
    )
    case = door.roll.case(held.case).label
    examined = Examined.of(case, held.label, files, found)
    with new_file(out) as file:
        _FORMS[form](examined, file)
        size_bytes = file.tell()
    sha256 = sha256_of(out)
    value = {
        "id": held.id, "path": str(out), "entries": found.listed.entries, "sha256": sha256,
        "size_bytes": str(size_bytes),
    }  # fmt: skip
    told = {"path": str(out), "size": bytes_text(size_bytes), "sha256": sha256}
    entries = grouped(found.listed.entries)
    door.show(value, render("done.evidence-export", entries=entries, **told))


def timeline(
    context: typer.Context,
    case: CaseName,
    since: Annotated[str | None, typer.Option(help="Times from then on.")] = None,
    until: Annotated[str | None, typer.Option(help="Times before then.")] = None,
    zone: Annotated[
        str | None, typer.Option(help="Of times stored without one; else the unit's.")
    ] = None,
    fast: Annotated[
        list[str] | None,
        typer.Option("--fast", help="E4=125: its clock ran 125 seconds fast; below 0: slow."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=1_000_000, help="Rows that are shown.")] = 40,
) -> None:
    """When the files of a case's examined disks were made, changed and opened.

    Times are as the file systems stored them; stored, assumed and shown zone are told apart.

        kancil evidence timeline C1 --since 2026-03-01 --until 2026-03-08
    """
    door = Door(context)
    found = door.roll.case(case)
    own = door.workspace.zone
    assumed = own if zone is None else zone_named(zone)
    if assumed is None:
        why = Phrase("why.office-not-a-zone", {"value": str(zone)[:40]})
        raise OptionNotUsable(option="--zone", value=str(zone)[:40], why=why)
    lines = _fast(
        lines_of(door.ledger, door.vault, door.workspace.triage_dir, found.id, door.acting()),
        fast or (),
    )
    line = Timeline(lines, assumed, own)
    first, last = (None if each is None else from_person(each, own) for each in (since, until))
    count, rows = line.between(first, last, 0, most)
    step, bars = line.bars(first, last)
    value = {
        "id": found.id, "case": found.label, "count": count, "without_zone": line.without_zone,
        "zone_assumed": str(assumed), "zone_shown": own.key, "step": step,
        "bars": [plain(each) for each in bars if each.count],
        "times": [
            {**plain(each), "exhibit": each.exhibit.label,
             "stored": time_text(each.stored_ns, each.zone)} for each in rows
        ],
    }  # fmt: skip

    def text() -> None:
        told = {"count": grouped(count), "of": grouped(line.count)}
        door.screen.say(render("web.timeline.answer", **told))
        door.screen.table(
            [render(f"web.column.{name}") for name in
             ("time", "time-stored", "time-of", "exhibit", "file")],
            [[f"{each.at.astimezone(own):%Y-%m-%d %H:%M:%S}",
              time_text(each.stored_ns, each.zone), render(f"web.time-{each.what}"),
              each.exhibit.label, each.path] for each in rows],
        )  # fmt: skip
        key = "assumed" if line.without_zone else "assumed-none"
        door.screen.say(render(f"web.timeline.{key}", zone=str(assumed)))
        door.screen.say(render("web.timeline-limit-claim"))

    door.show(value, text)


def _fast(lines: Sequence[Line], typed: Sequence[str]) -> list[Line]:
    """The disks with what was typed of their clocks; raises OptionNotUsable."""
    labels = {each.exhibit.label for each in lines}
    seconds: dict[str, int] = {}
    for each in typed:
        label, _, number = each.partition("=")
        if label not in labels or re.fullmatch(r"-?[0-9]{1,9}", number) is None:
            raise OptionNotUsable(option="--fast", value=each[:40], why=Phrase("why.clock-fast"))
        seconds[label] = int(number)
    return [replace(each, fast_seconds=seconds.get(each.exhibit.label, 0)) for each in lines]


def _triaged(door: Door, exhibit: str) -> tuple[Exhibit, Outcome]:
    """An exhibit, and what a pass found on it: made now where there was none."""
    held = door.roll.exhibit(exhibit)
    folder = door.workspace.triage_dir
    with door.screen.progress() as progress:
        return held, triage_exhibit(door.ledger, door.vault, folder, held, door.acting(), progress)


def _value(found: Outcome) -> dict[str, Any]:
    listed = found.listed
    return {
        "container": listed.container,
        "size_bytes": str(listed.size_bytes),
        "stored": listed.stored,
        "stated": listed.stated,
        "volumes": volumes_table(found).as_rows(),
        "entries": listed.entries,
        "files_read": len(found.contents) - found.members,
        "members_read": found.members,
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
            read=grouped(len(found.contents) - found.members),
            members=grouped(found.members),
        )
    )
    stored = ", ".join(each.upper().replace("SHA1", "SHA-1") for each in listed.stored)
    screen.say(render("note.triage-stored" if stored else "note.triage-not-stored", digests=stored))
    for table in (volumes_table(found), kinds_table(found), not_examined_table(found)):
        if table.rows:
            show_table(door, table)
    screen.say(render("note.triage-limits"))
