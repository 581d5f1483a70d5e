"""Currencies have the minor units of ISO 4217; a token is known by its contract, never its name."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.records.asset import MINOR_UNITS, chain_named, in_units, is_currency, unit_digits

USDT_ON_TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"


@pytest.mark.parametrize(
    ("code", "digits"),
    # ISO 4217 list one: the currencies of the region, and one of each other kind.
    [
        ("LAK", 2), ("KHR", 2), ("THB", 2), ("MMK", 2), ("IDR", 2), ("MYR", 2), ("PHP", 2),
        ("SGD", 2), ("BND", 2), ("VND", 0), ("JPY", 0), ("KRW", 0), ("USD", 2), ("KWD", 3),
    ],
)  # fmt: skip
def test_a_currency_has_the_minor_units_of_iso_4217(code: str, digits: int) -> None:
    assert MINOR_UNITS[code] == digits
    assert unit_digits(code, None, None) == digits


def test_a_symbol_is_no_currency_and_codes_have_three_capitals() -> None:
    assert not is_currency("BTC")
    assert not is_currency("usd")
    assert all(len(code) == 3 and code.isupper() for code in MINOR_UNITS)


def test_a_coin_has_units_on_its_own_chain_only() -> None:
    assert unit_digits("BTC", "bitcoin", None) == 8
    assert unit_digits("ETH", "ethereum", None) == 18
    assert unit_digits("BTC", chain_named("BSC"), None) is None
    assert unit_digits("BTC", None, None) is None


def test_a_token_is_known_by_its_contract_and_not_by_its_name() -> None:
    assert unit_digits("USDT", "tron", USDT_ON_TRON) == 6
    assert unit_digits("USDT", "tron", None) is None
    assert unit_digits("USDT", "tron", "TFTc8XvvdPqBBF8ckYVYbtB7L8bRDSctKv") is None
    assert unit_digits("OTHER", "tron", USDT_ON_TRON) is None


def test_networks_of_exchanges_are_read_as_the_chains_they_are() -> None:
    assert [chain_named(text) for text in ("BTC", " TRC20", "Erc-20", "BSC")] == [
        "bitcoin", "tron", "ethereum", "bsc",
    ]  # fmt: skip


@given(st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**30),
                   max_value=10**30))  # fmt: skip
def test_units_are_exact_or_not_given(amount: Decimal) -> None:
    units = in_units(amount, 18)
    assert units is not None
    assert Fraction(units, 10**18) == Fraction(amount)
    finer = in_units(amount, 8)
    assert (finer is None) == bool(units % 10**10)
    if finer is not None:
        assert finer * 10**10 == units
