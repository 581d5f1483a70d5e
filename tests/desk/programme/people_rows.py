"""An invented activity in Kasa (XKA) with a grant that pays for it, for tests of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.desk.assessment.actions.people import admit_person
from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.entering import enter_activity
from kancil.desk.programme.models import Activity, Delegation, Donor, DonorSeat, Funding, Grant
from kancil.desk.programme.people.participants import add_participant
from kancil.ground import clock
from kancil.programme.people import ParticipantInput
from kancil.programme.vocabulary import Sex
from kancil.records.described import read
from tests.desk.assessment.programme import Programme, programme

AUDIT = date(2030, 12, 31)
BEFORE, AFTER = date(2027, 1, 1), date(2031, 1, 1)


@dataclass
class Books:
    """What tests of people stand on."""

    made: Programme
    people: dict[str, Person]
    activity: str
    grant: Grant

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def sight(self, name: str) -> ActivitySight:
        return enter_activity(self[name], self.activity)

    def add(self, name: str, by: str = "olga", country: str = "XKA", **given: object) -> int:
        """Add somebody to the books."""
        asked = read(ParticipantInput, {"name": name, "country": country, **given}, today=AFTER)
        return add_participant(by=self[by], given=asked).pk

    def several(self, count: int, sex: Sex = Sex.FEMALE) -> list[int]:
        """Add people with names of their own."""
        return [self.add(f"Person {sex} {n}", sex=sex) for n in range(count)]

    def delegation(self, places: int, country: str = "XKA") -> int:
        """Give a country places."""
        row = Delegation.objects.create(
            activity_id=self.activity, country_id=country, places=places, by=self["olga"],
            at=clock.now(),
        )  # fmt: skip
        return row.pk


def activity(by: Person, code: str, countries: list[str]) -> Activity:
    """A training of three days."""
    row = Activity.objects.create(
        code=code, kind="training", title=f"Training {code}", begins_on=date(2026, 9, 1),
        ends_on=date(2026, 9, 3), officer=by, by=by, at=clock.now(), place="Kasa",
    )  # fmt: skip
    row.countries.set(Country.objects.filter(code__in=countries))
    return row


def paid(row: Activity, by: Person, reference: str, audit_until: date) -> Grant:
    """A grant that pays for all of an activity."""
    made = {"by": by, "at": clock.now()}
    donor, _ = Donor.objects.get_or_create(name="Ministry of Aid", defaults=made)
    grant = Grant.objects.create(
        donor=donor, reference=reference, title=reference, amount_minor=1, currency="USD",
        begins_on=date(2026, 1, 1), ends_on=date(2027, 12, 31), audit_until=audit_until, by=by,
        at=clock.now(),
    )  # fmt: skip
    Funding.objects.create(activity=row, grant=grant, share_bp=10_000)
    return grant


def books() -> Books:
    """The small programme with one funded activity, a finance officer and a donor's reader."""
    made = programme()
    fin, _ = admit_person(by=made["ada"], username="fin", name="Fin", role=Role.FINANCE)
    row = activity(made["olga"], "2026-SEA-014", ["XKA"])
    grant = paid(row, made["olga"], "G-1", AUDIT)
    DonorSeat.objects.create(person=made["don"], donor=grant.donor)
    return Books(made, {**made.people, "fin": fin}, row.id, grant)
