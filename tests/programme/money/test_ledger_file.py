"""Rows of a ledger's export: read as they are mapped, or refused with the reason."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from kancil.programme.errors import LedgerNotReadable
from kancil.programme.money.ledger_file import (
    LedgerMapping,
    LedgerRead,
    read_ledger,
    read_ledger_head,
    read_rate_file,
)

COLUMNS = {
    "posted_on": "Date", "reference": "Document", "amount": "Amount", "budget_class": "Class",
    "currency": "Currency",
}  # fmt: skip
HEADINGS = ("Date", "Document", "Amount", "Class", "Currency")
GOOD = {"Date": "2026-03-09", "Document": "D1", "Amount": "12.50", "Class": "Travel"}


def read(rows: list[dict[str, str]], **mapping: Any) -> LedgerRead:
    lines = [";".join(HEADINGS)]
    lines += [";".join(row.get(each, "") for each in HEADINGS) for row in rows]
    currency = mapping.pop("in_currency", "USD")
    return read_ledger.here(
        "\n".join(lines).encode(), "x.csv", LedgerMapping(COLUMNS, **mapping), currency
    )


@pytest.mark.parametrize(
    ("written", "minor"),
    [("12.50", 1250), ("1,234.5", 123_450), ("(12.50)", -1250), ("12.50-", -1250), ("-3", -300)],
)
def test_an_amount_is_read_as_ledgers_write_it(written: str, minor: int) -> None:
    (line,) = read([{**GOOD, "Amount": written}]).lines
    assert line.minor == minor


def test_a_decimal_comma_is_read_where_it_is_said() -> None:
    (line,) = read([{**GOOD, "Amount": "1.234,50"}], decimal_comma=True).lines
    assert line.minor == 123_450
    assert read([{**GOOD, "Amount": "1.234,50"}]).lines == ()


@pytest.mark.parametrize(
    ("order", "written"), [("ymd", "2026-03-09"), ("dmy", "09/03/2026"), ("mdy", "3.9.2026")]
)
def test_a_day_is_read_in_the_order_that_was_said(order: str, written: str) -> None:
    (line,) = read([{**GOOD, "Date": written}], day_order=order).lines
    assert line.posted_on == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"Date": "2026-02-30"}, "day"),
        ({"Date": "09/03/2026"}, "day"),
        ({"Date": "26-03-09"}, "day"),
        ({"Date": ""}, "empty"),
        ({"Document": ""}, "empty"),
        ({"Document": "x" * 121}, "long"),
        ({"Amount": "12.345"}, "amount"),
        ({"Amount": "=1+1"}, "amount"),
        ({"Amount": "1" * 40}, "amount"),
        ({"Class": "7210"}, "class"),
        ({"Currency": "EUR"}, "currency"),
    ],
)
def test_a_row_that_is_not_taken_says_why(change: dict[str, str], why: str) -> None:
    found = read([GOOD, {**GOOD, **change}])
    assert len(found.lines) == 1
    (refused,) = found.refused
    assert (refused.row, refused.why.key) == (3, f"why.ledger-{why}")


def test_yen_have_no_sen() -> None:
    found = read([{**GOOD, "Amount": "1500"}, GOOD], in_currency="JPY")
    assert [each.minor for each in found.lines] == [1500]
    assert len(found.refused) == 1


def test_what_the_ledger_calls_a_class_is_said_once() -> None:
    (line,) = read([{**GOOD, "Class": "7210"}], classes={"7210": "equipment"}).lines
    assert line.budget_class == "equipment"


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ledger of Nowhere"])
    sheet.merge_cells("A1:E1")
    for row in (HEADINGS, *rows):
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_merged_cells_formulas_and_wrong_dates_is_read_row_by_row() -> None:
    data = workbook(
        (date(2026, 3, 9), "ໃບ 1", 12.5, "Travel", "USD"),
        (date(2026, 3, 9), "D2", "=1+1", "Travel", "USD"),
        ("yesterday", "D3", 1, "Travel", "USD"),
        (46_000, "D4", 1, "Travel", "USD"),
        (date(2026, 3, 10), "D5", 12.345, "Travel", "USD"),
    )
    found = read_ledger(data, "x.xlsx", LedgerMapping(COLUMNS), "USD")
    assert [(each.reference, each.minor) for each in found.lines] == [("ໃບ 1", 1250)]
    assert [(each.row, each.why.key.removeprefix("why.ledger-")) for each in found.refused] == [
        (4, "formula"), (5, "day"), (6, "day"), (7, "amount"),
    ]  # fmt: skip


def test_headings_are_guessed_and_a_missing_column_is_named() -> None:
    head = read_ledger_head.here(b"Posting date,Voucher,Amount,Note\n1,2,3,4\n", "x.csv")
    assert dict(head.guess().columns) == {
        "posted_on": "Posting date", "reference": "Voucher", "amount": "Amount",
    }  # fmt: skip
    assert head.rows == (("1", "2", "3", "4"),)
    with pytest.raises(LedgerNotReadable) as told:
        read_ledger.here(b"Posting date,Voucher,Amount\n1,2,3\n", "x.csv", head.guess(), "USD")
    assert "why.ledger-column" in str(told.value.params["why"])


def test_a_table_of_rates_is_read_by_its_headings() -> None:
    text = b"Country,Currency code,Rate\nAustland,aud,1.527\nJapan,JPY,151.2\nNowhere,,\n"
    assert read_rate_file.here(text, "r.csv") == [("AUD", "1.527"), ("JPY", "151.2")]


_JOURNAL = (
    "Buchungsjournal;;;;;\n"
    "Beleg;;Zuordnung;;Plan;Ist\n"
    "Buchungsdatum;Belegnr.;Kostenart;Text;USD;USD\n"
    "03.11.2026;RE-1001;travel;Flüge Référente;2.000,00;1.234,56\n"
    "31.10.2026;GS-0007;travel;Gutschrift Hôtel;0,00;(450,25)\n"
)


def test_a_file_of_windows_is_read_and_how_it_is_written_is_suggested() -> None:
    head = read_ledger_head.here(_JOURNAL.encode("cp1252"), "x.csv")
    assert (head.guessed, head.day_order, head.decimal_comma) == ("cp1252", "dmy", True)
    assert head.guess().decimal_comma
    mapping = LedgerMapping(
        {"posted_on": "Buchungsdatum", "reference": "Belegnr.", "amount": "Ist USD",
         "budget_class": "Kostenart", "what": "Text"},
        head.day_order, head.decimal_comma,
    )  # fmt: skip
    found = read_ledger.here(_JOURNAL.encode("cp1252"), "x.csv", mapping, "USD")
    assert [each.minor for each in found.lines] == [123_456, -45_025]
    assert found.lines[0].what == "Flüge Référente"


def test_two_columns_called_alike_bear_the_name_of_their_group_or_a_number() -> None:
    head = read_ledger_head.here(_JOURNAL.encode(), "x.csv")
    assert head.columns[-2:] == ("Plan USD", "Ist USD")
    plain = read_ledger_head.here(b"Date,Amount,Amount\n2026-01-02,1,2\n", "x.csv")
    assert plain.columns == ("Date", "Amount", "Amount (2)")


@pytest.mark.parametrize(
    ("days", "order"),
    [("03/04/2026,05/06/2026", ""), ("2026-03-04,2026-05-06", "ymd"),
     ("03/04/2026,25/06/2026", "dmy"), ("03/04/2026,06/25/2026", "mdy"),
     ("25/06/2026,06/25/2026", ""), ("9 May 2026,9 June 2026", "ymd")],
)  # fmt: skip
def test_an_order_of_days_is_suggested_only_where_no_other_can_be(days: str, order: str) -> None:
    text = "Date,Amount\n" + "".join(f"{each},1\n" for each in days.split(","))
    assert read_ledger_head.here(text.encode(), "x.csv").day_order == order


def test_amounts_written_in_two_ways_suggest_no_comma() -> None:
    text = 'Date;Amount\n2026-01-02;"1.234,50"\n2026-01-02;"1,234.50"\n'
    assert not read_ledger_head.here(text.encode(), "x.csv").decimal_comma


def test_a_total_of_the_rows_above_is_named_and_is_no_row_that_is_missing() -> None:
    total = {"Amount": "22.50"}
    rows = [GOOD, {**GOOD, "Amount": "10.00", "Class": "WHO"}, total]
    found = read(rows)
    assert [each.why.key for each in found.refused] == ["why.ledger-class", "why.ledger-total"]
    assert found.refused[1].why.params["amount"] == "USD\u00a022.50"
    assert found.rows == 2
    subtotals = read([GOOD, {"Amount": "12.50"}, GOOD, {"Amount": "12.50"}, {"Amount": "25.00"}])
    assert (len(subtotals.lines), subtotals.rows) == (2, 2)
    other = read([GOOD, {"Amount": "99.00"}])
    assert (other.refused[0].why.key, other.rows) == ("why.ledger-empty", 2)


def test_a_text_of_one_column_is_not_called_empty() -> None:
    with pytest.raises(LedgerNotReadable) as told:
        read_ledger_head.here(b"%PDF-1.7 \xff\xfe\n", "scan.pdf")
    assert "why.sheet-narrow" in str(told.value.params["why"])
