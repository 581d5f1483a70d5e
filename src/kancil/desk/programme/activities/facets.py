"""What stands beside an activity: agenda, delegations, documents, mentors, equipment, follow-up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import BinaryIO

from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.stored import open_stored
from kancil.desk.people.models import Role
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.activities import written_after
from kancil.desk.programme.models import (
    Activity,
    AgendaItem,
    Delegation,
    Document,
    FollowUp,
    Handover,
    Organisation,
    Participation,
    Placement,
)
from kancil.evidence.vault import Vault
from kancil.ground.days import months_after
from kancil.ground.filled import filled
from kancil.ground.plain import written
from kancil.programme.activity import CHECKED_AFTER_MONTHS, Facet, facets
from kancil.programme.vocabulary import ActivityKind, DocumentKind, Part

__all__ = ["Delegation", "FollowUp"]  # rows, to be read


def asks(sight: ActivitySight, facet: Facet) -> bool:
    """Whether an activity of this kind asks for something beside it."""
    kind = Activity.objects.values_list("kind", flat=True).get(id=sight.activity)
    return facet in facets(ActivityKind(kind))


def _hour(moment: time | None) -> str | None:
    return None if moment is None else f"{moment:%H:%M}"


@dataclass(frozen=True, slots=True)
class Session:
    """A session of the agenda."""

    pk: int
    day: date
    begins: time | None = field(metadata=written(by=_hour))
    ends: time | None = field(metadata=written(by=_hour))
    title: str
    speaker: str


def next_day(sight: ActivitySight) -> date:
    """The day of the next session, most likely: that of the last one, or the first day."""
    last = AgendaItem.objects.filter(activity=sight.activity).order_by("-day").first()
    return last.day if last else Activity.objects.get(id=sight.activity).begins_on


def agenda_of(sight: ActivitySight) -> list[Session]:
    """The sessions, in order."""
    return [filled(Session, row) for row in AgendaItem.objects.filter(activity=sight.activity)]


def delegations_of(sight: ActivitySight) -> list[Delegation]:
    """All delegations; to the country's side their own, to a donor none."""
    desk = sight.desk
    found = Delegation.objects.filter(activity=sight.activity)
    if not desk.sees_all:
        found = found.filter(country__in=() if desk.is_donor else desk.countries)
    return list(found.select_related("country", "organisation"))


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A file of an activity."""

    id: str
    kind: DocumentKind
    title: str
    file_name: str
    sha256: str
    is_public: bool
    by: str
    at: datetime


def documents_of(sight: ActivitySight) -> list[DocumentRow]:
    """Its files, the newest first; only public ones to who reads for a donor, or keeps money."""
    found = Document.objects.filter(activity=sight.activity, withdrawn_at=None)
    if sight.desk.is_donor or sight.desk.role is Role.FINANCE:
        found = found.filter(is_public=True)
    names = sight.desk.sees_all
    return [
        filled(DocumentRow, row, kind=DocumentKind(row.kind), by=row.by.name if names else "")
        for row in found.select_related("by")
    ]


def open_document(
    sight: ActivitySight, store: Vault, document: str
) -> tuple[DocumentRow, BinaryIO]:
    """Open a file that the person sees; raises RecordNotFound, StoredFileMissing and -Broken."""
    found = next((each for each in documents_of(sight) if each.id == document), None)
    if found is None:
        raise no_such("document")
    return found, open_stored(store, found.sha256)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A mentor's visit."""

    visited_on: date
    log: str
    """Empty for who reads from outside."""
    progress: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A mentor's placement; the mentor's name is shown to who sees people there."""

    id: str
    mentor: str
    organisation: str
    begins_on: date
    ends_on: date
    aims: tuple[str, ...]
    visits: tuple[VisitRow, ...]


def placements_of(sight: ActivitySight) -> list[PlacementRow]:
    """The placements, each with its visits."""
    desk, found = sight.desk, Placement.objects.filter(activity=sight.activity)
    reads_logs = not (desk.is_donor or desk.role is Role.FINANCE)
    return [
        filled(
            PlacementRow, row, aims=tuple(row.aims), organisation=row.organisation.name,
            mentor=row.mentor.shown_name if desk.sees_people_of(row.mentor.country_id) else "",
            visits=tuple(
                VisitRow(each.visited_on, each.log if reads_logs else "", tuple(each.progress))
                for each in row.visits.all()
            ),
        )
        for row in found.select_related("mentor", "organisation").prefetch_related("visits")
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check of use that was made, or is to be made."""

    months: int
    due_on: date | None
    checked_on: date | None
    """None: not yet."""
    in_use: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """Equipment that was handed over."""

    id: str
    organisation: str
    what: str
    quantity: int
    worth_minor: int | None
    """None: not stated, or not the person's to see."""
    currency: str
    handed_on: date
    received_by: str
    checks: tuple[CheckRow, ...]
    """One for 6 and one for 12 months after."""


def handovers_of(sight: ActivitySight) -> list[HandoverRow]:
    """What was handed over, each with its checks."""
    sees_worth = sight.sees_money or sight.desk.of_country
    found = Handover.objects.filter(activity=sight.activity).select_related("organisation")
    return [
        filled(
            HandoverRow, row, organisation=row.organisation.name, checks=_checks(row),
            worth_minor=row.worth_minor if sees_worth else None,
        )
        for row in found.prefetch_related("checks")
    ]  # fmt: skip


def _checks(row: Handover) -> tuple[CheckRow, ...]:
    made = {each.months: each for each in row.checks.all()}
    found = []
    for months in CHECKED_AFTER_MONTHS:
        due, check = months_after(row.handed_on, months), made.get(months)
        found.append(
            filled(CheckRow, check, due_on=due) if check else CheckRow(months, due, None, None)
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Report:
    """What was written of an activity after it."""

    report: str
    outcome_statement: str
    version: int


def report_of(sight: ActivitySight) -> Report:
    """Its report and outcome statement; both may be empty."""
    row = Activity.objects.get(id=sight.activity)
    return filled(Report, row, **written_after(sight.desk, row))


def follow_up_of(sight: ActivitySight) -> list[FollowUp]:
    """What was agreed, in order of its day; what was done comes last."""
    found = FollowUp.objects.filter(activity=sight.activity)
    return sorted(found, key=lambda each: (each.done_on is not None, each.due_on or date.max))


def organisations_there() -> dict[str, str]:
    """Organisations by id that may be invited, placed at, or handed to."""
    found = Organisation.objects.filter(ended_on=None).select_related("country")
    return {
        each.id: f"{each.name} ({each.country.shown_name})" if each.country else each.name
        for each in found
    }


def mentors_of(sight: ActivitySight) -> dict[str, str]:
    """Who is registered as a mentor of an activity, by number; for who sees people."""
    if not sight.desk.sees_all_people:
        return {}
    found = Participation.objects.filter(activity=sight.activity, part=Part.MENTOR.value)
    return {str(each.participant_id): each.participant.shown_name
            for each in found.select_related("participant")}  # fmt: skip
