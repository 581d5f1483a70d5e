"""An assessor's own answer is carried over to provisions that ask the same, each confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kancil.assessment.law.carry_over import Proposal
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import CarryOverMoved
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Answer
from kancil.desk.assessment.queries.carry_over import article_words
from kancil.desk.assessment.queries.carry_over import carry_over as carry_over_of
from kancil.desk.assessment.rows import is_masked
from kancil.desk.base.keeping import check
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.ground.words import render

from .answers import answer_row, answering, check_evidence
from .changing import changing


def carry_over(*, by: Person, round: str, protocol: str, wanted: Mapping[str, str]) -> list[str]:
    """Answer provisions as proposed, all of them or none; gives the ids of the answers.

    `wanted`: by provision the id of the answer that goes over, as it was shown. Raises
    CarryOverMoved where this is not what is proposed by now, RoundClosed, RoundNotFound,
    ProtocolNotInRound, ActNotYours, FieldNotUsable (the words beside it have become too long).
    """
    with changing(by, round) as sight:
        asked = answering(sight, protocol)
        offered = {each.target: each for each in carry_over_of(sight, asked.name).proposals}
        for target, source in wanted.items():
            if target not in offered or offered[target].source.id != source:
                is_known = target in asked.indicators
                raise CarryOverMoved(name=article_words(asked, target) if is_known else target[:80])
        return _write(by, sight, asked, [offered[target] for target in wanted])


def _write(by: Person, sight: Sight, asked: Protocol, offers: Sequence[Proposal]) -> list[str]:
    """Write all at once: that nothing stands in their way was found in this very change."""
    rests = {
        each.source.id: [one.id for one in each.source.evidence if not is_masked(one.id)]
        for each in offers
    }
    check_evidence(sight, asked, {id for ids in rests.values() for id in ids})
    rows = [_row(by, sight, asked, each) for each in offers]
    Answer.objects.bulk_create(rows)
    through = Answer.evidence.through
    through.objects.bulk_create(
        through(answer_id=row.id, evidenceitem_id=item)
        for row in rows
        for item in rests[row.carried_from_id or ""]
    )
    over = [each.follows for each in offers if each.follows]
    Answer.objects.filter(id__in=over).update(is_latest=False)
    for row in rows:
        record("answer.carried", by=by, sight=sight, about=row.indicator, protocol=asked.name)
    return [row.id for row in rows]


def _row(by: Person, sight: Sight, asked: Protocol, offer: Proposal) -> Answer:
    source = offer.source
    origin = render(
        "note.carried-over",
        name=article_words(asked, source.indicator),
        day=day_of(source.at).isoformat(),
    )
    row = answer_row(
        by, sight, asked, offer.target, offer.given, offer.parts, source.confidence,
        f"{origin}\n\n{source.comment}", offer.follows,
    )  # fmt: skip
    row.carried_from_id = source.id
    check(row)
    return row
