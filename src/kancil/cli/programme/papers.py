"""A document that a command of the programme's site leaves: its format, its language, its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.ground.units import bytes_text
from kancil.ground.words import render

from .door import Programme

if TYPE_CHECKING:
    from kancil.reports.programme.make import MadeReport

FormatName = Annotated[str, typer.Option("--format", help="pdf, docx or html.")]
LanguageName = Annotated[
    str, typer.Option(help="en, or one in which words and protocol are nearly all there.")
]


def keep_report(programme: Programme, out: Path, made: MadeReport, more: Mapping[str, Any]) -> None:
    """Write a document, and answer with what is to be known of it."""
    programme.door.write(out, made.data)
    value = {
        "id": made.sha256,
        "path": str(out),
        "format": made.format.value,
        "language": made.language,
        "size_bytes": str(len(made.data)),
        "replaced_characters": made.replaced,
        **more,
    }

    def text() -> None:
        size = bytes_text(len(made.data))
        say = programme.door.screen.say
        say(render("done.assess-report", path=str(out), size=size, sha256=made.sha256))
        if made.replaced:
            say(render("note.paper-replaced", count=made.replaced))

    programme.show(value, text)
