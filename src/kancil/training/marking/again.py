"""What a corrected key, or another look, changed in somebody's marks."""

from __future__ import annotations

from dataclasses import dataclass

from kancil.training.errors import AnswersOfOtherVariant

from .marks import Marked


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One question, or one check of the ledger, whose mark or whose right answer is another."""

    code: str
    """Id of the question, or code of the check."""
    before_hundredths: int | None
    after_hundredths: int | None
    is_key_changed: bool
    """Whether what is right is another: it may be even where nobody gains or loses."""


@dataclass(frozen=True, slots=True)
class Remarked:
    """Two markings of one attempt, side by side."""

    key_version_before: int
    key_version_after: int
    before_hundredths: int
    after_hundredths: int
    changes: tuple[MarkChange, ...]


def compare_marks(old: Marked, new: Marked) -> Remarked:
    """List what differs; raises AnswersOfOtherVariant for marks of two variants."""
    if old.variant != new.variant:
        raise AnswersOfOtherVariant(answers=old.variant, key=new.variant)
    changes = []
    before = {each.question: each for each in old.questions}
    for each in new.questions:
        was = before.get(each.question)
        earned = None if was is None else was.earned_hundredths
        is_other = was is not None and was.expected != each.expected
        if earned != each.earned_hundredths or is_other:
            changes.append(MarkChange(each.question, earned, each.earned_hundredths, is_other))
    checks = {each.code: each for each in old.process}
    for check in new.process:
        then = checks.get(check.code)
        got = None if then is None else then.earned_hundredths
        if got != check.earned_hundredths:
            changes.append(MarkChange(check.code, got, check.earned_hundredths, False))
    return Remarked(
        old.key_version, new.key_version, old.earned_hundredths, new.earned_hundredths,
        tuple(changes),
    )  # fmt: skip
