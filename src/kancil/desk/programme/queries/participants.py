"""Organisations and participants, as far as a person sees them by name.

Who asked to be forgotten is nobody here: restricted rows stand on the officer's audit page alone
(`restricted_people`), forgotten ones have no name. A row that was joined to another is the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.assessment.models import Act
from kancil.desk.programme.access import Desk
from kancil.desk.programme.models import Organisation, Participant, Participation, Placement
from kancil.ground.filled import filled
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.programme.vocabulary import JoinReason, RegistrationState

from .entering import require

JOINED = "participant.joined"
"""The act by which two rows became one person; its details say why."""
COMING = (RegistrationState.REGISTERED.value, RegistrationState.CONFIRMED.value)
"""States of a registration in which somebody comes: they take a place."""
SORTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "id"), "country": ("country_id", "name", "id"),
    "organisation": ("organisation__name", "name", "id"), "newest": ("-at", "-id"),
}  # fmt: skip
"""How participants are sorted."""
ORGANISATION_SORTS: Mapping[str, tuple[str | OrderBy, ...]] = {
    "name": ("name", "id"),
    "country": (F("country_id").asc(nulls_last=True), "name", "id"),
    "kind": ("kind", "name", "id"),
    "state": (F("ended_on").desc(nulls_first=True), "name", "id"),
    "newest": ("-at", "-id"),
}
"""How organisations are sorted; by state: those in use first, then the latest that ended."""
_MOST_SUGGESTED = 100


def fold(name: str) -> str:
    """A name as the column holds it by which people are found."""
    return folded(name)[:400]


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation."""

    id: str
    name: str
    country: str
    """Code; empty: regional or international."""
    country_name: str
    kind: str
    is_beneficiary: bool
    is_partner: bool
    ended_on: date | None
    version: int


def seen_organisations(desk: Desk) -> QuerySet[Organisation]:
    """Those that a person sees: a country's own side sees its own, and international ones."""
    require(desk.sees_all_people or desk.sees_own_people, desk)
    found = Organisation.objects.select_related("country")
    if desk.sees_all_people:
        return found
    return found.filter(Q(country=None) | Q(country_id__in=desk.countries))


def organisations(
    desk: Desk, country: str = "", *, kind: str = "", in_use: bool = False, sort: str = "name"
) -> list[OrganisationRow]:
    """List organisations; `in_use`: not those that ended, `sort`: one of `ORGANISATION_SORTS`."""
    found = seen_organisations(desk).order_by(*ORGANISATION_SORTS[sort])
    found = found.filter(kind=kind) if kind else found
    found = found.filter(country_id=country) if country else found
    found = found.filter(ended_on=None) if in_use else found
    return [_organisation(row) for row in found]


def organisation(desk: Desk, id: str) -> OrganisationRow:
    """One organisation; raises RecordNotFound, also for one not theirs."""
    row = seen_organisations(desk).filter(id=id[:36]).first()
    if row is None:
        raise RecordNotFound(thing=Phrase("thing.record-organisation"))
    return _organisation(row)


def _organisation(row: Organisation) -> OrganisationRow:
    named = row.country.shown_name if row.country else ""
    return filled(OrganisationRow, row, country=row.country_id or "", country_name=named)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which participants are looked for."""

    text: str = ""
    """In a name or an e-mail address, whatever the case of its letters."""
    country: str = ""
    organisation: str = ""
    role: str = ""
    sort: str = "name"
    """One of `SORTS`."""


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A participant whom the reader sees by name."""

    id: int
    name: str
    country: str
    country_name: str
    organisation: str
    """Id; empty: none."""
    organisation_name: str
    office: str
    email: str
    sex: str
    age_band: str
    role: str
    consent_on: date | None
    consent_to: str
    version: int
    by: str
    at: datetime

    @property
    def may_leave(self) -> bool:
        """Whether the name may stand on a list that leaves: with consent alone."""
        return self.consent_on is not None

    @property
    def leaving(self) -> ParticipantRow:
        """The row as a list that leaves has it."""
        if self.may_leave:
            return self
        return replace(self, name="", organisation="", organisation_name="", office="", email="")


def seen_people(desk: Desk) -> QuerySet[Participant]:
    """People whom a person sees by name; nobody who was joined, restricted or forgotten."""
    found = Participant.objects.filter(restricted_at=None, forgotten_at=None, same_as=None)
    found = found.select_related("country", "organisation", "by")
    if desk.sees_all_people:
        return found
    return found.filter(country_id__in=desk.countries) if desk.sees_own_people else found.none()


def _wanted(desk: Desk, wanted: Wanted) -> QuerySet[Participant]:
    require(desk.sees_all_people or desk.sees_own_people, desk)
    found = seen_people(desk)
    text = fold(wanted.text.strip())
    if text:
        found = found.filter(Q(name_folded__contains=text) | Q(email__contains=text))
    if wanted.country:
        found = found.filter(country_id=wanted.country)
    if wanted.organisation:
        found = found.filter(organisation_id=wanted.organisation)
    return found.filter(role=wanted.role) if wanted.role else found


def count_participants(desk: Desk, wanted: Wanted) -> int:
    """How many people are found."""
    return _wanted(desk, wanted).count()


def participants(
    desk: Desk, wanted: Wanted, first: int = 0, most: int | None = None
) -> list[ParticipantRow]:
    """People who are found, sorted, from the `first` (from 0) on; nobody for who sees no names."""
    found = _wanted(desk, wanted).order_by(*SORTS[wanted.sort])
    if most is None:
        return [_row(each) for each in found[first:]]
    # Numbers first: whole rows of all who are found would be sorted for one page of them.
    numbers = list(found.values_list("pk", flat=True)[first : first + most])
    rows = found.order_by().in_bulk(numbers)
    return [_row(rows[each]) for each in numbers]


def leaving_participants(desk: Desk, wanted: Wanted) -> list[ParticipantRow]:
    """People who are found, for a list that leaves: without consent nothing that names them."""
    return [each.leaving for each in participants(desk, wanted)]


def participant(desk: Desk, id: int) -> ParticipantRow:
    """One participant; raises RecordNotFound, also for one not theirs."""
    return _row(participant_row(desk, id))


def participant_row(desk: Desk, id: int) -> Participant:
    """The row of somebody whom a person sees by name; raises RecordNotFound."""
    row = seen_people(desk).filter(id=id).first() if 0 < id < 2**63 else None
    if row is None:
        raise RecordNotFound(thing=Phrase("thing.record-participant"))
    return row


def _row(row: Participant) -> ParticipantRow:
    return filled(
        ParticipantRow,
        row,
        country=row.country_id or "",
        country_name=row.country.shown_name if row.country else "",
        organisation=row.organisation_id or "",
        organisation_name=row.organisation.name if row.organisation else "",
        by=row.by.name,
    )


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
    row = participant_row(desk, id)
    numbers = [row.pk, *row.duplicates.values_list("pk", flat=True)]
    found = Participation.objects.filter(participant_id__in=numbers)
    return [
        filled(TookPart, each, activity=each.activity_id, code=each.activity.code,
               title=each.activity.title, begins_on=each.activity.begins_on)
        for each in found.select_related("activity").order_by("-activity__begins_on", "-id")
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joined:
    """A row that was joined to another one, and why."""

    id: int
    name: str
    because: str
    by: str
    at: datetime


def joined_to(desk: Desk, id: int) -> list[Joined]:
    """Rows that are the same person as this one."""
    row = participant_row(desk, id)
    rows = list(row.duplicates.filter(restricted_at=None, forgotten_at=None))
    acts = Act.objects.filter(kind=JOINED, about__in=[str(each.pk) for each in rows])
    why = {act.about: act for act in acts.select_related("person").order_by("id")}
    return [
        Joined(each.pk, each.name, act.details["because"], act.person.name, act.at)
        for each in rows
        if (act := why.get(str(each.pk))) and act.person
    ]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Two rows that may be one person, with the reason why; an officer decides."""

    one: ParticipantRow
    other: ParticipantRow
    because: JoinReason


def suggested_for(desk: Desk, id: int) -> list[Suggested]:
    """Who may be the same person as this one."""
    row = participant_row(desk, id)
    others = seen_people(desk).exclude(id=row.pk)
    found = others.filter(email=row.email) if row.email else others.none()
    same_name = others.filter(name_folded=row.name_folded, country_id=row.country_id)
    rows = {each.pk: (each, JoinReason.NAME) for each in same_name[:20]}
    rows |= {each.pk: (each, JoinReason.EMAIL) for each in found[:20]}
    return [Suggested(_row(row), _row(each), why) for each, why in rows.values()]


def suggestions(desk: Desk) -> list[Suggested]:
    """Pairs in all of the books, by e-mail first; the first hundred."""
    require(desk.may_write, desk)
    found: dict[tuple[int, int], Suggested] = {}
    for why, fields in ((JoinReason.EMAIL, ("email",)), (JoinReason.NAME,
                                                         ("name_folded", "country"))):  # fmt: skip
        for one, other in _pairs(seen_people(desk), fields):
            pair = Suggested(_row(one), _row(other), why)
            found.setdefault((one.pk, other.pk), pair)
            if len(found) >= _MOST_SUGGESTED:
                return list(found.values())
    return list(found.values())


def _pairs(
    people: QuerySet[Participant], fields: tuple[str, ...]
) -> Iterator[tuple[Participant, Participant]]:
    """The first of those who are alike in some fields, and each of the others."""
    alike = people.exclude(**{fields[0]: ""}).order_by().values(*fields)
    groups = list(alike.annotate(n=Count("id")).filter(n__gt=1).values(*fields)[:_MOST_SUGGESTED])
    for group in groups:
        first, *others = people.filter(**group).order_by("id")[:10]
        for other in others:
            yield first, other


@dataclass(frozen=True, slots=True)
class Restricted:
    """Somebody who asked to be forgotten while a grant's audit term runs."""

    id: int
    name: str
    country: str
    restricted_at: datetime
    restricted_until: date
    grants: tuple[str, ...]
    """References of the grants that hold the data."""


def restricted_people(desk: Desk) -> list[Restricted]:
    """Who asked to be forgotten and is kept for audit; for the programme officer alone."""
    require(desk.may_write, desk)
    rows = list(Participant.objects.exclude(restricted_at=None).order_by("restricted_until", "id"))
    held: dict[int, set[str]] = {}
    for each in audit_terms([row.pk for row in rows]):
        held.setdefault(each.participant, set()).add(each.grant)
    return [
        filled(Restricted, row, country=row.country_id or "",
               grants=tuple(sorted(held.get(row.pk, ()))))
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuditTerm:
    """That a grant paid for what somebody took part in, and until when it may be audited."""

    participant: int
    grant: str
    """Reference."""
    until: date


def audit_terms(people: Iterable[int]) -> list[AuditTerm]:
    """The grants that paid for activities in which these people took part or were mentors.

    An invitation, a place on the waiting list and a refusal cost nothing.
    """
    ids = list(people)
    paid = Q(state__in=COMING) | Q(attended=True)
    grants = ("activity__funding__grant__reference", "activity__funding__grant__audit_until")
    parts = Participation.objects.filter(paid, participant_id__in=ids)
    mentors = Placement.objects.filter(mentor_id__in=ids)
    found = {*parts.values_list("participant_id", *grants),
             *mentors.values_list("mentor_id", *grants)}  # fmt: skip
    return [AuditTerm(*each) for each in found if each[2] is not None]
