"""Commands for IATI files. They need no workspace and record nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kancil.cli.frame.door import Door
from kancil.ground.clock import now
from kancil.ground.errors import NotReadable
from kancil.ground.plain import plain
from kancil.ground.words import render, render_phrase
from kancil.programme.iati.check import Verdict, check_iati_file
from kancil.programme.iati.fault import Severity

_SHOWN_FAULTS = 200


def check(
    context: typer.Context,
    file: Annotated[list[Path], typer.Argument(help="Files of activities or organisations.")],
    strict: Annotated[
        bool, typer.Option("--strict", help="A broken rule of the standard ruleset fails too.")
    ] = False,
) -> None:
    """Check IATI files against the schema and the standard ruleset.

    Each file is checked against the schema of IATI 2.03 and the standard ruleset; every fault
    is told with its line. A file that fits the schema is valid. Codes are not looked up in the
    codelists, nor organisations in a register.

        kancil iati check activities.xml
    """
    door = Door(context)
    at = now()
    checked = [(path, check_iati_file(path, at)) for path in file]
    door.show(
        [
            {
                "id": str(path),
                "valid": found.is_valid,
                "follows_rules": found.follows_rules,
                "root": found.root,
                "count": found.count,
                "faults": [
                    {**plain(each), "sentence": render_phrase(each.phrase)} for each in found.faults
                ],
            }
            for path, found in checked
        ],
        lambda: _show(door, checked),
    )
    wrong = [each for _, each in checked if not (each.follows_rules if strict else each.is_valid)]
    if wrong:
        sys.stdout.flush()
        raise typer.Exit(NotReadable.exit_status)


def _show(door: Door, checked: list[tuple[Path, Verdict]]) -> None:
    say = door.screen.say
    for path, found in checked:
        for fault in found.faults[:_SHOWN_FAULTS]:
            severity = render(f"name.iati-{fault.severity}")
            say(f"{path}:{fault.line}: {severity}: {render_phrase(fault.phrase)}")
        if len(found.faults) > _SHOWN_FAULTS:
            say(render("note.skipped-more", count=len(found.faults) - _SHOWN_FAULTS))
        if not found.is_valid:
            say(render("done.iati-not-valid", path=str(path)))
            continue
        broken = sum(each.severity is Severity.ERROR for each in found.faults)
        said = "done.iati-rules" if broken else "done.iati-valid"
        say(render(said, path=str(path), count=found.count, broken=broken))
