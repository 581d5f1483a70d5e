"""What a unit looks at before it carries out a request of others, by kind of request.

An officer answers each question; nothing is answered for them. The questions are those of treaty
practice; the law of the unit's own country may ask more. Words: `name.incoming-<question>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .request import RequestKind
from .request_events import What

ANSWERS = ("yes", "no", "not-needed", "not-known")
"""Words: `name.incoming-answer-<answer>`. The first and the third let a request be carried out."""
EXECUTES = (What.IN_EXECUTION, What.HOLD_SET, What.ANSWERED_IN_PART, What.ANSWERED)
"""Events by which a request of others is carried out, at least in part."""
_HELP = ("mutual-assistance", "confiscation", "subscriber", "traffic-data")
_TOLD = ("spontaneous", "network-24-7")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look at."""

    id: str
    source: str
    kinds: tuple[str, ...] = ()
    """Where it is asked; empty: with every kind that `not_kinds` does not name."""
    not_kinds: tuple[str, ...] = ()


_QUESTIONS = (
    Question("signed", "practice: signed or sealed, dated, by a named office"),
    Question("confirmed", "practice: called back at a number that this unit had before"),
    Question(
        "basis",
        "Budapest Convention (ETS 185), articles 25 and 27; UN Convention against Cybercrime,"
        " article 40, from general knowledge: verify",
        not_kinds=_TOLD,
    ),
    Question(
        "dual-criminality",
        "Budapest Convention (ETS 185), article 25(5); for preservation article 29(3) asks none",
        kinds=_HELP,
    ),
    Question("scope", "practice: identifiers pass their check, periods are bounded",
             not_kinds=_TOLD),
    Question("own-order", "the law of the requested State: what only a court may order",
             kinds=(*_HELP, "freeze", "hold-change")),
    Question("no-ground", "Budapest Convention (ETS 185), articles 25(4) and 27(4)",
             kinds=(*_HELP, "preservation")),
    Question("danger", "practice: danger to life, told with facts", kinds=("emergency",)),
)  # fmt: skip
_RIGHTS = Question(
    "rights",
    "UN Convention against Cybercrime, articles 6 and 40; human-rights treaties, from general"
    " knowledge: verify",
)


def questions(kind: RequestKind) -> tuple[Question, ...]:
    """What is looked at in a request of a kind, in order."""
    asked = tuple(
        each
        for each in _QUESTIONS
        if (not each.kinds or kind.name in each.kinds) and kind.name not in each.not_kinds
    )
    return (*asked, _RIGHTS)


def in_the_way(kind: RequestKind, answers: Mapping[str, str]) -> list[Question]:
    """Questions of a kind that keep the request from being carried out as they are answered."""
    lets = (ANSWERS[0], ANSWERS[2])
    return [each for each in questions(kind) if answers.get(each.id) not in lets]
