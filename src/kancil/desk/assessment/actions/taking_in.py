"""Answers from elsewhere are taken in: appended, never written over, and all of a file or nothing.

Whoever reads the file has checked its signature. Where an author answered on two machines, both
answers stand beside each other until the author ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from kancil.assessment.answer import Given
from kancil.assessment.answer_json import EVIDENCE_KINDS
from kancil.assessment.giving import check_answer
from kancil.assessment.protocol import Confidence
from kancil.desk.assessment.access import Sight, sight_of
from kancil.desk.assessment.errors import ActNotYours, AnswerAltered, AnswersIncomplete, KeyNotKnown
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import Answer, EvidenceItem, KnownKey, Round, TeamMember
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.rows import INTERVIEW
from kancil.desk.base.keeping import check, fill, keep, unusable
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.ids import is_id
from kancil.ground.plain import plain

from .changing import changing, require_open
from .evidence import check_grade


@dataclass(frozen=True, slots=True)
class SentEvidence:
    """An item of evidence as a file brings it; its bytes come by themselves, see `bring_file`."""

    id: str
    grade: str
    kind: str
    title: str = ""
    """Empty where it is an interview: a file never says what one was."""
    reference: str = ""
    dated: date | None = None
    sha256: str = ""
    size_bytes: int | None = None
    file_name: str = ""
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer as a file brings it."""

    id: str
    protocol: str
    indicator: str
    given: Given | None
    parts: dict[str, Given]
    confidence: Confidence
    at: datetime
    comment: str = ""
    evidence: tuple[str, ...] = ()
    follows: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """What one author sent of one round."""

    round: str
    answers: tuple[SentAnswer, ...]
    """All of the author's, those written over too."""
    evidence: tuple[SentEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of it."""

    added: tuple[str, ...]
    """Ids of the answers that were not here yet."""
    known: int
    """How many were."""
    conflicts: tuple[tuple[str, str], ...] = field(default=())
    """Protocol and indicator where several answers of the author stand now."""


_Links = Mapping[str, tuple[str, ...]]
"""Ids of the evidence of each answer."""


def take_in(*, by: Person, fingerprint: str, sent: Sent) -> TakenIn:
    """Take in what came in a file signed by a known key: the answers are those of its owner.

    By the owner in person, the round's lead or the programme. Raises KeyNotKnown, AnswerAltered,
    AnswersIncomplete, ProtocolNotInRound (an answer for another version), RoundClosed,
    RoundNotFound, ActNotYours, and what `check_answer` raises.
    """
    with changing(by, sent.round) as sight:
        key = KnownKey.objects.filter(fingerprint=fingerprint[:60], ended_at=None)
        found = key.select_related("person").first()
        if found is None:
            raise KeyNotKnown(fingerprint=fingerprint[:60])
        return _append(by, sight, found.person, found.fingerprint, sent)


def take_in_form(*, by: Person, author: int, sent: Sent) -> TakenIn:
    """Take in answers that an assessor gave on a form: they stand beside those given before.

    `author`: whose answers somebody says they are. By the author, the lead or the programme. Raises
    as `take_in` does.
    """
    with changing(by, sent.round) as sight:
        found = Person.objects.filter(pk=author).first()
        if found is None:
            raise no_such("person")
        return _append(by, sight, found, "", sent)


def _append(by: Person, sight: Sight, author: Person, key: str, sent: Sent) -> TakenIn:
    require(sight.may_run or author.pk == by.pk, sight)
    require_open(sight)
    _require_assessor(sight, author)
    _take_evidence(sight, author, sent.evidence)
    ids = [each.id for each in sent.answers]
    if len(set(ids)) != len(ids):
        raise AnswerAltered(id=next(each for each in ids if ids.count(each) > 1))
    known = {row.id: row for row in Answer.objects.filter(id__in=ids)}
    rows = [_row(sight, author, key, each) for each in sent.answers]
    links = {each.id: each.evidence for each in sent.answers}
    further = _require_same(sight, known, [row for row in rows if row.id in known], links)
    fresh = [row for row in rows if row.id not in known]
    _require_whole(sight, author, fresh, links)
    Answer.objects.bulk_create(fresh)
    through = Answer.evidence.through
    through.objects.bulk_create(
        through(answer_id=answer, evidenceitem_id=item)
        for answer, items in [*((row.id, links[row.id]) for row in fresh), *further.items()]
        for item in sorted(set(items))
    )
    conflicts = _mark_latest(sight, author, {(row.protocol, row.indicator) for row in fresh})
    record(
        "answers.taken-in",
        by=by,
        sight=sight,
        about=author.username,
        added=len(fresh),
        known=len(known),
        conflicts=len(conflicts),
        key=key,
    )
    return TakenIn(tuple(row.id for row in fresh), len(known), tuple(conflicts))


def _require_assessor(sight: Sight, author: Person) -> None:
    """Refuse answers of somebody who may give none in this round."""
    team = TeamMember.objects.filter(round_id=sight.round, person=author)
    hers = sight_of(author, Round.objects.get(id=sight.round), team, ())
    if hers is None or not hers.may_answer:
        raise ActNotYours(name=author.name)


def _row(sight: Sight, author: Person, key: str, sent: SentAnswer) -> Answer:
    asked = protocol_in(sight, sent.protocol)
    given, parts = check_answer(asked, sent.indicator, sent.given, sent.parts)
    if not is_id(sent.id):
        raise unusable("given", "unknown", value=sent.id[:40])
    return Answer(
        id=sent.id,
        round_id=sight.round,
        protocol=asked.name,
        indicator=sent.indicator,
        author=author,
        author_key=key,
        given=plain(given),
        parts=plain(parts),
        confidence=Confidence(sent.confidence).value,
        comment=sent.comment.strip(),
        at=sent.at,
        follows_id=sent.follows,
        also=sorted(set(sent.also) - {sent.follows}),
    )


_SAID = (
    "round_id", "protocol", "indicator", "author_id", "given", "parts", "confidence", "comment",
    "at", "follows_id", "also",
)  # fmt: skip


def _require_same(
    sight: Sight, known: Mapping[str, Answer], rows: Iterable[Answer], links: _Links
) -> _Links:
    """Refuse an answer that is here and says something else; give evidence that it had not here.

    A file for others leaves interviews and what is withheld out, so that of the same answer one
    file may have more of these than another.
    """
    kept: dict[str, set[str]] = {id: set() for id in known}
    through = Answer.evidence.through.objects.filter(answer_id__in=known)
    for answer, item in through.values_list("answer_id", "evidenceitem_id"):
        kept[answer].add(item)
    items = {id: set(links[id]) ^ mine for id, mine in kept.items()}
    there = EvidenceItem.objects.filter(
        round_id=sight.round, id__in={item for each in items.values() for item in each}
    )
    may_lack = set(there.filter(Q(kind=INTERVIEW) | ~Q(withheld="")).values_list("id", flat=True))
    for row in rows:
        is_same = all(getattr(known[row.id], name) == getattr(row, name) for name in _SAID)
        if not is_same or not items[row.id] <= may_lack:
            raise AnswerAltered(id=row.id)
    return {id: tuple(items[id] - mine) for id, mine in kept.items()}


def _require_whole(sight: Sight, author: Person, fresh: Sequence[Answer], links: _Links) -> None:
    """Refuse answers over one of another author, of another question or nowhere, and circles."""
    for row in fresh:
        check(row)
    own = Answer.objects.filter(round_id=sight.round, author=author)
    place = {id: (name, question) for id, name, question in own.values_list(*_PLACE)}
    place |= {row.id: (row.protocol, row.indicator) for row in fresh}
    over = {row.id: _over(row) for row in fresh}
    for row in fresh:
        for id in over[row.id]:
            if place.get(id) != (row.protocol, row.indicator):
                raise AnswersIncomplete(id=id[:40])
        if row.id in _reached(row.id, over):
            raise AnswersIncomplete(id=row.id)
    items = {item for row in fresh for item in links[row.id]}
    there = EvidenceItem.objects.filter(round_id=sight.round, id__in=items)
    for id in sorted(items - set(there.values_list("id", flat=True))):
        raise AnswersIncomplete(id=id[:40])


_PLACE = ("id", "protocol", "indicator")


def _over(row: Answer) -> set[str]:
    return {each for each in (row.follows_id, *row.also) if each}


def _reached(id: str, over: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    pending = [id]
    while pending:
        fresh = over.get(pending.pop(), set()) - reached
        reached |= fresh
        pending += fresh
    return reached


def _mark_latest(
    sight: Sight, author: Person, places: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Of each answer to these questions whether another one stands over it; give conflicts."""
    own = Answer.objects.filter(
        round_id=sight.round, author=author, indicator__in={question for _, question in places}
    )
    by_place: dict[tuple[str, str], list[Answer]] = {}
    for row in own:
        by_place.setdefault((row.protocol, row.indicator), []).append(row)
    stands, gone, conflicts = [], [], []
    for place in sorted(places):
        rows = by_place[place]
        replaced = {id for row in rows for id in _over(row)}
        latest = [row.id for row in rows if row.id not in replaced]
        stands += latest
        gone += [row.id for row in rows if row.id in replaced]
        if len(latest) > 1:
            conflicts.append(place)
    Answer.objects.filter(id__in=stands, is_latest=False).update(is_latest=True)
    Answer.objects.filter(id__in=gone, is_latest=True).update(is_latest=False)
    return conflicts


def _take_evidence(sight: Sight, author: Person, sent: Sequence[SentEvidence]) -> None:
    known = {row.id: row for row in EvidenceItem.objects.filter(id__in=[one.id for one in sent])}
    for each in sent:
        is_interview = each.kind == INTERVIEW
        if is_interview and (each.title or each.reference or each.dated or each.sha256):
            raise unusable("title", "interview")
        if each.kind not in EVIDENCE_KINDS:
            raise unusable("kind", "unknown", value=each.kind[:40])
        kept = known.get(each.id)
        if kept is not None:
            _require_same_item(sight, kept, each)
            continue
        if not is_id(each.id):
            raise unusable("evidence", "unknown", value=each.id[:40])
        check_grade(sight, each.grade, of_interview=is_interview)
        row = EvidenceItem(round_id=sight.round, added_by=author, added_at=clock.now())
        fill(row, each, as_it_is=("file_name", "withheld"))
        keep(row, *(() if is_interview else ("title",)))


def _require_same_item(sight: Sight, kept: EvidenceItem, sent: SentEvidence) -> None:
    """Refuse an item that says something else; of an interview a file says no more than the grade.

    That it is withheld may have changed here or there: what stands here counts.
    """
    fields: dict[str, Any] = {"grade": sent.grade, "kind": sent.kind}
    if sent.kind != INTERVIEW:
        fields |= {"title": sent.title.strip(), "reference": sent.reference.strip()}
        fields |= {"dated": sent.dated, "sha256": sent.sha256}
    is_same = all(getattr(kept, name) == value for name, value in fields.items())
    if kept.round_id != sight.round or not is_same:
        raise AnswerAltered(id=sent.id)
