"""A big programme's desk for the benchmarks: activities, people, grants, spending, results.

20,000 activities over five years in 55 invented countries, 40,000 participants who take part
300,000 times, 40 grants of 12 donors, 60,000 lines of spending, 500 indicators with two figures
each. All of it is generated and says nothing of anyone. Rows are written in bulk, as the acts would
leave them.
Built once into `benchmarks/.cache`, under the version of this file and of the tables.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.big_programme import CACHE, OFFICER, PASSWORD, ROOT, BigProgramme, built
from kancil.ground.folding import folded
from kancil.ground.ids import new_id
from kancil.programme.vocabulary import (
    ActivityKind,
    AgeBand,
    BudgetClass,
    OrganisationKind,
    Part,
    Profession,
    Sex,
)

SEED = 20_261_129
_BEGAN = datetime(2022, 1, 3, 3, 0, tzinfo=UTC)
_FIRST = date(2022, 1, 3)
_DAYS = 5 * 365
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    """How big the desk is to be."""

    countries: int = 55
    activities: int = 20_000
    participants: int = 40_000
    participations: int = 300_000
    donors: int = 12
    grants: int = 40
    spending: int = 60_000
    indicators: int = 500
    people: int = 20


def big_delivery(size: Size = Size()) -> BigProgramme:
    """The desk, which nobody may change; it is built if this version has not been."""
    name = f"delivery-{_version(size)}"
    folder, facts = CACHE / name, CACHE / f"{name}.json"
    if not facts.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        found = _build(folder / "programme", size)
        facts.write_text(json.dumps(found), "utf-8")
    return BigProgramme(folder / "programme", json.loads(facts.read_text("utf-8")))


def _version(size: Size) -> str:
    digest = hashlib.sha256(repr(size).encode())
    for path in (Path(__file__), *sorted(ROOT.glob("src/kancil/desk/*/migrations/0*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build(root: Path, size: Size) -> dict[str, Any]:
    return built(root, "Big desk", lambda: _Builder(size).all())


class _Builder:
    """Writes the rows of a desk."""

    def __init__(self, size: Size) -> None:
        from kancil.desk.people.models import Person

        self._size = size
        self._chance = random.Random(SEED)  # noqa: S311 (generated data, no secret)
        self._by = Person.objects.get(username="ada")
        self._codes = [f"X{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(size.countries)]

    def all(self) -> dict[str, Any]:
        """Write everything; gives what clients need to know."""
        accounts = self._accounts()
        self._countries()
        grants = self._grants()
        outputs, indicators = self._framework(grants)
        activities = self._activities(grants, outputs)
        self._people(activities)
        self._spending(grants, activities)
        return {
            "accounts": accounts,
            "activities": [each.id for each in activities[:: len(activities) // 200 or 1]],
            "grants": [each.id for each in grants],
            "grant_references": [each.reference for each in grants],
            "indicators": [each.id for each in indicators[:100]],
            "countries": self._codes,
        }

    def _stamp(self) -> dict[str, Any]:
        return {"by": self._by, "at": _BEGAN}

    def _accounts(self) -> list[dict[str, str]]:
        from kancil.desk.people.models import Person, Role

        one = Person(username="unused")
        one.set_password(PASSWORD)
        names = [OFFICER, *(f"person{number}" for number in range(1, self._size.people))]
        Person.objects.bulk_create(
            Person(
                username=name, name=name.title(), role=Role.PROGRAMME_OFFICER,
                password=one.password, must_change_password=False,
            )
            for name in names
        )  # fmt: skip
        return [{"username": name} for name in names]

    def _countries(self) -> None:
        from kancil.desk.assessment.models import Country

        Country.objects.bulk_create(
            Country(code=code, name=f"Country {n:02}", region=f"Region {n % 5}", is_invented=True)
            for n, code in enumerate(self._codes)
        )

    def _grants(self) -> list[Any]:
        from kancil.desk.programme.models import BudgetLine, Donor, Grant

        donors = Donor.objects.bulk_create(
            Donor(name=f"Donor {n:02}", country_code="XX", **self._stamp())
            for n in range(self._size.donors)
        )
        grants = Grant.objects.bulk_create(
            Grant(
                donor=donors[n % len(donors)], reference=f"GLO-{n:03}", title=f"Grant {n:02}",
                amount_minor=400_000_000, currency="USD", begins_on=_FIRST,
                ends_on=_FIRST + timedelta(days=_DAYS), support_bp=1300,
                audit_until=_FIRST + timedelta(days=_DAYS + 5 * 365), **self._stamp(),
            )
            for n in range(self._size.grants)
        )  # fmt: skip
        BudgetLine.objects.bulk_create(
            BudgetLine(
                grant=grant, budget_class=kind, amount_minor=10_000_000, currency="USD",
                period_from=date(2022 + year, 1, 1), period_to=date(2022 + year, 12, 31),
                **self._stamp(),
            )
            for grant in grants
            for kind in BudgetClass
            for year in range(5)
        )  # fmt: skip
        return list(grants)

    def _framework(self, grants: list[Any]) -> tuple[list[Any], list[Any]]:
        from kancil.desk.programme.models import (
            Figure,
            Indicator,
            IndicatorVersion,
            NodeVersion,
            ResultNode,
        )

        outcomes = ResultNode.objects.bulk_create(
            ResultNode(kind="outcome", code=f"{n}", position=n) for n in range(1, 6)
        )
        outputs = ResultNode.objects.bulk_create(
            ResultNode(kind="output", code=f"{outcome.code}.{n}", position=n, parent=outcome)
            for outcome in outcomes
            for n in range(1, 11)
        )
        nodes = [*outcomes, *outputs]
        NodeVersion.objects.bulk_create(
            NodeVersion(node=node, n=1, statement=f"Statement of {node.code}", **self._stamp())
            for node in nodes
        )
        indicators = Indicator.objects.bulk_create(
            Indicator(
                node=outputs[n % len(outputs)], position=n,
                code=f"{outputs[n % len(outputs)].code}.{n // len(outputs)}",
            )
            for n in range(self._size.indicators)
        )  # fmt: skip
        versions = IndicatorVersion.objects.bulk_create(
            IndicatorVersion(
                indicator=each, n=1, title=f"People trained, {each.code}", baseline="0",
                target="500", target_on=date(2026, 12, 31), rule=self._rule(), **self._stamp(),
            )
            for each in indicators
        )  # fmt: skip
        Figure.objects.bulk_create(
            Figure(
                version=version, period_from=date(year, 1, 1), period_to=date(year, 12, 31),
                value=str(self._chance.randrange(20, 400)), grant=None, **self._stamp(),
            )
            for version in versions
            for year in (2024, 2025)
        )  # fmt: skip
        return list(outputs), list(indicators)

    def _rule(self) -> dict[str, Any]:
        from kancil.programme.counting.rule import Counts, Rule, rule_json

        return rule_json(Rule(Counts.PEOPLE))

    def _activities(self, grants: list[Any], outputs: list[Any]) -> list[Any]:
        from kancil.desk.programme.models import Activity, Funding

        kinds = list(ActivityKind)
        made = []
        for n in range(self._size.activities):
            begins = _FIRST + timedelta(days=n * _DAYS // self._size.activities)
            made.append(
                Activity(
                    id=new_id(), code=f"{begins.year}-{n:05}", kind=kinds[n % len(kinds)],
                    title=f"Activity {n} on cryptocurrency tracing and digital evidence",
                    region=f"Region {n % 5}", place="Practice town", begins_on=begins,
                    ends_on=begins + timedelta(days=n % 5), officer=self._by,
                    state="done" if n % 20 else "planned", output=outputs[n % len(outputs)],
                    gender_marker="2a", report="Held as planned.", **self._stamp(),
                )
            )  # fmt: skip
        Activity.objects.bulk_create(made, batch_size=_AT_ONCE)
        through = Activity.countries.through
        through.objects.bulk_create(
            (
                through(activity_id=each.id, country_id=self._codes[(n + step) % len(self._codes)])
                for n, each in enumerate(made)
                for step in range(1 + n % 3)
            ),
            batch_size=_AT_ONCE,
        )
        Funding.objects.bulk_create(
            (
                Funding(activity=each, grant=grants[(n + step) % len(grants)], share_bp=share)
                for n, each in enumerate(made)
                for step, share in enumerate((6_000, 4_000) if n % 3 == 0 else (10_000,))
            ),
            batch_size=_AT_ONCE,
        )
        return made

    def _people(self, activities: list[Any]) -> None:
        from kancil.desk.programme.models import Organisation, Participant, Participation

        kinds, work = list(OrganisationKind), list(Profession)
        organisations = Organisation.objects.bulk_create(
            Organisation(
                name=f"Agency {n}", country_id=self._codes[n % len(self._codes)],
                kind=kinds[n % len(kinds)], **self._stamp(),
            )
            for n in range(self._size.countries * 6)
        )  # fmt: skip
        sexes, ages = list(Sex), list(AgeBand)
        people = Participant.objects.bulk_create(
            (
                Participant(
                    id=n + 1, name=f"Person {n}", name_folded=folded(f"Person {n}"),
                    country_id=self._codes[n % len(self._codes)],
                    organisation=organisations[n % len(organisations)],
                    sex=sexes[self._chance.randrange(2)], age_band=ages[n % len(ages)],
                    role=work[n % len(work)], consent_on=_FIRST, **self._stamp(),
                )
                for n in range(self._size.participants)
            ),
            batch_size=_AT_ONCE,
        )  # fmt: skip
        each_has = self._size.participations // len(activities)
        Participation.objects.bulk_create(
            (
                Participation(
                    activity=activity, participant=people[(n * 7 + step * 13) % len(people)],
                    part=Part.SPEAKER if step == 0 else Part.PARTICIPANT, state="confirmed",
                    days_attended=1 + n % 3, attended=activity.state == "done", badge=new_id(),
                    **self._stamp(),
                )
                for n, activity in enumerate(activities)
                for step in range(each_has)
            ),
            batch_size=_AT_ONCE,
        )  # fmt: skip

    def _spending(self, grants: list[Any], activities: list[Any]) -> None:
        from kancil.desk.programme.models import ImportBatch, SpendingFile, SpendingLine

        kinds = [each for each in BudgetClass if each is not BudgetClass.SUPPORT]
        every = self._size.spending
        for year in range(5):
            amounts = [self._chance.randrange(5_000, 900_000) for _ in range(every // 5)]
            batch = ImportBatch(
                kind="spending", file_name=f"ledger-{2022 + year}.csv", sha256=f"{year:064x}",
                rows=len(amounts), taken=len(amounts), **self._stamp(),
            )  # fmt: skip
            batch.save()
            held = SpendingFile(
                batch=batch, system="Generated", period_from=date(2022 + year, 1, 1),
                period_to=date(2022 + year, 12, 31), currency="USD", stated_minor=sum(amounts),
            )  # fmt: skip
            held.save()
            SpendingLine.objects.bulk_create(
                (
                    self._line(held, n, year, amount, kinds, grants, activities)
                    for n, amount in enumerate(amounts)
                ),
                batch_size=_AT_ONCE,
            )

    def _line(
        self, held: Any, n: int, year: int, amount: int, kinds: list[Any], grants: list[Any],
        activities: list[Any],
    ) -> Any:  # fmt: skip
        from kancil.desk.programme.models import SpendingLine

        place = (year * len(activities) // 5 + n) % len(activities)
        grant = grants[place % len(grants)]
        return SpendingLine(
            file=held, row=n + 2, posted_on=date(2022 + year, 1, 1) + timedelta(days=n % 365),
            reference=f"V-{year}-{n}", grant=grant, grant_code=grant.reference,
            activity=activities[place], activity_code=activities[place].code,
            budget_class=kinds[n % len(kinds)], amount_minor=amount,
        )  # fmt: skip
