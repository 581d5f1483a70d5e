"""The command that prints the letter of a request, in one or two languages or for machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kancil.cli.frame.door import Door
from kancil.desk.requests.queries import read_version
from kancil.ground.plain import plain
from kancil.ground.units import bytes_text
from kancil.ground.words import render
from kancil.reports.casework.request.make import LetterFormat, letter_of

from .requests import RequestName, find_request
from .slips import SlipOption, hand_out_slip


def print_letter(
    context: typer.Context,
    request: RequestName,
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")],
    format: Annotated[
        LetterFormat, typer.Option(help="pdf, docx, html, json, or case (CASE/UCO as JSON-LD).")
    ] = LetterFormat.PDF,
    language: Annotated[
        str, typer.Option(help="Language of the fixed words; else the draft's own.")
    ] = "",
    second: Annotated[
        str | None, typer.Option(help="Language of the second column; else the draft's own.")
    ] = None,
    slip: SlipOption = None,
) -> None:
    """Print the letter of a request, in one or two languages, or as a machine form.

    The newest version is printed, and marked as a draft until it is authorised. An authorised
    letter comes out the same each time; record its SHA-256 when the authority has sent it.

        kancil request print R1 -o letter.pdf
    """
    door = Door(context)
    door.can_write(out, slip)
    found = find_request(door, request)
    draft = read_version(door.workspace, found)
    made, facts = letter_of(
        door.ledger,
        door.workspace,
        draft,
        found.history,
        at=door.now,
        format=format,
        language=language,
        second=second,
    )
    door.write(out, made.data)
    authorised = facts.authorised
    value = {
        "id": made.sha256,
        "request": found.label,
        "path": str(out),
        "size_bytes": str(len(made.data)),
        "format": plain(made.format),
        "language": made.language,
        "draft_sha256": draft.sha256,
        "authorised": None if authorised is None else authorised.entry,
        "replaced_characters": made.replaced,
    }

    def text() -> None:
        size = bytes_text(len(made.data))
        door.screen.say(render("done.letter", path=str(out), size=size, sha256=made.sha256))
        if authorised is None:
            door.screen.say(render("note.letter-draft", request=found.label))
        if made.replaced:
            door.screen.say(render("note.pdf-replaced", count=made.replaced))

    door.show(value, text)
    if slip is not None:
        reason = render("slip.letter", request=found.label, reference=draft.reference)
        handed = hand_out_slip(door, reason, slip)
        if not door.as_json:
            handed.show(door)
