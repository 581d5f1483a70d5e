"""Who pays, and which people read for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kancil.desk.assessment.keeping import record
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.changing import changing_books, require_seen
from kancil.desk.programme.errors import CodeTaken, DonorNotFound
from kancil.desk.programme.models import Donor, DonorSeat
from kancil.ground import clock


@dataclass(frozen=True, slots=True)
class DonorDraft:
    """A donor as somebody writes it."""

    name: str
    country_code: str = ""
    """Two letters of ISO 3166; empty: none."""
    iati_ref: str = ""
    iati_type: str = "10"


def add_donor(*, by: Person, draft: DonorDraft) -> str:
    """Add a donor; gives its id. Raises CodeTaken, FieldNotUsable, ActNotYours."""
    with changing_books(by, money=True):
        row = Donor(by=by, at=clock.now())
        _fill(row, draft)
        keep(row, "name")
        record("donor.added", by=by, about=row.name, id=row.id)
        return row.id


def change_donor(*, by: Person, donor: str, version: int, draft: DonorDraft) -> None:
    """Correct a donor; `version`: the one that was seen.

    Raises ChangedMeanwhile, DonorNotFound, and as `add_donor` does.
    """
    with changing_books(by, money=True):
        row = _held(donor)
        was = row.name
        require_seen(row, version, ("donor.changed",), was)
        _fill(row, draft)
        row.version += 1
        fields = ("name", "country_code", "iati_ref", "iati_type", "version")
        keep_changed(row, fields, "name")
        record("donor.changed", by=by, about=row.name, id=row.id, was=was)


def set_donor_seats(*, by: Person, person: int, donors: Collection[str]) -> None:
    """For which donors a donor reader reads: these, and no others. By a programme officer.

    Raises PersonNotFound, DonorNotFound, FieldNotUsable, ActNotYours.
    """
    with changing_books(by):
        reader = Person.objects.select_for_update(no_key=True).filter(pk=person).first()
        if reader is None:
            raise PersonNotFound(name=str(person)[:20])
        if reader.role != Role.DONOR_READER:
            raise unusable("part", "unknown", value=reader.role)
        rows = [_held(each) for each in sorted(set(donors))]
        DonorSeat.objects.filter(person=reader).exclude(donor__in=rows).delete()
        for row in rows:
            DonorSeat.objects.get_or_create(person=reader, donor=row)
        names = sorted(row.name for row in rows)
        record("donor.seats", by=by, about=reader.username, donors=names)


def _held(donor: str) -> Donor:
    row = Donor.objects.select_for_update(no_key=True).filter(id=donor[:36]).first()
    if row is None:
        raise DonorNotFound
    return row


def _fill(row: Donor, draft: DonorDraft) -> None:
    row.name, row.iati_ref = " ".join(draft.name.split()), draft.iati_ref.strip()
    row.country_code = draft.country_code.strip().upper()
    row.iati_type = draft.iati_type.strip()
    if row.country_code and not (len(row.country_code) == 2 and row.country_code.isalpha()):
        raise unusable("country_code")
    if not (len(row.iati_type) == 2 and row.iati_type.isdecimal()):
        raise unusable("iati_type")
    if Donor.objects.filter(name__iexact=row.name).exclude(id=row.id).exists():
        raise CodeTaken(code_given=row.name[:60])
