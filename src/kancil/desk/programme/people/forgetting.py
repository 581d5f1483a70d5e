"""Forgetting a person: at once, or restricted until the last grant's audit term is over.

Name, office, address, organisation and the words of consent go, also from drafts of forms and from
reasons that imports keep. Participations, sex, work, country and age band stay, so that counts stay
right. Lines of record have ids alone. What others wrote into free texts is not searched: pages say
so, and the officer looks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep_changed
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.entering import require
from kancil.desk.programme.models import (
    FormDraft,
    ImportBatch,
    Participant,
    Participation,
    Placement,
)
from kancil.desk.programme.people.participants import COMING, PARTICIPANTS
from kancil.ground import clock
from kancil.ground.filled import filled
from kancil.ground.folding import folded
from kancil.programme.retention import restricted_until

_LEFT_OUT = "…"
_SHORTEST = 3
"""Characters of a name that is looked for in drafts: a shorter one is in every second word."""


def forget_participant(
    *, by: Person, participant: int, asked_on: date | None = None
) -> date | None:
    """Forget somebody who asked, with all rows joined to theirs; raises RecordNotFound.

    None: they are gone. A day: until it they are restricted, for the sake of a grant's audit.
    """
    with changing_books(by) as desk:
        today = asked_on or day_of(clock.now())
        one = PARTICIPANTS.row(desk, participant)
        rows = _person(one.pk)
        until = restricted_until(
            [each.until for each in audit_terms(row.pk for row in rows)], today
        )
        if until is None:
            _erase(by, rows)
        else:
            _restrict(by, rows, until)
        _forget_due(by, today)
    return until


def forget_due(*, by: Person, today: date | None = None) -> int:
    """Forget those whose last audit term is over; gives how many people's rows are gone."""
    with changing_books(by):
        return _forget_due(by, today or day_of(clock.now()))


def _person(id: int) -> list[Participant]:
    """The row that stands for somebody, and those that were joined to it."""
    found = Participant.objects.filter(Q(pk=id) | Q(same_as_id=id), forgotten_at=None)
    return list(found.select_for_update(no_key=True).order_by("id"))


def _restrict(by: Person, rows: Sequence[Participant], until: date) -> None:
    for row in rows:
        row.restricted_at, row.restricted_until = row.restricted_at or clock.now(), until
        keep_changed(row, ("restricted_at", "restricted_until"))
        record("participant.restricted", by=by, country=row.country_id or "", about=str(row.pk),
               until=until.isoformat())  # fmt: skip


def _forget_due(by: Person, today: date) -> int:
    over = Participant.objects.filter(restricted_until__lt=today, same_as=None)
    count = 0
    for id in list(over.values_list("pk", flat=True)):
        rows = _person(id)
        # A grant that came to pay since, or whose term was moved, holds them longer.
        until = restricted_until(
            [each.until for each in audit_terms(row.pk for row in rows)], today
        )
        if until is None:
            _erase(by, rows)
            count += 1
        else:
            _restrict(by, rows, until)
    return count


def _erase(by: Person, rows: Sequence[Participant]) -> None:
    written = {folded(text) for row in rows for text in (row.name, row.email)}
    texts = {text for text in written if len(text) >= _SHORTEST}
    _erase_drafts(texts)
    _erase_reasons(texts)
    for row in rows:
        row.name = row.name_folded = row.office = row.email = row.consent_to = ""
        row.organisation = row.consent_on = row.restricted_at = row.restricted_until = None
        row.forgotten_at = clock.now()
        keep_changed(
            row,
            ("name", "name_folded", "office", "email", "consent_to", "organisation", "consent_on",
             "restricted_at", "restricted_until", "forgotten_at"),
        )  # fmt: skip
        record("participant.forgotten", by=by, country=row.country_id or "", about=str(row.pk))


def _erase_drafts(texts: Collection[str]) -> None:
    for draft in FormDraft.objects.iterator():
        held = folded(json.dumps(draft.given, ensure_ascii=False))
        if any(text in held for text in texts):
            draft.delete()


def _erase_reasons(texts: Collection[str]) -> None:
    for batch in ImportBatch.objects.exclude(refused=[]).iterator():
        kept = _without(batch.refused, texts)
        if kept != batch.refused:
            batch.refused = kept
            batch.save(update_fields=["refused"])


def _without(value: Any, texts: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, texts) for each in value]
    if isinstance(value, str) and any(text in folded(value) for text in texts):
        return _LEFT_OUT
    return value


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
