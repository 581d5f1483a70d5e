"""Every page that a trainer and a trainee reach by links, in Chromium: clean, and not too long."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import resolve
from playwright.sync_api import Browser, Page

from kancil.desk.training.actions.sittings import choose_course
from kancil.desk.training.actions.work import submit
from kancil.training.courses.kept import find_course
from tests.desk.training.school import School
from tests.web.test_every_page import LONG, LONGEST, entered, looked_at, served_here
from tests.web.training.browser import CLASSROOM, Browsers
from tests.web.watching import follow

EACH = frozenset({"lesson", "course_trainer", "course_trainee"})
"""Pages of which each one is looked at; of others the first."""
LONGER = {**LONG, "lab": 5_600}
"""A lab has all its questions on one page, unless they are rulings."""
PASSED_BY = frozenset({"account_logout", "training_next"})


def _led_to(page: Page, where: str) -> list[str]:
    """The addresses on this site to which a page leads, without their fragments."""
    links: list[str] = page.eval_on_selector_all("a[href]", "all => all.map((each) => each.href)")
    return [each.partition("#")[0] for each in links if each.startswith(where)]


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.parametrize("role", ["trainer", "trainee", "begun"])
def test_every_page_of_a_classroom_is_clean_and_leads_to_what_its_reader_may_open(
    browser: Browser, browsers: Browsers, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    school: School = browsers.school
    taught = school.training_class
    course = find_course(school.workspace.root, "bitcoin-tracing")
    choose_course(by=school.trainer, training_class=taught, course=course)
    noy, kham = school.join("noy"), school.join("kham")
    run = school.give()
    attempt = school.start(run, noy)
    if role == "trainer":
        submit(school.ledger, attempt=attempt)
    person = {"trainer": school.trainer, "trainee": kham, "begun": noy}[role]
    session = browsers.of(person).cookies[settings.SESSION_COOKIE_NAME].value
    faults: dict[str, list[str]] = {}
    seen: set[str] = set()
    with (
        override_settings(ROOT_URLCONF=CLASSROOM),
        served_here() as where,
        entered(browser, where, session) as context,
    ):
        one = follow(context.new_page())
        to_see = [f"{where}/"]
        for there in to_see:  # grows while it is read
            parts = urlsplit(there)
            name = resolve(parts.path).view_name
            key = there if name in EACH else name
            if key in seen or name in PASSED_BY or parts.query == "parts=all":
                continue
            seen.add(key)
            answer = context.request.get(there)
            if answer.status != 200:
                faults[there] = [f"status {answer.status}"]
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            if faults.get(there) or not is_page or "<html" not in answer.text():
                continue
            found, _ = looked_at(one, there, LONGER.get(name, LONGEST))
            if found:
                faults[there] = found
            to_see += _led_to(one.page, where)
    assert len(seen) > 25, seen
    assert not faults, "\n".join(f"{each}: {one}" for each in faults for one in faults[each])
