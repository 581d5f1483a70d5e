"""The texts of a round's report, with who wrote them and all that was written before.

Who still has to answer a question of an area alone reads no text on that area yet, nor one on
the whole round: it would tell what others gave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kancil.assessment.narrative import TextPlace, area_of, area_section, places
from kancil.assessment.planning.plan import ItemState
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.models import Narrative, PlanItem, TeamMember
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.rows import hidden_in, settled_in
from kancil.ground.filled import filled


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text of a report as somebody wrote it."""

    id: str
    section: str
    kind: str
    """As `narrative.Genre`."""
    language: str
    """Empty: not stated."""
    text: str
    author: str
    at: datetime
    is_latest: bool


def text_places(sight: Sight, section: str = "") -> list[TextPlace]:
    """The places of the round's report whose texts a person may read; raises RecordNotFound."""
    hidden = _hidden_sections(sight)
    found = [
        each
        for each in places(protocols_in(sight), section, item_titles(sight))
        if each.section not in hidden and (area_of(each.section) or not hidden)
    ]
    if not found and section:
        raise no_such("narrative")
    return found


def item_titles(sight: Sight) -> dict[str, str]:
    """The titles of a round's items that were not rejected, by id, in the plan's order."""
    rows = PlanItem.objects.filter(round_id=sight.round).exclude(state=ItemState.REJECTED.value)
    return dict(rows.values_list("id", "title"))


def texts(sight: Sight) -> dict[tuple[str, str, str], TextRow]:
    """The texts that stand, by section, kind and language; what was emptied again is none."""
    may_read = {each.section for each in text_places(sight)}
    rows = Narrative.objects.filter(round_id=sight.round, is_latest=True).select_related("author")
    return {
        (each.section, each.kind, each.language): text_row(each)
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
