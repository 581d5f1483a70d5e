"""Errors of the requests' book."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, Refused


class DraftChanged(IntegrityBroken):
    """The file of a draft is gone, or not what its entry names. Params: `request`."""

    code = "draft-changed"


class DraftOvertaken(Refused):
    """Somebody else saved a version since this one was opened. Params: `request`, `officer`."""

    code = "draft-overtaken"


class DraftHasProblems(Refused):
    """A letter may not be authorised as it is. Params: `request`, `count`, `first`."""

    code = "draft-has-problems"


class FindingNotAccepted(Refused):
    """A letter rests on a finding that is not accepted, or withdrawn. Params: `finding`."""

    code = "request-finding-not-accepted"


class AnswerNotOfCase(Refused):
    """An exhibit named as an answer is none of the request's case. Params: `exhibit`, `request`."""

    code = "answer-not-of-case"


class AnswerNotEvidence(Refused):
    """An answer is to be recorded that is no exhibit yet. Params: `request`."""

    code = "answer-not-evidence"


class AmountsNotUsable(Refused):
    """What was held or returned is not stated as an amount of an asset. Params: `why`."""

    code = "amounts-not-usable"


class RequestReceivedAlready(Refused):
    """The same letter of the same office is registered. Params: `request`, `reference`."""

    code = "request-received-already"


class LetterNotOfCase(Refused):
    """The letter of an incoming request is no exhibit of its case. Params: `exhibit`."""

    code = "letter-not-of-case"


class IncomingNotChecked(Refused):
    """Something stands against carrying a request out. Params: `request`, `count`, `first`."""

    code = "incoming-not-checked"
