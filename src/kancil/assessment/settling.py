"""Where an indicator stands: what its assessors gave, and what two of them settled.

What people settled holds as long as the answers that stood then are those that stand now; an answer
that came after, from a colleague's laptop for instance, opens the question again. Nobody's own two
answers are decided between by a clock: they stand beside each other until that person ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kancil.assessment.answer import Answer, Given, Outcome, Ruled, Settled


class Ruling(StrEnum):
    """What was settled."""

    AGREED = "agreed"
    DISPUTED = "disputed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Settling:
    """That somebody settled an indicator."""

    ruling: Ruling
    answer: str | None
    """Id of the answer that was agreed on."""
    covers: frozenset[str]
    """Ids of the answers that stood then."""
    note: str = ""
    by: str = ""
    """Id of who settled it; empty: not known."""
    part: str = ""
    """What that person does in the team."""


def settle(indicator: str, standing: Sequence[Answer], settling: Settling | None) -> Settled | None:
    """Where an indicator stands; None where nobody has answered.

    `standing`: the answers that their authors have not replaced, the older first. `settling`: the
    newest one. Two who gave the same agree, and the later answer is the one that counts, on the
    evidence of all who said the same.
    """
    if not standing:
        return None
    answers = tuple(standing)
    if settling is not None and settling.covers == {each.id for each in answers}:
        if settling.ruling is Ruling.AGREED:
            agreed = next((each for each in answers if each.id == settling.answer), None)
            if agreed is not None:
                return Settled(
                    indicator, Outcome.AGREED, _on_all(agreed, answers), answers, settling.note,
                    is_closed=True, ruled=_ruled(settling, agreed, answers),
                )  # fmt: skip
        if settling.ruling is Ruling.DISPUTED:
            return Settled(indicator, Outcome.DISPUTED, None, answers, settling.note)
        if len({each.by for each in answers}) > 1:
            return Settled(indicator, Outcome.DISPUTED, None, answers, settling.note)
    if len({said(each) for each in answers}) > 1:
        return Settled(indicator, Outcome.DISPUTED, None, answers)
    authors = {each.by for each in answers}
    outcome = Outcome.AGREED if len(authors) > 1 else Outcome.ALONE
    return Settled(indicator, outcome, _on_all(answers[-1], answers), answers)


def agreeing(answer: Answer, answers: Sequence[Answer]) -> list[Answer]:
    """The answers that say the same as one: it first, then the others, the older first."""
    others = [each for each in answers if each.id != answer.id and said(each) == said(answer)]
    return [answer, *others]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far assessors agree on what is asked: counts of questions."""

    asked: int
    alike: int
    """Two or more gave the same answer."""
    settled: int
    """They gave different answers, and one was settled on."""
    single: int
    """One answered, and somebody else agreed to it."""


def agreement(settled: Mapping[str, Settled], asked: Iterable[str]) -> Agreement:
    """Count how far assessors agree on these questions, by the newest answer of each."""
    count = alike = differed = single = 0
    for name in asked:
        count += 1
        now = settled.get(name)
        if now is None or now.outcome is not Outcome.AGREED:
            continue
        if len({said(each) for each in now.answers}) > 1:
            differed += 1
        elif len({each.by for each in now.answers}) > 1:
            alike += 1
        else:
            single += 1
    return Agreement(count, alike, differed, single)


def _on_all(answer: Answer, answers: Sequence[Answer]) -> Answer:
    """The answer that counts, with the evidence of all who said the same, each item once."""
    if not any(each.evidence for each in answers if each is not answer):
        return answer
    items = {one.id: one for each in agreeing(answer, answers) for one in each.evidence}
    return replace(answer, evidence=tuple(items.values()))


def _ruled(settling: Settling, agreed: Answer, answers: Sequence[Answer]) -> Ruled | None:
    """Who settled it, where somebody besides them and the author said otherwise."""
    others = [each for each in answers if each.by not in (agreed.by, settling.by)]
    if not settling.by or all(said(each) == said(agreed) for each in others):
        return None
    return Ruled(settling.by, settling.part)


def said(answer: Answer) -> tuple[object, ...]:
    """What an answer says, without its reasons, so that two can be compared."""
    return (_said(answer.given), *sorted((key, *_said(it)) for key, it in answer.parts.items()))


def _said(given: Given | None) -> tuple[str, str, str]:
    """Kind and value; 3 and "3" are not the same."""
    if given is None:
        return ("", "", "")
    return (given.kind.value, type(given.value).__name__, repr(given.value))


def conflicts(standing: Mapping[str, Sequence[Answer]]) -> dict[str, dict[str, list[Answer]]]:
    """Find, by indicator and author, the answers of one author that stand beside each other."""
    found: dict[str, dict[str, list[Answer]]] = {}
    for indicator, answers in standing.items():
        by_author: dict[str, list[Answer]] = {}
        for answer in answers:
            by_author.setdefault(answer.by, []).append(answer)
        several = {author: own for author, own in by_author.items() if len(own) > 1}
        if several:
            found[indicator] = several
    return found
