"""What is said of a round and answered: comments, replies, the term for them, the sign-off."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import date

from kancil.assessment.giving import indicator_of
from kancil.assessment.voice import CommentKind, ReplyOutcome, parts_sha256
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import (
    AnswerFirst,
    CommentsUnanswered,
    RoundSignedOff,
    StoodMoved,
)
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import Comment, CommentReply, CommentTerm, SignOff
from kancil.desk.assessment.queries.answers import is_agreed, own_latest
from kancil.desk.assessment.queries.comments import comment_seen
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.rounds import enter, require
from kancil.desk.assessment.queries.sign_offs import parts_of, sign_off_of, voice_of
from kancil.desk.assessment.rows import is_masked, settled_in
from kancil.desk.assessment.stored import taken
from kancil.desk.base.keeping import keep, unusable
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.files import plain_name

from .answers import reopen, rest_further
from .changing import changing, require_open
from .evidence import Brought, File, keep_item

_SECTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


def add_comment(
    *,
    by: Person,
    round: str,
    kind: str,
    text: str,
    protocol: str = "",
    indicator: str = "",
    section: str = "",
    office: str = "",
    evidence: Brought | None = None,
) -> str:
    """Comment on an answer, or on a section of the report; gives the comment's id.

    `office`: for whom it speaks. `evidence`: what is brought with it, needed where that is what the
    comment is. Raises FieldNotUsable, RoundClosed, RoundSignedOff, RoundNotFound, ActNotYours,
    ProtocolNotInRound, IndicatorNotFound, FileTooLarge, DiskFull.
    """
    _may_comment(enter(by, round))
    if kind not in set(CommentKind):
        raise unusable("kind", "unknown", value=kind[:40])
    if kind == CommentKind.EVIDENCE and evidence is None:
        raise unusable("evidence", "blank")
    file = evidence.file if evidence else None
    with ExitStack() as held:
        digests = held.enter_context(taken(file.store, file.stream)) if file else None
        sight = held.enter_context(changing(by, round))
        _may_comment(sight)
        row = Comment(
            round_id=sight.round,
            kind=kind,
            text=text.strip(),
            office=office.strip(),
            author=by,
            at=clock.now(),
        )
        _name_place(sight, row, protocol, indicator, section)
        keep(row, "text")
        item = keep_item(sight, evidence, digests) if evidence else None
        if item is not None:
            row.evidence.add(item)
        record(
            "comment.added", by=by, sight=sight, about=indicator or section, protocol=row.protocol,
            kind=kind, sha256=item.sha256 if item else "",
        )  # fmt: skip
    return row.id


def _may_comment(sight: Sight) -> None:
    require(sight.may_comment, sight)
    require_open(sight)
    signed = sign_off_of(sight)
    if signed is not None and signed.counts:
        raise RoundSignedOff(title=sight.title)


def _name_place(sight: Sight, row: Comment, protocol: str, indicator: str, section: str) -> None:
    """Of what the comment is, and which answer counts there now."""
    if section:
        if indicator or not _SECTION.fullmatch(section):
            raise unusable("section")
        row.section = section
        return
    asked = protocol_in(sight, protocol)
    row.protocol, row.indicator = asked.name, indicator_of(asked, indicator).id
    standing = settled_in([sight.round], [row.indicator], protocol=asked.name)
    now = standing.get((sight.round, asked.name), {}).get(row.indicator)
    row.answer_id = now.answer.id if now and now.answer else None


def reply(*, by: Person, round: str, comment: str, outcome: str, text: str) -> str:
    """Reply to a comment for the team; a newer reply stands after. Gives the reply's id.

    Raises FieldNotUsable, RecordNotFound, RoundClosed, RoundNotFound, ActNotYours.
    """
    if outcome not in set(ReplyOutcome):
        raise unusable("outcome", "unknown", value=outcome[:40])
    with changing(by, round) as sight:
        require(sight.may_reply, sight)
        require_open(sight)
        said = comment_seen(sight, comment)
        row = CommentReply(
            comment_id=said.id, outcome=outcome, text=text.strip(), by=by, at=clock.now()
        )
        keep(row, "text")
        record(
            "comment.replied", by=by, sight=sight, about=said.indicator or said.section,
            protocol=said.protocol, outcome=outcome,
        )  # fmt: skip
    return row.id


def rest_on(*, by: Person, round: str, comment: str) -> str:
    """Rest one's own answer on the evidence that came with a comment; gives the new answer's id.

    A question that was agreed on is opened again by it, for the others have not seen that evidence.
    Raises RecordNotFound, AnswerFirst (no answer of one's own stands, or two do), and what
    `give_answer` raises.
    """
    with changing(by, round) as sight:
        require(sight.may_answer, sight)
        require_open(sight)
        said = comment_seen(sight, comment)
        brought = [each.id for each in said.evidence if not is_masked(each.id)]
        if not brought or not said.indicator:
            raise no_such("evidence")
        own = own_latest(sight, said.protocol, said.indicator)
        if len(own) != 1:
            raise AnswerFirst(name=said.indicator)
        if is_agreed(sight, said.protocol, said.indicator):
            reopen(
                by=by, round=sight.round, protocol=said.protocol, indicator=said.indicator,
                note=said.evidence[0].title,
            )  # fmt: skip
        return rest_further(sight, by, said.protocol, own[0], brought)


def set_term(*, by: Person, round: str, due_on: date, note: str = "") -> str:
    """Ask the country to comment by a day, as the round's lead; a newer term stands after.

    Raises FieldNotUsable (a day that is past), RoundClosed, RoundNotFound, ActNotYours.
    """
    with changing(by, round) as sight:
        require(sight.is_lead, sight)
        require_open(sight)
        if due_on < day_of(clock.now()):
            raise unusable("due_on", "past")
        CommentTerm.objects.filter(round_id=sight.round, is_latest=True).update(is_latest=False)
        row = CommentTerm(
            round_id=sight.round, due_on=due_on, note=note.strip(), by=by, at=clock.now()
        )
        keep(row)
        record("term.set", by=by, sight=sight, about=due_on.isoformat())
    return row.id


def sign_off(
    *,
    by: Person,
    round: str,
    official: str,
    office: str,
    signed_on: date,
    seen: str = "",
    file: File | None = None,
) -> str:
    """Record that a named official of the country signed the round off as it stands; gives its id.

    `seen`: digest of what was before the official; where something else stands by now, nothing is
    written. Raises CommentsUnanswered, RoundSignedOff (already, as it stands), StoodMoved,
    FieldNotUsable, FileTooLarge, DiskFull, RoundClosed, RoundNotFound, ActNotYours.
    """
    require(enter(by, round).may_sign_off, enter(by, round))
    with ExitStack() as held:
        digests = held.enter_context(taken(file.store, file.stream)) if file else None
        sight = held.enter_context(changing(by, round))
        require(sight.may_sign_off, sight)
        require_open(sight)
        if signed_on > day_of(clock.now()):
            raise unusable("signed_on", "future")
        voice = voice_of(sight)
        if voice.unanswered:
            raise CommentsUnanswered(count=voice.unanswered)
        if voice.is_signed:
            raise RoundSignedOff(title=sight.title)
        parts = parts_of(sight.round)
        stood = parts_sha256(sight.round, parts)
        if seen and seen != stood:
            raise StoodMoved
        row = SignOff(
            round_id=sight.round,
            official=official.strip(),
            office=office.strip(),
            signed_on=signed_on,
            stood_sha256=stood,
            parts=parts,
            by=by,
            at=clock.now(),
        )
        if file is not None and digests is not None:
            row.sha256, row.file_name = digests.sha256, plain_name(file.name)
        keep(row, "official", "office")
        record(
            "round.signed-off", by=by, sight=sight, about=row.official, office=row.office,
            stood=stood, sha256=row.sha256,
        )  # fmt: skip
    return row.id
