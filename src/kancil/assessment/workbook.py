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

from .sheet import beyond

Cell = str | int | Decimal | None
Widths = Sequence[int]
"""Of a sheet's columns, in characters."""
_UNWRITABLE = re.compile("[\ud800-\udfff]")
_DATE = datetime(1980, 1, 1)  # noqa: DTZ001 (XlsxWriter takes it as it is)


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
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            wide = widths.get(name) if widths else None
            head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            body = book.add_format({"text_wrap": True, "valign": "top"})
            if wide:
                sheet.freeze_panes(1, 0)
                sheet.autofilter(0, 0, max(len(rows) - 1, 0), len(wide) - 1)
                for place, width in enumerate(wide):
                    sheet.set_column(place, place, width)
            for number, row in enumerate(rows):
                look = (head if number == 0 else body) if wide else None
                for place, value in enumerate(row):
                    if isinstance(value, int | Decimal):
                        wrong = sheet.write_number(number, place, float(value), look)
                    else:
                        text = _UNWRITABLE.sub("\ufffd", value or "")
                        wrong = sheet.write_string(number, place, text, look) if text else 0
                    if wrong:
                        raise beyond(name)
    return stream.getvalue()
