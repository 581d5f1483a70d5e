"""Errors of rounds, answers, plans and releases."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotPermitted, NotReadable, Refused


class RoundNotFound(NotFound):
    """There is no such round, or none that this person may know of."""

    code = "round-not-found"


class CountryNotFound(NotFound):
    """There is no such country, or none that this person may know of. Params: `code`."""

    code = "country-not-found"


class RecordNotFound(NotFound):
    """A round or country has no such thing, or none that this person may know of.

    Params: `thing`.
    """

    code = "record-not-found"


class ActNotYours(NotPermitted):
    """The person sees the round or country, and this is not theirs to do. Params: `name`."""

    code = "act-not-yours"


class RoundClosed(Refused):
    """The round is closed; nothing is answered, settled or brought any more. Params: `title`."""

    code = "round-closed"


class CountryKnown(Refused):
    """The country is there already. Params: `code`."""

    code = "country-known"


class ProtocolAltered(Refused):
    """Another text is kept under this protocol's name. Params: `name`."""

    code = "protocol-altered"


class ProtocolNotInRound(NotFound):
    """The round does not use this protocol. Params: `name`, `known`."""

    code = "protocol-not-in-round"


class AnswerMoved(Refused):
    """The author has given a newer answer since this one was begun. Params: `name`."""

    code = "answer-moved"


class CarryOverMoved(Refused):
    """What was to be carried over is not what is proposed by now. Params: `name`."""

    code = "carry-over-moved"


class IndicatorSettled(Refused):
    """The indicator was agreed on; it is answered again only when reopened. Params: `name`."""

    code = "indicator-settled"


class NothingToSettle(Refused):
    """No answer, or not this one, stands for the indicator. Params: `name`."""

    code = "nothing-to-settle"


class SettlementNeedsAnother(NotPermitted):
    """Nobody can agree to an answer of their own. Params: `name`."""

    code = "settlement-needs-another"


class FileTooLarge(Refused):
    """A file of evidence is larger than this site takes. Params: `megabytes`."""

    code = "file-too-large"


class StoredFileMissing(IntegrityBroken):
    """A file that a row names is not in the site's store. Params: `sha256`."""

    code = "stored-file-missing"


class StoredFileBroken(IntegrityBroken):
    """A file's bytes are not those under whose digest it lies. Params: `sha256`."""

    code = "stored-file-broken"


class PartNotFitting(Refused):
    """A person's role does not fit the part in the team. Params: `name`."""

    code = "part-not-fitting"


class LeadMissing(Refused):
    """A team has one lead."""

    code = "lead-missing"


class PlanItemBlocked(Refused):
    """An item may not be approved yet. Params: `title`, `count`, `why` (the first)."""

    code = "plan-item-blocked"


class PlanItemState(Refused):
    """An item is not in the state this act begins from. Params: `title`, `state`."""

    code = "plan-item-state"


class MatrixMoved(Refused):
    """The legal matrix is not the one the lawyer read."""

    code = "matrix-moved"


class AlreadyWithdrawn(Refused):
    """The release was withdrawn before. Params: `title`."""

    code = "already-withdrawn"


class KeyKnown(Refused):
    """The key is known already, or was and has ended. Params: `fingerprint`."""

    code = "key-known"


class KeyNotKnown(NotPermitted):
    """No key of this fingerprint is known, or it has ended. Params: `fingerprint`."""

    code = "key-not-known"


class AnswerAltered(IntegrityBroken):
    """A file brings under a known id something else than what is kept. Params: `id`."""

    code = "answer-altered"


class AnswersIncomplete(NotReadable):
    """A file names an answer or evidence that is neither in it nor here. Params: `id`."""

    code = "answers-incomplete"


class AnswerFirst(NotPermitted):
    """What others gave to a question is shown only after one's own answer. Params: `name`."""

    code = "answer-first"


class TextMoved(Refused):
    """Somebody has written the text anew since it was opened. Params: `name`, who did."""

    code = "text-moved"


class TextTooLong(Refused):
    """A text of the report is longer than its place has room. Params: `why`."""

    code = "text-too-long"


class OfficialTextKnown(Refused):
    """The very same file is the newest text of the instrument. Params: `name`, `language`."""

    code = "official-text-known"


class RoundSignedOff(Refused):
    """The country signed the round off as it stands; it takes no comment. Params: `title`."""

    code = "round-signed-off"


class CommentsUnanswered(Refused):
    """Comments wait for the team's reply. Params: `count`."""

    code = "comments-unanswered"


class SignOffMissing(Refused):
    """The country has not signed off what stands in the round. Params: `title`."""

    code = "sign-off-missing"


class TermNotPassed(Refused):
    """Without a sign-off a round is closed only once its term has passed. Params: `title`."""

    code = "term-not-passed"


class StoodMoved(Refused):
    """Something else stands by now than what the official had before them."""

    code = "stood-moved"


class StudyMoved(Refused):
    """What is released by now is not what the report of a study was made of."""

    code = "study-moved"


class StudyTooSmall(Refused):
    """Too few countries released answers for a study to be published. Params: `least`."""

    code = "study-too-small"
