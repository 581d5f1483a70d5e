"""Errors of protocols, answers and scoring."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotPermitted, NotReadable, Refused


class ProtocolNotReadable(NotReadable):
    """A protocol file has faults. Params: `path`, `line`, `why`, `count`."""

    code = "protocol-not-readable"


class ProtocolNotFound(NotFound):
    """No packaged protocol has this name. Params: `name`, `known`."""

    code = "protocol-not-found"


class AnswersFileTooLarge(Refused):
    """A file of answers is larger than is read. Params: `path`, `megabytes`."""

    code = "answers-file-too-large"


class AnswersFileBroken(IntegrityBroken):
    """A file of answers is not as it was signed. Params: `path`, `why`."""

    code = "answers-file-broken"


class AnswersKeyUnknown(NotPermitted):
    """A key that nobody compared signed a file of answers. Params: `path`, `fingerprint`."""

    code = "answers-key-unknown"


class AnswersFileNotReadable(NotReadable):
    """A file of answers is signed well and is not of the form. Params: `path`, `why`."""

    code = "answers-file-not-readable"


class AnswersForOther(Refused):
    """Answers are on a protocol that is not the one here. Params: `path`, `found`, `known`."""

    code = "answers-for-other"


class AnswerSheetNotReadable(NotReadable):
    """A sheet of answers cannot be read. Params: `path`, `why`."""

    code = "answer-sheet-not-readable"


class AnswerSheetTooLarge(Refused):
    """A sheet of answers is larger than is read. Params: `path`, `why`."""

    code = "answer-sheet-too-large"


class AreaUnknown(NotFound):
    """A protocol has no such area. Params: `name`, `protocol`, `known`."""

    code = "area-unknown"


class IndicatorNotFound(NotFound):
    """The protocol has no such indicator or part. Params: `name`, `protocol`."""

    code = "indicator-not-found"


class AnswerNotOnScale(NotReadable):
    """A value is none of the question's scale. Params: `name`, `scale`."""

    code = "answer-not-on-scale"


class OfficialTextNotReadable(NotReadable):
    """A file is no text of which articles can be taken. Params: `path`, `why`."""

    code = "official-text-not-readable"


class OfficialTextTooLarge(Refused):
    """A file of an official text is larger than is read. Params: `path`, `megabytes`."""

    code = "official-text-too-large"


class OfficialTextOfAnother(Refused):
    """The text is not that of the instrument. Params: `name`."""

    code = "official-text-of-another"


class OfficialTextIncomplete(Refused):
    """Too many articles lack in an official text. Params: `name`, `count`, `of`, `articles`."""

    code = "official-text-incomplete"
