"""Evidence of a round, and interviews, which only their author and the round's lead read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from kancil.assessment.answer import Evidence
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.assessment.models import Act, Answer, EvidenceItem, Interview
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.rows import Item, hidden_in, items_of, settled_in
from kancil.desk.assessment.stored import open_stored
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled
from kancil.ground.phrase import Phrase


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """An item of evidence, as the person may see it."""

    item: Evidence
    is_shown: bool
    """Whether all of it is here; else its grade at the most."""
    withheld: str
    """Why it is withheld from what leaves the site, for those who see it; empty: it is not."""
    file_name: str
    size_bytes: int | None
    added_by: str
    added_at: datetime | None
    used_by: tuple[tuple[str, str], ...]
    """Protocol and indicator of the answers that rest on it now, but for those that the person does
    not see yet; empty where it is not shown."""


def evidence(sight: Sight, indicators: Collection[str] | None = None) -> list[EvidenceRow]:
    """List the evidence of a round by grade and title, what is withheld last.

    `indicators`: of which alone it is told that they rest on an item, if any are named.
    """
    items = items_of(sight.round)
    used = _used_by(sight, indicators=indicators)
    rows = EvidenceItem.objects.filter(round_id=sight.round).select_related("added_by")
    found = [
        seen
        for row in rows
        if row.id in items and (seen := _row(sight, row, items[row.id], used)) is not None
    ]
    return sorted(found, key=lambda each: (not each.is_shown, each.item.grade, each.item.title))


def evidence_item(sight: Sight, id: str) -> EvidenceRow:
    """One item that the person sees whole; raises RecordNotFound."""
    items = items_of(sight.round, [id])
    row = EvidenceItem.objects.filter(round_id=sight.round, id=id[:36])
    found = row.select_related("added_by").first()
    if found is None:
        raise no_such("evidence")
    shown = _row(sight, found, items[found.id], _used_by(sight, found.id))
    if shown is None or not shown.is_shown:
        raise no_such("evidence")
    return shown


def brought_for(sight: Sight, protocol: str, indicator: str) -> list[str]:
    """Ids of what a person brought for a question, on which their answer to it is to rest."""
    about = {"protocol": protocol, "indicator": indicator}
    acts = Act.objects.filter(round=sight.round, person_id=sight.person, kind="evidence.added")
    return [
        str(each["evidence"])
        for each in acts.values_list("details", flat=True)
        if about.items() <= each.items() and "evidence" in each
    ]


def _row(
    sight: Sight, row: EvidenceItem, item: Item, used: dict[str, list[tuple[str, str]]]
) -> EvidenceRow | None:
    seen = item.seen_by(sight)
    if seen is None:
        return None
    if seen is not item.evidence:
        return EvidenceRow(seen, False, "", "", None, "", None, ())
    return EvidenceRow(
        seen,
        True,
        row.withheld,
        row.file_name,
        row.size_bytes,
        row.added_by.name if sight.sees_answers else "",
        row.added_at,
        tuple(sorted(used.get(row.id, ()))),
    )


def _used_by(
    sight: Sight, id: str | None = None, indicators: Collection[str] | None = None
) -> dict[str, list[tuple[str, str]]]:
    links = Answer.evidence.through.objects.filter(
        answer__round_id=sight.round, answer__is_latest=True
    )
    if id is not None:
        links = links.filter(evidenceitem_id=id)
    if indicators is not None:
        links = links.filter(answer__indicator__in=indicators)
    places = list(
        links.values_list("evidenceitem_id", "answer__protocol", "answer__indicator").distinct()
    )
    hidden = _hidden(sight, {indicator for _, _, indicator in places})
    found: dict[str, list[tuple[str, str]]] = {}
    for item, protocol, indicator in places:
        if (protocol, indicator) not in hidden:
            found.setdefault(item, []).append((protocol, indicator))
    return found


def _hidden(sight: Sight, indicators: Collection[str]) -> set[tuple[str, str]]:
    """Name protocol and indicator of those that wait for the person's own answer.

    On what others' answers rest is not told before.
    """
    if not sight.may_answer:
        return set()
    return {
        (protocol, name)
        for (_, protocol), settled in settled_in([sight.round], indicators).items()
        for name in hidden_in(settled, sight, protocol)
    }


def open_evidence(sight: Sight, store: Vault, id: str) -> tuple[EvidenceRow, BinaryIO]:
    """Open an item's file, checked, for whoever sees the item whole.

    Raises RecordNotFound, StoredFileMissing, StoredFileBroken.
    """
    row = evidence_item(sight, id)
    if row.item.sha256 is None:
        raise no_such("evidence")
    return row, open_stored(store, row.item.sha256)


SMALL = 3
"""Of a group of fewer, nobody but the interview's author learns how many they were."""


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """An interview, for its author and the round's lead."""

    id: str
    author: str
    held_on: date
    people_count: int | None
    """None: fewer than `SMALL`, and it is another's interview."""
    group: str
    consent: str
    notes: str
    added_at: datetime


def interviews(sight: Sight) -> list[InterviewRow]:
    """List the interviews that the person may read: their own, or as the lead all."""
    require(sight.may_hold_interviews and not sight.is_leaving, sight)
    found = Interview.objects.filter(round_id=sight.round).select_related("author")
    if not sight.is_lead:
        found = found.filter(author_id=sight.person)
    return [_interview(sight, row) for row in found]


def interview(sight: Sight, id: str) -> InterviewRow:
    """One interview; raises RecordNotFound for one that is not the person's to read."""
    found = Interview.objects.filter(round_id=sight.round, id=id[:36]).select_related("author")
    row = found.first()
    if row is None or not sight.sees_interview(row.author_id):
        raise no_such("interview")
    return _interview(sight, row)


def _interview(sight: Sight, row: Interview) -> InterviewRow:
    is_told = row.author_id == sight.person or row.people_count >= SMALL
    return filled(
        InterviewRow,
        row,
        author=row.author.name,
        people_count=row.people_count if is_told else None,
    )


def no_such(thing: str) -> RecordNotFound:
    """The error for a thing that is not there, or not the person's to see."""
    return RecordNotFound(thing=Phrase(f"thing.record-{thing}"))
