"""Commands for the identifiers on an examined disk: listed, and recorded for a finding."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.study import record_study
from kancil.custody.roll import Exhibit
from kancil.desk.evidence.examination import Examination, find_examination, read_examination
from kancil.desk.evidence.identifiers import (
    as_on_disk,
    identifiers,
    inputs_of,
    kinds_of,
    secrets_of,
)
from kancil.ground.cells import write_table
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.disk.study import DISK
from kancil.studies.errors import DiskNotExamined

from .exhibits import ExhibitName

SHOWN = 40


def list_identifiers(
    context: typer.Context,
    exhibit: ExhibitName,
    kind: Annotated[str, typer.Option(help="Of one kind: bitcoin-address, phone-number.")] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="New CSV file: a row for each identifier.")
    ] = None,
) -> None:
    """List the identifiers on an examined disk: addresses, accounts, numbers, names.

    Each is held to its own checksum or grammar. A private key or a seed phrase is never shown or
    written: only in which file one stands. The ledger says who looked.

        kancil evidence identifiers E4 --kind bitcoin-address
    """
    door = Door(context)
    held, found = _opened(door, exhibit)
    kinds = kinds_of(found)
    rows = [each for name in kinds if kind in ("", name) for each in identifiers(found, name)]
    secrets = Counter[str]()
    for (_, name), count in secrets_of(found).items():
        secrets[name] += count
    paths = found.entries["path"]
    cells = [(each.kind, each.value, each.places, paths[each.number - 1].as_py()) for each in rows]
    if out is not None:
        door.write(out, write_table(("kind", "value", "places", "path"), cells))
    value = {
        "id": held.id, "kinds": kinds, "secrets": dict(secrets),
        "identifiers": [{**plain(each), "path": cell[3]}
                        for each, cell in zip(rows, cells, strict=True)],
    }  # fmt: skip

    def text() -> None:
        told = {"count": grouped(len(rows)), "exhibit": held.label}
        door.screen.say(render("web.identifiers.answer", **told))
        door.screen.table(
            [render(f"web.column.{each}") for each in ("kind", "identifier", "places", "file")],
            [(render(f"name.selector-{name}"), value, grouped(places), path)
             for name, value, places, path in cells[:SHOWN]],
        )  # fmt: skip
        if len(cells) > SHOWN:
            door.screen.say(render("note.more-rows", count=len(cells) - SHOWN))
        if secrets:
            door.screen.say(render("web.identifiers.secrets", count=grouped(secrets.total())))
            door.screen.say(render("web.identifiers.secret-steps"))
        door.screen.say(render("web.identifiers-limit"))

    door.show(value, text)


def record(
    context: typer.Context,
    exhibit: ExhibitName,
    value: Annotated[str, typer.Option(help="An identifier: where it stands is recorded.")] = "",
    file: Annotated[
        list[int] | None, typer.Option("--file", help="Number of a file, as its page has it.")
    ] = None,
) -> None:
    """Record in the case where an identifier stands on a disk, or which files were chosen.

    What was recorded is a study: a finding can rest on each of its rows, a report prints it, and a
    bundle carries it. The ledger says who looked.

        kancil evidence record E4 --value 12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S
    """
    door = Door(context)
    held, found = _opened(door, exhibit)
    asked = as_on_disk(found, value)
    given: dict[str, Any] = {
        "exhibit": held.label, "inputs": inputs_of(door.vault, held), "files": sorted(file or ()),
        "kind": asked.kind, "value": asked.value,
    }  # fmt: skip
    record_study(door, DISK, given, held.case)


def _opened(door: Door, exhibit: str) -> tuple[Exhibit, Examination]:
    """An exhibit and its examination; raises DiskNotExamined."""
    held = door.roll.exhibit(exhibit)
    folder = door.workspace.triage_dir
    if find_examination(door.vault, folder, held) is None:
        raise DiskNotExamined(exhibit=held.label)
    return held, read_examination(door.ledger, door.vault, folder, held.id, door.acting())
