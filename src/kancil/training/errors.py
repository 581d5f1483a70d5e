"""Errors of the training craft."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotPermitted, NotReadable, Refused


class LabNotReadable(NotReadable):
    """A lab's manifest, key, answers or packed file is not in its form. Params: `path`, `why`."""

    code = "lab-not-readable"


class LabFileChanged(IntegrityBroken):
    """A file of a lab is missing, has other bytes, or is not of the lab. Params: `name`, `why`."""

    code = "lab-file-changed"


class FirstBlocksChanged(IntegrityBroken):
    """A block file that ships with Kancil has other bytes than it had. Params: `name`."""

    code = "first-blocks-changed"


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


class GiftNotReadable(NotReadable):
    """A question bank that is no GIFT. Params: `path`, `line`, `why`."""

    code = "gift-not-readable"


class GiftCannotHold(Refused):
    """An item whose words GIFT would read as a mark. Params: `item`."""

    code = "gift-cannot-hold"


class OwnItemsNotUsable(Refused):
    """A trainer's file of items that cannot be a test which counts.

    Params: `path`, `line`, `why`.
    """

    code = "own-items-not-usable"


class CourseNotReadable(NotReadable):
    """A course with a fault. Params: `path`, `line`, `why`, `count` of all faults."""

    code = "course-not-readable"


class CourseNotFound(NotFound):
    """No course of that name comes with Kancil or was imported. Params: `name`, `known`."""

    code = "course-not-found"


class CoursePackNotReadable(NotReadable):
    """A file is no pack of a course. Params: `path`, `why`."""

    code = "course-pack-not-readable"


class CoursePackBroken(IntegrityBroken):
    """A pack's bytes are not those that were signed. Params: `path`, `file`."""

    code = "course-pack-broken"


class CourseSignerOther(Refused):
    """A pack was signed by another key than was named. Params: `path`, `found`."""

    code = "course-signer-other"


class CourseExists(Refused):
    """A course of that id and version is there, with other bytes. Params: `course`, `version`."""

    code = "course-exists"


class EvaluationSheetWrong(NotReadable):
    """An answer of an evaluation sheet does not fit its question. Params: `question`."""

    code = "evaluation-sheet-wrong"
