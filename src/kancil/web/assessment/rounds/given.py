"""Answers as they are shown: what was given, in the words of its scale, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from kancil.assessment.answer import Answer, Evidence, Given, Kind, Outcome, Settled
from kancil.assessment.method import graded_by
from kancil.assessment.naming import whole_stage
from kancil.assessment.protocol import Indicator, Protocol, Scale, ScaleKind
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.rows import INTERVIEW, is_masked
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import tag
from kancil.web.parts import Cell

Names = Mapping[str, str]
"""Who is behind `Answer.by`; empty from the country's side."""
_OUTCOMES: dict[Outcome | None, Cell] = {
    Outcome.AGREED: tag("intact", "web.outcome.agreed"),
    Outcome.ALONE: tag("service", "web.outcome.alone"),
    Outcome.DISPUTED: tag("warn", "web.outcome.disputed"),
    None: tag("unknown", "web.outcome.missing"),
}


def outcome_tag(outcome: Outcome | None, ruled: str | None = None) -> Cell:
    """Show where a question stands; `ruled`: part of who settled it over somebody's own answer."""
    if outcome is Outcome.AGREED and ruled is not None:
        return tag("service", f"web.settled-by-{ruled or 'other'}")
    return _OUTCOMES[outcome]


def stands_tag(stands: Settled | None) -> Cell:
    """Show where a question stands, and whether it was settled over somebody's own answer."""
    if stands is None:
        return outcome_tag(None)
    return outcome_tag(stands.outcome, stands.ruled.part if stands.ruled else None)


def said_ruled(stands: Settled, names: Names) -> str:
    """Who settled a question over somebody's own answer, and on whose; empty: nobody did."""
    if stands.ruled is None or stands.answer is None:
        return ""
    name, author = names.get(stands.ruled.by, ""), names.get(stands.answer.by, "")
    part = stands.ruled.part
    if not (name and author and part):
        return words(f"web.ruled-{part or 'other'}")
    return words("web.answer.ruled", name=name, part=words(f"web.part-said.{part}"), author=author)


def address_of(sight: Sight, protocol: str, indicator: str, name: str = "question") -> str:
    """The address of a question's page, or of another page of it."""
    given = {"round": sight.round, "protocol": protocol, "indicator": indicator}
    return reverse(name, kwargs=given)


def said_value(scale: Scale | None, value: int | str) -> str:
    """Name a value as its scale calls it, after its number where the scale is ordered."""
    if scale is None:
        return str(value)
    label = next((said(each.label) for each in scale.values if each.value == value), "")
    if label and scale.kind is ScaleKind.ORDERED:
        return f"{value} · {label}"
    return label or str(value)


def said_given(scale: Scale | None, given: Given | None) -> str:
    """Put an answer into words, as its scale calls it; nothing where nothing was answered."""
    if given is None:
        return ""
    if given.kind is not Kind.VALUE:
        told = words(f"web.given.{given.kind.value}")
        return f"{told}: {given.reason}" if given.reason else told
    chosen = given.value if isinstance(given.value, tuple) else (given.value,)
    return ", ".join(said_value(scale, one) for one in chosen if one is not None)


def said_answer(asked: Protocol, each: Indicator, answer: Answer) -> str:
    """Put a whole answer into one line: the question's own, and how many parts were answered."""
    told = []
    if answer.given is not None and each.scale is not None:
        told.append(said_given(asked.scales[each.scale], answer.given))
    if answer.parts:
        told.append(words("web.answer.parts", count=len(answer.parts), of=len(each.parts)))
    return "; ".join(told)


def said_parts(asked: Protocol, each: Indicator, answer: Answer) -> list[tuple[str, str]]:
    """Put what was answered to the parts of a question into words, in the protocol's order."""
    return [
        (said(part.question), said_given(asked.scales[part.scale], answer.parts[part.id]))
        for part in each.parts
        if part.id in answer.parts
    ]


def grade_name(asked: Protocol, item: Evidence) -> str:
    """Name the grade that an item of evidence has by a protocol; empty where it has none by it."""
    grade = graded_by(asked, item)
    return "" if grade is None else said(asked.grades[grade].label)


def pick_name(asked: Protocol, item: Evidence) -> str:
    """Name an item that can be ticked, and its grade by this protocol, or that it is no law."""
    grade = graded_by(asked, item)
    if grade is None:
        told = words("web.evidence.no-law")
    else:
        label = said(asked.grades[grade].label)
        told = item.reference or label if asked.grades[grade].by_lawyer else label
    return f"{interview_name(item)} ({told})"


def evidence_name(asked: Protocol, item: Evidence) -> str:
    """Name an item of evidence to whoever sees it; else say that it is withheld, and its grade."""
    grade = grade_name(asked, item)
    hidden = words("web.figures.withheld", grade=grade) if grade else words("web.evidence.withheld")
    return item.title or hidden


def evidence_names(asked: Protocol, items: Iterable[Evidence]) -> str:
    """Name items of evidence in a line, each once."""
    return "; ".join(dict.fromkeys(evidence_name(asked, each) for each in items))


def interview_name(item: Evidence) -> str:
    """Name an item that its own author may tick; one from another machine has no title."""
    if item.kind == INTERVIEW and not item.title:
        return words("web.evidence.interview")
    return item.title


def answer_card(
    sight: Sight, asked: Protocol, each: Indicator, answer: Answer, names: Names, counts: str = ""
) -> dict[str, Any]:
    """What `_answer.html` shows of one answer; `counts`: id of the one that counts."""
    scale = asked.scales[each.scale] if each.scale else None
    return {
        "id": answer.id,
        "by": names.get(answer.by, ""),
        "is_own": answer.by == str(sight.person),
        "at": answer.at,
        "given": said_given(scale, answer.given),
        "stage": _stage(each, answer.given),
        "parts": [
            {"name": name, "given": given, "differs": False}
            for name, given in said_parts(asked, each, answer)
        ],
        "confidence": Phrase(f"web.confidence.{answer.confidence.value}"),
        "comment": answer.comment,
        "evidence": [
            {
                "name": evidence_name(asked, one),
                "grade": grade_name(asked, one) if one.title else "",
                "url": ""
                if is_masked(one.id)
                else reverse("evidence_item", kwargs={"round": sight.round, "item": one.id}),
            }
            for one in answer.evidence
        ],
        "counts": answer.id == counts,
    }


def _stage(each: Indicator, given: Given | None) -> str:
    """What the question says of the stage that was chosen; empty where it says nothing."""
    if given is None or given.kind is not Kind.VALUE or not isinstance(given.value, int):
        return ""
    return whole_stage({stage: said(text) for stage, text in each.stages.items()}, given.value)


def mark_differing(cards: list[dict[str, Any]]) -> None:
    """Mark the parts of a question to which the answers on these cards do not say the same."""
    told: dict[str, set[str]] = {}
    for card in cards:
        for part in card["parts"]:
            told.setdefault(part["name"], set()).add(part["given"])
    for card in cards:
        for part in card["parts"]:
            part["differs"] = len(told[part["name"]]) > 1


def is_hidden(sight: Sight, stands: Settled | None) -> bool:
    """Whether others have answered what the person still has to answer alone."""
    return stands is not None and sight.sees_answers and not stands.answers
