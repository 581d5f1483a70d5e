"""An assessor's own answer is carried over to provisions that ask the same, each confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from kancil.assessment.carry_over import Proposal
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import CarryOverMoved
from kancil.desk.assessment.queries.carry_over import article_words
from kancil.desk.assessment.queries.carry_over import carry_over as carry_over_of
from kancil.desk.assessment.rows import is_masked
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.ground.words import render

from .answers import answering, write_answer
from .changing import changing


def carry_over(*, by: Person, round: str, protocol: str, wanted: Mapping[str, str]) -> list[str]:
    """Answer provisions as proposed, all of them or none; gives the ids of the answers.

    `wanted`: by provision the id of the answer that goes over, as it was shown. Raises
    CarryOverMoved where this is not what is proposed by now, and what `give_answer` raises.
    """
    with changing(by, round) as sight:
        asked = answering(sight, protocol)
        offered = {each.target: each for each in carry_over_of(sight, asked.name).proposals}
        for target, source in wanted.items():
            if target not in offered or offered[target].source.id != source:
                is_known = target in asked.indicators
                raise CarryOverMoved(name=article_words(asked, target) if is_known else target[:80])
        return [_carried(by, sight, asked, offered[target]) for target in wanted]


def _carried(by: Person, sight: Sight, asked: Protocol, offer: Proposal) -> str:
    source = offer.source
    origin = render(
        "note.carried-over",
        name=article_words(asked, source.indicator),
        indicator=source.indicator,
        day=day_of(source.at).isoformat(),
    )
    evidence = [each.id for each in source.evidence if not is_masked(each.id)]
    return write_answer(
        by, sight, asked, offer.target, offer.given, offer.parts, source.confidence,
        f"{origin}\n\n{source.comment}", evidence, offer.follows, (), source.id,
    )  # fmt: skip
