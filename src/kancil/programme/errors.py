"""Errors of the programme's craft."""

from __future__ import annotations

from kancil.ground.errors import NotReadable, Refused


class CurrencyUnknown(Refused):
    """No currency of ISO 4217 has this code. Params: `currency`."""

    code = "currency-unknown"


class AmountNotUsable(Refused):
    """An amount that can be read in two ways, or is finer than its currency.

    Params: `written`, `currency`.
    """

    code = "amount-not-usable"


class IatiNotReadable(NotReadable):
    """A file that is no IATI file, or one that is not read. Params: `problem`."""

    code = "iati-not-readable"


class IatiNotValid(Refused):
    """What was to be published breaks the standard. Params: `activity`, `fault`."""

    code = "iati-not-valid"
