"""Participants: adults who take part in activities, as far as a person sees them by name.

Who asked to be forgotten is nobody here: restricted rows stand on the officer's audit page alone
(`forgetting`), forgotten ones have no name. A row that was joined to another is the other. Lines of
record hold ids and countries, never a name: they outlast whoever asks to be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.base.action import Action
from kancil.desk.base.register import Register, Shown
from kancil.desk.programme.access import Desk
from kancil.desk.programme.books import BOOKS, NAMING
from kancil.desk.programme.entering import require
from kancil.desk.programme.models import Participant, Participation
from kancil.ground.filled import filled
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.programme.people import ParticipantInput, ParticipantSearch
from kancil.programme.vocabulary import RegistrationState
from kancil.records.table import Column, Holds

COMING = (RegistrationState.REGISTERED.value, RegistrationState.CONFIRMED.value)
"""States of a registration in which somebody comes: they take a place."""


def fold(name: str) -> str:
    """A name as the column holds it by which people are found."""
    return folded(name)[:400]


def seen_people(desk: Desk) -> QuerySet[Participant]:
    """People whom a person sees by name; nobody who was joined, restricted or forgotten."""
    found = Participant.objects.filter(restricted_at=None, forgotten_at=None, same_as=None)
    found = found.select_related("country", "organisation", "by")
    if desk.sees_all_people:
        return found
    return found.filter(country_id__in=desk.countries) if desk.sees_own_people else found.none()


def _seen(desk: Desk) -> QuerySet[Participant]:
    require(desk.sees_all_people or desk.sees_own_people, desk)
    return seen_people(desk)


def _find(rows: QuerySet[Participant], asked: ParticipantSearch) -> QuerySet[Participant]:
    wanted = asked.model_dump(exclude={"name_or_email", "sort"}, exclude_none=True)
    text = fold(asked.name_or_email)
    if text:
        rows = rows.filter(Q(name_folded__contains=text) | Q(email__contains=text))
    return rows.filter(**wanted)


def _leaving(row: Participant) -> Participant:
    """A row as a list that leaves has it: without consent nothing that names somebody."""
    if row.consent_on is None:
        row.name = row.office = row.email = ""
        row.organisation = None
    return row


PARTICIPANTS = Register(
    name="participant",
    seen=_seen,
    asked=ParticipantSearch,
    find=_find,
    leaving=_leaving,
    missing=lambda _id: RecordNotFound(thing=Phrase("thing.record-participant")),
    named=lambda row: row.name,
    columns=[
        Shown(Column("number", Holds.ID), lambda row: str(row.pk)),
        Shown(Column("name"), lambda row: row.name, lists=True),
        Shown(Column("country"), lambda row: row.country_id, lists=True),
        Shown(
            Column("organisation"),
            lambda row: row.organisation.name if row.organisation else "",
            lists=True,
        ),
        Shown(Column("office"), lambda row: row.office, lists=True),
        Shown(Column("email"), lambda row: row.email),
        Shown(
            Column("role", Holds.CODE, "programme.profession."), lambda row: row.role, lists=True
        ),
        Shown(Column("sex", Holds.CODE, "programme.sex."), lambda row: row.sex),
        Shown(Column("age_band", Holds.CODE, "programme.age-band."), lambda row: row.age_band),
        Shown(Column("consent_on", Holds.DAY), lambda row: row.consent_on, lists=True),
        Shown(Column("consent_to"), lambda row: row.consent_to),
    ],
    sorts={
        "name": ("name", "id"),
        "country": ("country_id", "name", "id"),
        "organisation": ("organisation__name", "name", "id"),
        "newest": ("-at", "-id"),
    },
)


def _allowed(desk: Desk, given: ParticipantInput) -> bool:
    return desk.sees_people_of(given.country)


def _write(_desk: Desk, row: Participant, given: ParticipantInput) -> str | None:
    row.name_folded = fold(row.name)
    stood = Participant.objects.get(pk=row.pk) if row.pk else None
    is_consent = stood is not None and stood.consent_on != given.consent_on
    return "participant.consent" if is_consent else None


add_participant = Action(
    name="participant.added", books=BOOKS, on=PARTICIPANTS, makes=Participant, may=NAMING,
    allows=_allowed, given=ParticipantInput, do=_write,
)  # fmt: skip
change_participant = Action(
    name="participant.changed", also=("participant.consent",), books=BOOKS, on=PARTICIPANTS,
    may=NAMING, allows=_allowed, given=ParticipantInput, do=_write,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TookPart:
    """One activity of a participant."""

    activity: str
    code: str
    title: str
    begins_on: date
    part: str
    state: str
    attended: bool
    days_attended: int


def took_part(desk: Desk, id: int) -> list[TookPart]:
    """What a participant was registered for, the latest first, also under rows joined to it."""
    row = PARTICIPANTS.row(desk, id)
    numbers = [row.pk, *row.duplicates.values_list("pk", flat=True)]
    found = Participation.objects.filter(participant_id__in=numbers)
    return [
        filled(TookPart, each, activity=each.activity_id, code=each.activity.code,
               title=each.activity.title, begins_on=each.activity.begins_on)
        for each in found.select_related("activity").order_by("-activity__begins_on", "-id")
    ]  # fmt: skip
