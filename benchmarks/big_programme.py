"""A big programme for the benchmarks: 55 countries, 4 rounds each, 250 indicators, two assessors.

The protocol is the packaged capability protocol with its indicators repeated under further ids, so
that scales, areas and texts are as long as real ones. Countries, people and answers are generated
and say nothing of any country. Rows are written in bulk, as the acts would leave them. Built once
into `benchmarks/.cache`, under the version of this file, of the protocol and of the tables.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from kancil.assessment.protocol_files.library import FOLDER
from kancil.ground.ids import new_id
from kancil.ground.workspace import open_workspace
from tests.cli.running import run

CACHE = Path(__file__).resolve().parent / ".cache"
ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "generated for a benchmark only"  # noqa: S105 (of no account that is anyone's)
PROTOCOL = "capability-2026.2"
OFFICER = "olga"
SEED = 20_261_125
_BEGAN = datetime(2023, 1, 9, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """How big a programme is to be."""

    countries: int = 55
    rounds_each: int = 4
    indicators: int = 250
    people: int = 30


@dataclass(frozen=True, slots=True)
class BigProgramme:
    """A built programme, and what its clients need to know."""

    root: Path
    facts: dict[str, Any]
    """`protocol`, `indicators`; `accounts`: `username`, `rounds` (id, country), `open` (id)."""


def big_programme(size: Size = Size()) -> BigProgramme:
    """The programme, which nobody may change; it is built if this version has not been."""
    name = f"programme-{_version(size)}"
    folder, facts = CACHE / name, CACHE / f"{name}.json"
    if not facts.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        found = _build(folder / "programme", size)
        facts.write_text(json.dumps(found), "utf-8")
    return BigProgramme(folder / "programme", json.loads(facts.read_text("utf-8")))


def copy_of(programme: BigProgramme, folder: Path) -> Path:
    """Copy a programme to be served."""
    return Path(shutil.copytree(programme.root, folder / "programme"))


def _version(size: Size) -> str:
    digest = hashlib.sha256(repr(size).encode())
    migrations = sorted(ROOT.glob("src/kancil/desk/*/migrations/0*.py"))
    for path in (Path(__file__), FOLDER / f"{PROTOCOL}.yaml", *migrations):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def long_protocol(count: int) -> str:
    """The packaged protocol's text with this many indicators."""
    stated = yaml.safe_load((FOLDER / f"{PROTOCOL}.yaml").read_text("utf-8"))
    own = stated["indicators"]
    further = [
        {**copy.deepcopy(each), "id": f"{each['id']}x{turn}"}
        for turn in range(1, count // len(own) + 1)
        for each in own
    ]
    stated["indicators"] = [*own, *further][:count]
    stated["id"] = "capability-long"
    return str(yaml.safe_dump(stated, sort_keys=False, allow_unicode=True))


def _build(root: Path, size: Size) -> dict[str, Any]:
    return built(root, "Big programme", lambda: _Builder(size).all())


def built(root: Path, name: str, fill: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A programme that `ada` keeps, filled in one transaction; gives what `fill` gives."""
    with patch("os.fsync", lambda _: None):  # a programme that is lost is built again
        ran = run(
            "init", root, "--site", "programme", "--name", name, "--officer", "Ada",
            "--username", "ada",
        )  # fmt: skip
        if ran.status:
            raise AssertionError(ran.err)
        open_workspace(root)
        from kancil.desk.base.opening import close_desk, one_change

        with one_change():
            facts = fill()
        close_desk()
    return facts


class _Builder:
    """Writes the rows of a programme."""

    def __init__(self, size: Size) -> None:
        from kancil.desk.assessment.actions.site import add_protocol_file
        from kancil.desk.assessment.models import ProtocolFile
        from kancil.desk.people.models import Person

        self._size = size
        self._chance = random.Random(SEED)  # noqa: S311 (generated data, no secret)
        self._ada = Person.objects.get(username="ada")
        text = long_protocol(size.indicators)
        self._protocol = add_protocol_file(
            by=self._ada, name=f"capability-long-{PROTOCOL.partition('-')[2]}", text=text
        )
        self._kept = ProtocolFile.objects.filter(name=self._protocol.name)

    def all(self) -> dict[str, Any]:
        """Write everything; gives what clients need to know."""
        from kancil.desk.assessment.models import Country

        people = self._people()
        names = [f"Country {number:02}" for number in range(self._size.countries)]
        codes = [f"X{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(len(names))]
        Country.objects.bulk_create(
            Country(code=code, name=name, region=f"Region {place % 5}", is_invented=True)
            for place, (code, name) in enumerate(zip(codes, names, strict=True))
        )
        rounds: dict[str, list[dict[str, Any]]] = {}
        for place, code in enumerate(codes):
            team = [people[(place * 2 + step) % len(people)] for step in range(3)]
            older = None
            for turn in range(self._size.rounds_each):
                older = self._round(code, turn, older, team)
                for each in team:
                    rounds.setdefault(each.username, []).append({"id": older, "country": code})
        return {
            "protocol": self._protocol.name,
            "indicators": list(self._protocol.indicators),
            "accounts": [
                {
                    "username": each.username,
                    "rounds": rounds[each.username],
                    "open": rounds[each.username][self._size.rounds_each - 1]["id"],
                }
                for each in people
            ],
        }

    def _people(self) -> list[Any]:
        from kancil.desk.people.models import Person, Role

        one = Person(username="unused")
        one.set_password(PASSWORD)
        made = [
            Person(
                username=f"person{number}", name=f"Person {number}", role=Role.TEAM_LEAD,
                password=one.password, must_change_password=False,
            )
            for number in range(self._size.people)
        ]  # fmt: skip
        officer = Person(
            username=OFFICER, name="Olga", role=Role.PROGRAMME_OFFICER, password=one.password,
            must_change_password=False,
        )  # fmt: skip
        officer.save()
        return list(Person.objects.bulk_create(made))

    def _round(self, code: str, turn: int, older: str | None, team: list[Any]) -> str:
        from kancil.desk.assessment import models

        begins = date(2023 + turn, 2, 1)
        made = models.Round(
            country_id=code, title=f"Round {turn + 1}", period_from=begins,
            period_to=begins + timedelta(days=80), older_id=older, opened_by=self._ada,
            opened_at=_BEGAN + timedelta(days=365 * turn),
        )  # fmt: skip
        if turn < self._size.rounds_each - 1:
            made.closed_at = made.opened_at + timedelta(days=90)
        made.save()
        made.protocols.set(self._kept)
        parts = (models.Part.LEAD, models.Part.ASSESSOR, models.Part.ASSESSOR)
        models.TeamMember.objects.bulk_create(
            models.TeamMember(round=made, person=person, part=part)
            for person, part in zip(team, parts, strict=True)
        )
        items = models.EvidenceItem.objects.bulk_create(
            models.EvidenceItem(
                round=made, grade="abc"[place % 3 if place % 3 != 1 else 0], kind="document",
                title=f"Document {place}", added_by=team[1], added_at=made.opened_at,
            )
            for place in range(40)
        )  # fmt: skip
        self._answers(made, team[1:], items)
        return str(made.id)

    def _answers(self, made: Any, team: list[Any], items: list[Any]) -> None:
        from kancil.desk.assessment import models

        answers, settlements = [], []
        for place, indicator in enumerate(self._protocol.indicators):
            stage = self._chance.randrange(5)
            two = [
                models.Answer(
                    id=new_id(), round=made, protocol=self._protocol.name, indicator=indicator,
                    author=person, confidence="medium", comment="Seen on the spot." * (place % 3),
                    given={"kind": "value", "reason": "", "value": min(4, stage + differs)},
                    at=made.opened_at + timedelta(days=place % 60),
                )
                for person, differs in zip(team, (0, place % 10 == 0), strict=True)
            ]  # fmt: skip
            answers += two
            if place % 20 == 0:
                settlements.append(
                    models.Settlement(
                        round=made, protocol=self._protocol.name, indicator=indicator,
                        kind="agreed", answer_id=two[0].id, covers=[each.id for each in two],
                        by=team[1], at=made.opened_at + timedelta(days=70),
                    )
                )  # fmt: skip
        models.Answer.objects.bulk_create(answers)
        models.Settlement.objects.bulk_create(settlements)
        through = models.Answer.evidence.through
        through.objects.bulk_create(
            through(answer_id=each.id, evidenceitem_id=items[place % len(items)].id)
            for place, each in enumerate(answers)
            if place % 4
        )
