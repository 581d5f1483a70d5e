"""Values at block time: the row of that day and no other, with its source; else no price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.units import MAX_MONEY_SAT
from kancil.records.price import Price, PriceBook
from kancil.studies.fiat_value import MOST_CURRENCIES, NO_MONEY, NO_PRICES, worth_of

DAY = datetime(2019, 5, 2, tzinfo=UTC)


def row(price: str, *, currency: str = "USD", source: str = "A", start: datetime = DAY) -> Price:
    return Price(
        "BTC", currency, Decimal(price), start, start + timedelta(days=1), start.date().isoformat(),
        source, "", None, "0" * 64, "line 2",
    )  # fmt: skip


def texts(*rows: Price, sat: int | None = 38_796_959, when: datetime | None = DAY) -> list[str]:
    return [answer.text for answer in worth_of(PriceBook(rows), ("t",)).at(sat, sat, when)]


def test_an_amount_is_valued_by_its_own_days_row_rounded_half_to_even() -> None:
    assert texts(row("5345.12")) == ["2\u202f073.74 USD (A, dated 2019-05-02)"]
    assert texts(row("5345.12", currency="VND")) == ["2\u202f074 VND (A, dated 2019-05-02)"]
    last = DAY + timedelta(days=1) - timedelta(seconds=1)
    assert texts(row("1"), when=last)[0].startswith("0.39 USD")


def test_there_is_no_price_a_second_later_without_time_amount_or_table() -> None:
    for found, reason in (
        (texts(row("1"), when=DAY + timedelta(days=1)), "no row covers that time"),
        (texts(row("1"), when=None), "no block time is known"),
        (texts(row("1"), sat=None), "the amount is not known"),
        (texts(), "no price table was imported"),
        ([each.text for each in NO_MONEY.at(1, 1, DAY)], "not real money"),
        ([each.text for each in NO_PRICES.at(1, 1, DAY)], "no price table was imported"),
    ):
        assert len(found) == 1
        assert found[0].startswith("no price")
        assert reason in found[0]


def test_where_sources_differ_both_stand_there_and_none_is_taken() -> None:
    (found,) = worth_of(PriceBook([row("1"), row("2", source="B")]), ()).at(1, 1, DAY)
    assert not found.is_known
    assert "1, A, 2019-05-02; 2, B, 2019-05-02" in found.about
    assert "more" not in found.about
    many = [row(str(price), source=name) for price, name in enumerate("ABCDE", 1)]
    (found,) = worth_of(PriceBook(many), ()).at(1, 1, DAY)
    assert "3, C, 2019-05-02; and 2 more" in found.about


def test_two_bounds_are_two_values_and_us_dollars_stand_first() -> None:
    rows = [row("100", currency=code) for code in ("AED", "LAK", "THB", "USD")]
    worth = worth_of(PriceBook(rows), ())
    found = worth.at(100_000_000, 200_000_000, DAY)
    assert worth.currencies == ("USD", "AED", "LAK")
    assert worth.left == ("THB",), "the page names it"
    assert len(found) == MOST_CURRENCIES
    assert found[0].value == "100.00 – 200.00 USD"
    (endless, *_) = worth.at(100_000_000, MAX_MONEY_SAT, DAY)
    assert endless.value == "at least 100.00 USD", "nothing limits the upper bound"


@given(st.integers(0, MAX_MONEY_SAT), st.decimals("0.0001", "999999", places=4))
def test_a_value_is_the_exact_product_within_half_a_cent(sat: int, price: Decimal) -> None:
    (found,) = worth_of(PriceBook([row(str(price))]), ()).at(sat, sat, DAY)
    shown = Decimal(found.value.removesuffix(" USD").replace("\u202f", ""))
    assert abs(shown - Decimal(sat) * price / 10**8) <= Decimal("0.005")


def test_hostile_sources_are_cut_and_steer_nothing() -> None:
    (found,) = worth_of(PriceBook([row("1", source="\u202e\x1b[2J" + "x" * 500)]), ()).at(1, 1, DAY)
    assert "\u202e" not in found.about
    assert "\x1b" not in found.about
    assert len(found.about) < 120
