"""A phone number in E.164, by the numbering plans of libphonenumber's metadata.

A number without `+` is read as one of the country given. Whether it is in use is not known.
"""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from kancil.records.selector import OneInACell


class PhoneNumber(OneInACell):
    """A number that its country's plan has room for."""

    name = "phone-number"

    def read(self, text: str, country: str = "") -> str | None:
        """`+8562055551234`; None where the country's plan has no such number."""
        try:
            number = phonenumbers.parse(text.strip(), country.upper() or None)
        except NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


PHONE_NUMBER = PhoneNumber()
