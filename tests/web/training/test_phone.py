"""The admissibility lab at the width of a telephone: rulings by thumb, saved as they are made."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, expect

from kancil.desk.training.models import Answer, Attempt
from kancil.training import labs
from kancil.training.labs.admissibility import ADMISSIBILITY
from tests.desk.training.school import School
from tests.web.look import serving
from tests.web.training.browser import CLASSROOM, Browsers
from tests.web.watching import BARRIERS, axe

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
LEAST_TARGET = 44
"""CSS pixels of what a thumb meets: WCAG 2.2, success criterion 2.5.5."""


@pytest.fixture
def served(school: School, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Attempt]]:
    """The address of the classroom, and an attempt of the lab that has begun."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(labs, "LABS", (ADMISSIBILITY,))
    noy = school.join("noy")
    attempt = school.start(school.give(lab=ADMISSIBILITY), noy)
    from django.core.wsgi import get_wsgi_application

    with override_settings(ROOT_URLCONF=CLASSROOM), serving(get_wsgi_application()) as address:
        yield address, attempt


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_judge_rules_by_thumb(
    browser: Browser, school: School, served: tuple[str, Attempt], scheme: str
) -> None:
    address, attempt = served
    session = Browsers(school).of(attempt.person).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, base_url=address, has_touch=True,
        color_scheme="dark" if scheme == "dark" else "light",
    )  # fmt: skip
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"/training/labs/{attempt.variant.run_id}/")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.locator("summary", has_text="Files in the case: 10")).to_be_visible()
    expect(page.locator("input[name=piece]")).to_have_count(0)  # the lab has taken them in
    expect(page.locator("input[name=ruling]")).to_have_count(0)  # each item has its own screen
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height < 4_000, height
    page.get_by_role("link", name=re.compile("custody", re.I)).first.tap()
    question = page.locator("#q-custody")
    expect(question).to_be_visible()
    expect(page.locator(".lab-question")).to_have_count(1)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height < 2_400, height
    for label in (
        question.get_by_text("Exclude", exact=True),
        question.locator("label:has([name=reasons])").last,
    ):
        box = label.bounding_box()
        assert box is not None
        assert box["height"] >= LEAST_TARGET
        label.tap()
    expect(page.locator("#saved-custody")).to_contain_text("Saved")
    expect(page.locator("#saved-custody")).not_to_have_class("wrong")
    page.reload()
    expect(question.locator("input[value=exclude]")).to_be_checked()
    value = Answer.objects.get(question="custody").value
    assert value == {"reasons": ["sound"], "ruling": "exclude"}
    question.get_by_text("weight stated").tap()
    question.locator("[name=weight]").fill("Half, for the hours that are documented.")
    here = page.url
    question.get_by_role("button").last.tap()  # saved, and on to the next one
    page.wait_for_url(lambda url: url != here)
    value = Answer.objects.get(question="custody").value
    assert value["weight"] == "Half, for the hours that are documented."
    page.keyboard.press("p")
    expect(page.locator("#q-custody [name=weight]")).to_have_value(value["weight"])
    page.locator("h1").tap()
    with page.expect_response(lambda got: "/answers/" in got.url):
        page.keyboard.press("1")
    expect(page.locator("#q-custody input[value=admit]")).to_be_checked()
    assert "weight" not in Answer.objects.get(question="custody").value
    page.keyboard.press("n")
    expect(page.locator("#q-custody")).to_have_count(0)
    page.evaluate(axe())
    assert page.evaluate(BARRIERS) == []
    assert faults == []
    context.close()


def test_an_answer_is_kept_that_is_followed_by_a_link_at_once(
    browser: Browser, school: School, served: tuple[str, Attempt]
) -> None:
    address, attempt = served
    session = Browsers(school).of(attempt.person).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport={"width": 390, "height": 800}, base_url=address)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    page = context.new_page()
    lab = f"/training/labs/{attempt.variant.run_id}/"
    page.goto(f"{lab}?item=12")
    page.route("**/answers/**", lambda route: route.abort())  # the answer is on its way for long
    page.locator("[name=value]").fill("The custody has a gap.")
    page.locator("[name=value]").blur()
    page.unroute("**/answers/**")
    page.get_by_role("link", name="All questions").click()
    page.wait_for_url(lab)
    for _ in range(50):
        if Answer.objects.exists():
            break
        page.wait_for_timeout(100)
    assert Answer.objects.get().value == "The custody has a gap."
    context.close()
