"""Two invented donors and a conference that both pay for, for tests of what leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person, Role
from kancil.desk.programme import models
from kancil.programme.vocabulary import BudgetClass, Sex

AT = datetime(2026, 2, 1, 8, 0, tzinfo=UTC)
PERIOD = {
    "period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31),
    "due_on": date(2026, 3, 31),
}  # fmt: skip
SECRET_MINOR = 7_777_733
"""What the other donor's grant spent: in no report of this one."""
SECRET_SHARE = 6_125


@dataclass
class Books:
    """Ids of what tests stand on."""

    grant: str
    other_grant: str
    donor: str
    other_donor: str
    conference: str
    training: str


def with_finance(people: dict[str, Person]) -> None:
    """Add whoever keeps money, and a reader of the other donor."""
    for name, role in (("fin", Role.FINANCE), ("dor", Role.DONOR_READER)):
        if name not in people:
            made = Person(username=name, name=name.title(), role=role, must_change_password=False)
            made.set_unusable_password()
            made.save()
            people[name] = made


def donor(name: str, reader: Person, by: Person) -> models.Donor:
    """A donor, and who reads for it."""
    made = models.Donor.objects.create(name=name, by=by, at=AT)
    models.DonorSeat.objects.create(person=reader, donor=made)
    return made


def grant(of: models.Donor, reference: str, currency: str, by: Person) -> models.Grant:
    """A grant of three years, reported each year."""
    return models.Grant.objects.create(
        donor=of, reference=reference, title=f"Grant {reference}", amount_minor=90_000_000,
        currency=currency, begins_on=date(2025, 1, 1), ends_on=date(2027, 12, 31),
        audit_until=date(2034, 12, 31), support_bp=1300, by=by, at=AT,
    )  # fmt: skip


def activity(code: str, by: Person, shares: dict[models.Grant, int], **other: Any) -> Any:
    """An activity that was held, and who pays for it."""
    given = {
        "kind": "training", "title": f"Activity {code}", "begins_on": date(2025, 5, 5),
        "ends_on": date(2025, 5, 9), "state": "done", "gender_marker": "2a",
        "sdg_targets": ["16.4"], **other,
    }  # fmt: skip
    made = models.Activity.objects.create(code=code, officer=by, by=by, at=AT, **given)
    made.countries.set(Country.objects.filter(code="XKA"))
    for of, share in shares.items():
        models.Funding.objects.create(activity=made, grant=of, share_bp=share)
    return made


def attended(of: models.Activity, by: Person, *people: models.Participant) -> None:
    """Let people take part."""
    models.Participation.objects.bulk_create(
        models.Participation(activity=of, participant=each, attended=True, by=by, at=AT)
        for each in people
    )


def people(
    count: int, by: Person, sex: Sex, role: str = "police", country: str = "XKA"
) -> list[models.Participant]:
    """Some participants."""
    return [
        models.Participant.objects.create(
            name=f"Invented {sex.value} {role} {number}", country_id=country, sex=sex.value,
            role=role, by=by, at=AT,
        )
        for number in range(count)
    ]  # fmt: skip


def spent(
    of: models.Grant, minor: int, by: Person, on: Any = None, day: date = date(2025, 6, 1),
    of_class: BudgetClass = BudgetClass.TRAVEL, stated: int | None = None,
) -> models.SpendingFile:  # fmt: skip
    """A ledger's export of one line, for the whole year."""
    batch = models.ImportBatch.objects.create(
        kind="spending", file_name="ledger.csv", sha256=f"{of.reference}-{minor}"[:64], rows=1,
        taken=1, by=by, at=AT,
    )  # fmt: skip
    file = models.SpendingFile.objects.create(
        batch=batch, system=f"Ledger {minor}", currency=of.currency,
        period_from=PERIOD["period_from"], period_to=PERIOD["period_to"],
        stated_minor=minor if stated is None else stated,
    )  # fmt: skip
    models.SpendingLine.objects.create(
        file=file, row=1, posted_on=day, reference=f"V-{minor}", grant=of, activity=on,
        budget_class=of_class.value, amount_minor=minor,
    )  # fmt: skip
    return file


def books(people_of: dict[str, Person]) -> Books:
    """Two donors, a training that one pays alone, a conference that both pay."""
    olga = people_of["olga"]
    with_finance(people_of)
    first = donor("Office of Outer Affairs of Ostralia", people_of["don"], olga)
    second = donor("Agency of Nordland", people_of["dor"], olga)
    own, other = grant(first, "OST-1", "AUD", olga), grant(second, "NOR-1", "USD", olga)
    for of in (own, other):
        models.BudgetLine.objects.create(
            grant=of, budget_class=BudgetClass.TRAVEL.value, amount_minor=5_000_000,
            currency=of.currency, period_from=PERIOD["period_from"], period_to=PERIOD["period_to"],
            by=olga, at=AT,
        )  # fmt: skip
    training = activity("2025-001", olga, {own: 10_000})
    conference = activity(
        "2025-002", olga, {own: 10_000 - SECRET_SHARE, other: SECRET_SHARE}, kind="conference"
    )
    women, men = people(6, olga, Sex.FEMALE), people(9, olga, Sex.MALE)
    few = people(2, olga, Sex.FEMALE, role="judge")
    attended(training, olga, *women, *men)
    attended(conference, olga, *men, *few)
    spent(own, 1_234_500, olga, training)
    spent(own, 2_000_000, olga, conference, stated=2_000_000)
    spent(other, SECRET_MINOR, olga, conference)
    return Books(own.id, other.id, first.id, second.id, conference.id, training.id)
