"""Price tables are read by what is stated and what is seen beyond doubt. All are invented."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.errors import (
    MappingColumnMissing,
    MappingIncomplete,
    MappingNotReadable,
    NothingStated,
    TableIsNoText,
    TableNotReadable,
)
from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.price_table import PriceRead, PricesStated, read_prices
from kancil.records.price import NotValued, PriceBook, Valued, value_at

TABLE = b"Date,Close,Volume\n2026-03-08,50000.5,1\n2026-03-09,51000.25,2\n"


def prices(data: bytes | str, **more: Any) -> PriceRead:
    raw = data.encode() if isinstance(data, str) else data
    given: dict[str, Any] = {"source": "invented", "asset": "BTC", "currency": "USD", **more}
    return read_prices(io.BytesIO(raw), "prices.csv", PricesStated(**given))


def test_a_daily_row_answers_for_its_utc_day_and_names_itself() -> None:
    read = prices(TABLE, fetched_on=date(2026, 3, 10), licence="none stated")
    book = PriceBook(read.prices)
    answer = value_at(book, "BTC", datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC), "USD")
    assert isinstance(answer, Valued)
    row = answer.row
    assert (row.price, row.dated, row.place) == (Decimal("51000.25"), "2026-03-09", "line 3")
    assert (row.source, row.licence, row.fetched_on) == ("invented", "none stated", "2026-03-10")
    assert row.file_sha256 == read.file_sha256
    after = value_at(book, "BTC", datetime(2026, 3, 10, tzinfo=UTC), "USD")
    assert isinstance(after, NotValued)


def test_a_day_of_another_zone_is_that_zones_day() -> None:
    (first, _) = prices(TABLE, zone="Asia/Vientiane").prices
    assert first.start == datetime(2026, 3, 7, 17, tzinfo=UTC)
    assert first.end - first.start == timedelta(days=1)


def test_a_row_of_an_hour_answers_for_that_hour() -> None:
    (row,) = prices("time,price\n2026-03-09 14:00,5\n", span="hour").prices
    assert (row.start.hour, row.end.hour) == (14, 15)


def test_a_time_of_day_is_no_day() -> None:
    table = "time,price\n2026-03-08 00:00:00,4\n2026-03-09 14:00:00,5\n"
    read = prices(table)
    assert [price.dated for price in read.prices] == ["2026-03-08 00:00:00"]
    assert [(skip.code, skip.place) for skip in read.skipped] == [("price-time", "line 3")]


def test_a_date_with_two_readings_is_refused_until_it_is_stated() -> None:
    table = "Date,Price\n03/04/2026,5.5\n"
    with pytest.raises(MappingIncomplete) as caught:
        prices(table)
    assert caught.value.params["missing"] == "--date-format"
    (row,) = prices(table, time_format="DD/MM/YYYY").prices
    assert row.start == datetime(2026, 4, 3, tzinfo=UTC)


def test_an_amount_with_two_readings_is_refused_until_it_is_stated() -> None:
    table = "Date;Price\n2026-03-09;1.500\n"
    with pytest.raises(MappingIncomplete) as caught:
        prices(table)
    assert caught.value.params["missing"] == "--decimal"
    (row,) = prices(table, amount=AmountForm(",", ".")).prices
    assert row.price == 1500


def test_a_table_may_say_itself_of_what_its_prices_are() -> None:
    table = "Date,Base,Quote,Rate\n2026-03-09,BTC,usd,5.5\n2026-03-09,USD,LAK,21000.5\n"
    read = prices(table, asset=None, currency=None)
    assert (read.assets, read.currencies) == (("BTC", "USD"), ("LAK", "USD"))
    with pytest.raises(MappingIncomplete) as caught:
        prices(TABLE, asset=None, currency=None)
    assert caught.value.params["missing"] == "--asset, --currency"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-03-10,", "price-form"), ("2026-03-10,0", "price-form"),
        ("2026-03-10,-5", "price-form"), ("2026-02-30,5", "price-time"),
        ("2026-03-08,7", "price-repeated"), ("2026-03-10", "stated-row-cells"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_left_out_with_its_place(row: str, code: str) -> None:
    rows = "".join(f"2026-03-{day:02},5.5\n" for day in range(1, 10))
    read = prices(f"Date,Price\n{rows}{row}\n")
    assert len(read.prices) == 9
    assert [(skip.code, skip.place) for skip in read.skipped] == [(code, "line 11")]


@pytest.mark.parametrize(
    ("stated", "part"),
    [
        ({"zone": "Mars"}, "--zone"), ({"span": "week"}, "--per"),
        ({"time_format": "%Y"}, "--date-format"), ({"currency": "XYQ"}, "--currency"),
        ({"fetched_on": date(2999, 1, 1)}, "--fetched-on"),
    ],
)  # fmt: skip
def test_a_statement_that_cannot_be_is_refused_by_its_name(stated: Any, part: str) -> None:
    with pytest.raises(MappingNotReadable) as caught:
        prices(TABLE, **stated)
    assert caught.value.params["part"] == part


def test_a_table_without_dates_or_prices_is_refused_with_its_columns() -> None:
    with pytest.raises(MappingColumnMissing) as caught:
        prices("day of week,open\nMonday,5\n")
    assert caught.value.params["known"] == "day of week, open"
    (row, _) = prices(TABLE, price_column="Volume").prices
    assert row.price == 1
    with pytest.raises(NothingStated):
        prices("Date,Price\n2026-03-09,0\n")


@given(st.binary(max_size=120))
def test_any_bytes_are_prices_or_refused(data: bytes) -> None:
    try:
        read = prices(b"Date,Price\n2026-03-09,5.5\n" + data)
    except (TableNotReadable, TableIsNoText, MappingIncomplete, MappingColumnMissing,
            NothingStated):  # fmt: skip
        return
    assert all(price.price > 0 and price.start < price.end for price in read.prices)
    assert all(skip.place.startswith("line ") for skip in read.skipped)
