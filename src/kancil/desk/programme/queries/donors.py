"""Donors, and who reads for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from kancil.desk.people.models import Person, Role
from kancil.desk.programme.access import Desk
from kancil.desk.programme.errors import DonorNotFound
from kancil.desk.programme.models import Donor, DonorSeat


@dataclass(frozen=True, slots=True)
class DonorRow:
    """A donor."""

    id: str
    name: str
    country_code: str
    iati_ref: str
    iati_type: str
    grants: int
    version: int = 1
    readers: tuple[tuple[int, str], ...] = ()
    """Number and name of those who read for it; to who keeps money alone."""


def donors(desk: Desk) -> list[DonorRow]:
    """Donors by name: all of them to who keeps money, their own to a donor reader."""
    found = Donor.objects.annotate(count=Count("grants")).order_by("name")
    found = found.prefetch_related("seats__person")
    if not desk.sees_money:
        found = found.filter(id__in=desk.donors)
    return [
        DonorRow(
            row.id,
            row.name,
            row.country_code,
            row.iati_ref,
            row.iati_type,
            row.count,
            row.version,
            tuple((each.person.pk, each.person.name) for each in row.seats.all())
            if desk.sees_money
            else (),
        )
        for row in found
    ]


def donor_of(desk: Desk, donor: str) -> DonorRow:
    """One donor; raises DonorNotFound, also for one not theirs."""
    row = next((each for each in donors(desk) if each.id == donor), None)
    if row is None:
        raise DonorNotFound
    return row


def donor_readers() -> list[tuple[int, str]]:
    """Number and name of each donor reader in use."""
    found = Person.objects.filter(role=Role.DONOR_READER, is_active=True)
    return list(found.order_by("name").values_list("pk", "name"))


def seats_of(person: int) -> set[str]:
    """The ids of the donors that somebody reads for."""
    return set(DonorSeat.objects.filter(person=person).values_list("donor_id", flat=True))
