"""Headings of the region map themselves, each with its reason, and what is unlike stays open."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.errors import MappingNotReadable
from kancil.evidence.tables.column_mapping import (
    COLUMNS,
    COMPLAINTS,
    FORMAT_LATER,
    DirectionRule,
    mapping_from,
)
from kancil.evidence.tables.example import example_of
from kancil.evidence.tables.forms import seen_times
from kancil.evidence.tables.headings import headings_of, is_heading, sources
from kancil.evidence.tables.moment import TimeForm, read_moment
from kancil.evidence.tables.table import WORKBOOK, sniff_table
from kancil.ground.skipped import Skipped
from kancil.records.transfer import StatedTransfer
from tests.evidence.tables.making import asked, mapping, read, sniffed, suggested

TETHER = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
LAO = (
    "ທະນາຄານ ຕົວຢ່າງ,,,,\nເລກບັນຊີ: 010-12-00-12345678,,ສະກຸນເງິນ: LAK,,\n"
    'ວັນທີ,ລາຍລະອຽດ,ຖອນ,ຝາກ,ຍອດເຫຼືອ\n01/03/2026,ຍອດຍົກມາ,,,"1,000,000.00"\n'
    '15/03/2026,ໂອນ,"500,000.00",,"500,000.00"\nລວມ,,"500,000.00",,\n'
)


def test_a_tronscan_table_made_by_hand_maps_itself_but_for_its_publisher() -> None:
    found = suggested(
        "From,To,Time(UTC),Amount,Token,Status\n"
        f"{TETHER},{TETHER},2026-03-02 10:00:00,500.25,USDT,SUCCESS\n"
    )
    assert found.open == ("stated_by",)
    assert found.mapping.constants == {"chain": "tron"}
    assert found.mapping.done == ("SUCCESS",)


def test_a_lao_statement_maps_itself_with_account_and_currency_from_above() -> None:
    found = suggested(LAO)
    assert found.open == ("stated_by", "time.zone")
    assert found.mapping.columns == {
        "time": "ວັນທີ", "reference": "ລາຍລະອຽດ", "amount_out": "ຖອນ", "amount_in": "ຝາກ",
        "balance": "ຍອດເຫຼືອ",
    }  # fmt: skip
    assert found.mapping.constants == {"asset": "LAK", "own_account": "010-12-00-12345678"}
    assert found.mapping.as_dict()["format"] == FORMAT_LATER
    whole = mapping_from(
        {
            **found.mapping.as_dict(),
            "stated_by": "Bank of Nowhere",
            "time": {"calendar": "gregorian", "formats": ["DD/MM/YYYY"], "zone": "Asia/Vientiane"},
        }
    )
    carried, paid, total = read(LAO, whole)
    assert isinstance(paid, StatedTransfer)
    assert (paid.amount, paid.balance, paid.direction) == ("500000.00", "500000.00", "out")
    assert [each.code for each in (carried, total) if isinstance(each, Skipped)] == [
        "stated-carried", "stated-total",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row", "fields"),
    [
        ("Ngày giao dịch;Số tiền ghi nợ;Số tiền ghi có;Số dư;Nội dung",
         "25/03/2026;1.500,00;;2,00;a",
         {"time", "amount_out", "amount_in", "balance", "reference"}),
        ("วันที่ทำรายการ,เวลา,ถอนเงิน,ฝากเงิน,ยอดคงเหลือ (THB)",
         "๑๕/\u0e50๓/๒๕๖๙,10:15,๕.\u0e50\u0e50,,1.00",
         {"time", "time_of_day", "amount_out", "amount_in", "balance"}),
        ("កាលបរិច្ឆេទ,ប្រាក់ចេញ,ប្រាក់ចូល,សមតុល្យ", "2026-03-15,៥.00,,10.00",
         {"time", "amount_out", "amount_in", "balance"}),
        ("ရက်စွဲ,ငွေထုတ်,ငွေသွင်း,လက်ကျန်ငွေ", "2026-03-15,၅.00,,10.00",
         {"time", "amount_out", "amount_in", "balance"}),
        ("Tanggal,Keterangan,Mutasi,DB/CR,Saldo", '15/03/2026,a,"5.000,00",DB,"1.000,00"',
         {"time", "reference", "amount", "direction", "balance"}),
        ("Date,Amout,Tokens,From wallet,To wallet", f"2026-03-15,5.5,USDT,{TETHER},{TETHER}",
         {"time", "amount", "asset", "from_address", "to_address"}),
    ],
)  # fmt: skip
def test_headings_of_each_language_are_met(header: str, row: str, fields: set[str]) -> None:
    found = suggested(f"{header}\n{row}\n")
    assert set(found.mapping.columns) == fields
    assert found.mapping.amount is not None
    reasons = [each for each in found.reasons if each.key.startswith("note.suggest-heading-")]
    assert reasons or found.mapping.name != "own"


def test_thai_digits_and_buddhist_years_are_seen() -> None:
    found = suggested("วันที่,ถอน,ฝาก\n๑๕/\u0e50๓/๒๕๖๙,๕.\u0e50\u0e50,\n")
    assert found.mapping.time == TimeForm(("DD/MM/YYYY",), None, "buddhist")
    assert "note.suggest-buddhist" in {each.key for each in found.asks}


THAI = (
    "ธนาคารตัวอย่าง,,,,\nเลขที่บัญชี 012-3-45678-9,,,,\n"
    "{column},วันที่,ถอน,ฝาก,ยอดคงเหลือ (THB)\n"
    '987-6-54321-0,23/02/2569,,"1,500.00","2,000.00"\n'
    '555-1-22222-3,24/02/2569,500.00,,"1,500.00"\n'
)


@pytest.mark.parametrize(
    "column",
    ["เลขที่บัญชีคู่โอน", "เลขที่บัญชีผู้รับ/ผู้โอน", "เลขที่บัญชีที่เกี่ยวข้อง", "เลขที่บัญชี", "บัญชีปลายทาง"],
)
def test_the_account_of_the_other_end_is_not_the_holders_where_it_comes_first(column: str) -> None:
    found = suggested(THAI.format(column=column))
    assert found.mapping.columns["other_account"] == column
    assert found.mapping.constants["own_account"] == "012-3-45678-9"
    (ask,) = [each for each in found.asks if each.key == "note.suggest-holder-above"]
    assert ask.params == {"account": "012-3-45678-9"}
    row = example_of(sniffed(THAI.format(column=column)), found.mapping)
    assert row is not None
    assert (row.place, row.from_account, row.to_account, row.amount, row.day) == (
        "line 4", "987-6-54321-0", "012-3-45678-9", "1500.00", "2026-02-23",
    )  # fmt: skip


def test_the_first_row_is_read_also_where_day_and_month_are_open() -> None:
    text = THAI.format(column="เลขที่บัญชีคู่โอน").replace("23/02", "03/02").replace("24/02", "04/02")
    row = example_of(sniffed(text), suggested(text).mapping)
    assert row is not None
    assert (row.from_account, row.day) == ("987-6-54321-0", None)


def test_a_column_matched_by_a_part_of_its_name_is_a_guess() -> None:
    found = suggested(THAI.format(column="เลขที่บัญชีผู้รับ/ผู้โอน"))
    assert found.guesses == ("other_account",)
    assert suggested(LAO).guesses == ()


def test_the_account_of_a_statement_is_asked_also_where_a_column_names_it() -> None:
    one = suggested("Date,Account,Debit,Credit\n2026-02-03,0101234567,5.00,\n")
    assert one.mapping.columns["own_account"] == "Account"
    assert "note.suggest-holder-column" in {each.key for each in one.asks}
    several = suggested(
        "Date,Account,Debit,Credit\n2026-02-03,0101234567,5.00,\n2026-02-04,0101234568,5.00,\n"
    )
    assert several.mapping.columns["other_account"] == "Account"
    assert several.guesses == ("other_account",)
    none = suggested("Date,Debit,Credit\n2026-02-03,5.00,\n")
    assert "note.suggest-holder-open" in {each.key for each in none.asks}


@pytest.mark.parametrize("text", ["03/02/2569", "03/02/69"])
def test_a_year_beyond_the_next_is_buddhist_and_said_also_where_day_and_month_are_open(
    text: str,
) -> None:
    seen = seen_times([text], "Date")
    assert seen.form == TimeForm((), None, "buddhist")
    assert [each.key for each in seen.asks] == [
        "note.suggest-buddhist", "note.suggest-time-ambiguous",
    ]  # fmt: skip
    assert seen_times(["25/12/69"], "Date").form == TimeForm(("DD/MM/YY",), None, "buddhist")


def test_a_name_that_is_nearly_known_is_suggested_and_said_to_be_checked() -> None:
    found = headings_of(["Balanse"], lambda field, _column: field)
    assert [(each.field, each.how) for each in found] == [("balance", "near")]
    assert headings_of(["colour", "shape"], lambda field, _column: field) == []


def test_merged_names_of_two_lines_are_joined() -> None:
    found = suggested("Date,Amount,,Balance\n,Debit,Credit,\n25/03/2026,5.00,,10.00\n")
    assert found.mapping.table.header_lines == 2
    assert found.mapping.columns["amount_out"] == "Amount Debit"
    assert found.mapping.direction == DirectionRule("columns")


def test_a_table_of_complaints_is_known_and_its_names_are_not_read() -> None:
    data = (
        "Case no,Victim name,Date paid,Amount (LAK),Paid to account\n"
        "7,Boun,2026-03-15,5.00,0101200\n"
    )
    found = suggested(data)
    assert found.mapping.purpose == COMPLAINTS
    assert "Victim name" not in found.mapping.used_columns()
    zone = {"calendar": "gregorian", "formats": ["YYYY-MM-DD"], "zone": "UTC"}
    whole = mapping_from({**found.mapping.as_dict(), "stated_by": "Police", "time": zone})
    (row,) = read(data, whole)
    assert isinstance(row, StatedTransfer)
    assert (row.to_account, row.from_name, row.notes) == ("0101200", None, ("complaint",))
    assert "Boun" not in repr(row)


def test_amounts_of_three_kinds_of_marks_are_left_open_and_one_is_shown() -> None:
    found = suggested(
        'Date,Debit,Credit\n2026-03-25,"1,000.50",\n2026-03-25,"1.000,50",\n2026-03-25,1 000.50,\n'
    )
    assert found.mapping.amount is None
    assert "note.suggest-amount-unread" in asked(found)


def test_a_currency_named_twice_is_not_guessed() -> None:
    found = suggested("Date,Debit (LAK),Credit (THB)\n2026-03-25,5.00,\n")
    assert "asset" in found.open


def test_a_workbook_gives_days_times_and_plain_numbers() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, ["Statement of account"])
    sheet.write_row(1, 0, ["Date", "Debit", "Credit", "Balance"])
    sheet.write_datetime(2, 0, datetime(2026, 3, 15, 10, 30), day)  # noqa: DTZ001 (as a cell is)
    sheet.write_number(2, 1, 1500.5)
    sheet.write_formula(2, 3, "=B3*2")
    sheet.write_datetime(3, 0, datetime(2026, 3, 16), day)  # noqa: DTZ001
    sheet.write_number(3, 2, 1234567890.123456)
    sheet.write_number(3, 3, 12)
    book.close()
    data = out.getvalue()
    found = suggested(data)
    assert found.mapping.table.encoding == WORKBOOK
    assert found.mapping.table.header_line == 2
    decided = {
        **found.mapping.as_dict(),
        "stated_by": "Bank of Nowhere",
        "constants": {"asset": "LAK", "own_account": "0101"},
        "time": {"calendar": "gregorian", "zone": "Asia/Vientiane",
                 "formats": ["YYYY-MM-DD hh:mm:ss", "YYYY-MM-DD"]},
    }  # fmt: skip
    first, second = read(data, mapping_from(decided))
    assert isinstance(first, StatedTransfer)
    assert isinstance(second, StatedTransfer)
    assert (first.time, first.amount) == ("2026-03-15T03:30:00.000000Z", "1500.5")
    assert first.balance is None
    assert "balance-form" in first.notes
    assert "workbook-rounded" in second.notes


def test_an_older_encoding_is_told_by_the_names_that_it_makes_readable() -> None:
    text = "วันที่,ถอน,ฝาก,คงเหลือ\n2026-03-15,5.00,,1.00\n"
    found = sniff_table(io.BytesIO(text.encode("cp874")), "t.csv", knows=is_heading)
    assert found.form.encoding == "cp874"
    assert found.columns[0] == "วันที่"


def test_each_language_has_names_for_what_must_be_decided_and_says_its_source() -> None:
    assert set(sources()) == {"en", "th", "lo", "km", "my", "vi", "id"}
    assert all(len(source) > 40 for source in sources().values())
    for cell in ("Date", "วันที่", "ວັນທີ", "កាលបរិច្ឆេទ", "ရက်စွဲ", "Ngày giao dịch", "Tanggal"):
        assert is_heading(cell), cell


@given(st.lists(st.text(max_size=12), unique=True, max_size=8))
def test_any_headings_give_each_field_and_column_once(columns: list[str]) -> None:
    found = headings_of(columns, lambda field, _column: field if field in COLUMNS else None)
    assert len({each.field for each in found}) == len({each.column for each in found}) == len(found)


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("15 ม.ค. 2569", TimeForm(("DD LMON YYYY",), None, "buddhist"), "2026-01-15"),
        ("15 มกราคม 2569 10:30", TimeForm(("DD LMON YYYY hh:mm",), None, "buddhist"), "2026-01-15"),
        ("5 ທັນວາ 2026", TimeForm(("DD LMON YYYY",), None), "2026-12-05"),
        ("07 Agustus 2026", TimeForm(("DD LMON YYYY",), None), "2026-08-07"),
        ("07-Okt-2026", TimeForm(("DD-LMON-YYYY",), None), "2026-10-07"),
        ("\u17e7 មករា 2026", TimeForm(("DD LMON YYYY",), None), "2026-01-07"),
        ("7 Nonember 2026", TimeForm((), None), None),
        ("15 Mar 2026", TimeForm(("DD MON YYYY",), None), "2026-03-15"),
    ],
)
def test_months_are_read_by_their_names_in_the_languages_of_the_region(
    text: str, form: TimeForm, day: str | None
) -> None:
    assert seen_times([text], "Date").form == form
    read_as = read_moment(
        text, TimeForm(("DD LMON YYYY hh:mm", *form.formats), "UTC", form.calendar)
    )
    assert (None if read_as is None else read_as.day.isoformat()) == day


def test_a_mapping_that_names_local_months_is_of_the_third_format() -> None:
    found = suggested("วันที่,ถอน,ฝาก\n15 ม.ค. 2569,5.00,\n").mapping
    assert found.as_dict()["format"] == FORMAT_LATER
    assert mapping_from(found.as_dict()) == found
    with pytest.raises(MappingNotReadable):
        mapping_from({**mapping().as_dict(), "time": {
            "calendar": "gregorian", "formats": ["DD LMON YYYY"], "zone": "UTC"}})  # fmt: skip
