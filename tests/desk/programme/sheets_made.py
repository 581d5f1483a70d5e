"""Spreadsheets for tests: written here, row by row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook


def xlsx(rows: Sequence[Sequence[Any]], **options: Any) -> bytes:
    """A workbook with one sheet; days are dates, a text that begins with `=` is a formula."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True, **options}) as book:
        sheet, day = book.add_worksheet("People"), book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(at, place, value, day)
                elif isinstance(value, str) and value.startswith("="):
                    formula, _, computed = value.partition("→")
                    sheet.write_formula(at, place, formula, None, computed)
                elif value is not None:
                    sheet.write(at, place, value)
    return stream.getvalue()


def csv(*rows: str) -> bytes:
    """Lines of CSV."""
    return ("\n".join(rows) + "\n").encode()
