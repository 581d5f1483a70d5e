"""Writes a workbook (XLSX) of plain text and numbers: the same bytes for the same cells.

XlsxWriter writes it. Text is written as text whatever it begins with, so that no cell is ever a
formula or a link; the file bears one fixed date.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from kancil.assessment.answer_forms.sheet import beyond
from kancil.ground.words import direction

Cell = str | int | Decimal | None
Widths = Sequence[int]
"""Of a sheet's columns, in characters."""
_UNWRITABLE = re.compile("[\ud800-\udfff]")
_DATE = datetime(1980, 1, 1)  # noqa: DTZ001 (XlsxWriter takes it as it is)
_A4 = 9
_ACROSS = 270
"""Characters that a printed page has room for beside each other."""
_TOP = {"text_wrap": True, "valign": "top"}
_LOOKS: tuple[dict[str, object], ...] = (
    {"bold": True, "bg_color": "#F1EDE4", "bottom": 1},
    {},
    {"num_format": "#,##0", "align": "right", "indent": 1},
    {"num_format": "#,##0.00", "align": "right", "indent": 1},
)
"""Of the first row, of text, of whole numbers, of others."""


def write_workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]], widths: Mapping[str, Widths] | None = None
) -> bytes:
    """Sheets by name, each a list of rows; raises AnswerSheetTooLarge rather than cut a text.

    Sheets' names are at most 31 letters, digits and blanks. `widths`: of sheets that people read,
    whose first row stays in sight and whose text is wrapped.
    """
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _DATE})
        head, body, whole, part = (book.add_format({**_TOP, **more}) for more in _LOOKS)
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            wide = widths.get(name) if widths else None
            if wide:
                _dress(sheet, wide, len(rows))
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, int | Decimal):
                        look = (whole if isinstance(value, int) else part) if wide else None
                        wrong = sheet.write_number(number, place, float(value), look)
                    else:
                        look = (body if number else head) if wide else None
                        text = _UNWRITABLE.sub("\ufffd", value or "")
                        wrong = sheet.write_string(number, place, text, look) if text else 0
                    if wrong:
                        raise beyond(name)
    return stream.getvalue()


def _dress(sheet: Worksheet, wide: Widths, rows: int) -> None:
    """Make a sheet fit to be read, and to be printed across whole pages."""
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(rows - 1, 0), len(wide) - 1)
    for place, width in enumerate(wide):
        sheet.set_column(place, place, width)
    if direction() == "rtl":
        sheet.right_to_left()
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(-(-sum(wide) // _ACROSS), 0)
