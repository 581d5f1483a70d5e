"""Makes the spreadsheets of this folder; needs xlwt and msoffcrypto-tool, which no lock has.

    python tests/data/spreadsheets/make.py
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from kancil.assessment.answer_forms.workbook import write_workbook

HERE = Path(__file__).parent


def answers() -> None:
    """The rows of tests/ground/test_spreadsheet.py, as BIFF8."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("answers")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for place, name in enumerate(("a", "b", "c", "d")):
        sheet.write(0, place, name)
    sheet.write(1, 0, "ច្បាប់")
    sheet.write(1, 1, 3)
    sheet.write(1, 2, 2.5)
    sheet.write(1, 3, date(2026, 3, 9), day)
    sheet.write(3, 0, xlwt.Formula("1+1"))
    sheet.write(3, 1, 59, day)
    sheet.row(3).set_cell_boolean(2, True)
    sheet.row(3).set_cell_error(3, "#REF!")
    sheet.write_merge(4, 5, 0, 1, "merged")
    book.add_sheet("another").write(0, 0, "not read")
    book.save(str(HERE / "answers.xls"))


def locked() -> None:
    """An XLSX file under the password `kancil`."""
    plain = io.BytesIO(write_workbook({"answers": [["a"], ["1"]]}))
    with (HERE / "locked.xlsx").open("wb") as out:
        OOXMLFile(plain).encrypt("kancil", out)


if __name__ == "__main__":
    answers()
    locked()
