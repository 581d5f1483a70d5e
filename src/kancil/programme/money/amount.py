"""Amounts of money: whole numbers of a currency's smallest unit, and the decimal they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pycountry

from kancil.ground.money import decimals_of, money_text, number_text
from kancil.programme.errors import AmountNotUsable, CurrencyUnknown

MOST_MINOR = 10**16
"""The largest amount either way: it fits a database's integer with room for sums."""
_MOST_CHARACTERS = 60
_GROUPING = str.maketrans("", "", " ,'\u00a0\u202f")
_PLAIN = re.compile(r"-?\d{1,3}(?:[ ,'\u00a0\u202f]\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?", re.ASCII)


@cache
def digits_of(currency: str) -> int:
    """How many decimal places a currency has; raises CurrencyUnknown."""
    if pycountry.currencies.get(alpha_3=currency) is None:
        raise CurrencyUnknown(currency=currency[:12])
    return decimals_of(currency)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in one currency."""

    currency: str
    minor: int
    """In its smallest unit."""

    @property
    def amount(self) -> Decimal:
        """The amount as a decimal number with the currency's own places."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def __str__(self) -> str:
        """`USD 12,345.60`."""
        return money_text(self.currency, self.amount)

    @property
    def number(self) -> str:
        """The same without its currency, which a heading names."""
        return number_text(self.currency, self.amount)


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in the smallest unit; raises AmountNotUsable where it has more places than those.

    Never rounds: what is typed and imported is exact, or it is asked again.
    """
    if not _fits(amount, currency):
        raise AmountNotUsable(written=str(amount)[:40], currency=currency)
    return int(Fraction(amount) * 10 ** digits_of(currency))


def _fits(amount: Decimal, currency: str) -> bool:
    # As a fraction: Decimal's own arithmetic rounds what has more than 28 digits.
    if not amount.is_finite() or abs(amount.adjusted()) > _MOST_CHARACTERS:
        return False
    scaled: Fraction = Fraction(amount) * 10 ** digits_of(currency)
    return scaled.denominator == 1 and -MOST_MINOR <= scaled <= MOST_MINOR


def is_amount(text: str, currency: str) -> bool:
    """Whether `read_minor` reads it: for rows that are counted and not refused one by one."""
    is_plain = len(text) <= _MOST_CHARACTERS and _PLAIN.fullmatch(text) is not None
    return is_plain and _fits(Decimal(text.translate(_GROUPING)), currency)


def read_minor(text: str, currency: str) -> int:
    """An amount as it is typed: `12345.60`, `12,345.60`, `12 345`; raises AmountNotUsable.

    What can be read in two ways, such as `12.345,60`, is refused.
    """
    written = text.strip()
    if not is_amount(written, currency):
        raise AmountNotUsable(written=written[:40], currency=currency)
    return to_minor(Decimal(written.translate(_GROUPING)), currency)
