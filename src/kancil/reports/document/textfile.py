"""A document as an editable text document (Office Open XML, ECMA-376): for officers who go on.

Written by hand with the few parts a reader needs: real headings, styles, lists, tables whose head
comes again on each page, pictures with their description, page numbers, the document's language.
The same values give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

from kancil.ground.words import direction, render

from . import textparts as parts
from .blocks import (
    Beside,
    Block,
    Bullets,
    Cell,
    Column,
    Commands,
    Document,
    Facts,
    Halves,
    Heading,
    Line,
    Paragraph,
    Picture,
    Section,
    Table,
    Voice,
)
from .raster import png_of
from .textstyles import styles

_PARAGRAPHS = {
    "plain": "Normal", "muted": "Quiet", "warn": "Warning", "lead": "Lead", "opening": "Opening",
}  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WIDE = 9638
"""Between the margins, in twentieths of a point."""
_EMU_A_POINT = 12700
_LEVEL_OF_CONTENTS = 2
"""Deepest level of headings that stands in the list of contents."""
_MOST_WIDE, _MOST_HIGH = 480.0, 620.0
"""Room for a picture, in points."""


def write_text_document(document: Document, *, at: datetime) -> bytes:
    """A document as DOCX; `at`: its date. Raises ReportNotPrinted."""
    made = _Body(direction(document.language) == "rtl")
    for each in _front(document):
        made.add(each)
    for part in document.opening.sections if document.opening else ():
        made.section(part, breaks=part.starts_page)
    for each in document.cover if document.opening else ():
        made.add(each)
    if document.has_contents:
        made.contents(document)
    for number, part in enumerate(document.sections, start=1):
        breaks = part.starts_page or (number == 1 and document.has_contents)
        made.section(part, "" if document.is_short else f"{number}. ", breaks=breaks)
    files: dict[str, bytes] = {
        "[Content_Types].xml": parts.content_types(),
        "_rels/.rels": parts.package_relations(),
        "docProps/core.xml": parts.core(document, at.astimezone(UTC)),
        "docProps/app.xml": parts.app(),
        "word/document.xml": parts.body("".join(made.found), document),
        "word/styles.xml": styles(document.language, document.accent, is_short=document.is_short),
        "word/numbering.xml": parts.numbering(),
        "word/settings.xml": parts.settings(document.language),
        "word/header1.xml": parts.header(document),
        "word/footer1.xml": parts.footer(document),
        "word/_rels/document.xml.rels": parts.relations(len(made.pictures)),
    }
    for place, image in enumerate(made.pictures, start=1):
        files[f"word/media/image{place}.png"] = image
    return _zipped(files)


def _front(document: Document) -> Sequence[Block | tuple[str, str]]:
    title = "Subject" if document.address else "Title"
    return [
        ("Kind", document.kind),
        *document.address,
        (title, document.title),
        *([("Subtitle", document.subtitle)] if document.subtitle else []),
        *([("Mark", document.mark)] if document.mark else []),
        *([Paragraph(first.title, "lead"), *first.cover] if (first := document.opening) else
          document.cover),
    ]  # fmt: skip


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
    return out.getvalue()


class _Body:
    """What stands in the document, block by block."""

    def __init__(self, is_turned: bool) -> None:
        self.is_turned = is_turned
        self.found: list[str] = []
        self.pictures: list[bytes] = []
        self.headings = 0
        self.wide = _WIDE

    def add(self, block: Block | tuple[str, str]) -> None:
        match block:
            case (style, text):
                self.found.append(parts.paragraph(style, parts.run(text)))
            case Heading(text, level):
                self.heading(text, level)
            case Paragraph(text, level, language):
                style = _PARAGRAPHS[level]
                self.found.append(parts.paragraph(style, parts.run(text, language=language)))
            case Bullets(items):
                self.found += [parts.paragraph("ListBullet", _run(each)) for each in items]
            case Facts(caption, rows):
                self._facts(caption, rows)
            case Beside(left, right):
                self._columns(
                    [_cell(each, is_number=False, style="Side") for each in (left, right)]
                )
            case Picture():
                self._picture(block)
            case Table():
                self._table(block)
            case Halves() | Voice():
                self._within(block)
            case Commands(lines):
                found = [parts.run(each, manner="mono") for each in lines]
                self.found += [parts.paragraph("Normal", each) for each in found]

    def _within(self, block: Halves | Voice) -> None:
        if isinstance(block, Voice):
            for each in block.blocks:
                self.add(each)
            return
        whole, found, self.wide = self.wide, self.found, self.wide // 2
        columns = []
        for half in (block.start, block.end):
            self.found = []
            for each in half:
                self.add(each)
            columns.append("".join(self.found) or parts.paragraph("Normal", ""))
        self.wide, self.found = whole, found
        self._columns(columns)

    def _columns(self, columns: Sequence[str]) -> None:
        """Stand beside each other: a table without lines."""
        width = self.wide // len(columns)
        cells = [parts.cell(width, each) for each in columns]
        self.found.append(
            parts.table(
                [width] * len(cells), [parts.row(cells)], "", has_head=False,
                style="TableNormal", is_turned=self.is_turned,
            )
        )  # fmt: skip

    def section(self, part: Section, before: str = "", *, breaks: bool) -> None:
        """Add a section; where it has no title, its own headings stand in its place."""
        if part.title:
            self.heading(f"{before}{part.title}", 1, breaks=breaks)
        for block in part.blocks:
            self.add(block)

    def heading(self, text: str, level: int, *, breaks: bool = False) -> None:
        self.headings += 1
        words = parts.run(text)
        self.found.append(
            parts.paragraph(f"Heading{level}", words, breaks=breaks, bookmark=self.headings)
        )

    def contents(self, document: Document) -> None:
        """Add the list of contents of what follows."""
        entries, bookmark = [], self.headings
        for number, part in enumerate(document.sections, start=1):
            bookmark += 1
            entries.append((1, f"{number}. {part.title}", bookmark))
            for block in part.blocks:
                if isinstance(block, Heading):
                    bookmark += 1
                    if block.level == _LEVEL_OF_CONTENTS:
                        entries.append((_LEVEL_OF_CONTENTS, block.text, bookmark))
        if entries:
            self.found.append(parts.contents(render("name.paper-contents"), entries))

    def _facts(self, caption: str, rows: Sequence[tuple[str, Cell]]) -> None:
        widths = [round(self.wide * share) for share in (0.28, 0.72)]
        found = [
            parts.row([
                parts.cell(widths[0], parts.paragraph("Cell", parts.run(name, manner="muted"))),
                parts.cell(widths[1], _cell(value, is_number=False)),
            ])
            for name, value in rows
        ]  # fmt: skip
        self.found.append(
            parts.table(widths, found, caption, has_head=False, is_turned=self.is_turned)
        )

    def _table(self, table: Table) -> None:
        if not table.rows:
            if table.empty:
                self.found.append(parts.paragraph("Normal", parts.run(table.empty)))
            return
        whole = sum(each.width for each in table.columns)
        widths = [round(self.wide * each.width / whole) for each in table.columns]
        head = parts.row([_head(width, each) for width, each in zip(widths, table.columns,
                                                                    strict=True)],
                         is_head=True)  # fmt: skip
        rows = [
            parts.row([
                parts.cell(width, _cell(each, is_number=column.is_number))
                for width, column, each in zip(widths, table.columns, row, strict=True)
            ])
            for row in table.rows
        ]  # fmt: skip
        if not table.is_titled:
            self.found.append(parts.paragraph("Caption", parts.run(table.caption)))
        self.found.append(
            parts.table(
                widths, [head, *rows], table.caption, has_head=True, is_turned=self.is_turned
            )
        )
        if table.note:
            self.found.append(parts.paragraph("Quiet", parts.run(table.note)))

    def _picture(self, picture: Picture) -> None:
        room = _MOST_WIDE * self.wide / _WIDE
        scale = min(0.72, room / picture.width, _MOST_HIGH / max(1, picture.height))
        self.pictures.append(png_of(picture.svg))
        wide, high = (
            round(side * scale * _EMU_A_POINT) for side in (picture.width, picture.height)
        )
        self.found.append(
            parts.drawing(
                len(self.pictures), wide, high, picture.title,
                f"{picture.title}. {picture.description}",
            )
        )  # fmt: skip


def _head(width: int, column: Column) -> str:
    style = "HeadRight" if column.is_number else "Head"
    return parts.cell(width, parts.paragraph(style, parts.run(column.title)))


def _cell(cell: Cell, *, is_number: bool, style: str = "Cell") -> str:
    style = "CellRight" if is_number else style
    found = "".join(parts.paragraph(style, _run(each)) for each in cell)
    return found or parts.paragraph(style, "")


def _run(line: Line) -> str:
    return parts.run(line.text, manner=line.manner, language=line.language)
