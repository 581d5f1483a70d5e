"""IBAN (ISO 13616): country, two check digits (ISO 7064, mod 97-10), and the country's own form."""

from __future__ import annotations

from stdnum import iban
from stdnum.exceptions import ValidationError

from kancil.records.selector import OneInACell


class Iban(OneInACell):
    """An international bank account number."""

    name = "iban"

    def read(self, text: str, country: str = "") -> str | None:
        """The number without spaces, in capitals; None where check digits or length are wrong."""
        try:
            return str(iban.validate(text))
        except ValidationError:
            return None


IBAN = Iban()
