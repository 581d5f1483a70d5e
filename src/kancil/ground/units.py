"""Units: satoshi and bytes, read from and written for people. Never floating point."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

SAT_PER_BTC = 100_000_000
MAX_MONEY_SAT = 21_000_000 * SAT_PER_BTC


def btc_text(value_sat: int) -> str:
    """Write satoshi as bitcoin with eight decimals, thousands grouped: `1 234.50000000`."""
    sign = "-" if value_sat < 0 else ""
    whole, part = divmod(abs(value_sat), SAT_PER_BTC)
    return f"{sign}{whole:,}".replace(",", "\u202f") + f".{part:08d}"


def half_up(number: Fraction | Decimal | int, places: int = 0) -> Decimal:
    """Round to some decimals, halves away from zero: the one rule for shares and means.

    `0.05` is `0.1` to one place, where Python's own `round` would give `0.0`.
    """
    scaled = abs(Fraction(number)) * 10**places
    whole = int(scaled + Fraction(1, 2))
    found = Decimal(whole).scaleb(-places)
    return -found if number < 0 else found


def grouped(number: int) -> str:
    """Write an integer with its thousands grouped by a narrow no-break space."""
    return f"{number:,}".replace(",", "\u202f")


def grouped_decimal(number: str) -> str:
    """Write an exact decimal number with its thousands grouped, without zeros at its end."""
    whole, _, part = number.partition(".")
    sign, figures = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    part = part.rstrip("0")
    return f"{sign}{grouped(int(figures))}{'.' if part else ''}{part}"


def few(names: Sequence[str], most: int, characters: int | None = None) -> str:
    """Join the first names by commas, and count those left out: `a, b … (+12)`.

    `characters`: no longer than this either, though the first name is always whole.
    """
    told = ", ".join(names[:most])
    shown = min(most, len(names))
    while characters is not None and shown > 1 and len(told) > characters:
        shown -= 1
        told = ", ".join(names[:shown])
    left = len(names) - shown
    return f"{told} … (+{grouped(left)})" if left else told


def bytes_text(size_bytes: int) -> str:
    """Write a size for people: `68.9 kB`, powers of 1,000, one decimal, exact below 1 kB."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    for power, unit in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "kB")):
        scale = 1000**power
        if size_bytes >= scale:
            tenths = (size_bytes * 10 + scale // 2) // scale
            return f"{tenths // 10}.{tenths % 10} {unit}"
    raise AssertionError("unreachable")
