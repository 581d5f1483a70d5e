"""Files of registrations that a form host handed over: looked at, imported as one batch, undone.

A dry run tells row by row what would become of it, and writes nothing. Reasons name rows and
fields, never people.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from django.db.models import Q

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Country
from kancil.desk.base.keeping import keep, keep_changed
from kancil.desk.people.models import Person
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.changing import changing_activity
from kancil.desk.programme.entering import enter_activity, require
from kancil.desk.programme.errors import BatchUsed
from kancil.desk.programme.models import ImportBatch, Organisation, Participant, Participation
from kancil.desk.programme.people.participants import fold, seen_people
from kancil.desk.programme.taking_part.registering import Seats, require_open
from kancil.desk.programme.taking_part.registrations import KIND
from kancil.ground import clock
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.programme.registration.reading import ReadFile, read_registrations
from kancil.programme.registration.registrant import RefusedRow, Registrant
from kancil.programme.vocabulary import Part, RegistrationState

MOST_REASONS = 1_000
"""Kept with a batch."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a file, or would."""

    rows: int
    registered: int
    waiting: int
    known: int
    """Of those taken: people who are in the books already."""
    refused: tuple[RefusedRow, ...]
    unread: tuple[str, ...]
    """Columns that are none of ours."""
    organisations: int
    """Rows whose organisation is not in the books; they are taken without one."""
    batch: str = ""
    """Id of the import; empty: a dry run."""


@dataclass(slots=True)
class _Plan:
    """What is to be written of a file."""

    people: list[Participant] = field(default_factory=list)
    places: list[Participation] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    known: int = 0
    organisations: int = 0


def look_at_registrations(*, by: Person, activity: str, data: bytes, file_name: str) -> Outcome:
    """What an import of the file would do; nothing is written. Raises as the import does."""
    sight = enter_activity(by, activity)
    require(sight.may_write, sight.desk)
    found = read_registrations(data, file_name, sight.code)
    return _outcome(found, _planned(by, sight, found, None))


def import_registrations(*, by: Person, activity: str, data: bytes, file_name: str) -> Outcome:
    """Register everybody of a file who can be, as one batch that can be undone.

    Raises RegistrationsNotReadable, ActivityCancelled, ActivityNotFound, ActNotYours,
    ParserStopped, ParserLimitReached.
    """
    sight = enter_activity(by, activity)
    require(sight.may_write, sight.desk)
    found = read_registrations(data, file_name, sight.code)
    with changing_activity(by, activity) as sight:
        batch = ImportBatch(
            kind=KIND, activity=sight.activity, file_name=file_name[-200:], rows=found.rows,
            sha256=sha256_hex(data), mapping={}, by=by, at=clock.now(),
        )  # fmt: skip
        keep(batch)
        plan = _planned(by, sight, found, batch)
        Participant.objects.bulk_create(plan.people, batch_size=500)
        Participation.objects.bulk_create(plan.places, batch_size=500)
        outcome = replace(_outcome(found, plan), batch=batch.id)
        batch.taken = len(plan.places)
        batch.refused = [plain(each) for each in outcome.refused[:MOST_REASONS]]
        keep_changed(batch, ("taken", "refused"))
        record("registrations.imported", by=by, about=sight.code, batch=batch.id,
               taken=batch.taken, refused=len(outcome.refused))  # fmt: skip
    return outcome


def _outcome(found: ReadFile, plan: _Plan) -> Outcome:
    states = Counter(each.state for each in plan.places)
    refused = sorted((*found.refused, *plan.refused), key=lambda each: each.row)
    waiting = states[RegistrationState.WAITING.value]
    return Outcome(
        found.rows, len(plan.places) - waiting, waiting, plan.known, tuple(refused), found.unread,
        plan.organisations,
    )  # fmt: skip


def _planned(by: Person, sight: ActivitySight, found: ReadFile, batch: ImportBatch | None) -> _Plan:
    require_open(sight)
    plan, seats = _Plan(), Seats(sight.activity)
    countries = set(Country.objects.values_list("code", flat=True))
    in_use = Organisation.objects.filter(ended_on=None)
    named = {(each.country_id, fold(each.name)): each.id for each in in_use}
    people = seen_people(sight.desk).exclude(email="")
    known = {(each.name_folded, each.email): each for each in people}
    there = _registered(sight.activity)
    for each in found.registrants:
        person = known.get((fold(each.name), each.email))
        addresses = there.get((fold(each.name), each.country), set())
        is_there = bool(addresses) and (not each.email or bool(addresses & {"", each.email}))
        if each.country not in countries or is_there:
            why = "known" if each.country in countries else "country-unknown"
            plan.refused.append(RefusedRow(each.row, Phrase(f"why.registration-{why}")))
            continue
        if person is None:
            person = new_person(by, each, batch)
            written = fold(each.organisation)
            person.organisation_id = named.get((each.country, written), named.get((None, written)))
            plan.organisations += bool(written) and person.organisation_id is None
            plan.people.append(person)
        else:
            plan.known += 1
        plan.places.append(_registration(by, sight, person, batch, seats))
    return plan


def _registered(activity: str) -> dict[tuple[str, str], set[str]]:
    """Who is registered: the addresses by folded name and country."""
    found: dict[tuple[str, str], set[str]] = {}
    people = Participant.objects.filter(participations__activity_id=activity).exclude(name="")
    for name, country, email in people.values_list("name_folded", "country_id", "email"):
        found.setdefault((name, country or ""), set()).add(email)
    return found


def new_person(author: Person, each: Registrant, batch: ImportBatch | None) -> Participant:
    """The row of somebody of a file, not yet written."""
    return Participant(
        name=each.name, name_folded=fold(each.name), country_id=each.country, office=each.office,
        email=each.email, sex=each.sex.value, age_band=each.age_band.value, role=each.role.value,
        consent_on=each.consent_on, consent_to=each.consent_to if each.consent_on else "",
        batch=batch, by=author, at=clock.now(),
    )  # fmt: skip


def _registration(
    by: Person, sight: ActivitySight, person: Participant, batch: ImportBatch | None, seats: Seats
) -> Participation:
    part, there = Part.PARTICIPANT, seats.of(person)
    comes = seats.take(there, part)
    state = RegistrationState.REGISTERED if comes else RegistrationState.WAITING
    return Participation(
        activity_id=sight.activity, participant=person, part=part.value, state=state.value,
        delegation=there, registered_how="form-host", batch=batch, by=by, at=clock.now(),
    )  # fmt: skip


def undo_registrations(*, by: Person, batch: str) -> int:
    """Take an import back: its registrations, and people whom nothing else names; gives how many.

    Raises RecordNotFound (there is no such import, or it was undone), BatchUsed, ActNotYours.
    """
    held = ImportBatch.objects.filter(id=batch[:36], kind=KIND, undone_at=None).first()
    if held is None:
        raise RecordNotFound(thing=Phrase("thing.record-import"))
    with changing_activity(by, held.activity) as sight:
        require(sight.may_write, sight.desk)
        found = Participation.objects.filter(batch=held)
        marked = found.filter(Q(attended=True) | ~Q(marks=None)).distinct().count()
        if marked:
            raise BatchUsed(count=marked)
        count, _ = found.delete()
        alone = Participant.objects.filter(
            batch=held, participations=None, placements=None, duplicates=None, same_as=None
        )
        Participant.objects.filter(pk__in=list(alone.values_list("pk", flat=True))).delete()
        held.undone_at, held.undone_by = clock.now(), by
        keep_changed(held, ("undone_at", "undone_by"))
        record("registrations.undone", by=by, about=sight.code, batch=held.id, taken=count)
    return count
