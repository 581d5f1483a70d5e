"""A small framework with records of an invented programme, for tests of results."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.desk.programme.models import (
    Activity,
    Donor,
    DonorSeat,
    Funding,
    Grant,
    Handover,
    HeadCount,
    Organisation,
    Participant,
    Participation,
    UseCheck,
)
from kancil.desk.programme.results.versions import add_indicator, add_node
from kancil.ground import clock
from kancil.programme.counting.rule import Counts, Dimension, Rule
from kancil.programme.framework import IndicatorText, NodeText

MAY = date(2026, 5, 8)
TRAINED = Rule(
    Counts.PEOPLE,
    only={Dimension.KIND: ("training",)},
    split=(Dimension.SEX, Dimension.COUNTRY),
)


@dataclass
class Scene:
    """Ids by name."""

    by: Person
    ids: dict[str, Any] = field(default_factory=dict)


def activity(by: Person, code: str, countries: list[str], **more: Any) -> Activity:
    usual = {"kind": "training", "title": f"Training {code}", "begins_on": date(2026, 5, 5),
             "ends_on": MAY, "state": "done"}  # fmt: skip
    row = Activity.objects.create(code=code, officer=by, by=by, at=clock.now(), **{**usual, **more})
    row.countries.set(Country.objects.filter(code__in=countries))
    return row


def person(by: Person, name: str, country: str, sex: str, **more: Any) -> Participant:
    return Participant.objects.create(
        name=name, country_id=country, sex=sex, by=by, at=clock.now(), **more
    )


def takes_part(by: Person, held: Activity, who: Participant, **more: Any) -> Participation:
    usual: dict[str, Any] = {"attended": True, "days_attended": 4}
    return Participation.objects.create(
        activity=held, participant=who, by=by, at=clock.now(), **{**usual, **more}
    )


def scene(by: Person) -> Scene:
    """Two trainings in XKA and XBO: six women and three men of XKA, two men of XBO; a grant."""
    made = Scene(by)
    assert Country.objects.filter(code__in=("XKA", "XBO")).count() == 2
    now: dict[str, Any] = {"by": by, "at": clock.now()}
    donor = Donor.objects.create(name="Aid of Northland", **now)
    grant = Grant.objects.create(
        donor=donor, reference="NOR-1", title="Cyber", amount_minor=100_000_000, currency="USD",
        begins_on=date(2026, 1, 1), ends_on=date(2028, 12, 31), audit_until=date(2035, 12, 31),
        **now,
    )  # fmt: skip
    for name in ("don",):
        found = Person.objects.filter(username=name).first()
        if found:
            DonorSeat.objects.create(person=found, donor=donor)
    first = activity(by, "2026-A", ["XKA"])
    second = activity(by, "2026-B", ["XKA", "XBO"])
    Funding.objects.create(activity=first, grant=grant, share_bp=10_000)
    women = [person(by, f"Woman {n}", "XKA", "female") for n in range(6)]
    men = [person(by, f"Man {n}", "XKA", "male") for n in range(3)]
    others = [person(by, f"Guest {n}", "XBO", "male") for n in range(2)]
    for one in women:
        takes_part(by, first, one)
    for one in (*men, *others, women[0]):
        takes_part(by, second, one)
    takes_part(by, second, person(by, "Man 0 again", "XBO", "male", same_as=men[0]))
    takes_part(by, second, person(by, "Absent", "XKA", "male"), attended=False, days_attended=0)
    agency = Organisation.objects.create(
        name="Police of Kasa", country_id="XKA", kind="police", **now
    )
    given = Handover.objects.create(
        activity=first, organisation=agency, what="Laptop", quantity=10, handed_on=MAY,
        received_by="Head of the unit", **now,
    )  # fmt: skip
    for in_use in (9, 7):
        UseCheck.objects.create(handover=given, months=12, checked_on=date(2027, 5, 8),
                                in_use=in_use, **now)  # fmt: skip
    for count in (30, 28):
        HeadCount.objects.create(
            activity=second, series="School 7", country_id="XKA", who="children", sex="female",
            age_band="10-17", count=count, counted_on=MAY, how="By the teacher", **now,
        )  # fmt: skip
    made.ids |= {"A": first.id, "B": second.id, "grant": grant.id, "donor": donor.id}
    made.ids["node"] = add_node(
        by=by, kind="output", code="2.1", text=NodeText("People are trained")
    )
    made.ids["trained"] = add_indicator(
        by=by, node=made.ids["node"], code="2.1.a",
        text=IndicatorText("People trained", TRAINED, baseline="0", target="20"),
    )  # fmt: skip
    made.ids["cases"] = add_indicator(
        by=by, node=made.ids["node"], code="2.1.b",
        text=IndicatorText("Cases that units opened", Rule(Counts.ENTERED), target="10"),
    )  # fmt: skip
    return made
