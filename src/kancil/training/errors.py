"""Errors of the training craft."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotPermitted, NotReadable, Refused


class LabNotReadable(NotReadable):
    """A lab's manifest, key, answers or packed file is not in its form. Params: `path`, `why`."""

    code = "lab-not-readable"


class LabFileChanged(IntegrityBroken):
    """A file of a lab is missing, has other bytes, or is not of the lab. Params: `name`, `why`."""

    code = "lab-file-changed"


class LabKeyNotOpened(NotPermitted):
    """A sealed key does not open with the identities at hand. Params: `why`."""

    code = "lab-key-not-opened"


class AnswersOfOtherVariant(Refused):
    """Answers, key and questions are not of one variant. Params: `answers`, `key`."""

    code = "answers-of-other-variant"


class CorrectionNotUsable(Refused):
    """A correction of a key that cannot stand. Params: `question`, `why`."""

    code = "correction-not-usable"


class RubricNotFitting(Refused):
    """A trainer's mark for a line that the rubric has not, or beyond its points.

    Params: `question`, `line`.
    """

    code = "rubric-not-fitting"


class EvaluationSheetWrong(NotReadable):
    """An answer of an evaluation sheet does not fit its question. Params: `question`."""

    code = "evaluation-sheet-wrong"
