"""The texts of a round's report, and what the country says of them and of answers.

Who still has to answer a question of an area by herself reads no text on that area yet, nor one on
the whole round: it would tell her what others gave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kancil.assessment.narrative import TextPlace, area_of, area_section, places
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.models import Comment, ComparedProvision, Narrative, TeamMember
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.rows import hidden_in, settled_in
from kancil.ground.filled import filled

_COUNTRY = ("focal-point", "ministry")
"""Roles of those who speak for a country."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text of a report as somebody wrote it."""

    id: str
    section: str
    kind: str
    """As `narrative.Genre`."""
    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """What the team answered to a comment."""

    outcome: str
    """`corrected`, `noted`, `not-accepted`."""
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What the country or a reviewer says of an answer, or of a text."""

    id: str
    protocol: str
    indicator: str
    """Empty: it is of a text."""
    section: str
    kind: str
    """`comment`, `correction`, `evidence`."""
    text: str
    office: str
    role: str
    """Of its author."""
    at: datetime
    replies: tuple[ReplyRow, ...]
    """The newest last."""

    @property
    def is_countrys(self) -> bool:
        """Whether it is the country's own voice, and no reviewer's."""
        return self.role in _COUNTRY


def text_places(sight: Sight, section: str = "") -> list[TextPlace]:
    """The places of the round's report whose texts a person may read; raises RecordNotFound."""
    hidden = _hidden_sections(sight)
    found = [
        each
        for each in places(protocols_in(sight), section)
        if each.section not in hidden and (area_of(each.section) or not hidden)
    ]
    if not found and section:
        raise no_such("text")
    return found


def texts(sight: Sight) -> dict[tuple[str, str], TextRow]:
    """The texts that stand, by section and kind; what was emptied again is none."""
    may_read = {each.section for each in text_places(sight)}
    rows = Narrative.objects.filter(round_id=sight.round, is_latest=True).select_related("author")
    return {
        (each.section, each.kind): text_row(each)
        for each in rows
        if each.text.strip() and each.section in may_read
    }


def versions(sight: Sight, section: str) -> list[TextRow]:
    """All that was ever written in a section, the newest first; raises RecordNotFound."""
    text_places(sight, section)
    rows = Narrative.objects.filter(round_id=sight.round, section=section).select_related("author")
    return [text_row(each) for each in rows.order_by("-at", "-id")]


def text_row(row: Narrative) -> TextRow:
    """A value of a row whose author was read with it."""
    return filled(TextRow, row, author=row.author.name)


def comments(sight: Sight) -> list[CommentRow]:
    """What was said of answers and texts that a person may see, the older first."""
    hidden = _hidden(sight)
    may_read = {each.section for each in text_places(sight)}
    rows = Comment.objects.filter(round_id=sight.round).select_related("author")
    return [
        filled(
            CommentRow,
            each,
            role=each.author.role,
            replies=tuple(filled(ReplyRow, one) for one in each.replies.all()),
        )
        for each in rows.prefetch_related("replies")
        if (each.section in may_read if each.section
            else each.indicator not in hidden.get(each.protocol, ()))
    ]  # fmt: skip


def own_areas(sight: Sight) -> frozenset[str]:
    """The sections of areas in which a member of the team assesses."""
    member = TeamMember.objects.filter(round_id=sight.round, person_id=sight.person).first()
    named = member.areas if member else []
    return frozenset(
        area_section(each.name, area)
        for each in protocols_in(sight)
        for area in each.areas
        if not named or f"{each.name}:{area}" in named
    )


def compared_counts(sight: Sight) -> dict[str, tuple[int, date | None]]:
    """By protocol how many provisions were compared with the official text, and last on which day.

    Of protocols whose provisions nobody compared there is no entry.
    """
    found: dict[str, tuple[set[str], date]] = {}
    rows = ComparedProvision.objects.filter(protocol__in=list(sight.protocols))
    for protocol, indicator, on in rows.values_list("protocol", "indicator", "compared_on"):
        names, last = found.get(protocol, (set(), on))
        found[protocol] = (names | {indicator}, max(last, on))
    return {name: (len(names), last) for name, (names, last) in found.items()}


def _hidden(sight: Sight) -> dict[str, frozenset[str]]:
    """By protocol the questions of which a person does not see yet what others gave."""
    if not (sight.is_open and sight.may_answer):
        return {}
    return {
        protocol: hidden_in(settled, sight, protocol)
        for (_, protocol), settled in settled_in([sight.round]).items()
    }


def _hidden_sections(sight: Sight) -> set[str]:
    hidden = _hidden(sight)
    return {
        area_section(each.name, each.indicators[name].area)
        for each in protocols_in(sight)
        for name in hidden.get(each.name, ())
        if name in each.indicators
    }
