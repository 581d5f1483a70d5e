"""What an assessor's own answers give to provisions that ask the same, and what changed since.

Nobody else's answer is looked at: two assessors answer on their own, here too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kancil.assessment.answer import Answer, Settled
from kancil.assessment.law import carry_over as craft
from kancil.assessment.method import is_asked
from kancil.assessment.protocol import Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import Answer as AnswerTable
from kancil.desk.assessment.queries.answers import settled
from kancil.ground.words import render, spoken


@dataclass(frozen=True, slots=True)
class SourceChange:
    """That an answer was carried over from one that its author has changed since."""

    answer: str
    round: str
    protocol: str
    indicator: str
    source: str
    """The provision from which it was carried over."""
    at: datetime
    """When the source was changed."""


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What somebody may carry over in a round, on one protocol."""

    proposals: tuple[craft.Proposal, ...] = ()
    beside: tuple[craft.Beside, ...] = ()
    changed: tuple[SourceChange, ...] = ()
    """Their own answers whose source has changed."""

    def of_extract(self, extract: str) -> CarryOver:
        """What rests on one piece of law alone."""
        return CarryOver(
            tuple(each for each in self.proposals if rests_on(each.source, extract)),
            tuple(each for each in self.beside if rests_on(each.source, extract)),
            self.changed,
        )

    @property
    def agreeing(self) -> tuple[craft.Proposal, ...]:
        """Those that can be confirmed at once: no other answer of theirs says otherwise."""
        return tuple(each for each in self.proposals if not each.differs)


def rests_on(answer: Answer, extract: str) -> bool:
    """Whether an answer cites a piece of law."""
    return any(item.extract == extract for item in answer.evidence)


def carry_over(sight: Sight, protocol: str) -> CarryOver:
    """What a person's own answers give; nothing to whoever answers nothing here."""
    asked = protocol_in(sight, protocol)
    return carry_over_in(sight, asked, settled(sight, protocol))


def carry_over_in(sight: Sight, asked: Protocol, now: Mapping[str, Settled]) -> CarryOver:
    """As `carry_over`, of where the round stands as the person sees it."""
    if asked.shape is not Shape.PROVISIONS or not (sight.may_answer and sight.is_open):
        return CarryOver()
    own = _own(sight, now)
    about = {"protocol": asked.name, "author_id": sight.person}
    changed = changed_sources([sight.round], **about)
    open_ones = {
        name
        for name, each in asked.indicators.items()
        if not ((stands := now.get(name)) and stands.is_closed) and is_asked(asked, each, now)
    }
    again = {each.indicator: each.source for each in changed.values() if each.indicator in own}
    return CarryOver(
        craft.proposals(asked, own, open_ones, again),
        craft.beside(asked, own, open_ones),
        tuple(changed.values()),
    )


def _own(sight: Sight, now: Mapping[str, Settled]) -> dict[str, Answer]:
    """The person's answers that stand; none where two of theirs conflict."""
    found: dict[str, Answer] = {}
    for name, each in now.items():
        own = [answer for answer in each.answers if answer.by == str(sight.person)]
        if len(own) == 1:
            found[name] = own[0]
    return found


def changed_sources(rounds: Collection[str], **about: Any) -> dict[str, SourceChange]:
    """The answers that were carried over from what says something else by now, by their ids.

    `about`: further conditions on these answers. Only what was answered and on which evidence
    counts, not the words beside it. In one query where there are none, else in four.
    """
    carried = AnswerTable.objects.filter(
        round_id__in=rounds, is_latest=True, carried_from__is_latest=False, **about
    )
    rows = list(carried.select_related("carried_from").order_by("indicator", "at"))
    sources = [row.carried_from for row in rows if row.carried_from is not None]
    if not sources:
        return {}
    newer: dict[tuple[Any, ...], list[AnswerTable]] = {}
    stands = AnswerTable.objects.filter(
        round_id__in=rounds, is_latest=True, indicator__in={each.indicator for each in sources}
    )
    for each in stands:
        newer.setdefault(_place(each), []).append(each)
    rests = _evidence([*sources, *(each for found in newer.values() for each in found)])
    found = {}
    for row, source in zip(rows, sources, strict=True):
        others = [
            each for each in newer.get(_place(source), ()) if not _is_same(each, source, rests)
        ]
        if others:
            at = max(each.at for each in others)
            found[row.id] = SourceChange(
                row.id, row.round_id, row.protocol, row.indicator, source.indicator, at
            )  # fmt: skip
    return found


def _place(row: AnswerTable) -> tuple[Any, ...]:
    return row.round_id, row.protocol, row.indicator, row.author_id


def _evidence(rows: Iterable[AnswerTable]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {row.id: set() for row in rows}
    links = AnswerTable.evidence.through.objects.filter(answer_id__in=found)
    for answer, item in links.values_list("answer_id", "evidenceitem_id"):
        found[answer].add(item)
    return found


def _is_same(one: AnswerTable, other: AnswerTable, rests: Mapping[str, set[str]]) -> bool:
    return (one.given, one.parts, rests[one.id]) == (other.given, other.parts, rests[other.id])


def article_words(asked: Protocol, indicator: str) -> str:
    """Name a provision by its instrument and number, in the reader's language."""
    article = asked.indicators[indicator].article
    if article is None:
        return indicator
    short = asked.instruments[article.instrument].short.in_language(spoken())
    return render("note.carried-article", instrument=short, number=article.number)
