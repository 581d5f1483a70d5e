"""Amounts as people type them: hundredths out, and never a guess.

Taken are `45000`, `45,000`, `45 000`, `45'000` and each with cents after a point, in the digits of
any script. What can be read in two ways, such as `45.000` or `45.000,50`, is asked again.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from kancil.ground.phrase import Phrase

_AMOUNT = re.compile(
    r"(?P<whole>[0-9]{1,13}|[0-9]{1,3}(?:(?P<mark>[ ,'])[0-9]{3})(?:(?P=mark)[0-9]{3}){0,3})"
    r"(?:\.(?P<rest>[0-9]{1,2}))?"
)
_TWO_WAYS = re.compile(r"[0-9][0-9 ,.']*[0-9]")
_MARKS = str.maketrans({"\u2019": "'", "\u066c": ",", "\u066b": "."})


def read_amount(text: str) -> int | Phrase:
    """An amount in hundredths, or why none can be read.

    Spaces of all widths are one kind of mark between thousands, which is the same all through.
    """
    plain = "".join(_plain(each) for each in text.strip().translate(_MARKS))
    found = _AMOUNT.fullmatch(plain)
    if found is not None:
        whole = re.sub("[ ,']", "", found["whole"])
        return int(whole) * 100 + int((found["rest"] or "").ljust(2, "0"))
    is_marked = _TWO_WAYS.fullmatch(plain) is not None and not plain.isdecimal()
    key = "why.amount-two-ways" if is_marked else "why.amount-none"
    return Phrase(key, {"written": text.strip()[:40]})


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return " " if character.isspace() else character


def hundredths(minor: int) -> Decimal:
    """The amount that hundredths are, to be written by `ground.money`."""
    return Decimal(minor).scaleb(-2)


def amount_text(minor: int) -> str:
    """Hundredths as a form has them: `45000.50`, and no cents where there are none."""
    whole, rest = divmod(minor, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
