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


class PinWrong(Refused):
    """A sealed list does not open with this PIN."""

    code = "pin-wrong"


class MarksNotReadable(Refused):
    """What was sent holds no marks of a device. Params: `why`."""

    code = "marks-not-readable"


class MarksNotSigned(Refused):
    """What was sent is not signed with the device's key."""

    code = "marks-not-signed"


class EvaluationNotUsable(Refused):
    """A sheet of answers that does not fit its form. Params: `question`, empty for the sheet."""

    code = "evaluation-not-usable"
