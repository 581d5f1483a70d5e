"""Amounts are read exactly by the marks that are stated, and by no others."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.tables.amount import (
    EXPONENT,
    AmountForm,
    possible_forms,
    read_alike,
    read_amount,
)

POINT = AmountForm(".", ",")
COMMA = AmountForm(",", ".")


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("1,234,567.89", POINT, "1234567.89"),
        ("1.234.567,89", COMMA, "1234567.89"),
        ("1.500.000", COMMA, "1500000"),
        ("0.000000000000000001", POINT, "0.000000000000000001"),
        (" +5 ", POINT, "5"),
        (".5", POINT, "0.5"),
        ("1 234,50", AmountForm(",", " "), "1234.50"),
        ("1\u00a0234\u202f567,50", AmountForm(",", " "), "1234567.50"),
        ("12’345.10", AmountForm(".", "'"), "12345.10"),
        ("១២៣.៤៥", POINT, "123.45"),  # Khmer digits
        ("๑,๒๓๔", POINT, "1234"),  # Thai digits
        ("00012.50", POINT, "12.50"),
    ],
)
def test_an_amount_is_read_with_every_digit(text: str, form: AmountForm, expected: str) -> None:
    amount = read_amount(text, form)
    assert amount is not None
    assert (amount.text, amount.value) == (expected, Decimal(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("-5.00", "-5.00"), ("5.00-", "-5.00"), ("(5.00)", "-5.00"), ("\u22125", "-5"), ("- 5", "-5")],
)
def test_a_minus_may_stand_before_after_or_be_brackets(text: str, expected: str) -> None:
    amount = read_amount(text, POINT)
    assert amount is not None
    assert amount.value == Decimal(expected)
    assert amount.text == expected.removeprefix("-")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", ".", ",", "()", "12,34", "1,2345", "1,234,56", "1.2.3", "5 USD", "USD 5",
        "$5", "NaN", "Infinity", "0x10", "1_000", "=1+2", "=HYPERLINK(1)", "@SUM(1)", "--5", "(-5)",
        "(5", "5)", "-5-", "1e", "1e999", "9" * 61, "1\n2", "½", "²",
    ],
)  # fmt: skip
def test_what_is_no_amount_in_this_form_is_none(text: str) -> None:
    assert read_amount(text, POINT) is None


def test_an_exponent_is_read_and_said_to_be_one() -> None:
    amount = read_amount("1.5E-6", POINT)
    assert amount is not None
    assert (amount.text, amount.note) == ("0.0000015", EXPONENT)
    large = read_amount("1.23457E+12", POINT)
    assert large is not None
    assert large.text == "1234570000000"


def test_one_thousand_or_one_and_a_bit_is_not_decided() -> None:
    forms = possible_forms(["1.234", "5.678"])
    assert {AmountForm(".", ","), AmountForm(",", ".")} <= set(forms)
    assert not read_alike(["1.234"], forms)
    assert read_alike(["1.23"], possible_forms(["1.23"]))


@given(st.integers(0, 10**24), st.integers(0, 10**18 - 1), st.sampled_from([POINT, COMMA]))
def test_the_sum_of_amounts_is_the_sum_of_what_was_written(
    whole: int, part: int, form: AmountForm
) -> None:
    grouped = f"{whole:,}".replace(",", form.thousands)
    text = f"{grouped}{form.decimal}{part:018d}"
    amounts = [read_amount(text, form), read_amount(f"{whole}", form)]
    read = [Fraction(amount.value) for amount in amounts if amount is not None]
    assert len(read) == 2
    assert sum(read) == 2 * whole + Fraction(part, 10**18)


@given(st.text(max_size=70), st.sampled_from([POINT, COMMA, AmountForm(",", "'")]))
def test_any_text_is_an_amount_or_none_and_its_text_reads_back(text: str, form: AmountForm) -> None:
    amount = read_amount(text, form)
    if amount is not None:
        again = read_amount(amount.text, AmountForm("."))
        assert again is None or again.value == amount.value.copy_abs()
        assert Decimal(amount.text) == amount.value.copy_abs()
