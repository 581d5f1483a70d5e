"""A bank account's number as a bank of no IBAN country writes it: digits, and nothing to check.

Most banks of South-East Asia have numbers of 8 to 16 digits in groups. The same number at two
banks is two accounts: that a number was seen twice is a lead, not a match.
"""

from __future__ import annotations

import re

from kancil.records.selector import OneInACell

_SEPARATORS = re.compile(r"[\s.\-/]")
_DIGITS = re.compile(r"[0-9]{6,20}")


class BankAccount(OneInACell):
    """6 to 20 digits; spaces, points, hyphens and slashes between them fall away."""

    name = "bank-account"

    def read(self, text: str, country: str = "") -> str | None:
        """The digits alone."""
        digits = _SEPARATORS.sub("", text.strip())
        return digits if digits.isascii() and _DIGITS.fullmatch(digits) else None


BANK_ACCOUNT = BankAccount()
