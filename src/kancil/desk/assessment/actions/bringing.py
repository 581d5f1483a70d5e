"""Files of answers and sheets of forms are read here against the round, and then taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kancil.assessment.answer import Answer, Evidence
from kancil.assessment.answer_forms.received import Received
from kancil.assessment.errors import AnswersForOther
from kancil.assessment.exchange import Audience
from kancil.assessment.foreign import open_parcel, read_answer_sheet
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in
from kancil.desk.assessment.queries.rounds import enter, require
from kancil.desk.assessment.queries.site import acting_account, key_owners
from kancil.desk.assessment.rows import INTERVIEW
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.ids import new_id
from kancil.ground.skipped import Skipped

from .taking_in import Sent, SentAnswer, SentEvidence, TakenIn, take_in, take_in_form


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brought."""

    taken: TakenIn
    skipped: tuple[Skipped, ...]
    """What of it could not be read, or is not asked here."""
    left_out: int = 0
    """Evidence items that its maker left out for the audience."""
    audience: Audience | None = None
    extra_columns: tuple[str, ...] = ()
    """Columns of a sheet that no question has."""


def bring_answers(*, by: Person, round: str, data: bytes, path: str) -> Brought:
    """Read a signed file of answers and take it in: they are those of the owner of its key.

    Raises ActNotYours, AnswersForOther (another round), and what `read_parcel` and `take_in` raise.
    """
    sight = enter(by, round)
    require(sight.may_run or sight.may_answer, sight)
    opened = open_parcel(
        data, path, key_owners(), {each.name: each for each in protocols_in(sight)}
    )
    parcel = opened.parcel
    if parcel.round.id != sight.round:
        raise AnswersForOther(path=path, found=parcel.round.title[:80], known=sight.title)
    carried = parcel.answers
    answers = [_sent(each.answer, each.protocol, each.follows, each.also) for each in carried]
    sent = Sent(sight.round, tuple(answers), _evidence([each.answer for each in carried]))
    taken = take_in(by=by, fingerprint=opened.fingerprint, sent=sent)
    return Brought(taken, opened.skipped, parcel.left_out, parcel.audience)


def bring_sheet(
    *, by: Person, round: str, protocol: str, author: str, data: bytes, path: str
) -> Brought:
    """Read the answers of a form and take them in as those of an assessor, named by user name.

    The same submission read again is known, where its sheet says when it ended. Raises
    PersonNotFound, and what `read_answers` and `take_in_form` raise.
    """
    sight = enter(by, round)
    require(sight.may_run or sight.may_answer, sight)
    whose = acting_account(author)
    asked = protocol_in(sight, protocol)
    sheet = read_answer_sheet(data, path, asked)
    now = clock.now()
    answers = [
        each.answer(
            by=str(whose.pk),
            at=each.ended_at or now,
            make_id=_ids(sight, whose, each, asked.sha256),
        )
        for each in sheet.answers
    ]
    sent = Sent(
        sight.round,
        tuple(_sent(each, asked.name, None, ()) for each in answers),
        _evidence(answers),
    )
    taken = take_in_form(by=by, author=whose.pk, sent=sent)
    skipped = (*sheet.skipped, *(_unkept(each) for each in sheet.answers if _is_talk(each)))
    return Brought(taken, skipped, extra_columns=sheet.extra_columns)


def _is_talk(received: Received) -> bool:
    return received.evidence is not None and received.evidence.is_interview


def _unkept(received: Received) -> Skipped:
    """That a form's words on an interview were left out: it is recorded here, with consent."""
    place = f"row {received.row}"
    return Skipped("sheet-interview-words", place, {"indicator": received.indicator})


def _sent(answer: Answer, protocol: str, follows: str | None, also: tuple[str, ...]) -> SentAnswer:
    return SentAnswer(
        id=answer.id,
        protocol=protocol,
        indicator=answer.indicator,
        given=answer.given,
        parts=dict(answer.parts),
        confidence=answer.confidence,
        at=answer.at,
        comment=answer.comment,
        evidence=tuple(each.id for each in answer.evidence),
        follows=follows,
        also=also,
    )


def _evidence(answers: Sequence[Answer]) -> tuple[SentEvidence, ...]:
    """Each item once; of an interview no more than that it is one, and its grade."""
    items: dict[str, Evidence] = {}
    for answer in answers:
        items |= {each.id: each for each in answer.evidence}
    return tuple(
        SentEvidence(each.id, each.grade, INTERVIEW)
        if each.kind == INTERVIEW
        else SentEvidence(
            id=each.id,
            grade=each.grade,
            kind=each.kind,
            title=each.title,
            reference=each.reference,
            dated=each.dated,
            sha256=each.sha256 or "",
        )
        for each in items.values()
    )


def _ids(sight: Sight, whose: Person, received: Received, protocol: str) -> Callable[[], str]:
    """Ids that are the same whenever the same submission is read again.

    Of a row without its submission's id, or without a moment, nobody can say so: new ones.
    """
    if not received.submission or received.ended_at is None:
        return new_id
    seed = repr((sight.round, whose.pk, protocol, received)).encode()
    ended_at: datetime = received.ended_at
    count = 0

    def make() -> str:
        nonlocal count
        count += 1
        drawn = int.from_bytes(sha256(seed + count.to_bytes(2, "big")).digest()[:10], "big")
        value = int(ended_at.timestamp() * 1000) << 80 | drawn
        value = value & ~(0xF << 76) | 7 << 76
        text = f"{value & ~(3 << 62) | 2 << 62:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    return make
