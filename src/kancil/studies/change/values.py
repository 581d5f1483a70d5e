"""What heuristics say of one transaction, with its sentences: as commands and the API give it.

From `kancil.bitcoin.change.views` and `kancil.bitcoin.coinjoins.verdicts`; the words are the
reader's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kancil.bitcoin.change.notes import notes_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render, render_phrase

if TYPE_CHECKING:
    from kancil.bitcoin.change.views import ChangeView
    from kancil.bitcoin.coinjoins.verdicts import Look


def _sentence(why: Phrase) -> str:
    return render_phrase(why)


def look_value(look: Look) -> dict[str, Any]:
    """What a detector says for JSON, with its reason and its known error in words."""
    value = look.as_dict()
    value["why"]["sentence"] = _sentence(look.verdict.why)
    value["error"] = render(look.error)
    return value


def change_value(view: ChangeView) -> dict[str, Any]:
    """What is said of a transaction's change for JSON, each reason and rule in words.

    `notes`: the sentences that must stand beside it.
    """
    value = {"id": view.txid, **view.as_dict()}
    if view.not_applicable is not None:
        value["not_applicable"]["sentence"] = _sentence(view.not_applicable)
    value["joins"] = [look_value(look) for look in view.joins]
    for row, vote in zip(value["members"], view.votes, strict=True):
        row["why"]["sentence"] = _sentence(vote.verdict.why)
        row["says"] = render(vote.member.words[0])
        row["error"] = render(vote.member.words[-1])
    for row, one in zip(value["combinations"], view.combined, strict=True):
        row["why"]["sentence"] = _sentence(one.verdict.why)
        out = [vote for vote in one.votes if not vote.is_cast]
        for part, vote in zip(row["abstained"], out, strict=True):
            part["why"]["sentence"] = _sentence(vote.verdict.why)
    value["notes"] = [_sentence(note) for note in notes_of(view)]
    return value
