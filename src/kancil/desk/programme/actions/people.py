"""What is done to organisations and participants: added, changed, joined where two are one person.

Lines of record hold ids and countries, never a name: they outlast whoever asks to be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from kancil.desk.assessment.errors import CountryNotFound, RecordNotFound
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Country
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.errors import NotOnePerson, OrganisationKnown
from kancil.desk.programme.models import ImportBatch, Organisation, Participant
from kancil.desk.programme.queries.entering import desk_of, require
from kancil.desk.programme.queries.participants import (
    JOINED,
    fold,
    participant_row,
    seen_organisations,
)
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.programme.errors import ChildNotRegistered
from kancil.programme.registration.registrant import clean, is_child, is_email
from kancil.programme.vocabulary import AgeBand, JoinReason, OrganisationKind, Profession, Sex

from .changing import changing_books, hold, require_seen

CHANGED, CONSENT = "participant.changed", "participant.consent"
"""Acts by which a participant is written anew; the second where what they consented to changed."""


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """An organisation as somebody writes it."""

    name: str
    kind: OrganisationKind
    country: str | None = None
    """Code; None: regional or international."""
    is_beneficiary: bool = True
    is_partner: bool = False


def require_country(code: str | None) -> None:
    """Refuse a country that the programme has not; raises CountryNotFound."""
    if code is not None and not Country.objects.filter(code=code).exists():
        raise CountryNotFound(code=code[:12])


def add_organisation(
    *, by: Person, draft: OrganisationDraft, batch: ImportBatch | None = None
) -> str:
    """Add an organisation; gives its id.

    Raises OrganisationKnown, CountryNotFound, FieldNotUsable, ActNotYours.
    """
    with changing_books(by):
        row = Organisation(by=by, at=clock.now(), batch=batch)
        _write_organisation(row, draft)
        keep(row, "name")
        record("organisation.added", by=by, country=draft.country or "", about=row.id)
    return row.id


def change_organisation(
    *, by: Person, organisation: str, version: int, draft: OrganisationDraft
) -> None:
    """Write an organisation anew; `version`: the one that was seen.

    Raises ChangedMeanwhile, RecordNotFound, and as `add_organisation` does.
    """
    with changing_books(by) as desk:
        hold(Organisation, organisation)
        row = organisation_row(desk, organisation)
        require_seen(row, version, ("organisation.changed",), row.id)
        _write_organisation(row, draft)
        row.version += 1
        fields = ("name", "kind", "country", "is_beneficiary", "is_partner", "version")
        keep_changed(row, fields, "name")
        record("organisation.changed", by=by, country=draft.country or "", about=row.id)


def end_organisation(*, by: Person, organisation: str, ended_on: date | None) -> None:
    """Offer an organisation no more from a day on; None: offer it again. Raises RecordNotFound."""
    with changing_books(by) as desk:
        row = organisation_row(desk, organisation)
        row.ended_on = ended_on
        keep_changed(row, ("ended_on",))
        record("organisation.ended", by=by, country=row.country_id or "", about=row.id)


def organisation_row(desk: Desk, id: str) -> Organisation:
    """One that a person sees; raises RecordNotFound."""
    row = seen_organisations(desk).filter(id=id[:36]).first()
    if row is None:
        raise RecordNotFound(thing=Phrase("thing.record-organisation"))
    return row


def _write_organisation(row: Organisation, draft: OrganisationDraft) -> None:
    require_country(draft.country)
    row.name, row.kind, row.country_id = clean(draft.name), draft.kind.value, draft.country
    row.is_beneficiary, row.is_partner = draft.is_beneficiary, draft.is_partner
    others = Organisation.objects.filter(country_id=draft.country).exclude(pk=row.pk)
    if fold(row.name) in map(fold, others.values_list("name", flat=True)):
        raise OrganisationKnown(name=row.name)


@dataclass(frozen=True, slots=True)
class ParticipantDraft:
    """A participant as somebody writes them; no more than is needed to invite and to count."""

    name: str
    country: str | None
    organisation: str | None = None
    """Id."""
    office: str = ""
    email: str = ""
    sex: Sex = Sex.NOT_STATED
    age_band: AgeBand | str = AgeBand.NOT_STATED
    """What stands for an age under 18 is refused."""
    role: Profession = Profession.OTHER
    consent_on: date | None = None
    consent_to: str = ""


@contextmanager
def changing_people(by: Person, *countries: str | None) -> Iterator[Desk]:
    """Begin an act on people of some countries; raises ActNotYours for whoever sees them not."""
    with one_change():
        desk = desk_of(by)
        require(by.is_active and all(desk.sees_people_of(each) for each in countries), desk)
        yield desk


def add_participant(
    *, by: Person, draft: ParticipantDraft, batch: ImportBatch | None = None
) -> int:
    """Add an adult who takes part: any by the programme officer, by a focal point their country's.

    Gives their number. Raises ChildNotRegistered, FieldNotUsable, CountryNotFound, ActNotYours.
    """
    with changing_people(by, draft.country) as desk:
        row = new_participant(desk, by, draft, batch)
        keep(row, "name")
        record("participant.added", by=by, country=draft.country or "", about=str(row.pk))
    return row.pk


def new_participant(
    desk: Desk, by: Person, draft: ParticipantDraft, batch: ImportBatch | None = None
) -> Participant:
    """The row of a participant, checked and not yet written; raises as `add_participant` does."""
    row = Participant(by=by, at=clock.now(), batch=batch)
    _write_participant(desk, row, draft)
    return row


def change_participant(
    *, by: Person, participant: int, version: int, draft: ParticipantDraft
) -> None:
    """Write a participant anew, and what they consented to; `version`: the one that was seen.

    Raises ChangedMeanwhile, RecordNotFound, and as `add_participant` does.
    """
    with changing_people(by, draft.country) as desk:
        hold(Participant, participant)
        row = participant_row(desk, participant)
        require_seen(row, version, (CHANGED, CONSENT), str(row.pk))
        had_consent = row.consent_on
        _write_participant(desk, row, draft)
        row.version += 1
        keep_changed(
            row,
            ("name", "name_folded", "country", "organisation", "office", "email", "sex",
             "age_band", "role", "consent_on", "consent_to", "version"),
            "name",
        )  # fmt: skip
        kind = CHANGED if row.consent_on == had_consent else CONSENT
        record(kind, by=by, country=draft.country or "", about=str(row.pk))


def _write_participant(desk: Desk, row: Participant, draft: ParticipantDraft) -> None:
    if is_child(draft.age_band):
        raise ChildNotRegistered
    if draft.age_band not in set(AgeBand):
        raise unusable("age_band")
    require_country(draft.country)
    row.name, row.office, row.email = clean(draft.name), clean(draft.office), draft.email.strip()
    row.name_folded, row.email = fold(row.name), row.email.lower()
    if row.email and not is_email(row.email):
        raise unusable("email")
    row.country_id, row.organisation = draft.country, None
    if draft.organisation:
        row.organisation = organisation_row(desk, draft.organisation)
    row.sex, row.role, row.age_band = draft.sex.value, draft.role.value, str(draft.age_band)
    if draft.consent_to.strip() and draft.consent_on is None:
        raise unusable("consent_on", "blank")
    row.consent_on, row.consent_to = draft.consent_on, draft.consent_to.strip()


def join_participants(*, by: Person, participant: int, stands: int, because: JoinReason) -> None:
    """Take two rows for one person: `stands` is shown from now on, and counts take both for one.

    Raises RecordNotFound, NotOnePerson, ActNotYours. A named officer decides; nothing joins by
    itself.
    """
    with changing_books(by) as desk:
        row, other = participant_row(desk, participant), participant_row(desk, stands)
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
