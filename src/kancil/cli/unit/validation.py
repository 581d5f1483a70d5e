"""The command that validates the reading of disks on reference images, on this very machine."""

from __future__ import annotations

import itertools
import platform
import re
from collections.abc import Mapping, Sequence

import typer

from kancil.cli.frame.door import Door
from kancil.evidence.triage.outcome import versions
from kancil.evidence.validation.validate import REFERENCE, ROWS_NAME, validate
from kancil.evidence.validation.verdict import Row, Rows, Verdict
from kancil.ground.errors import IntegrityBroken
from kancil.ground.files import sha256_of
from kancil.ground.words import render

_LIMITS = ("no-accreditation", "source", "independence", "not-tested")
_COLUMNS = ("assertion", "reference-image", "expected", "actual", "verdict")
_DIGEST = re.compile(r"[0-9a-f]{32,}")
_SHOWN_DIGITS, _SHOWN_ROWS = 12, 40


def validate_reading(context: typer.Context) -> None:
    """Validate the reading of disks on this machine, with reference images.

    Stated assertions are tried on images that come with Kancil; an independent tool listed what is
    on them. Each is shown with what was expected and what was found. Status 12: one does not hold.
    This is not an accreditation (ISO/IEC 17025). It needs no workspace and records nothing.

        kancil evidence validate
    """
    door = Door(context)
    found = list(validate())
    is_valid = all(each.holds for each in found)
    tools = versions()
    value = {
        "id": sha256_of(REFERENCE / ROWS_NAME),
        "holds": is_valid,
        "tools": tools,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "limits": [render(f"note.validation-{each}") for each in _LIMITS],
        "verdicts": [
            {"assertion": each.assertion, "case": each.case, "expected": each.expected,
             "actual": each.actual, "holds": each.holds} for each in found
        ],
    }  # fmt: skip
    door.show(value, lambda: _show(door, found, tools))
    if not is_valid:
        raise typer.Exit(IntegrityBroken.exit_status)


def _show(door: Door, found: Sequence[Verdict], tools: Mapping[str, str]) -> None:
    screen = door.screen
    failed = [each for each in found if not each.holds]
    counts = {"count": len(found), "images": len({each.case for each in found})}
    if failed:
        screen.say(render("done.validation-failed", failed=len(failed), **counts))
    else:
        screen.say(render("done.validation", **counts))
    screen.title(render("table.validation"))
    screen.table(
        [render(f"column.{each}") for each in _COLUMNS],
        [(_name(each), each.case, _cell(each.expected), _cell(each.actual),
          render(f"name.verdict-{'holds' if each.holds else 'fails'}")) for each in found],
    )  # fmt: skip
    _show_differences(door, failed)
    listed = ", ".join(f"{name} {number}" for name, number in tools.items())
    python, machine = platform.python_version(), platform.machine()
    screen.say(render("note.validation-tools", tools=listed, python=python, machine=machine))
    for each in _LIMITS:
        screen.say(render(f"note.validation-{each}"))


def _show_differences(door: Door, failed: Sequence[Verdict]) -> None:
    lines = [
        render(f"note.validation-{key}", case=each.case, assertion=_name(each), row=_words(row))
        for each in failed
        for key, rows in (("missing", each.missing), ("extra", each.extra))
        for row in rows
    ]
    for line in itertools.islice(lines, _SHOWN_ROWS):
        door.screen.say("  " + line)
    if len(lines) > _SHOWN_ROWS:
        door.screen.say("  " + render("note.validation-more", count=len(lines) - _SHOWN_ROWS))


def _name(verdict: Verdict) -> str:
    return render(f"name.assertion-{verdict.assertion}")


def _cell(rows: Rows) -> str:
    """One row in short, digests cut; of several their number."""
    if len(rows) != 1:
        return render("note.validation-rows", count=len(rows))
    return _DIGEST.sub(lambda digest: digest[0][:_SHOWN_DIGITS] + "…", _words(rows[0]))


def _words(row: Row) -> str:
    return " ".join("–" if each is None else str(each) for each in row)
