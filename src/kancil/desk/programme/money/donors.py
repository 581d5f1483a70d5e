"""Donors: who pays, and which people read for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from kancil.desk.assessment.keeping import record
from kancil.desk.base.action import Action
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.base.keeping import unusable
from kancil.desk.base.register import Register, Shown
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.access import Desk
from kancil.desk.programme.books import BOOKS, KEEPING_MONEY
from kancil.desk.programme.changing import changing_books, hold
from kancil.desk.programme.errors import CodeTaken, DonorNotFound
from kancil.desk.programme.models import Donor, DonorSeat, Grant
from kancil.programme.funding import DonorInput, DonorSearch
from kancil.records.table import Column, Holds


def _seen(desk: Desk) -> QuerySet[Donor]:
    """All of them to who keeps money, their own to a donor reader; who reads, to the first."""
    seats = DonorSeat.objects.select_related("person")
    found = Donor.objects.prefetch_related(
        Prefetch("grants", Grant.objects.only("donor")),
        Prefetch("seats", seats if desk.sees_money else seats.none()),
    )
    return found if desk.sees_money else found.filter(id__in=desk.donors)


def _readers(row: Donor) -> str:
    return ", ".join(each.person.name for each in row.seats.all())


DONORS = Register(
    name="donor",
    seen=_seen,
    asked=DonorSearch,
    missing=lambda _id: DonorNotFound(),
    named=lambda row: row.name,
    code="name",
    columns=[
        Shown(Column("donor", Holds.ID), lambda row: row.id),
        Shown(Column("name"), lambda row: row.name, lists=True),
        Shown(Column("country_code"), lambda row: row.country_code, lists=True),
        Shown(Column("iati_ref"), lambda row: row.iati_ref, lists=True),
        Shown(Column("iati_type", Holds.CODE, "programme.donor-type."), lambda row: row.iati_type),
        Shown(Column("grants", Holds.COUNT), lambda row: len(row.grants.all()), lists=True),
        Shown(Column("readers"), _readers, lists=True),
    ],
    sorts={
        "name": ("name", "id"),
        "country": ("country_code", "name", "id"),
        "newest": ("-at", "-id"),
    },
)


def _write(_desk: Desk, row: Donor, _given: DonorInput) -> None:
    if Donor.objects.filter(name__iexact=row.name).exclude(id=row.id).exists():
        raise CodeTaken(code_given=row.name[:60])


def _line(row: Donor, was: Mapping[str, Any]) -> Mapping[str, Any]:
    before = {"was": was["name"]} if was else {}
    return {"about": row.name, "id": row.id, **before}


add_donor = Action(
    name="donor.added", books=BOOKS, on=DONORS, makes=Donor, may=KEEPING_MONEY, given=DonorInput,
    do=_write, line=_line,
)  # fmt: skip
change_donor = Action(
    name="donor.changed", books=BOOKS, on=DONORS, may=KEEPING_MONEY, given=DonorInput, do=_write,
    line=_line,
)  # fmt: skip


def set_donor_seats(*, by: Person, person: int, donors: Collection[str]) -> None:
    """For which donors a donor reader reads: these, and no others. By a programme officer.

    Raises PersonNotFound, DonorNotFound, FieldNotUsable, ActNotYours.
    """
    with changing_books(by) as desk:
        hold(Person, person)
        reader = Person.objects.filter(pk=person).first()
        if reader is None:
            raise PersonNotFound(name=str(person)[:20])
        if reader.role != Role.DONOR_READER:
            raise unusable("part", "unknown", value=reader.role)
        rows = [DONORS.row(desk, each) for each in sorted(set(donors))]
        DonorSeat.objects.filter(person=reader).exclude(donor__in=rows).delete()
        for row in rows:
            DonorSeat.objects.get_or_create(person=reader, donor=row)
        names = sorted(row.name for row in rows)
        record("donor.seats", by=by, about=reader.username, donors=names)


def donor_readers() -> list[tuple[int, str]]:
    """Number and name of each donor reader in use."""
    found = Person.objects.filter(role=Role.DONOR_READER, is_active=True)
    return list(found.order_by("name").values_list("pk", "name"))


def seats_of(person: int) -> set[str]:
    """The ids of the donors that somebody reads for."""
    return set(DonorSeat.objects.filter(person=person).values_list("donor_id", flat=True))
