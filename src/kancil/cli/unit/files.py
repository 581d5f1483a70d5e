"""Commands for the files of an exhibit: listed, opened at a place, copied out of the vault."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.custody.exhibits import require_here
from kancil.desk.cases.reading import send_file, view_file
from kancil.evidence.named import NamedFile, exhibit_files
from kancil.evidence.reading.page import (
    Asked,
    BytesPage,
    JsonPage,
    MailPage,
    Opened,
    PaperPage,
    PdfPage,
    TablePage,
    TextPage,
    Way,
)
from kancil.evidence.tables.exhibit_table import table_file
from kancil.ground.encodings import ENCODINGS
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import new_file
from kancil.ground.plain import plain
from kancil.ground.units import bytes_text
from kancil.ground.words import harmless, render

from .exhibits import ExhibitName

FileName = Annotated[
    str | None, typer.Option("--file", help="Path, file name or SHA-256, where it has several.")
]


def files(context: typer.Context, exhibit: ExhibitName) -> None:
    """List the files of an exhibit.

    The files that its listings name, with size and SHA-256.

        kancil exhibit files E1
    """
    door = Door(context)
    found = door.roll.exhibit(exhibit)
    require_here(found)
    held = list(exhibit_files(found, door.vault))
    rows = [
        {
            "id": each.sha256,
            "path": each.path,
            "sha256": each.sha256,
            "size_bytes": str(each.size_bytes),
        }
        for each in held
    ]

    def text() -> None:
        for each in held:
            size = bytes_text(each.size_bytes)
            door.screen.say(f"{each.sha256}  {size:>9}  {harmless(each.path)}")

    door.show(rows, text)


def open_one(
    context: typer.Context,
    exhibit: ExhibitName,
    file: FileName = None,
    way: Annotated[
        str | None, typer.Option(help="text, table, json, mail, paper, pages or bytes.")
    ] = None,
    at: Annotated[
        int, typer.Option(min=0, help="Byte of text, row of a table, item of JSON, page from 0.")
    ] = 0,
    encoding: Annotated[str, typer.Option(help="Of text, such as cp874; default: found.")] = "",
    pointer: Annotated[str, typer.Option(help="Of JSON: which value, /list/0 (RFC 6901).")] = "",
    part: Annotated[
        list[int] | None, typer.Option(help="Of mail: attachment, from 1; repeat to go deeper.")
    ] = None,
) -> None:
    """Show a file of an exhibit: text, table, JSON, mail, paper, pages or bytes.

    One page of it: 200 lines, rows or items. The ledger says who opened the exhibit, once a
    day. Pictures are shown on the exhibit's page alone.

        kancil exhibit open E3 --at 4000000
    """
    door = Door(context)
    if way is not None and way not in set(Way):
        raise OptionNotUsable(option="--way", value=way[:40], why=", ".join(Way))
    if encoding and encoding not in ENCODINGS:
        raise OptionNotUsable(option="--encoding", value=encoding[:40], why=", ".join(ENCODINGS))
    found = table_file(door.roll.exhibit(exhibit), door.vault, file)
    asked = Asked(
        None if way is None else Way(way), encoding, at, pointer=pointer, parts=tuple(part or ())
    )
    opened = view_file(door.ledger, door.vault, found, asked, door.acting())

    def text() -> None:
        for line in _lines(opened):
            door.screen.say(harmless(line))

    door.show({"id": found.sha256, **plain(opened)}, text)


def export(
    context: typer.Context,
    exhibit: ExhibitName,
    out: Annotated[Path, typer.Option("-o", "--out", help="The new file.")],
    file: FileName = None,
) -> None:
    """Copy a file of an exhibit out of the vault, as it is.

    The bytes as they are, compared with their SHA-256. The ledger says who had them.

        kancil exhibit export E3 -o statement.csv
    """
    door = Door(context)
    door.can_write(out)
    found = table_file(door.roll.exhibit(exhibit), door.vault, file)
    _copy(door, found, out)
    size = bytes_text(found.size_bytes)
    value = {
        "id": found.sha256, "path": str(out), "sha256": found.sha256,
        "size_bytes": str(found.size_bytes),
    }  # fmt: skip
    door.show(value, render("done.exhibit-export", path=str(out), size=size, sha256=found.sha256))


def _copy(door: Door, file: NamedFile, out: Path) -> None:
    """Write a new file, and remove it again where the bytes turn out to be others."""
    chunks = send_file(door.ledger, door.vault, file, door.acting(), 0, file.size_bytes - 1)
    with new_file(out) as copy:
        for chunk in chunks:
            copy.write(chunk)


def _lines(opened: Opened) -> list[str]:
    """A page for a terminal."""
    page: Any = opened.shown
    if isinstance(page, TextPage):
        return [each.text for each in page.lines]
    if isinstance(page, TablePage):
        return ["\t".join(page.columns), *("\t".join(cells) for _, cells in page.rows)]
    if isinstance(page, BytesPage):
        return [f"{at:08x}  {hexed:<47}  {letters}" for at, hexed, letters in page.rows]
    if isinstance(page, JsonPage):
        return [f"{each.key}: {each.text}" for each in page.nodes]
    if isinstance(page, MailPage):
        attached = [f"[{each.number}] {each.name}" for each in page.attachments]
        return [*(f"{name}: {value}" for name, value in page.headers), "", page.text, *attached]
    if isinstance(page, PaperPage):
        return ["\t".join(each.texts) for each in page.blocks]
    if isinstance(page, PdfPage):
        return [render("web.file.page", page=page.at + 1, count=page.count), page.text]
    return [render("web.file.pixels", width=str(page.width), height=str(page.height))]
