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


class RateMissing(Refused):
    """No table of rates that was valid on a day has both currencies.

    Params: `currency`, `to`, `on`.
    """

    code = "rate-missing"


class RateNotUsable(Refused):
    """A rate of exchange that is no positive decimal number. Params: `written`."""

    code = "rate-not-usable"


class SharesNotWhole(Refused):
    """Shares of several grants that are not the whole together. Params: `percent`."""

    code = "shares-not-whole"


class LedgerNotReadable(NotReadable):
    """A file of spending or of rates that cannot be read. Params: `path`, `why`."""

    code = "ledger-not-readable"


class LedgerTooLarge(Refused):
    """A file of spending or of rates beyond what is read. Params: `path`, `why`."""

    code = "ledger-too-large"
