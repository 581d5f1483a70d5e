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


class ChildNotRegistered(Refused):
    """Somebody under 18 was to be registered by name."""

    code = "child-not-registered"


class RegistrationsNotReadable(NotReadable):
    """A file of registrations cannot be read at all. Params: `path`, `why`."""

    code = "registrations-not-readable"
