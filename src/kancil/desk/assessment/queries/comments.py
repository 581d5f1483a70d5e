"""Comments on a round and the replies to them.

From the country's side only its own comments are seen: a reviewer has each assessor's answer before
them. An assessor who still has to answer a question alone sees no comment on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from kancil.assessment.answer import Settled
from kancil.assessment.voice import (
    BroughtItem,
    CommentKind,
    CommentSaid,
    ReplyOutcome,
    ReplySaid,
)
from kancil.desk.assessment.access import COUNTRY_SIDE, Sight
from kancil.desk.assessment.models import Answer, Comment
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.rows import Item, hidden_in, is_masked, items_of, settled_in
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


def said_of_country(round: str) -> list[CommentSaid]:
    """The comments of the country's side on a round, the older first, the same whoever asks."""
    return [each for row in _rows(round) if (each := _said(row, None, {}, {})).of_country]


def last_office(person: int) -> str:
    """For whom a person spoke last; empty: they have not commented yet."""
    found = Comment.objects.filter(author_id=person).exclude(office="").order_by("-at")
    return found.values_list("office", flat=True).first() or ""
