"""Rows become transfers or skips: each skip has its place, and nothing is guessed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.errors import MappingColumnMissing, MappingIncomplete, TableNotReadable
from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import ColumnMapping, DirectionRule
from kancil.evidence.tables.moment import TimeForm
from kancil.ground.skipped import Skipped
from kancil.ground.words import render
from kancil.records.asset import from_units, in_units
from kancil.records.transfer import StatedTransfer
from tests.evidence.tables.making import COLUMNS, HEADER, mapping, read, skips, table_of, transfers
from tests.examples import examples

TXID = "AB" * 32
ETH = "0xdAC17F958D2ee523a2206206994597C13D831ec7"
BANK = {"time": "day", "amount_in": "credit", "amount_out": "debit", "other_name": "name"}


def bank(**more: Any) -> Any:
    constants = {"asset": "lak", "own_account": "0101"}
    return mapping(
        columns=BANK, constants=constants, direction=DirectionRule("columns"),
        time=TimeForm(("DD/MM/YYYY",), "Asia/Vientiane"), **more,
    )  # fmt: skip


def test_a_row_says_who_what_and_when_and_where_it_stands() -> None:
    row = f'2026-03-09 21:00,"1,000.50",ETH,ERC20,{ETH},1NpHuti9,0x{TXID}'
    (found,) = transfers(
        f"{HEADER}\n{row}\n", mapping(time=TimeForm(("YYYY-MM-DD hh:mm",), "+07:00"))
    )
    assert found.as_dict() == {
        **dict.fromkeys(found.as_dict()),
        "row": 1, "place": "line 2", "asset": "ETH", "chain": "ethereum", "amount": "1000.50",
        "units": "1000500000000000000000", "from_address": ETH.lower(), "to_address": "1NpHuti9",
        "time": "2026-03-09T14:00:00.000000Z", "day": "2026-03-09", "zone": "+07:00",
        "time_as_stated": "2026-03-09 21:00", "txid": "0x" + TXID.lower(),
        "stated_by": "Example Exchange", "exhibit_sha256": found.exhibit_sha256, "notes": [],
    }  # fmt: skip
    assert len(found.exhibit_sha256) == 64


def test_debit_and_credit_say_who_paid_whom() -> None:
    went, came = transfers(
        "day,credit,debit,name\n09/03/2026,,5.00,Shop\n10/03/2026,7,0.00,Work\n", bank()
    )
    assert (went.direction, went.from_account, went.to_name) == ("out", "0101", "Shop")
    assert (came.direction, came.from_name, came.to_account) == ("in", "Work", "0101")
    assert (went.asset, went.units, came.units) == ("LAK", "500", "700")
    assert (went.time, went.day) == (None, "2026-03-09")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("09/03/2026,1,2,x", "stated-in-and-out"),
        ("09/03/2026,,,x", "stated-amount-missing"),
        ("09/03/2026,-1,,x", "stated-sign"),
        ("09/03/2026,,-1,x", "stated-sign"),
        ("31/02/2026,1,,x", "stated-time-form"),
        (",1,,Work", "stated-time-missing"),
        (",1,,Total", "stated-total"),
        ("10/03/2026,,,ຍອດຍົກມາ", "stated-carried"),
        ("09/03/2026,=1+1,,x", "stated-amount-form"),
        ("09/03/2026,1", "stated-row-cells"),
        ("09/03/2026,1,,x,more", "stated-row-cells"),
        ("09/03/2026,1,," + "x" * 2001, "stated-cell-long"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_with_place_and_reason(row: str, code: str) -> None:
    found = read(f"day,credit,debit,name\n10/03/2026,7,,Work\n{row}\n", bank())
    assert isinstance(found[0], StatedTransfer)
    assert isinstance(found[1], Skipped)
    assert (found[1].code, found[1].place) == (code, "line 3")


def test_of_three_kinds_of_separators_in_one_column_only_the_mapped_one_is_read() -> None:
    text = (
        'day,credit,debit,name\n09/03/2026,"1,234.50",,a\n09/03/2026,"1.234,50",,b\n'
        "09/03/2026,1 234\u202f567,,c\n09/03/2026,1234.50,,d\n"
    )
    decided = bank(amount=AmountForm(".", ","))
    rows = list(read(text, decided))
    held = [(one.from_name, one.amount) for one in rows if isinstance(one, StatedTransfer)]
    assert held == [("a", "1234.50"), ("d", "1234.50")]
    left = [one for one in rows if isinstance(one, Skipped)]
    assert [one.place for one in left] == ["line 3", "line 4"]
    assert {one.code for one in left} == {"stated-amount-form"}


def test_a_zero_that_goes_no_way_names_no_payer() -> None:
    (left,) = skips("day,credit,debit,name\n09/03/2026,0,0,Shop\n",
                    bank(amount=AmountForm(".")))  # fmt: skip
    assert left.code == "stated-direction-missing"


def test_a_minus_in_its_own_column_needs_the_mapping_to_say_so() -> None:
    rule = DirectionRule("columns", "out")
    by = mapping(columns=BANK, constants={"asset": "LAK"}, direction=rule,
                 time=TimeForm(("DD/MM/YYYY",), "UTC"))  # fmt: skip
    (found,) = transfers("day,credit,debit,name\n09/03/2026,,-5,Shop\n", by)
    assert (found.amount, found.direction) == ("5", "out")
    assert skips("day,credit,debit,name\n09/03/2026,-5,,Shop\n", by)[0].code == "stated-sign"


def test_a_sign_says_the_direction_where_it_is_stated_to() -> None:
    by = mapping(columns={"time": "t", "amount": "a"}, constants={"asset": "USD", "own_name": "Me"},
                 direction=DirectionRule("sign", "in"))  # fmt: skip
    came, went = transfers("t,a\n2026-03-09 10:00,5\n2026-03-09 10:00,-5\n", by)
    assert (came.direction, came.to_name, came.from_name) == ("in", "Me", None)
    assert (went.direction, went.to_name, went.from_name) == ("out", None, "Me")
    assert skips("t,a\n2026-03-09 10:00,0\n", by)[0].code == "stated-direction-missing"


def test_words_say_the_direction_and_an_unknown_word_says_nothing() -> None:
    by = mapping(columns={"time": "t", "amount": "a", "direction": "d", "other_name": "n"},
                 constants={"asset": "USD"},
                 direction=DirectionRule("words", None, ("CRDT",), ("DBIT",)))  # fmt: skip
    rows = "t,a,d,n\n2026-03-09 10:00,5,crdt,x\n2026-03-09 10:00,5,DBIT,x\n"
    assert [each.direction for each in transfers(rows, by)] == ["in", "out"]
    for word in ("", "in"):
        left = skips(f"t,a,d,n\n2026-03-09 10:00,5,{word},x\n", by)
        assert left[0].code == "stated-direction-word"


def test_what_was_not_carried_out_is_left_out_and_counted() -> None:
    by = mapping(columns={"time": "t", "amount": "a", "status": "s"}, constants={"asset": "BTC"},
                 done=("Completed",))  # fmt: skip
    rows = "t,a,s\n2026-03-09 10:00,5,completed\n2026-03-09 10:00,5,Failed\n2026-03-09 10:00,5,\n"
    found = read(rows, by)
    assert [each.code for each in found if isinstance(each, Skipped)] == ["stated-not-done"] * 2
    assert isinstance(found[0], StatedTransfer)
    assert found[0].status == "completed"


def test_details_that_cannot_be_read_are_notes_and_never_invented() -> None:
    columns = {"time": "t", "amount": "a", "asset": "c", "chain": "n", "txid": "x", "fee": "f",
               "to_address": "to"}  # fmt: skip
    rows = (
        "t,a,c,n,x,f,to\n"
        "2026-03-09 10:00,0.123456789,BTC,BTC,Off-chain transfer 1,oops,"
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6x\n"
        f"2026-03-09 10:00,1E-6,BTC,BSC,{TXID},0.5,1x\n"
        f"2026-03-09 10:00,1E-6,BTC,BSC,{TXID},0.5,1x\n"
    )
    one, two, three = transfers(rows, mapping(columns=columns))
    assert set(one.notes) == {"finer-than-unit", "tron-check", "fee-form", "txid-form"}
    assert (one.units, one.txid, one.fee) == (None, None, None)
    assert set(two.notes) == {"amount-exponent", "contract-not-named"}
    assert (two.chain, two.units, two.amount) == ("bsc", None, "0.000001")
    assert set(three.notes) == {*two.notes, "repeated"}


def test_a_time_of_unknown_zone_stays_a_day() -> None:
    by = mapping(time=TimeForm(("YYYY-MM-DD hh:mm",), "unknown"))
    (found,) = transfers(f"{HEADER}\n2026-03-09 21:00,1,BTC,,,,\n", by)
    assert (found.time, found.day, found.zone) == (None, "2026-03-09", "unknown")
    assert found.notes == ("zone-unknown",)


def test_date_and_time_of_day_may_stand_in_two_columns() -> None:
    by = mapping(columns={"time": "d", "time_of_day": "t", "amount": "a"},
                 constants={"asset": "USD"})  # fmt: skip
    (found,) = transfers("d,t,a\n2026-03-09,10:00,1\n", by)
    assert found.time == "2026-03-09T10:00:00.000000Z"


def test_nothing_is_read_before_everything_is_decided() -> None:
    with pytest.raises(MappingIncomplete) as caught:
        read("t,a\n", mapping(stated_by=None, amount=None))
    assert caught.value.params["missing"] == "stated_by, amount"
    with pytest.raises(MappingColumnMissing) as absent:
        read("time,amount\n1,2\n", mapping())
    assert absent.value.params["known"] == "time, amount"


AMOUNTS = st.decimals(0, 10**15, places=8)


@given(st.lists(AMOUNTS, max_size=12), st.integers(0, 3))
def test_the_sum_of_the_transfers_is_the_sum_of_the_column(amounts: list[Any], wrong: int) -> None:
    rows = [f"2026-03-09 10:00,{format(each, 'f')},BTC,BTC,,," for each in amounts]
    rows += ["2026-03-09 10:00,none,BTC,BTC,,,"] * wrong
    found = read("\n".join([HEADER, *rows]) + "\n", mapping())
    read_ones = [each for each in found if isinstance(each, StatedTransfer)]
    left = [each for each in found if isinstance(each, Skipped)]
    assert len(read_ones) + len(left) == len(rows)
    assert len(left) == wrong
    assert sum(Fraction(each.amount) for each in read_ones) == sum(map(Fraction, amounts))
    assert sum(int(each.units or 0) for each in read_ones) == sum(
        int(Fraction(each) * 10**8) for each in amounts
    )
    assert all(each.place.startswith("line ") for each in left)


@examples(300)
@given(st.binary(max_size=200))
def test_any_bytes_below_the_column_names_give_transfers_or_skips(data: bytes) -> None:
    try:
        found = read(HEADER.encode() + b"\n" + data, mapping())
    except TableNotReadable:
        return
    for each in found:
        place = each.place
        assert place.startswith("line ")
        assert int(place.removeprefix("line ")) >= 2


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=12), min_size=7,
                max_size=7))  # fmt: skip
def test_any_cells_give_one_transfer_or_one_skip(cells: list[str]) -> None:
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    found = read(f"{HEADER}\n{row}\n", mapping())
    assert len(found) == any(cell.strip() for cell in cells)


def test_rows_are_read_one_at_a_time_from_a_long_table() -> None:
    rows = "2026-03-09 10:00,0.1,BTC,BTC,,,\n" * 5000
    table = table_of(f"{HEADER}\n{rows}".encode())
    iterator = table.rows()
    assert next(iterator).number == 1
    assert sum(1 for _ in iterator) == 4999


def counted(**more: Any) -> ColumnMapping:
    columns = {**COLUMNS, "fee": "fee", "contract": "contract"}
    return mapping(unit="smallest", columns=columns, **more)


SMALL = f"{HEADER},fee,contract\n"
DAI = "0x6b175474e89094c44da98b954eedeac495271d0f"
USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7"


@pytest.mark.parametrize(
    ("asset", "chain", "contract", "units", "amount", "fee"),
    [
        ("BTC", "BTC", "", "1500000", "0.01500000", "0.00000250"),
        ("BTC", "BTC", "", "2099999999999999", "20999999.99999999", "0.00000250"),
        ("ETH", "ERC20", "", "1", "0.000000000000000001", "0.000000000000000250"),
        (
            "ETH", "ERC20", "", "123456789012345678901234567890",
            "123456789012.345678901234567890", "0.000000000000000250",
        ),
        ("USDT", "ERC20", USDT, "1,000,000", "1.000000", "0.000250"),
        ("USD", "", "", "105", "1.05", "2.50"),
        ("JPY", "", "", "105", "105", "250"),
    ],
)  # fmt: skip
def test_a_count_of_smallest_units_is_an_exact_amount(
    asset: str, chain: str, contract: str, units: str, amount: str, fee: str
) -> None:
    row = f'2026-03-09 21:00,"{units}",{asset},{chain},,,,250,{contract}\n'
    (found,) = transfers(SMALL + row, counted())
    assert (found.amount, found.fee, found.notes) == (amount, fee, ())
    assert found.units == units.replace(",", "")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("5,BTC,,,,,,", "stated-unit-unknown"),
        ("5,BTC,BSC,,,,,", "stated-unit-unknown"),
        (f"5,DAI,ERC20,,,,,{DAI}", "stated-unit-unknown"),
        ("0.5,BTC,BTC,,,,,", "stated-unit-part"),
        ("1E-6,BTC,BTC,,,,,", "stated-unit-part"),
    ],
)
def test_a_count_whose_unit_is_not_known_or_that_is_none_is_left_out(row: str, code: str) -> None:
    (found,) = skips(f"{SMALL}2026-03-09 21:00,{row}\n", counted())
    assert found.code == code
    assert "line 2" in render(f"skip.{code}", place=found.place, **found.params)


def test_a_fee_whose_unit_is_not_known_is_left_out_with_a_note() -> None:
    by = counted(constants={"fee_asset": "BNB"})
    (found,) = transfers(f"{SMALL}2026-03-09 21:00,5,BTC,BTC,,,,9,\n", by)
    assert (found.fee, found.fee_asset, found.notes) == (None, None, ("fee-unit",))
    (half,) = transfers(f"{SMALL}2026-03-09 21:00,5,BTC,BTC,,,,0.5,\n", counted())
    assert (half.fee, half.notes) == (None, ("fee-unit",))
    gas = counted(constants={"fee_asset": "ETH"})
    (token,) = transfers(f"{SMALL}2026-03-09 21:00,5,USDT,ERC20,,,,9,{USDT}\n", gas)
    assert (token.fee, token.fee_asset) == ("0.000000000000000009", "ETH")


@given(st.integers(0, 10**40), st.integers(0, 18))
def test_a_count_and_its_amount_are_the_same_both_ways(units: int, digits: int) -> None:
    assert in_units(Decimal(from_units(units, digits)), digits) == units
