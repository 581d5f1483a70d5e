"""Rates: the newest table of the day, both currencies from one table, and never a guess."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.programme.errors import RateMissing, RateNotUsable
from kancil.programme.money.amount import Money
from kancil.programme.money.rates import MOST_DAYS, Rates, RateTable, read_rate, totals

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
OLD = RateTable("Old", "USD", JANUARY, {"AUD": Decimal("1.5"), "JPY": Decimal(150)})
NEW = RateTable("New", "USD", MARCH, {"JPY": Decimal(100)})
RATES = Rates((NEW, OLD))
AMOUNTS = st.integers(-(10**12), 10**12)
ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.builds(Money, st.sampled_from(["USD", "AUD", "JPY"]), AMOUNTS),
        st.just(JANUARY),
    ),
    max_size=20,
)


@pytest.mark.parametrize(
    ("money", "to", "on", "found"),
    [
        (Money("AUD", 15_000), "USD", JANUARY, "USD\u00a0100.00"),
        (Money("USD", 101), "JPY", JANUARY, "JPY\u00a0152"),  # 151.5: to the even one
        (Money("JPY", 1_000), "AUD", JANUARY, "AUD\u00a010.00"),
        (Money("JPY", 15_000), "USD", MARCH, "USD\u00a0150.00"),  # the newer table
        (Money("AUD", 15_000), "USD", MARCH, "USD\u00a0100.00"),  # which does not list AUD
        (Money("USD", 1), "USD", date(1999, 1, 1), "USD\u00a00.01"),  # needs no rate
    ],
)
def test_an_amount_is_converted_as_by_hand(money: Money, to: str, on: date, found: str) -> None:
    assert str(RATES.convert(money, to, on)) == found


@pytest.mark.parametrize(
    ("currency", "on"),
    [
        ("EUR", JANUARY),
        ("AUD", JANUARY - timedelta(days=1)),
        ("AUD", JANUARY + timedelta(days=MOST_DAYS + 1)),
    ],
)
def test_a_rate_that_is_not_there_is_named_and_not_guessed(currency: str, on: date) -> None:
    with pytest.raises(RateMissing) as told:
        RATES.convert(Money(currency, 1), "USD", on)
    assert told.value.params == {"currency": currency, "to": "USD", "on": on.isoformat()}


def test_a_sum_that_lacks_a_rate_has_no_value_and_all_its_parts() -> None:
    rows = [
        ("a", Money("USD", 100), JANUARY),
        ("b", Money("EUR", 7), MARCH),
        ("b", Money("EUR", 8), JANUARY),
    ]
    found = totals(rows, "USD", RATES)
    assert found.whole.money is None
    assert found.whole.parts == (Money("EUR", 15), Money("USD", 100))
    assert [(each.currency, each.on) for each in found.whole.missing] == [("EUR", "2026-01-01")]
    assert found.by["a"].money == Money("USD", 100)


@given(ROWS)
def test_the_parts_of_a_sum_make_the_whole(rows: list[tuple[str, Money, date]]) -> None:
    found = totals(rows, "USD", RATES)
    assert found.whole.minor == sum(each.minor or 0 for each in found.by.values())
    factors = [(money.minor, RATES.factor(money.currency, "USD", on)) for _, money, on in rows]
    assert found.whole.minor == round(sum(minor * each.value for minor, each in factors if each))


def test_a_sum_says_which_tables_it_rests_on() -> None:
    rows = [("", Money("JPY", 100), JANUARY), ("", Money("JPY", 100), MARCH)]
    assert [each.source for each in totals(rows, "USD", RATES).whole.tables] == ["Old", "New"]


@pytest.mark.parametrize("text", ["", "0", "-1", "1,5", "1e3", "NaN", "1" * 13, "٣"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(RateNotUsable):
        read_rate(text)
