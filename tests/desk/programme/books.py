"""What tests of activities stand on: people of every role, two donors, grants, and an activity."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kancil.desk.people.models import Person, Role
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.draft import ActivityDraft
from kancil.desk.programme.activities.planning import add_activity
from kancil.desk.programme.entering import enter_activity
from kancil.desk.programme.models import Donor, DonorSeat, Grant, Organisation, Participant
from kancil.ground import clock
from tests.desk.assessment.programme import HERE, THERE, Programme, person, programme

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 4)
DRAFT = ActivityDraft(
    kind="training", title="Tracing", begins_on=FIRST, ends_on=LAST, countries=(HERE,),
    region="South-East Asia", place="Kasa", purpose="Coins are followed",
)  # fmt: skip


@dataclass
class Books:
    """A small programme with money and one activity for the country HERE."""

    made: Programme
    activity: str
    grants: dict[str, str]
    """Ids, by the name of their donor."""
    organisation: str
    mentor: int
    kept: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.made[name]

    def sight(self, name: str, activity: str = "") -> ActivitySight:
        return enter_activity(self[name], activity or self.activity)

    def add(self, **changed: Any) -> str:
        return add_activity(by=self["olga"], draft=replace(DRAFT, **changed))


def books(**changed: Any) -> Books:
    """Make it on the desk that is open; `changed`: of the activity's draft."""
    made = programme()
    made.people["fin"] = person("fin", Role.FINANCE)
    made.people["dan"] = person("dan", Role.DONOR_READER)
    olga, now = made["olga"], clock.now()
    grants = {}
    for name, reader in (("Norland", "don"), ("Sudland", "dan")):
        donor = Donor.objects.create(name=name, by=olga, at=now)
        DonorSeat.objects.create(person=made[reader], donor=donor)
        grants[name] = Grant.objects.create(
            donor=donor, reference=f"G-{name}", title=f"Grant of {name}", amount_minor=10_000_000,
            currency="USD", begins_on=date(2026, 1, 1), ends_on=date(2028, 12, 31),
            audit_until=date(2033, 12, 31), by=olga, at=now,
        ).id  # fmt: skip
    unit = Organisation.objects.create(
        name="Cybercrime unit", country_id=HERE, kind="police", by=olga, at=now
    )
    mentor = Participant.objects.create(name="M. Mentor", role="examiner", by=olga, at=now)
    activity = add_activity(by=olga, draft=replace(DRAFT, **changed))
    return Books(made, activity, grants, unit.id, mentor.pk)


__all__ = ["DRAFT", "FIRST", "HERE", "LAST", "THERE", "Books", "books"]
