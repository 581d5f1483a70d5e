"""Every page of labs and classes as everybody: exactly who may, words whole, nothing of others."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kancil.desk.training.actions.marks import mark_run, release_marks
from kancil.desk.training.actions.work import submit
from kancil.desk.training.folders import folder_of
from kancil.web.page import PAGES
from tests.desk.training.school import School
from tests.web.test_permissions import RAW_KEY
from tests.web.training.browser import Browsers

OWN = re.compile(r"kancil\.web\.training\.(classes|giving|board|run|marks|lab|trainees|reopening)$")


@pytest.fixture
def given(browsers: Browsers) -> dict[str, str]:
    """What the addresses name: the class, a lab, the attempt of the first trainee."""
    school = browsers.school
    noy, _ = school.join("noy"), school.join("kham")
    run = school.give()
    attempt = school.start(run, noy)
    school.answer_rightly(attempt, "linked")
    school.answer(attempt, "account", "It went on.")
    submit(school.ledger, attempt=attempt)
    mark_run(school.ledger, school.workspace, run=run, identities=[school.identity],
             by=school.trainer)  # fmt: skip
    release_marks(school.ledger, run=run, by=school.trainer)
    return {
        "training_class": school.training_class.id, "run": run.id, "attempt": attempt.id,
        "question": "payee", "trainee": str(noy.enrolments.get().pk),
    }  # fmt: skip


def _pages() -> list[Any]:
    from kancil.web.sites import classroom

    assert classroom.urlpatterns
    return [page for page in PAGES if OWN.match(page.view.__module__)]


@pytest.mark.thorough
def test_each_page_answers_those_it_is_for(browsers: Browsers, given: dict[str, str]) -> None:
    from django.urls import reverse

    school: School = browsers.school
    noy, kham = school.trainees
    theirs = {"attempt_marks", "lab_answer"}
    seen = set()
    for page in _pages():
        names = re.findall(r"<\w+:(\w+)>", page.address)
        url = reverse(page.name, kwargs={name: given[name] for name in names})
        for person in (school.trainer, noy, kham):
            answer = browsers.of(person).get(url)
            if "GET" not in page.methods:
                expected = 405
            elif person.role not in page.may:
                expected = 403
            else:
                expected = 404 if person == kham and page.name in theirs else 200
                expected = 302 if page.name == "training_next" else expected
            assert answer.status_code == expected, (page.name, person.username)
            if expected == 200:
                seen.add(page.name)
                assert not RAW_KEY.search(re.sub(r"<[^>]+>", " ", answer.content.decode())), url
        nowhere = dict.fromkeys(names, "00000000-0000-7000-8000-000000000000")
        nowhere |= {"trainee": "99999999999999999999"} if "trainee" in names else {}
        if names and "GET" in page.methods:
            absent = browsers.of(school.trainer if school.trainer.role in page.may else noy)
            assert absent.get(reverse(page.name, kwargs=nowhere)).status_code == 404, page.name
    assert len(seen) >= 10


def test_no_address_serves_a_sealed_key_or_a_manifest(
    browsers: Browsers, given: dict[str, str]
) -> None:
    school = browsers.school
    noy = school.trainees[0]
    folder = folder_of(school.workspace, school.variant(_run(given), noy))
    inside = folder.relative_to(school.workspace.root).as_posix()
    page = browsers.of(noy)
    for name in ("key.age", "lab.json", "files/payments.csv"):
        for root in ("/", "/training/", "/static/", "/training/labs/"):
            assert page.get(f"{root}{inside}/{name}", follow=True).status_code == 404
            assert page.get(f"{root}{name}", follow=True).status_code == 404


def _run(given: dict[str, str]) -> Any:
    from kancil.desk.training.models import LabRun

    return LabRun.objects.get(id=given["run"])
