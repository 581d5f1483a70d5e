"""How amounts, shares, days and hidden numbers are said in reports to donors and of countries."""

from __future__ import annotations

from decimal import Decimal

from kancil.ground.words import has, render
from kancil.programme.money.amount import Money
from kancil.reports.programme.country.saying import DASH


def money(currency: str, minor: int) -> str:
    """An amount with its currency."""
    return str(Money(currency, minor))


def number(currency: str, minor: int) -> str:
    """An amount under a heading that says its currency."""
    return Money(currency, minor).number


def share(share_bp: int) -> str:
    """A share of the whole, as far as it goes in percent."""
    return f"{(Decimal(share_bp) / 100).normalize():f} %"


def count(value: int | None) -> str:
    """A number of people, or that it is hidden."""
    return render("note.donor-hidden") if value is None else f"{value:,}"


def many(thing: str, number: int) -> str:
    """How many of something: `note.donor-<thing>-one` and `-many`."""
    return render(f"note.donor-{thing}-{'one' if number == 1 else 'many'}", count=f"{number:,}")


def word(kind: str, value: str) -> str:
    """A value of the programme's vocabulary; as it stands where it has no words."""
    key = f"programme.{kind}.{value}"
    return render(key) if has(key) else value or DASH
