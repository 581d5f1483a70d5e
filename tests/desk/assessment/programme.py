"""A small programme for tests: an invented country, a round on the guide's protocol, its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kancil.assessment.answer import Given, Kind
from kancil.assessment.protocol import Confidence
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.answers import give_answer
from kancil.desk.assessment.actions.comments import sign_off
from kancil.desk.assessment.actions.evidence import Held, add_evidence, add_interview
from kancil.desk.assessment.actions.rounds import Member, close_round, open_round, set_team
from kancil.desk.assessment.actions.site import (
    add_country,
    add_protocol_file,
    set_focal_countries,
)
from kancil.desk.assessment.models import Answer, Part
from kancil.desk.assessment.queries.rounds import enter
from kancil.desk.people.models import Person, Role
from tests.assessment.samples import guide_text

ROOT = Path(__file__).resolve().parents[3]
PACKAGED = ROOT / "src" / "kancil" / "assessment" / "protocols"
GUIDE = "first-look-2026.1"
HERE, THERE = "XKA", "XBO"
TODAY = date(2026, 6, 1)

ROLES = {
    "olga": Role.PROGRAMME_OFFICER,
    "lea": Role.TEAM_LEAD,
    "ann": Role.ASSESSOR,
    "bo": Role.ASSESSOR,
    "rex": Role.REVIEWER,
    "fay": Role.FOCAL_POINT,
    "mia": Role.MINISTRY,
    "don": Role.DONOR_READER,
    "ada": Role.ADMINISTRATOR,
    "far": Role.FOCAL_POINT,
    "out": Role.ASSESSOR,
    "off": Role.OFFICER,
}
"""`far` speaks for the other country, `out` is in no team, `off` is of the unit's roles."""
TEAM = {"lea": Part.LEAD, "ann": Part.ASSESSOR, "bo": Part.ASSESSOR, "rex": Part.REVIEWER}


@dataclass
class Programme:
    """What tests stand on."""

    people: dict[str, Person]
    round: str

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def sight(self, name: str, round: str | None = None) -> Sight:
        return enter(self[name], round or self.round)

    def give(
        self,
        name: str,
        indicator: str,
        value: int | str | Kind,
        *,
        comment: str = "",
        evidence: tuple[str, ...] = (),
        parts: dict[str, Given] | None = None,
        protocol: str = GUIDE,
        fresh: bool = False,
    ) -> str:
        """An answer over whatever that person has; `fresh`: as if they knew of none."""
        stands = [] if fresh else self.standing(name, indicator)
        return give_answer(
            by=self[name],
            round=self.round,
            protocol=protocol,
            indicator=indicator,
            given=said(value) if parts is None else None,
            parts=parts or {},
            confidence=Confidence.MEDIUM,
            comment=comment,
            evidence=evidence,
            follows=stands[0] if stands else None,
            also=stands[1:],
        )

    def signed_off(self, *, by: str = "fay") -> str:
        """Let the country sign off what stands."""
        return sign_off(
            by=self[by], round=self.round, official="M. Official", office="Ministry of Justice",
            signed_on=TODAY,
        )  # fmt: skip

    def closed(self) -> None:
        """Close the round, signed off."""
        self.signed_off()
        close_round(by=self["lea"], round=self.round)

    def standing(self, name: str, indicator: str) -> list[str]:
        found = Answer.objects.filter(
            round_id=self.round, author=self[name], indicator=indicator, is_latest=True
        )
        return list(found.values_list("id", flat=True))

    def document(self, name: str = "ann", title: str = "Report") -> str:
        return add_evidence(
            by=self[name], round=self.round, grade="a", kind="document", title=title
        )

    def interview(self, name: str = "ann", people: int = 2) -> Held:
        return add_interview(
            by=self[name],
            round=self.round,
            grade="b",
            held_on=date(2026, 4, 3),
            people_count=people,
            group="SECRET-GROUP",
            consent="SECRET-CONSENT",
            notes="SECRET-NOTES",
        )


def said(value: int | str | Kind) -> Given:
    """A value, or that it is not known, or not applicable with a reason."""
    if isinstance(value, Kind):
        return Given(value, None, "a reason" if value is Kind.NOT_APPLICABLE else "")
    return Given(Kind.VALUE, value)


def person(name: str, role: Role) -> Person:
    made = Person(username=name, name=name.title(), role=role, must_change_password=False)
    made.set_unusable_password()
    made.save()
    return made


@cache
def packaged(name: str) -> str:
    return (PACKAGED / f"{name}.yaml").read_text("utf-8")


def programme(*further: str) -> Programme:
    """Make it, on the desk that is open; `further`: packaged protocols that the round uses too."""
    people = {name: person(name, role) for name, role in ROLES.items()}
    olga = people["olga"]
    for code in (HERE, THERE):
        add_country(by=olga, code=code, name=f"Land {code}", region="Nowhere", is_invented=True)
    add_protocol_file(by=olga, name=GUIDE, text=guide_text())
    for name in further:
        add_protocol_file(by=olga, name=name, text=packaged(name))
    for name, country in (("fay", HERE), ("mia", HERE), ("don", HERE), ("far", THERE)):
        set_focal_countries(by=olga, person=people[name].pk, countries=[country])
    made = Programme(people, a_round(olga, HERE, [GUIDE, *further]))
    set_team(
        by=olga,
        round=made.round,
        members=[Member(people[name].pk, part) for name, part in TEAM.items()],
    )
    return made


def a_round(by: Person, country: str, protocols: list[str], older: str | None = None) -> str:
    return open_round(
        by=by,
        country=country,
        title="First round",
        period_from=date(2026, 3, 1),
        period_to=date(2026, 5, 31),
        protocols=protocols,
        older=older,
    )
