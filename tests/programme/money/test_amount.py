"""Amounts: exact both ways, in each currency's own places (ISO 4217), and never a guess."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.programme.errors import AmountNotUsable, CurrencyUnknown
from kancil.programme.money.amount import MOST_MINOR, Money, digits_of, read_minor, to_minor

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD", "LAK", "VND", "EUR"])


@pytest.mark.parametrize(("currency", "places"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("LAK", 2)])
def test_a_currency_has_the_places_of_iso_4217(currency: str, places: int) -> None:
    assert digits_of(currency) == places


@given(CURRENCIES, st.integers(-MOST_MINOR, MOST_MINOR))
def test_what_is_written_reads_back(currency: str, minor: int) -> None:
    money = Money(currency, minor)
    assert to_minor(money.amount, currency) == minor
    assert read_minor(str(money).removeprefix(f"{currency}\u00a0"), currency) == minor


def test_an_amount_finer_than_its_currency_is_refused() -> None:
    with pytest.raises(AmountNotUsable):
        to_minor(Decimal("10.5"), "JPY")
    with pytest.raises(AmountNotUsable):
        read_minor("1.005", "USD")


@pytest.mark.parametrize("text", ["12.345,60", "12,34", "ten", "", "1e5", "-", "1,23,456", "NaN"])
def test_what_can_be_read_in_two_ways_or_none_is_refused(text: str) -> None:
    with pytest.raises(AmountNotUsable):
        read_minor(text, "USD")


def test_spaces_and_commas_mark_thousands() -> None:
    assert read_minor("12 345.60", "USD") == read_minor("12,345.6", "USD") == 1_234_560


def test_no_currency_is_invented() -> None:
    with pytest.raises(CurrencyUnknown):
        digits_of("ZZZ")
