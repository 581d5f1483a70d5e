"""Rows as the craft's values: answers and evidence as they are kept, and as somebody sees them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from kancil.assessment.answer import BILL, Answer, Evidence, Given, Kind, Outcome, Settled
from kancil.assessment.protocol import Confidence
from kancil.assessment.settling import Ruling, Settling, settle
from kancil.ground.digests import sha256_hex

from . import models
from .access import Sight

INTERVIEW = "interview"
STATUTE = "statute"
OF_EXTRACTS = (STATUTE, BILL)
"""Kinds of evidence that are a text of the country's shelf, which is public."""
WITHHELD = "withheld"
"""Kind under which a withheld document is shown to whoever may not see it."""
_MASKED = "withheld-"
Shown: TypeAlias = Mapping[str, Evidence | None]
"""Items of evidence as somebody sees them, by id; None: for that person there is no such item."""


def from_json(kept: Mapping[str, Any]) -> Given:
    """Read an answer as its row has it."""
    value = kept["value"]
    return Given(
        Kind(kept["kind"]), tuple(value) if isinstance(value, list) else value, kept["reason"]
    )


@dataclass(frozen=True, slots=True)
class Item:
    """One item of evidence, and what decides who sees it."""

    evidence: Evidence
    interview_author: int | None
    """Of one whose record is on another machine: whoever's answers came with it."""
    is_withheld: bool

    @property
    def is_interview(self) -> bool:
        """Whether it is of an interview, here or on a colleague's laptop."""
        return self.evidence.kind == INTERVIEW

    def seen_by(self, sight: Sight) -> Evidence | None:
        """The item as a person sees it; None: for that person there is no such item.

        Of what is withheld the grade alone is left, for figures rest on it, and from the
        country's side not even that. Its id is another one: the real one has the moment in it at
        which it was added. From the country's side there are no interviews: even that one is
        withheld would tell who was spoken to, where few could have been.
        """
        if self.is_interview:
            is_seen = sight.sees_interview(self.interview_author)
        else:
            is_seen = not self.is_withheld or sight.sees_withheld
        if is_seen:
            return self.evidence
        if sight.of_country:
            if self.is_interview:
                return None
            return Evidence(masked(self.evidence.id), "", "", WITHHELD)
        kind = INTERVIEW if self.is_interview else WITHHELD
        return Evidence(masked(self.evidence.id), self.evidence.grade, "", kind)


def masked(id: str) -> str:
    """An id that tells nothing and always is the same."""
    return f"{_MASKED}{sha256_hex(id.encode())[:16]}"


def is_masked(id: str) -> bool:
    """Whether an item of evidence is shown as no more than that there is one."""
    return id.startswith(_MASKED)


_ITEM = (
    "id", "grade", "title", "kind", "sha256", "reference", "dated", "interview_id", "extract_id",
    "withheld", "interview__author_id", "added_by_id",
)  # fmt: skip


def items_of(round: str, ids: Collection[str] | None = None) -> dict[str, Item]:
    """Read the evidence of a round, or some of it, by id."""
    found = models.EvidenceItem.objects.filter(round_id=round)
    if ids is not None:
        found = found.filter(id__in=ids)
    return {row[0]: _item(row) for row in found.values_list(*_ITEM)}


def _item(row: tuple[Any, ...]) -> Item:
    (id, grade, title, kind, sha256, reference, dated, interview, extract, why, author, by) = row
    evidence = Evidence(
        id=id,
        grade=grade,
        title=title,
        kind=kind,
        sha256=sha256 or None,
        reference=reference,
        dated=dated,
        interview=interview,
        extract=extract,
    )
    return Item(evidence, by if author is None and kind == INTERVIEW else author, bool(why))


_ANSWER = (
    "id", "indicator", "author_id", "at", Cast("given", TextField()), Cast("parts", TextField()),
    "confidence", "comment",
)  # fmt: skip
"""What is given comes as text: most answers give one of a few things, and are read once."""
_PART = Subquery(
    models.TeamMember.objects.filter(
        round_id=OuterRef("round_id"), person_id=OuterRef("by_id")
    ).values("part")[:1]
)
"""What whoever settled something does in the team of its round, if still in it."""
_SHORT = 400
_confidences = {each.value: each for each in Confidence}


def given_in(text: str | None) -> Given | None:
    """Read an answer as its row has it, in JSON."""
    if text is None or text == "null":
        return None
    return _short_given(text) if len(text) <= _SHORT else from_json(json.loads(text))


@lru_cache(maxsize=4096)
def _short_given(text: str) -> Given:
    return from_json(json.loads(text))


def parts_in(text: str) -> dict[str, Given]:
    """Read the parts of an answer as its row has them, in JSON."""
    if text == "{}":
        return {}
    return dict(_short_parts(text)) if len(text) <= _SHORT else _parts(text)


@lru_cache(maxsize=4096)
def _short_parts(text: str) -> dict[str, Given]:
    return _parts(text)


def _parts(text: str) -> dict[str, Given]:
    return {name: from_json(each) for name, each in json.loads(text).items()}


@dataclass(frozen=True, slots=True)
class Standing:
    """All that stands in a round for one protocol, with nothing withheld."""

    protocol: str
    settled: Mapping[str, Settled]
    items: Mapping[str, Item]

    def seen_by(self, sight: Sight) -> dict[str, Settled]:
        """The settled answers as a person may see them, by indicator."""
        shown = {id: item.seen_by(sight) for id, item in self.items.items()}
        return {
            name: seen(each, shown, sight, self.protocol) for name, each in self.settled.items()
        }

    def hidden_from(self, sight: Sight) -> frozenset[str]:
        """Name the indicators of which the person does not see yet what others gave."""
        return hidden_in(self.settled, sight, self.protocol)


def standing_in(round: str, protocol: str, indicators: Collection[str] | None = None) -> Standing:
    """Read where a round stands with a protocol, or with some of its indicators.

    In four queries, however much was answered.
    """
    about = _latest([round], indicators, protocol)
    through = models.Answer.evidence.through
    links = through.objects.filter(**{f"answer__{key}": value for key, value in about.items()})
    items = items_of(round)
    evidence = _evidence(links.values_list("answer_id", "evidenceitem_id"), items)
    return Standing(protocol, _settled(about, evidence).get((round, protocol), {}), items)


def settled_in(
    rounds: Collection[str],
    indicators: Collection[str] | None = None,
    *,
    protocol: str | None = None,
) -> dict[tuple[str, str], dict[str, Settled]]:
    """Where rounds stand, by round and protocol, without evidence: for counts, not for a page.

    `indicators`, `protocol`: of these alone, if any are named. Nothing is withheld. In two queries,
    however many rounds there are.
    """
    if not rounds or (indicators is not None and not indicators):
        return {}
    return _settled(_latest(rounds, indicators, protocol), {})


def _latest(
    rounds: Collection[str], indicators: Collection[str] | None, protocol: str | None
) -> dict[str, Any]:
    """The conditions of the answers and settlements that stand."""
    about: dict[str, Any] = {"round_id__in": rounds, "is_latest": True}
    if indicators is not None:
        about["indicator__in"] = indicators
    if protocol is not None:
        about["protocol"] = protocol
    return about


def _settled(
    about: Mapping[str, Any], evidence: Mapping[str, tuple[Evidence, ...]]
) -> dict[tuple[str, str], dict[str, Settled]]:
    standing: dict[tuple[str, str, str], list[Answer]] = {}
    rows = models.Answer.objects.filter(**about).order_by("at", "id")
    for round, protocol, *row in rows.values_list("round_id", "protocol", *_ANSWER):
        answer = answer_of(tuple(row), evidence)
        standing.setdefault((round, protocol, answer.indicator), []).append(answer)
    settlements = models.Settlement.objects.filter(**about).annotate(part=_PART)
    kept = {
        (each.round_id, each.protocol, each.indicator): settling_of(each)
        for each in settlements.only(
            "round_id", "protocol", "indicator", "kind", "answer_id", "covers", "note", "by_id"
        )
    }
    found: dict[tuple[str, str], dict[str, Settled]] = {}
    for place, answers in standing.items():
        round, protocol, name = place
        if (now := settle(name, answers, kept.get(place))) is not None:
            found.setdefault((round, protocol), {})[name] = now
    return found


def _evidence(
    links: Iterable[tuple[str, str]], items: Mapping[str, Item]
) -> dict[str, tuple[Evidence, ...]]:
    """Gather the evidence of each answer, in one order whoever asks."""
    found: dict[str, list[str]] = {}
    for answer, item in links:
        found.setdefault(answer, []).append(item)
    return {
        answer: tuple(items[id].evidence for id in sorted(ids)) for answer, ids in found.items()
    }


def answer_of(row: tuple[Any, ...], evidence: Mapping[str, tuple[Evidence, ...]]) -> Answer:
    """Make an answer of its row, whose columns are those of `_ANSWER`."""
    id, indicator, author, at, given, parts, confidence, comment = row
    moment: datetime = at
    return Answer(
        id=id,
        indicator=indicator,
        by=str(author),
        at=moment,
        given=given_in(given),
        parts=parts_in(parts),
        confidence=_confidences[confidence],
        comment=comment,
        evidence=evidence.get(id, ()),
    )


def answers_where(sight: Sight, **about: Any) -> list[Answer]:
    """Read answers of a round, the older first, with their evidence as the person sees it."""
    rows = list(
        models.Answer.objects.filter(round_id=sight.round, **about)
        .order_by("at", "id")
        .values_list(*_ANSWER)
    )
    through = models.Answer.evidence.through.objects
    links = list(
        through.filter(answer_id__in=[row[0] for row in rows]).values_list(
            "answer_id", "evidenceitem_id"
        )
    )
    items = items_of(sight.round, {item for _, item in links})
    evidence = _evidence(links, items)
    shown = {id: item.seen_by(sight) for id, item in items.items()}
    return [answer_seen(answer_of(row, evidence), shown) for row in rows]


def settling_of(row: models.Settlement) -> Settling:
    """Make a settlement of its row, which has beside it what its maker does in the team."""
    known = getattr(row, "part", None)
    part = known if known in (models.Part.LEAD, models.Part.ASSESSOR) else ""
    covers = frozenset(row.covers)
    return Settling(Ruling(row.kind), row.answer_id, covers, row.note, str(row.by_id), part)


def answer_seen(answer: Answer, shown: Shown) -> Answer:
    """An answer with its evidence as somebody sees it."""
    return replace(answer, evidence=visible(answer.evidence, shown))


def visible(items: Iterable[Evidence], shown: Shown) -> tuple[Evidence, ...]:
    """Items as somebody sees them, without those that are not there for them."""
    seen = (shown[each.id] for each in items)
    return tuple(each for each in seen if each is not None)


def hidden_in(settled: Mapping[str, Settled], sight: Sight, protocol: str) -> frozenset[str]:
    """Name the indicators of which the person does not see yet what others gave.

    `settled`: with nothing withheld.
    """
    return frozenset(
        name for name, each in settled.items() if not _sees_others(each, sight, protocol)
    )


def _sees_others(settled: Settled, sight: Sight, protocol: str) -> bool:
    """Say so; what is closed nobody answers any more, so that nothing of it sways an answer."""
    authors = {each.by for each in settled.answers}
    return settled.is_closed or sight.sees_others(protocol, authors)


def without(settled: Mapping[str, Settled], hidden: Collection[str]) -> dict[str, Settled]:
    """Leave of what is hidden nothing but how it came out, so that no question hangs on it."""
    return {name: _outcome(each) if name in hidden else each for name, each in settled.items()}


def _outcome(settled: Settled) -> Settled:
    return replace(settled, answer=None, answers=(), note="")


def seen(settled: Settled, shown: Shown, sight: Sight, protocol: str) -> Settled:
    """Where an indicator stands as a person may see it.

    To one who still has to answer alone: how it came out, and nothing of what others gave.
    From the country's side that is what counts now, without whose it is; a comment only once it is
    settled, and of a dispute no more than that there is one.
    """
    if not _sees_others(settled, sight, protocol):
        return _outcome(settled)
    answer = answer_seen(settled.answer, shown) if settled.answer else None
    if sight.sees_answers:
        answers = tuple(answer_seen(each, shown) for each in settled.answers)
        return replace(settled, answer=answer, answers=answers)
    is_agreed = settled.outcome is Outcome.AGREED
    if answer is not None:
        answer = replace(answer, by="", comment=answer.comment if is_agreed else "")
    note = settled.note if is_agreed else ""
    ruled = replace(settled.ruled, by="") if settled.ruled else None
    return replace(settled, answer=answer, answers=(), note=note, ruled=ruled)
