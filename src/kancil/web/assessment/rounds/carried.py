"""Answers carried over from one provision to another, as they are proposed and shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kancil.assessment.law.carry_over import Proposal
from kancil.assessment.protocol import Indicator, Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.queries.carry_over import CarryOver, SourceChange, article_words
from kancil.desk.base.opening import day_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import said

from .given import address_of, evidence_name, said_given


def only(found: Iterable[Proposal], target: str) -> list[Proposal]:
    """The proposals for one provision; all, where none is named."""
    return [each for each in found if not target or each.target == target]


def carry_url(sight: Sight, protocol: str, **chosen: str) -> str:
    """The address of what goes over; `chosen`: of one `extract`, or `to` one provision."""
    there = reverse("carry_over", args=[sight.round, protocol])
    return f"{there}?{urlencode(chosen)}"


def proposal(sight: Sight, asked: Protocol, offer: Proposal) -> dict[str, Any]:
    """A proposal with its origin, element by element, as `_law_proposal.html` shows it."""
    source, target = offer.source, asked.indicators[offer.target]
    passed = [article_words(asked, each.to) for each in offer.way[:-1]]
    return {
        "take": f"{offer.target}={source.id}",
        "from": article_words(asked, source.indicator),
        "from_url": address_of(sight, asked.name, source.indicator),
        "to": article_words(asked, offer.target),
        "to_url": address_of(sight, asked.name, offer.target),
        "url": carry_url(sight, asked.name, to=offer.target),
        "question": said(target.question),
        "origin": origin(asked, offer),
        "passed": words("web.carry.over", names=", ".join(passed)) if passed else "",
        "parts": _parts(asked, target, offer),
        "open": len(offer.open),
        "differences": [said(each.difference) for each in offer.way if each.difference],
        "is_checked": all(each.checked for each in offer.way),
        "again": offer.follows is not None,
        "differs": offer.differs,
    }


def origin(asked: Protocol, offer: Proposal) -> Phrase:
    """Which answer goes over, and on what law it rests."""
    source = offer.source
    law = [evidence_name(asked, each) for each in source.evidence if each.extract]
    scale = asked.scales.get(asked.indicators[source.indicator].scale or "")
    given = said_given(scale, offer.given) or words("web.answer.parts", **_count(asked, offer))
    name = article_words(asked, source.indicator)
    if not law:
        return Phrase("web.carry.origin-no-law", {"name": name, "given": given})
    return Phrase("web.carry.origin", {"name": name, "given": given, "law": "; ".join(law)})


def _count(asked: Protocol, offer: Proposal) -> dict[str, int]:
    return {"count": len(offer.parts), "of": len(asked.indicators[offer.target].parts)}


def _parts(asked: Protocol, target: Indicator, offer: Proposal) -> list[dict[str, str]]:
    """Each element with what goes over, and the source's words where it asks in others."""
    source = asked.indicators[offer.source.indicator]
    there = {part.id: said(part.question) for part in source.parts}
    return [
        {
            "question": (question := said(part.question)),
            "given": said_given(asked.scales[part.scale], offer.parts.get(part.id)),
            "there": there[part.id]
            if part.id in offer.parts and there[part.id] != question
            else "",
        }
        for part in target.parts
    ]


def said_change(asked: Protocol, change: SourceChange) -> Phrase:
    """That the source of a carried answer was changed, and when."""
    day = day_of(change.at).isoformat()
    return Phrase("web.carry.changed", {"name": article_words(asked, change.source), "day": day})


def for_question(
    sight: Sight, asked: Protocol, indicator: str, found: CarryOver
) -> dict[str, Any] | None:
    """What a question shows of it: a proposal, or that the source of its answer was changed."""
    offers = [proposal(sight, asked, each) for each in only(found.proposals, indicator)]
    changed = [said_change(asked, each) for each in found.changed if each.indicator == indicator]
    if not offers and not changed:
        return None
    return {"offer": offers[0] if offers else None, "changed": changed}
