"""The sentences that must stand beside every answer about change, the same at every door.

From what `views` answers; keys and parameters, no words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kancil.bitcoin.coinjoins.heuristic import Answer, outside_period
from kancil.ground.phrase import Phrase

if TYPE_CHECKING:
    from .views import ChangeView


def notes_of(view: ChangeView) -> list[Phrase]:
    """The sentences: that it is a guess, what is known of its error, and its limits."""
    outside = [
        outside_period(look.heuristic)
        for look in view.joins
        if look.is_yes and look.in_period is False
    ]
    if view.not_applicable is not None:
        return [Phrase("note.change-not-applicable", {"why": view.not_applicable}), *outside]
    notes = [
        Phrase("note.change-guess"),
        Phrase("note.change-error"),
        Phrase("note.change-clusters"),
    ]
    unknown = [
        look.heuristic.name
        for look in view.joins
        if look.heuristic.says == "coinjoin" and look.verdict.answer is Answer.UNKNOWN
    ]
    if unknown:
        told = {"heuristics": ", ".join(unknown)}
        notes.append(Phrase("note.change-coinjoin-unknown", told))
    if any(look.heuristic.says == "equal-outputs" and look.is_yes for look in view.joins):
        notes.append(Phrase("note.change-equal-outputs"))
    notes += outside
    if any(vote.member.looks_ahead for vote in view.votes):
        notes.append(Phrase("note.change-looks-ahead", {"scope": view.scope}))
    return notes
