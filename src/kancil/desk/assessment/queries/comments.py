"""Comments on a round and the replies to them, the term for them, and whether it is signed off.

From the country's side only its own comments are seen: a reviewer has each assessor's answer before
them. An assessor who still has to answer a question alone sees no comment on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from kancil.assessment.answer import Settled
from kancil.assessment.voice import (
    BroughtItem,
    ClosedAs,
    CommentKind,
    CommentSaid,
    ReplyOutcome,
    ReplySaid,
    SignOffSaid,
    stood_sha256,
)
from kancil.desk.assessment.access import COUNTRY_SIDE, Sight
from kancil.desk.assessment.models import Answer, Comment, CommentTerm, Round, SignOff
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.rows import Item, hidden_in, is_masked, items_of, settled_in
from kancil.desk.assessment.stored import open_stored
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled
from kancil.ground.plain import plain

Standing = Mapping[tuple[str, str], Mapping[str, Settled]]
"""Where a round stands, by round and protocol, with nothing withheld."""


def comments(
    sight: Sight,
    protocol: str | None = None,
    indicator: str | None = None,
    section: str | None = None,
) -> list[CommentSaid]:
    """List the comments that a person sees, the older first: all, of a question or of a section."""
    about: dict[str, Any] = {"protocol": protocol, "indicator": indicator, "section": section}
    about = {name: value for name, value in about.items() if value is not None}
    rows = _rows(sight.round, **about)
    if sight.of_country:
        rows = [row for row in rows if row.author.role in COUNTRY_SIDE]
    standing = settled_in([sight.round], {row.indicator for row in rows} - {""})
    if sight.may_answer:
        hidden = {
            (name, each)
            for (_, name), settled in standing.items()
            for each in hidden_in(settled, sight, name)
        }
        rows = [row for row in rows if (row.protocol, row.indicator) not in hidden]
    items = items_of(sight.round, {one.pk for row in rows for one in row.evidence.all()})
    return [_said(row, sight, standing, items) for row in rows]


def own_places(sight: Sight) -> set[tuple[str, str]]:
    """Protocol and indicator of the questions to which the person's own answer stands."""
    if not sight.may_answer:
        return set()
    own = Answer.objects.filter(round_id=sight.round, author_id=sight.person, is_latest=True)
    return set(own.values_list("protocol", "indicator"))


def comment_seen(sight: Sight, id: str) -> CommentSaid:
    """One comment that the person sees; raises RecordNotFound."""
    found = next((each for each in comments(sight) if each.id == id), None)
    if found is None:
        raise no_such("comment")
    return found


def _rows(round: str, **about: Any) -> list[Comment]:
    found = Comment.objects.filter(round_id=round, **about).select_related("author", "answer")
    return list(found.prefetch_related("replies__by", "evidence"))


def _said(
    row: Comment, sight: Sight | None, standing: Standing, items: Mapping[str, Item]
) -> CommentSaid:
    names_team = sight is not None and sight.sees_answers
    return filled(
        CommentSaid,
        row,
        kind=CommentKind(row.kind),
        by=row.author.name,
        of_country=row.author.role in COUNTRY_SIDE,
        changed_since=_has_changed(row, standing),
        evidence=_brought(sight, [items[one.pk] for one in row.evidence.all() if one.pk in items]),
        replies=tuple(
            ReplySaid(
                ReplyOutcome(one.outcome), one.text, one.by.name if names_team else "", one.at
            )
            for one in row.replies.all()
        ),
    )


def _brought(sight: Sight | None, items: Collection[Item]) -> tuple[BroughtItem, ...]:
    shown = (each.seen_by(sight) for each in items) if sight else ()
    return tuple(
        BroughtItem(each.id, "" if is_masked(each.id) else each.title, each.reference, each.sha256)
        for each in shown
        if each is not None
    )


def _has_changed(row: Comment, standing: Standing) -> bool:
    """Whether what counts says something else than what the comment was written on."""
    now = standing.get((row.round_id, row.protocol), {}).get(row.indicator)
    answer = now.answer if now else None
    if answer is None or row.answer is None:
        return (answer is None) != (row.answer is None)
    return (row.answer.given, row.answer.parts) != (plain(answer.given), plain(answer.parts))


def stood_of(round: str) -> str:
    """Digest of what stands in a round now, the same whoever asks."""
    standing = settled_in([round])
    said = [_said(row, None, standing, {}) for row in _rows(round)]
    return stood_sha256(round, {name: each for (_, name), each in standing.items()}, said)


def sign_off_of(round: str) -> SignOffSaid | None:
    """The newest sign-off of a round, and whether it counts; what stands is read only for one."""
    row = SignOff.objects.filter(round_id=round).first()
    if row is None:
        return None
    return filled(SignOffSaid, row, counts=row.stood_sha256 == stood_of(round))


@dataclass(frozen=True, slots=True)
class Voice:
    """How far a round is with the country's word."""

    due_on: date | None
    """The last day for comments; None: the team has named none."""
    note: str
    sign_off: SignOffSaid | None
    count: int
    """Comments of everybody, seen or not."""
    unanswered: int
    from_country: int
    closed_as: ClosedAs | None
    """None: it is open, or was closed before this was kept."""

    @property
    def is_signed(self) -> bool:
        """Whether the country signed off what stands."""
        return self.sign_off is not None and self.sign_off.counts

    def ends_as(self, today: date) -> ClosedAs | None:
        """As what a round may be closed that is not signed off; None while its term runs."""
        if self.is_signed or self.due_on is None or self.due_on >= today:
            return None
        is_silent = self.from_country == 0 and self.sign_off is None
        return ClosedAs.NOT_COMMENTED if is_silent else ClosedAs.NOT_SIGNED_OFF


def voice_of(sight: Sight) -> Voice:
    """The term, the sign-off and how many comments wait; counts only what the person may see."""
    term = CommentTerm.objects.filter(round_id=sight.round, is_latest=True).first()
    found = Comment.objects.filter(round_id=sight.round)
    of_country = found.filter(author__role__in=COUNTRY_SIDE)
    counted = of_country if sight.of_country else found
    closed_as = Round.objects.values_list("closed_as", flat=True).get(id=sight.round)
    return Voice(
        due_on=term.due_on if term else None,
        note=term.note if term else "",
        sign_off=sign_off_of(sight.round),
        count=counted.count(),
        unanswered=counted.filter(replies=None).count(),
        from_country=of_country.count(),
        closed_as=ClosedAs(closed_as) if closed_as else None,
    )


def last_office(person: int) -> str:
    """For whom a person spoke last; empty: they have not commented yet."""
    found = Comment.objects.filter(author_id=person).exclude(office="").order_by("-at")
    return found.values_list("office", flat=True).first() or ""


def open_sign_off(sight: Sight, store: Vault) -> tuple[str, BinaryIO]:
    """Name and checked bytes of the newest sign-off's paper; raises RecordNotFound."""
    row = SignOff.objects.filter(round_id=sight.round).exclude(sha256="").first()
    if row is None:
        raise no_such("sign-off")
    return row.file_name or f"{row.sha256[:16]}.bin", open_stored(store, row.sha256)
