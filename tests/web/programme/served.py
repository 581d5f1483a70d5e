"""The sample programme's site for tests: a person of every role, on one process with the unit's.

Django is set up once in a process, with the rooms of both sites; what a served programme would have
else stands here as overrides.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.running import run
from tests.web.look import start_django
from tools.sample_programme import CAPABILITY, FIRST, LEGAL, SECOND, THREAT, Sample, build

if TYPE_CHECKING:
    from django.test import Client

    from kancil.desk.assessment.access import Sight
    from kancil.desk.people.models import Person

ROLES = {
    "ada": "administrator", "olga": "programme-officer", "lea": "team-lead", "ann": "assessor",
    "bo": "assessor", "rex": "reviewer", "fay": "focal-point", "mia": "ministry",
    "don": "donor-reader", "fin": "finance",
}  # fmt: skip
OUTSIDERS = {"far": "focal-point", "out": "assessor"}
"""`far` speaks for another country, `out` is in no team."""
PASSWORD = "a password of my own 7"
LANGUAGE = "en"


@dataclass
class ProgrammeSite:
    """A served programme."""

    root: Path
    people: dict[str, Person]
    first: str
    """Id of the older round of Kasa (XKA), which is closed."""
    second: str
    """Id of the one under way."""
    bola: str
    """Id of the round of Bola (XBO)."""
    ids: dict[str, str] = field(default_factory=dict)
    """Ids of things in the round under way, by what addresses call them."""

    def client(self, name: str | None) -> Client:
        """A browser in which that person is signed in."""
        from django.test import Client

        client = Client(headers={"host": "localhost"})
        if name is not None:
            client.force_login(
                self.people[name], "allauth.account.auth_backends.AuthenticationBackend"
            )
        return client

    def sight(self, name: str, round: str | None = None) -> Sight:
        """What somebody sees of a round; the one under way, if none is named."""
        from kancil.desk.assessment.queries.rounds import enter

        return enter(self.people[name], round or self.second)


def founded(root: Path) -> None:
    """Make an empty programme in a folder, which `ada` keeps."""
    start_django()
    ran = run(
        "init", root, "--site", "programme", "--name", "Sample programme", "--officer",
        "Ada Adair", "--username", "ada", "--zone", "Asia/Phnom_Penh",
        "--second-factor-exception", "a test",
    )  # fmt: skip
    assert ran.status == 0, ran.err


def given_passwords() -> None:
    """Give everybody `PASSWORD`."""
    from kancil.desk.people.models import Person

    person = Person(username="unused")
    person.set_password(PASSWORD)
    Person.objects.update(password=person.password, must_change_password=False)


def made(root: Path) -> None:
    """Make the sample programme in a folder; everybody's password is `PASSWORD`."""
    founded(root)
    from kancil.desk.assessment.actions.people import admit_person
    from kancil.desk.people.models import Person, Role
    from kancil.evidence.vault import Vault

    ada = Person.objects.get(username="ada")
    store = Vault(root / "vault", root / "incoming")
    build(ada, store, protocols=(CAPABILITY, LEGAL, THREAT))
    for name, role in OUTSIDERS.items():
        given = ["XBO"] if role == "focal-point" else []
        admit_person(by=ada, username=name, name=name.title(), role=Role(role), countries=given)
    _activity()
    given_passwords()


def _activity() -> None:
    """Plan one activity for Kasa."""
    from kancil.desk.people.models import Person
    from kancil.desk.programme.activities.draft import ActivityDraft
    from kancil.desk.programme.activities.planning import add_activity

    draft = ActivityDraft(
        "training", "Regional training on tracing", date(2027, 3, 1), date(2027, 3, 4),
        code="2027-SEA-001", countries=("XKA",), region="South-East Asia", place="Kasa City",
        to_security_forces=True,
    )  # fmt: skip
    olga = Person.objects.get(username="olga")
    add_activity(by=olga, draft=draft, template="cryptocurrency-tracing-training")


@contextmanager
def desk_of(root: Path, url: str | None = None) -> Iterator[None]:
    """Open a programme's desk with its own pages, for the length of the block.

    `url`: of the PostgreSQL database that has its books; else they are SQLite's.
    """
    from django.test import override_settings

    from kancil.desk.base.opening import close_desk, open_desk
    from kancil.desk.base.settings import settings_for
    from kancil.ground.workspace import open_workspace

    start_django()
    workspace = open_workspace(root)
    open_desk(workspace, url)
    own = settings_for(workspace, url)
    names = ("ROOT_URLCONF", "TEMPLATES", "FILE_UPLOAD_HANDLERS")
    with override_settings(**{name: own[name] for name in names}):
        yield
        close_desk()


@contextmanager
def opened(root: Path, url: str | None = None) -> Iterator[ProgrammeSite]:
    """Open the sample programme, or a copy of it, for the length of the block."""
    with desk_of(root, url):
        from kancil.desk.assessment.models import Round
        from kancil.desk.people.models import Person

        rounds = {(row.country_id, row.title): row.id for row in Round.objects.all()}
        yield ProgrammeSite(
            root,
            {each.username: each for each in Person.objects.all()},
            rounds["XKA", FIRST],
            rounds["XKA", SECOND],
            rounds["XBO", FIRST],
            _ids(rounds["XKA", SECOND]),
        )


def _ids(round: str) -> dict[str, str]:
    from kancil.desk.assessment import models
    from kancil.desk.programme.models import Activity

    return {
        "activity": Activity.objects.earliest("at").pk,
        "step": models.RoadStep.objects.filter(round_id=round).latest("pk").pk,
        "plan-item": models.PlanItem.objects.filter(round_id=round).latest("pk").pk,
        "evidence": models.EvidenceItem.objects.filter(
            round_id=round, interview=None, extract=None, sha256__gt=""
        ).latest("pk").pk,
        "interview": models.Interview.objects.filter(round_id=round).latest("pk").pk,
        "extract": models.StatuteExtract.objects.filter(country_id="XKA").latest("pk").pk,
        "comment": models.Comment.objects.filter(round_id=round).latest("pk").pk,
        "body": models.Body.objects.filter(country_id="XKA").latest("pk").pk,
    }  # fmt: skip


def copied(sample: Path, folder: Path) -> Path:
    """Copy the sample programme, to be changed."""
    return Path(shutil.copytree(sample, folder / "programme"))


__all__ = ["FIRST", "PASSWORD", "SECOND", "ProgrammeSite", "Sample", "copied", "made", "opened"]
