"""A row answers for its own span alone; sources that differ are not chosen between.

All prices here are invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.records.price import (
    NO_PRICE,
    NONE_THEN,
    SOURCES_DIFFER,
    NotValued,
    Price,
    PriceBook,
    Valued,
    rounded,
    value_at,
)

DAY = datetime(2026, 3, 9, tzinfo=UTC)
ROW = Price(
    asset="BTC", currency="USD", price=Decimal("50000.125"), start=DAY,
    end=DAY + timedelta(days=1), dated="2026-03-09", source="invented for this test", licence="",
    fetched_on=None, file_sha256="a" * 64, place="line 2",
)  # fmt: skip


def test_a_day_answers_from_its_first_moment_to_its_last_and_no_longer() -> None:
    book = PriceBook([ROW])
    last = ROW.end - timedelta(microseconds=1)
    for when in (ROW.start, DAY + timedelta(hours=13), last):
        answer = value_at(book, "BTC", when, "USD", Decimal("2"))
        assert isinstance(answer, Valued)
        assert (answer.exact, answer.row) == (Decimal("100000.250"), ROW)
    for when in (ROW.start - timedelta(microseconds=1), ROW.end):
        assert value_at(book, "BTC", when, "USD") == NotValued(NONE_THEN)


def test_nothing_is_filled_in_between_two_days() -> None:
    later = replace(ROW, start=DAY + timedelta(days=2), end=DAY + timedelta(days=3))
    between = DAY + timedelta(days=1, hours=12)
    assert value_at(PriceBook([ROW, later]), "BTC", between, "USD") == NotValued(NONE_THEN)


def test_no_price_is_reached_through_a_third_currency() -> None:
    dollars = replace(ROW, asset="USD", currency="LAK", price=Decimal(21000))
    assert value_at(PriceBook([ROW, dollars]), "BTC", DAY, "LAK") == NotValued(NO_PRICE)


def test_sources_that_differ_are_shown_and_none_is_taken() -> None:
    other = replace(ROW, price=Decimal("50001"), source="another invented one")
    answer = value_at(PriceBook([ROW, other]), "BTC", DAY, "USD")
    assert answer == NotValued(SOURCES_DIFFER, (ROW, other))
    same = replace(ROW, price=Decimal("50000.1250"), source="another invented one")
    agreed = value_at(PriceBook([ROW, same]), "BTC", DAY, "USD")
    assert isinstance(agreed, Valued)
    assert agreed.row == ROW


def test_an_hour_inside_a_day_of_another_table_is_found() -> None:
    hour = replace(ROW, start=DAY + timedelta(hours=5), end=DAY + timedelta(hours=6))
    book = PriceBook([hour, ROW])
    assert book.answering("BTC", DAY + timedelta(hours=5, minutes=1), "USD") == [ROW, hour]
    assert book.answering("BTC", DAY + timedelta(hours=23), "USD") == [ROW]


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        # Half to even: 0.5 of the smallest unit goes to the even neighbour.
        ("0.125", "USD", "0.12"), ("0.135", "USD", "0.14"), ("2.5", "VND", "2"),
        ("3.5", "JPY", "4"), ("1234567.005", "LAK", "1234567.00"), ("0.1005", "KWD", "0.100"),
        ("0.004", "KHR", "0.00"), ("1", "THB", "1.00"),
    ],
)  # fmt: skip
def test_values_are_rounded_half_to_even_to_the_minor_unit(
    value: str, currency: str, expected: str
) -> None:
    assert str(rounded(Decimal(value), currency)) == expected


def test_a_value_in_no_currency_of_iso_4217_is_not_rounded() -> None:
    answer = value_at(
        PriceBook([replace(ROW, currency="USDT")]), "BTC", DAY, "USDT", Decimal("0.1")
    )
    assert isinstance(answer, Valued)
    assert answer.rounded is None
    assert answer.shown == answer.exact == Decimal("5000.0125")


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 100)), max_size=12),
    st.integers(-10, 420),
)
def test_the_book_finds_what_a_plain_search_finds(
    spans: list[tuple[int, int]], minute: int
) -> None:
    rows = [
        replace(ROW, start=DAY + timedelta(minutes=start),
                end=DAY + timedelta(minutes=start + length), place=f"line {number}")
        for number, (start, length) in enumerate(spans)
    ]  # fmt: skip
    when = DAY + timedelta(minutes=minute)
    plain = [row for row in rows if row.start <= when < row.end]
    found = PriceBook(rows).answering("BTC", when, "USD")
    assert sorted(row.place for row in found) == sorted(row.place for row in plain)


@given(st.decimals("0", "1e30", places=18), st.decimals("0.00000001", "1e12", places=8))
def test_a_value_is_the_exact_product(amount: Decimal, price: Decimal) -> None:
    answer = value_at(PriceBook([replace(ROW, price=price)]), "BTC", DAY, "USD", amount)
    assert isinstance(answer, Valued)
    assert Fraction(answer.exact) == Fraction(amount) * Fraction(price)
