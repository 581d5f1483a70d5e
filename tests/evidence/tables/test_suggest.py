"""A suggestion says why, leaves open what the table does not say, and decides nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.errors import TableIsNoText, TableNotReadable
from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import DirectionRule
from kancil.evidence.tables.forms import seen_amounts, seen_times, zone_in
from kancil.evidence.tables.moment import TimeForm
from tests.evidence.tables.making import asked, suggested


def test_a_date_with_two_readings_is_left_open_and_shown() -> None:
    found = suggested("Date,Debit,Credit\n03/04/2024,5.10,\n04/05/2024,6.20,\n")
    assert found.mapping.time == TimeForm((), None)
    assert "time.formats" in found.open
    (ask,) = [each for each in found.asks if each.key == "note.suggest-time-ambiguous"]
    assert ask.params["text"] == "03/04/2024"
    assert {"DD/MM/YYYY", "MM/DD/YYYY"} <= set(str(ask.params["formats"]).split(", "))


def test_the_one_row_that_tells_day_from_month_is_named() -> None:
    found = suggested("Date,Debit,Credit\n03/04/2024,5.10,\n25/05/2024,6.20,\n04/05/2024,1.00,\n")
    assert found.mapping.time == TimeForm(("DD/MM/YYYY",), None)
    (why,) = [each for each in found.reasons if each.key == "note.suggest-time"]
    assert why.params == {"format": "DD/MM/YYYY", "text": "25/05/2024"}
    assert "time.zone" in found.open


def test_an_amount_with_two_readings_is_left_open_and_shown() -> None:
    found = suggested("Date,Debit,Credit\n2024-03-25,1.500,\n2024-03-26,2.500,\n")
    assert found.mapping.amount is None
    (ask,) = [each for each in found.asks if each.key == "note.suggest-amount-ambiguous"]
    assert ask.params["text"] == "1.500"


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["1.50", "1,000.25"], AmountForm(".", ",")),
        (["1,50", "1.000,25"], AmountForm(",", ".")),
        (["1 000,5"], AmountForm(",", " ")),
        (["1'000.5"], AmountForm(".", "'")),
        (["0.00000001"], AmountForm(".", ",")),
        ([], None),
        (["five"], None),
    ],
)
def test_an_amount_form_is_seen_or_none(texts: list[str], form: AmountForm | None) -> None:
    assert seen_amounts(texts).form == form


def test_amounts_without_any_mark_are_said_to_have_none() -> None:
    seen = seen_amounts(["100", "250"])
    assert [each.key for each in seen.asks] == ["note.suggest-amount-whole"]


@pytest.mark.parametrize(
    ("texts", "column", "form"),
    [
        (["2024-03-04 05:06:07"], "Date(UTC)", TimeForm(("YYYY-MM-DD hh:mm:ss",), "UTC")),
        (["2024-03-04T05:06:07Z"], "t", TimeForm(("YYYY-MM-DDThh:mm:ssZZ",), "UTC")),
        (["1709528767"], "UnixTimestamp", TimeForm(("unix",), "UTC")),
        (["1709528767123"], "t", TimeForm(("unix-ms",), "UTC")),
        (["25/12/2567"], "t", TimeForm(("DD/MM/YYYY",), None, "buddhist")),
        (["04 Mar 2024 05:06 PM"], "t (UTC+7)", TimeForm(("DD MON YYYY hh:mm AP",), "+07:00")),
        (["20240325"], "t", TimeForm(("YYYYMMDD",), None)),
        (["25.12.24"], "t", TimeForm((), None)),  # of which century, and by which calendar?
        (["soon"], "t", TimeForm((), None)),
    ],
)
def test_a_time_form_is_seen_or_left_open(texts: list[str], column: str, form: TimeForm) -> None:
    assert seen_times(texts, column).form == form


def test_a_footer_without_a_date_hides_no_format() -> None:
    texts = ["2024-03-25"] * 12 + ["Total"]
    assert seen_times(texts, "Date").form == TimeForm(("YYYY-MM-DD",), None)


@pytest.mark.parametrize(
    ("column", "zone"),
    [
        ("Date(UTC)", "UTC"), ("Time (UTC+8)", "+08:00"), ("Time GMT-03:30", "-03:30"),
        ("Date(UTC+0)", "UTC"), ("Date", None), ("Cutcome", None),
    ],
)  # fmt: skip
def test_a_zone_is_read_from_a_column_name(column: str, zone: str | None) -> None:
    assert zone_in(column) == zone


def test_known_words_of_direction_are_suggested_and_others_are_asked_for() -> None:
    rows = "Date,Coin,Amount,Address,TxID,Type\n2024-03-25,BTC,0.5,x,y,"
    known = suggested(f"{rows}Deposit\n2024-03-26,BTC,0.25,x,y,Withdrawal\n")
    assert known.mapping.direction == DirectionRule("words", None, ("Deposit",), ("Withdrawal",))
    other = suggested(f"{rows}Staking\n")
    assert other.mapping.direction is None
    assert "note.suggest-direction-open" in asked(other)


def test_a_minus_suggests_a_sign_and_says_that_it_does() -> None:
    found = suggested("Date,Amount,Balance\n2024-03-25,-5.50,10.00\n2024-03-26,1.20,11.20\n")
    assert found.mapping.direction == DirectionRule("sign", "in")
    assert "note.suggest-direction-sign" in asked(found)


def test_statuses_that_are_known_are_suggested_and_others_only_shown() -> None:
    known = suggested("Date,Coin,Amount,Address,Status\n2024-03-25,BTC,0.5,x,Done\n")
    assert known.mapping.done == ("Done",)
    assert "note.suggest-status" in {each.key for each in known.reasons}
    found = suggested("Date,Coin,Amount,Address,Status\n2024-03-25,BTC,0.5,x,Level 2\n")
    assert found.mapping.done is None
    assert "done" in found.open
    (ask,) = [each for each in found.asks if each.key == "note.suggest-status-open"]
    assert ask.params["words"] == "Level 2"


def test_a_table_of_no_known_layout_gives_an_empty_mapping_and_all_its_columns() -> None:
    found = suggested("colour,shape\nred,round\n")
    assert found.mapping.name == "own"
    assert found.mapping.columns == {}
    (ask,) = [each for each in found.asks if each.key == "note.suggest-unused"]
    assert ask.params["columns"] == "colour, shape"


def test_who_made_the_table_is_always_the_officers_to_say() -> None:
    assert "stated_by" in suggested("Date,Debit,Credit\n2024-03-25,5.10,\n").open


@given(st.lists(st.lists(st.text(max_size=9), min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_cells_get_a_suggestion_or_are_no_table(rows: list[list[str]]) -> None:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    try:
        found = suggested("Date,Amount,Balance\n" + "\n".join(lines))
    except (TableNotReadable, TableIsNoText, UnicodeEncodeError):
        return
    assert "stated_by" in found.open


def test_a_row_whose_text_speaks_of_failure_is_named_and_still_read() -> None:
    head = "วันที่,รายการ,ถอน,ฝาก,คงเหลือ\n"
    rows = "28/11/2569,รับโอน,,50.00,60.00\n28/11/2569,โอนออก ไม่สำเร็จ,10.00,,60.00\n"
    (ask,) = [each for each in suggested(head + rows).asks if each.key == "note.suggest-failed"]
    assert ask.params == {"line": 3, "text": "โอนออก ไม่สำเร็จ", "column": "รายการ"}
    calm = suggested(head + "28/11/2569,โอนออก สำเร็จ,10.00,,60.00\n")
    assert "note.suggest-failed" not in asked(calm)
    status = suggested("Date,Coin,Amount,Address,Status\n2026-12-01,BTC,1,,Failed\n")
    assert "note.suggest-failed" not in asked(status), "a column of status is read as one"


@pytest.mark.parametrize(
    "address",
    ["2N7AoD6ippnabH92YeNdb9bA3cy7aajYkqj", "muQRTdr8wsgagRCceVFGjvALXUfhnWfd6K",
     "bcrt1qztymu8d00j5gh795gs8mv9ulqx8acqmdq9cq8q"],
)  # fmt: skip
def test_addresses_of_test_networks_are_addresses_and_no_names(address: str) -> None:
    found = suggested(f"Date,Coin,Amount,To Address\n2026-12-01,BTC,0.5,{address}\n").mapping
    assert found.columns["to_address"] == "To Address"
    assert found.lacks_chain


HEAD = (
    "ธนาคารตัวอย่าง;;;;;;;\nรายการเดินบัญชี เลขที่บัญชี 0305551112;;;;;;;\n;;จำนวนเงิน (LAK);;;คู่โอน;;\n"
    "วันที่;เวลา;ถอนเงิน;ฝากเงิน;คงเหลือ;เลขที่บัญชี;ชื่อบัญชี;สถานะ\n"
)
PAID = "29/11/2569;10:15;;50.000.000,00;50.000.000,00;0101234567;Somchai Example;สำเร็จ\n"
AGAIN = "29/11/2569;10:40;;20.000.000,00;70.000.000,00;0107654321;Dao Example;สำเร็จ\n"


@pytest.mark.parametrize("rows", [PAID + AGAIN, PAID])
def test_a_name_beside_the_other_ends_account_is_not_the_holders(rows: str) -> None:
    found = suggested(HEAD + rows)
    columns = found.mapping.columns
    assert (columns["other_account"], columns["other_name"]) == ("เลขที่บัญชี", "ชื่อบัญชี")
    assert "own_name" not in columns
    assert found.mapping.constants["own_account"] == "0305551112"
    assert {"other_account", "other_name"} <= set(found.guesses)


def test_the_one_name_of_a_statement_beside_its_account_stays_the_holders() -> None:
    found = suggested(
        "Date,Account number,Account name,Debit,Credit,Counterparty account,Counterparty name\n"
        "2026-11-25,0305551112,Mule Example,,5.10,0101234567,Somchai Example\n"
        "2026-11-26,0305551112,Mule Example,2.00,,0107654321,Dao Example\n"
    )
    columns = found.mapping.columns
    assert (columns["own_account"], columns["own_name"]) == ("Account number", "Account name")
    assert columns["other_name"] == "Counterparty name"
