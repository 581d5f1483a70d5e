"""Answers are given and settled here; what one person wrote is never written over by another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import QuerySet

from kancil.assessment.answer import Answer as Own
from kancil.assessment.answer import Given, Outcome
from kancil.assessment.giving import check_answer, indicator_of
from kancil.assessment.protocol import Confidence, Protocol
from kancil.assessment.settling import Ruling
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import (
    AnswerFirst,
    AnswerMoved,
    IndicatorSettled,
    NothingToSettle,
    SettlementNeedsAnother,
)
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import Answer, EvidenceItem, Settlement
from kancil.desk.assessment.queries.answers import is_agreed
from kancil.desk.assessment.queries.carry_over import changed_sources
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.rows import items_of, settled_in
from kancil.desk.base.keeping import keep, reason_for, unusable
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.plain import plain

from .changing import changing, require_open


def give_answer(
    *,
    by: Person,
    round: str,
    protocol: str,
    indicator: str,
    given: Given | None,
    parts: Mapping[str, Given] | None = None,
    confidence: Confidence,
    comment: str = "",
    evidence: Sequence[str] = (),
    follows: str | None = None,
    also: Sequence[str] = (),
) -> str:
    """One's own answer, written over one's earlier one, which stays; gives its id.

    `follows`: id of one's answer that was in view; None: there was none. `also`: further ones
    that stood beside it, where this one ends a conflict. The same answer sent again is the same.
    Raises AnswerMoved where other answers of one's own stand by now (nothing is written then),
    IndicatorSettled, RoundClosed, ActNotYours, RoundNotFound, ProtocolNotInRound, RecordNotFound
    (evidence), and what `check_answer` raises.
    """
    with changing(by, round) as sight:
        asked = answering(sight, protocol)
        row = answer_row(
            by, sight, asked, indicator, given, parts or {}, confidence, comment, follows, also
        )
        check_evidence(sight, asked, evidence)
        stands = list(_standing(sight, asked.name, indicator).filter(author=by))
        before = {each for each in (follows, *also) if each}
        if (again := _sent_again(stands, row, evidence, before)) is not None:
            return again
        if before != {each.id for each in stands}:
            raise AnswerMoved(name=indicator)
        if is_agreed(sight, asked.name, indicator):
            raise IndicatorSettled(name=indicator)
        keep(row)
        row.evidence.set(EvidenceItem.objects.filter(id__in=evidence))
        Answer.objects.filter(id__in=before).update(is_latest=False)
        record("answer.given", by=by, sight=sight, about=indicator, protocol=protocol)
    return row.id


def rest_further(
    sight: Sight, person: Person, protocol: str, own: Own, evidence: Collection[str]
) -> str:
    """Let a person's own answer that stands rest on further evidence, in a new version of it.

    Raises as `give_answer` does.
    """
    return give_answer(
        by=person,
        round=sight.round,
        protocol=protocol,
        indicator=own.indicator,
        given=own.given,
        parts=own.parts,
        confidence=own.confidence,
        comment=own.comment,
        evidence=list(dict.fromkeys([*(each.id for each in own.evidence), *evidence])),
        follows=own.id,
    )


def answering(sight: Sight, protocol: str) -> Protocol:
    """The protocol that is answered now; raises ActNotYours, RoundClosed, ProtocolNotInRound."""
    require(sight.may_answer, sight)
    require_open(sight)
    return protocol_in(sight, protocol)


def answer_row(
    by: Person,
    sight: Sight,
    asked: Protocol,
    indicator: str,
    given: Given | None,
    parts: Mapping[str, Given],
    confidence: Confidence,
    comment: str,
    follows: str | None,
    also: Sequence[str] = (),
) -> Answer:
    """The row of an answer, not written yet; raises what `check_answer` raises."""
    whole, elements = check_answer(asked, indicator, given, parts)
    return Answer(
        round_id=sight.round,
        protocol=asked.name,
        indicator=indicator,
        author=by,
        given=plain(whole),
        parts=plain(elements),
        confidence=Confidence(confidence).value,
        comment=comment.strip(),
        at=clock.now(),
        follows_id=follows,
        also=sorted(set(also) - {follows}),
    )


def _standing(sight: Sight, protocol: str, indicator: str) -> QuerySet[Answer]:
    return Answer.objects.filter(
        round_id=sight.round, protocol=protocol, indicator=indicator, is_latest=True
    )


def _sent_again(
    stands: Sequence[Answer], row: Answer, evidence: Sequence[str], before: set[str]
) -> str | None:
    """Find the answer that says the same already: sent twice, or saved with nothing changed."""
    if len(stands) != 1 or not _is_same(stands[0], row, evidence):
        return None
    return stands[0].id if before in ({stands[0].id}, _over(stands[0])) else None


def _over(row: Answer) -> set[str]:
    """The ids of the answers that a row was written over."""
    return {each for each in (row.follows_id, *row.also) if each}


def _is_same(kept: Answer, row: Answer, evidence: Sequence[str]) -> bool:
    fields = ("given", "parts", "confidence", "comment")
    if any(getattr(kept, name) != getattr(row, name) for name in fields):
        return False
    if kept.carried_from_id and changed_sources([kept.round_id], id=kept.id):
        return False  # said once more since its source changed, it is one's own
    return set(kept.evidence.values_list("id", flat=True)) == set(evidence)


def check_evidence(sight: Sight, asked: Protocol, evidence: Collection[str]) -> None:
    """Refuse evidence that is not the round's, is not the person's to see, or has a strange grade.

    Raises RecordNotFound, FieldNotUsable.
    """
    items = items_of(sight.round, list(evidence)) if evidence else {}
    for id in evidence:
        item = items.get(id)
        if item is None or item.seen_by(sight) is not item.evidence:
            raise no_such("evidence")
        if item.evidence.grade not in asked.grades:
            raise unusable("grade", "unknown", value=item.evidence.grade)


def agree(
    *,
    by: Person,
    round: str,
    protocol: str,
    indicator: str,
    answer: str,
    note: str = "",
    seen: Collection[str] | None = None,
) -> str:
    """Settle on one of the answers that stand: as an assessor or the lead, and never on one's own.

    `seen`: ids of all answers that were in view; where others stand by now, nothing is settled.
    `note`: why; needed where the assessors differ. Raises ReasonMissing, NothingToSettle,
    SettlementNeedsAnother, AnswerFirst, AnswerMoved, and what `give_answer` raises.
    """
    return _settle(
        by, round, protocol, indicator, Ruling.AGREED, answer=answer, note=note, seen=seen
    )


def dispute(
    *,
    by: Person,
    round: str,
    protocol: str,
    indicator: str,
    note: str,
    seen: Collection[str] | None = None,
) -> str:
    """Record that the assessors differ, and why. Raises ReasonMissing and as `agree` does."""
    reason = reason_for("dispute", note)
    return _settle(by, round, protocol, indicator, Ruling.DISPUTED, note=reason, seen=seen)


def reopen(*, by: Person, round: str, protocol: str, indicator: str, note: str) -> str:
    """Open an indicator again, with a reason. Raises ReasonMissing and as `agree` does."""
    reason = reason_for("reopening", note)
    return _settle(by, round, protocol, indicator, Ruling.REOPENED, note=reason)


def _settle(
    by: Person,
    round: str,
    protocol: str,
    indicator: str,
    ruling: Ruling,
    *,
    answer: str | None = None,
    note: str = "",
    seen: Collection[str] | None = None,
) -> str:
    with changing(by, round) as sight:
        require(sight.may_answer, sight)
        require_open(sight)
        asked = protocol_in(sight, protocol)
        indicator_of(asked, indicator)
        stands = {each.id: each for each in _standing(sight, asked.name, indicator)}
        if seen is not None and set(seen) != set(stands):
            raise AnswerMoved(name=indicator)
        if not stands or (answer is not None and answer not in stands):
            raise NothingToSettle(name=indicator)
        authors = {str(each.author_id) for each in stands.values()}
        if not sight.sees_others(asked.name, authors) and not is_agreed(
            sight, asked.name, indicator
        ):
            raise AnswerFirst(name=indicator)
        if answer is not None and stands[answer].author_id == by.pk:
            raise SettlementNeedsAnother(name=indicator)
        if ruling is Ruling.AGREED and _is_disputed(sight, asked.name, indicator):
            reason_for("settling", note)
        row = Settlement(
            round_id=sight.round,
            protocol=asked.name,
            indicator=indicator,
            kind=Settlement.Kind(ruling.value),
            answer_id=answer,
            note=note.strip(),
            covers=sorted(stands),
            by=by,
            at=clock.now(),
        )
        Settlement.objects.filter(
            round_id=sight.round, protocol=asked.name, indicator=indicator, is_latest=True
        ).update(is_latest=False)
        keep(row)
        kind = f"indicator.{ruling.value}"
        of = {"answer_of": stands[answer].author.name} if answer is not None else {}
        record(kind, by=by, sight=sight, about=indicator, protocol=asked.name, **of)
    return row.id


def _is_disputed(sight: Sight, protocol: str, indicator: str) -> bool:
    found = settled_in([sight.round], [indicator], protocol=protocol)
    now = found.get((sight.round, protocol), {}).get(indicator)
    return now is not None and now.outcome is Outcome.DISPUTED
