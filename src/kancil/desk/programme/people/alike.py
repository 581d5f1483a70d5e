"""Two rows of one person: suggested with the reason why, joined and separated by an officer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Act
from kancil.desk.base.keeping import keep_changed
from kancil.desk.people.models import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import NotOnePerson
from kancil.desk.programme.models import Participant
from kancil.desk.programme.people.participants import PARTICIPANTS, seen_people
from kancil.ground.phrase import Phrase
from kancil.programme.vocabulary import JoinReason

JOINED = "participant.joined"
"""The act by which two rows became one person; its details say why."""
_MOST_SUGGESTED = 100


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
    row = PARTICIPANTS.row(desk, id)
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

    one: Participant
    other: Participant
    because: JoinReason


def suggested_for(desk: Desk, id: int) -> list[Suggested]:
    """Who may be the same person as this one."""
    row = PARTICIPANTS.row(desk, id)
    others = seen_people(desk).exclude(id=row.pk)
    found = others.filter(email=row.email) if row.email else others.none()
    same_name = others.filter(name_folded=row.name_folded, country_id=row.country_id)
    rows = {each.pk: (each, JoinReason.NAME) for each in same_name[:20]}
    rows |= {each.pk: (each, JoinReason.EMAIL) for each in found[:20]}
    return [Suggested(row, each, why) for each, why in rows.values()]


def suggestions(desk: Desk) -> list[Suggested]:
    """Pairs in all of the books, by e-mail first; the first hundred."""
    require(desk.may_write, desk)
    found: dict[tuple[int, int], Suggested] = {}
    for why, fields in ((JoinReason.EMAIL, ("email",)), (JoinReason.NAME,
                                                         ("name_folded", "country"))):  # fmt: skip
        for one, other in _pairs(seen_people(desk), fields):
            pair = Suggested(one, other, why)
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


def join_participants(*, by: Person, participant: int, stands: int, because: JoinReason) -> None:
    """Take two rows for one person: `stands` is shown from now on, and counts take both for one.

    Raises RecordNotFound, NotOnePerson, ActNotYours. A named officer decides; nothing joins by
    itself.
    """
    with changing_books(by) as desk:
        row, other = PARTICIPANTS.row(desk, participant), PARTICIPANTS.row(desk, stands)
        if row.pk == other.pk:
            raise NotOnePerson
        row.duplicates.update(same_as=other)
        row.same_as = other
        keep_changed(row, ("same_as",))
        record(JOINED, by=by, country=row.country_id or "", about=str(row.pk),
               stands=other.pk, because=because.value)  # fmt: skip


def separate_participant(*, by: Person, participant: int) -> None:
    """Take a row for a person of its own again; raises RecordNotFound where it was not joined."""
    with changing_books(by):
        row = Participant.objects.filter(
            id=participant, restricted_at=None, forgotten_at=None
        ).exclude(same_as=None).first()  # fmt: skip
        if row is None:
            raise RecordNotFound(thing=Phrase("thing.record-participant"))
        row.same_as = None
        keep_changed(row, ("same_as",))
        record("participant.separated", by=by, country=row.country_id or "", about=str(row.pk))
