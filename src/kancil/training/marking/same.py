"""When two texts of an answer are the same thing, by what their formats allow and no further.

Bech32 is written in one case, either one (BIP 173: mixed case is refused); digests, transaction ids
and Ethereum's addresses are hexadecimal. Base58 tells capitals apart (Bitcoin, Tron). All else is
compared as it is, after NFC and with single blanks.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Any

from kancil.training.question import RULINGS, Kind

MOST_ELEMENTS = 2_000
"""Of a set, a path or the pointers of a finding."""
MOST_CHARACTERS = 20_000
"""Of one text."""
_HEX = re.compile(r"(0x)?[0-9a-fA-F]{32,128}", re.ASCII)
_BECH32 = re.compile(r"(bc1|tb1|bcrt1|BC1|TB1|BCRT1)[0-9a-zA-Z]{6,87}", re.ASCII)
_AMOUNT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)


def same_form(text: str) -> str:
    """A text in the one form in which it is compared."""
    told = " ".join(unicodedata.normalize("NFC", text).split())
    if _HEX.fullmatch(told) or (_BECH32.fullmatch(told) and (told.islower() or told.isupper())):
        return told.lower()
    return told


def text_of(value: Any) -> str | None:
    """A text of usable length in its form; None for anything else."""
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
        return None
    return same_form(value) or None


def texts_of(value: Any) -> tuple[str, ...] | None:
    """A list of texts in their form, empty ones left out; None for anything else."""
    if not isinstance(value, list | tuple) or len(value) > MOST_ELEMENTS:
        return None
    found = []
    for each in value:
        if not isinstance(each, str) or len(each) > MOST_CHARACTERS:
            return None
        found.append(same_form(each))
    return tuple(each for each in found if each)


def amount_of(value: Any) -> Decimal | None:
    """A decimal number written with a point and no separators; None for anything else."""
    told = value.strip() if isinstance(value, str) else ""
    return Decimal(told) if _AMOUNT.fullmatch(told) else None


def time_of(value: Any) -> datetime | None:
    """A moment of ISO 8601 with its offset; None for anything else, such as one without."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return None if found.tzinfo is None else found


def has_form(kind: Kind, value: Any) -> bool:
    """Whether a value has the form of a question's kind; of a text any text has."""
    if kind is Kind.AMOUNT:
        return amount_of(value) is not None
    if kind is Kind.TIME:
        return time_of(value) is not None
    if kind in (Kind.SET, Kind.PATH):
        return texts_of(value) is not None
    if kind is Kind.TEXT:
        return isinstance(value, str)
    if kind is Kind.FINDING:
        return _is_pair(value, "statement", "pointers")
    if kind is Kind.RULING:
        return _is_pair(value, "ruling", "reasons") and value["ruling"] in RULINGS
    return text_of(value) is not None


def _is_pair(value: Any, one: str, several: str) -> bool:
    if not isinstance(value, dict) or not value.keys() <= {one, several}:
        return False
    return text_of(value.get(one)) is not None and texts_of(value.get(several, [])) is not None
