"""An amount of money is written in one way wherever people read it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kancil.ground.money import money_text, number_text
from kancil.ground.words import harmless


@pytest.mark.parametrize(
    ("currency", "amount", "text"),
    [
        ("USD", "1234.5", "USD\u00a01,234.50"),
        ("USD", "-0.05", "USD\u00a0-0.05"),
        ("JPY", "1234500.00", "JPY\u00a01,234,500"),
        ("JPY", "12.50", "JPY\u00a012.5"),
        ("KWD", "1.5", "KWD\u00a01.500"),
        ("USD", "1.005", "USD\u00a01.005"),
        ("USD", "1E+3", "USD\u00a01,000.00"),
        ("", "1000", "1,000.00"),
    ],
)
def test_an_amount_has_the_places_of_its_currency_and_loses_none(
    currency: str, amount: str, text: str
) -> None:
    assert money_text(currency, Decimal(amount)) == text
    assert number_text(currency, Decimal(amount)) == text.rpartition("\u00a0")[2]


def test_a_terminal_is_told_an_amount_as_it_is_written() -> None:
    shown = money_text("USD", Decimal("1234.5"))
    assert harmless(shown) == shown
