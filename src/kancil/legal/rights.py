"""The human-rights check of a request: what an officer answers, and when the request is refused.

Questions and their sources stand in `rights.yaml`, which comes with the package and is trusted.
Nothing is known here of any country's practice: an officer answers, and where there is a risk an
assurance says who gave it and when.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from kancil.ground.phrase import Phrase

from .errors import CheckNotAtOnce
from .instruments.instrument import Confidence
from .request import Draft

_FILE = Path(__file__).resolve().parent / "rights.yaml"
KEEPERS = ("bank", "payment-service", "exchange", "issuer", "provider")
"""Offices for whose letters at home one act may answer all questions."""
_DAY = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")


class Answer(StrEnum):
    """What an officer may answer."""

    NO_RISK = "no-risk"
    RISK = "risk"
    NOT_KNOWN = "not-known"
    ASSURED = "assured"
    """There was a risk, and an assurance was given against it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a question comes from."""

    ref: str
    confidence: Confidence
    note: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its words: `rights.<id>`."""

    id: str
    needs_assurance: bool
    """Whether a request is refused where there may be a risk and nobody gave an assurance."""
    sources: tuple[Source, ...]

    @property
    def words(self) -> Phrase:
        """The question itself."""
        return Phrase(f"rights.{self.id}")


@cache
def questions() -> tuple[Question, ...]:
    """The questions in the order in which they are asked."""
    rows = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["questions"]
    return tuple(
        Question(
            row["id"],
            row["needs_assurance"],
            tuple(
                Source(each["ref"], Confidence(each["confidence"]), each["note"])
                for each in row["sources"]
            ),
        )
        for row in rows
    )


def rights_problems(
    answers: Mapping[str, str], assurances: Mapping[str, str]
) -> tuple[tuple[str, Phrase], ...]:
    """What keeps a request from being authorised: question ids, each with its sentence.

    `answers`: an `Answer` by question id; `assurances`: who gave one and when, by question id.
    Empty: the check is whole.
    """
    found = []
    for each in questions():
        why = _wrong(each, answers.get(each.id, ""), assurances.get(each.id, "").strip())
        if why:
            found.append((each.id, Phrase(f"rights.problem-{why}", {"question": each.words})))
    return tuple(found)


def is_at_home(draft: Draft) -> bool:
    """Whether a letter goes straight to a keeper of the unit's own country.

    Only then may one act answer all questions: no other State's court or prison follows from it.
    """
    to = draft.addressee
    return to.kind in KEEPERS and to.country == draft.country and not to.through


def none_applies(draft: Draft, name: str) -> Draft:
    """Answer all questions at once, as `name` does who looked at them; nobody else's are changed.

    Raises CheckNotAtOnce where the letter goes abroad or by another office, or nobody is named.
    """
    if not (is_at_home(draft) and name.strip()):
        raise CheckNotAtOnce
    answers = {each.id: Answer.NO_RISK.value for each in questions()}
    texts = {**draft.texts, "rights_checked_by": name.strip()}
    return replace(draft, rights=answers, assurances={}, texts=texts)


def check_for(draft: Draft, country: str) -> Draft:
    """The draft without its check where that was made for another country than it now goes to."""
    if not draft.rights or draft.addressee.country == country:
        return draft
    texts = {name: text for name, text in draft.texts.items() if name != "rights_checked_by"}
    return replace(draft, rights={}, assurances={}, texts=texts)


def _wrong(question: Question, answer: str, assurance: str) -> str:
    """Why a question is not settled; empty where it is."""
    if answer not in frozenset(Answer):
        return "unanswered"
    may_be_refused = question.needs_assurance and answer in (Answer.RISK, Answer.NOT_KNOWN)
    if not (may_be_refused or answer == Answer.ASSURED):
        return ""
    if not assurance:
        return f"refused-{answer}"
    return "" if _names_giver_and_day(assurance) else "vague"


def _names_giver_and_day(assurance: str) -> bool:
    """Whether an assurance has a day, and at least two words on who gave it."""
    return _DAY.search(assurance) is not None and len(_DAY.sub("", assurance).split()) >= 2
