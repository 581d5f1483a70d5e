"""Two trainees of one name are told apart wherever a trainer reads or chooses a name."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from kancil.desk.people.models import Person
from kancil.desk.training.actions.classes import end_class
from kancil.desk.training.models import Attempt, LabRun, Reopening
from kancil.desk.training.queries.names import names_among
from kancil.ground import clock
from tests.cli.running import run as command
from tests.desk.training.test_certificates import worked
from tests.web.training.browser import Browsers, text_of
from tests.web.training.test_after_class import ISSUE

BOTH = ("Noy Vong (noy)", "noy  VONG (kham)")


def test_a_user_name_stands_beside_a_name_only_where_two_are_called_alike() -> None:
    people = [
        Person(pk=number, name=name, username=f"u{number}")
        for number, name in enumerate(("Noy", "noy", "Kham"))
    ]
    assert names_among(people) == {0: "Noy (u0)", 1: "noy (u1)", 2: "Kham"}
    assert names_among(people[1:]) == {1: "noy", 2: "Kham"}
    assert names_among([people[0], people[0]]) == {0: "Noy"}, "one person, listed twice"


def test_every_page_and_command_of_a_class_tells_two_of_one_name_apart(browsers: Browsers) -> None:
    school = browsers.school
    worked(school, "noy", "kham")
    for username, name in (("noy", "Noy Vong"), ("kham", "noy  VONG")):
        Person.objects.filter(username=username).update(name=name)
    trainer, of = browsers.of(school.trainer), school.training_class
    here, lab = f"/training/classes/{of.id}/", LabRun.objects.get()
    Reopening.objects.create(
        training_class=of, attempt=Attempt.objects.first(), was_over_at=clock.now(),
        because="Power cut", by=school.trainer, at=clock.now(),
    )  # fmt: skip
    for page in (f"{here}board/", f"/training/runs/{lab.id}/", f"{here}certificates/",
                 f"{here}mentoring/"):  # fmt: skip
        for name in BOTH:
            assert re.sub(r" +", " ", name) in text_of(trainer.get(page)), (page, name)
    for attempt in Attempt.objects.all():
        name = f"({attempt.person.username})"
        pages = [
            f"/training/attempts/{attempt.id}/{part}/" for part in ("marks", "reopen", "texts")
        ]
        for page in pages:
            assert name in text_of(trainer.get(page)), page
    whose = Attempt.objects.first()
    assert whose is not None
    assert f"({whose.person.username})" in text_of(trainer.get(here))
    end_class(by=school.trainer, training_class=of)
    people = [str(each.enrolments.get().pk) for each in school.trainees[:2]]
    assert trainer.post(f"{here}certificates/", {**ISSUE, "certified": people}).status_code == 302
    zipped = b"".join(trainer.get(f"{here}certificates.zip").streaming_content)  # type: ignore[attr-defined]
    with ZipFile(BytesIO(zipped)) as archive:
        assert {"Noy Vong (noy).pdf", "noy VONG (kham).pdf"} <= set(archive.namelist())
    listed = command("certificate", "list", "--workspace", school.workspace.root).out
    assert all(name in listed for name in ("(noy)", "(kham)"))
