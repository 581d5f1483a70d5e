"""What two assessors settle: the answers of others as they are shown, and what can be said of them.

Nobody agrees to an answer of their own. What was settled holds until another answer comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from kancil.assessment.answer import Outcome, Settled
from kancil.assessment.protocol import Indicator, Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.answers import agree, dispute, reopen
from kancil.desk.assessment.errors import NothingToSettle
from kancil.web.forms import WordsForm, text
from kancil.web.signed_in import person_of

from .given import Names, address_of, answer_card, is_hidden, mark_differing, said_ruled

_MOST_NOTE = 2000


class SettleForm(WordsForm):
    """Why a question is settled as it is."""

    settle_note = text(_MOST_NOTE, required=False, lines=2)


def standing(
    sight: Sight,
    asked: Protocol,
    each: Indicator,
    stands: Settled | None,
    names: Names,
    form: SettleForm | None = None,
) -> dict[str, Any]:
    """The answers that the person may see now, and how these can be settled.

    `form`: one that was sent and could not be done.
    """
    if stands is None:
        return {"answers": []}
    if is_hidden(sight, stands):
        return {"answers": [], "waiting": True}
    if not sight.sees_answers:
        found = [stands.answer] if stands.answer else []
        cards = [answer_card(sight, asked, each, one, {}) for one in found]
        return {"answers": cards, "note": stands.note, "ruled": said_ruled(stands, {})}
    counts = stands.answer.id if stands.answer else ""
    cards = [answer_card(sight, asked, each, one, names, counts) for one in stands.answers]
    mark_differing(cards)
    authors = {one.by for one in stands.answers}
    mine = [one.id for one in stands.answers if one.by == str(sight.person)]
    is_alone = len(mine) == len(cards)
    settles = sight.may_answer and sight.is_open and not is_alone
    settling = (form or SettleForm(auto_id=f"settle_{each.id}_%s")) if settles else None
    if settling is not None:  # of a dispute nothing is said without a reason
        settling.fields["settle_note"].required = stands.outcome is Outcome.DISPUTED
    return {
        # Whoever is alone with their own answer has it in view already.
        "answers": [] if is_alone and sight.is_open else cards,
        "note": stands.note,
        "ruled": said_ruled(stands, names),
        "settling": settling,
        "settle_url": address_of(sight, asked.name, each.id, "settle"),
        "seen": ",".join(one.id for one in stands.answers),
        "is_agreed": stands.outcome is Outcome.AGREED,
        "may_dispute": len(authors) > 1,
    }


def settle_by(
    request: HttpRequest, sight: Sight, protocol: str, indicator: str, form: SettleForm
) -> bool:
    """Do what the button says; what is wrong with it is told at the form."""
    if not form.is_valid():
        return False
    about: dict[str, Any] = {
        "by": person_of(request),
        "round": sight.round,
        "protocol": protocol,
        "indicator": indicator,
        "note": form.cleaned_data["settle_note"],
    }
    seen = [each for each in request.POST.get("seen", "").split(",") if each]
    do, _, answer = request.POST.get("do", "").partition(":")
    acts: dict[str, Callable[[], str]] = {
        "agree": lambda: agree(**about, answer=answer, seen=seen),
        "dispute": lambda: dispute(**about, seen=seen),
        "reopen": lambda: reopen(**about),
    }
    is_done = False
    with form.telling():
        if do not in acts:
            raise NothingToSettle(name=indicator)
        acts[do]()
        is_done = True
    return is_done
