"""An empty spreadsheet for each kind of import: headings, what each holds, and drop-downs."""

from __future__ import annotations

import io
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from kancil.ground.words import direction, render, render_phrase
from kancil.records.described import named

from .fields import FIELDS, OTHER_NAME, Field, ImportKind, Shape

_ROWS = 1_000
"""For which drop-downs are set."""
_DATE = datetime(1980, 1, 1)  # noqa: DTZ001 (XlsxWriter takes it as it is)
_WIDE = 24


def template(kind: ImportKind) -> bytes:
    """The workbook, in the words that are spoken now; columns bear names that are read again."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _DATE})
        look = {"bold": True, "bg_color": "#F1EDE4", "bottom": 1, "valign": "top"}
        head, plain = book.add_format(look), book.add_format({"text_wrap": True, "valign": "top"})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        needed = book.add_format({**look, "bg_color": "#E3D3B0"})
        sheet, notes = book.add_worksheet(kind.value), book.add_worksheet("notes")
        for each in (sheet, notes):
            each.freeze_panes(1, 0)
            each.set_landscape()
            each.fit_to_pages(1, 0)
            if direction() == "rtl":
                each.right_to_left()
        notes.set_column(0, 0, _WIDE)
        notes.set_column(1, 1, 90)
        for at, name in enumerate(("column", "notes")):
            notes.write_string(0, at, render(f"web.prog-import-template-{name}"), head)
        for at, each in enumerate(one for one in FIELDS[kind] if one is not OTHER_NAME):
            sheet.set_column(at, at, _WIDE, days if each.shape is Shape.DAY else None)
            sheet.write_string(0, at, each.headings[0], needed if each.needed else head)
            sheet.write_comment(0, at, _told(each))
            _choices(sheet, at, each)
            notes.write_string(at + 1, 0, each.headings[0], plain)
            notes.write_string(at + 1, 1, _told(each, whole=True), plain)
    return stream.getvalue()


def _choices(sheet: Worksheet, at: int, of: Field) -> None:
    offered = [each.value for each in of.words or ()]
    if of.shape is Shape.YES:
        offered = ["yes", "no"]
    if offered:
        sheet.data_validation(
            1, at, _ROWS, at, {"validate": "list", "source": offered, "error_type": "warning"}
        )


def _told(of: Field, *, whole: bool = False) -> str:
    said = [render(f"web.prog-import-note-{of.name.replace('_', '-')}")]
    if of.needed:
        said.append(render("web.prog-import-note-needed"))
    if whole and of.words:
        said += [f"{each.value}: {render_phrase(named(each))}" for each in of.words]
    return "\n".join(said)
