"""Tables that somebody exported: any separator, titles above, and nothing beyond the limits."""

from __future__ import annotations

import pytest

from kancil.programme.errors import LedgerNotReadable, LedgerTooLarge
from kancil.programme.money import sheets
from kancil.programme.money.sheets import open_sheet


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_headings_are_found_below_a_title(separator: str, encoding: str) -> None:
    text = f"Ledger ລາວ\n\nDate{separator}Amount\n2026-01-01{separator}5\n"
    sheet = open_sheet(text.encode(encoding), "x.csv")
    assert sheet.columns == ("Date", "Amount")
    assert [(row, cells[1].text) for row, cells in sheet.rows] == [(4, "5")]


@pytest.mark.parametrize(
    "data", [b"", b"one column\nonly\n", b"\xff\xfe\x00", b"PK\x03\x04 no zip"]
)
def test_what_is_no_table_is_told(data: bytes) -> None:
    with pytest.raises(LedgerNotReadable):
        open_sheet(data, "x.csv")


def test_more_rows_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    with pytest.raises(LedgerTooLarge):
        list(open_sheet(b"a,b\n1,2\n1,2\n1,2\n", "x.csv").rows)
    with pytest.raises(LedgerTooLarge):
        list(open_sheet(b"a,b\n" + b"1," * 201 + b"2\n", "x.csv").rows)


def test_a_quote_that_never_ends_is_no_hang() -> None:
    with pytest.raises(LedgerNotReadable):
        list(open_sheet(b'a,b\n"' + b"x" * 200_000, "x.csv").rows)
