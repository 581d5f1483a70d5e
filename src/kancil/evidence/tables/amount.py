"""Amounts as a table writes them, read exactly, by marks that the mapping states.

`1.234` is one thousand or one and a bit: the mapping says which, and text that does not fit it is
no amount. Digits of other scripts (Khmer, Thai, Lao, Burmese) are read as what they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

DECIMAL_MARKS = (".", ",")
THOUSANDS_MARKS = ("", ",", ".", " ", "'")
"""` ` stands for every kind of space, `'` for the curled apostrophe too."""
MAX_CHARACTERS = 60
EXPONENT = "amount-exponent"
"""Code of an amount written with an exponent, whose last digits a program may have dropped."""
_SPACES = "\u00a0\u2007\u2009\u202f"
_SAME = str.maketrans({**dict.fromkeys(_SPACES, " "), "\u2019": "'", "\u2212": "-"})


@dataclass(frozen=True, slots=True)
class AmountForm:
    """How amounts are written in one table."""

    decimal: str
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as read."""

    value: Decimal
    """Exact, with its sign."""
    note: str | None = None

    @property
    def text(self) -> str:
        """Write it without sign or exponent, with the digits that were stated."""
        return format(self.value.copy_abs(), "f")


def read_amount(text: str, form: AmountForm) -> Amount | None:
    """Read an amount; None for text that is none in this form.

    A sign may stand before or after (`-5`, `5-`), or brackets round it (`(5.00)`, as bookkeepers
    write what goes out).
    """
    plain = plain_digits(text.translate(_SAME).strip())
    if not plain or len(plain) > MAX_CHARACTERS:
        return None
    found = _pattern(form).fullmatch(plain)
    if found is None:
        return None
    before, after = found["before"] or "", found["after"] or ""
    is_bracketed = bool(found["open"])
    if is_bracketed != bool(found["close"]) or (is_bracketed and (before or after)):
        return None
    if before and after:
        return None
    whole = found["whole"].replace(form.thousands, "") if form.thousands else found["whole"]
    if not whole and not found["part"]:
        return None
    part, exponent = found["part"], found["exponent"] or ""
    value = Decimal((whole or "0") + (f".{part}" if part else "") + exponent)
    if is_bracketed or "-" in (before, after):
        value = value.copy_negate()
    return Amount(value, EXPONENT if exponent else None)


@cache
def _pattern(form: AmountForm) -> re.Pattern[str]:
    mark = re.escape(form.decimal)
    whole = r"\d*"
    if form.thousands:
        whole = rf"\d{{1,3}}(?:{re.escape(form.thousands)}\d{{3}})+|\d*"
    return re.compile(
        rf"(?P<open>\()?(?P<before>[+-])?\s*(?P<whole>{whole})(?:{mark}(?P<part>\d+))?"
        r"(?P<exponent>[eE][+-]?\d{1,2})?\s*(?P<after>[+-])?(?P<close>\))?",
        re.ASCII,
    )


def plain_digits(text: str) -> str:
    """Write the decimal digits of any script as ASCII digits; all else stays."""
    if text.isascii():
        return text
    digits = [unicodedata.decimal(character, None) for character in text]
    return "".join(
        character if digit is None else str(digit)
        for character, digit in zip(text, digits, strict=True)
    )


def possible_forms(texts: list[str]) -> list[AmountForm]:
    """List the forms in which every one of these texts can be read, the plainest first.

    More than one with different values means that the table alone does not say.
    """
    forms = [
        AmountForm(decimal, thousands)
        for decimal in DECIMAL_MARKS
        for thousands in THOUSANDS_MARKS
        if decimal != thousands
    ]
    filled = [text for text in texts if text.strip()]
    return [form for form in forms if all(read_amount(text, form) for text in filled)]


def read_alike(texts: list[str], forms: list[AmountForm]) -> bool:
    """Whether all these forms read every text as the same amount."""
    return all(
        len({amount.value for form in forms if (amount := read_amount(text, form))}) <= 1
        for text in texts
        if text.strip()
    )
