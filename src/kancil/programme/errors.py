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


class RuleNotUsable(Refused):
    """A counting rule that says something its kind cannot mean. Params: `why`."""

    code = "rule-not-usable"


class NothingToCount(Refused):
    """The rule's figures are entered by hand, or there is no answer or release to make one of."""

    code = "nothing-to-count"


class CountryNeeded(Refused):
    """A score is one country's: scores of several are never added up."""

    code = "country-needed"


class FrameworkNotReadable(NotReadable):
    """A file is no results framework. Params: `path`, `line`, `why`."""

    code = "framework-not-readable"


class ResultNotUsable(Refused):
    """A value that no outcome, output, indicator or figure can have. Params: `field`, `value`."""

    code = "result-not-usable"


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


class IatiNotReadable(NotReadable):
    """A file that is no IATI file, or one that is not read. Params: `problem`."""

    code = "iati-not-readable"


class IatiNotValid(Refused):
    """What was to be published breaks the standard. Params: `activity`, `fault`."""

    code = "iati-not-valid"
