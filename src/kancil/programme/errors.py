"""Errors of the programme's craft."""

from __future__ import annotations

from kancil.ground.errors import Refused


class CurrencyUnknown(Refused):
    """No currency of ISO 4217 has this code. Params: `currency`."""

    code = "currency-unknown"


class AmountNotUsable(Refused):
    """An amount that can be read in two ways, or is finer than its currency.

    Params: `written`, `currency`.
    """

    code = "amount-not-usable"
