"""Writes a workbook (XLSX) of plain text and whole numbers: the same bytes for the same cells.

XlsxWriter writes it. Text is written as text whatever it begins with, so that no cell is ever a
formula or a link; the file bears one fixed date.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from xlsxwriter import Workbook

from .sheet import beyond

Cell = str | int | None
_UNWRITABLE = re.compile("[\ud800-\udfff]")
_DATE = datetime(1980, 1, 1)  # noqa: DTZ001 (XlsxWriter takes it as it is)


def write_workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Sheets by name, each a list of rows; raises AnswerSheetTooLarge rather than cut a text.

    Sheets' names are at most 31 letters, digits and blanks.
    """
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _DATE})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, int):
                        wrong = sheet.write_number(number, place, value)
                    else:
                        text = _UNWRITABLE.sub("\ufffd", value or "")
                        wrong = sheet.write_string(number, place, text) if text else 0
                    if wrong:
                        raise beyond(name)
    return stream.getvalue()
