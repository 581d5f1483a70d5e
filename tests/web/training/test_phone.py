"""The admissibility lab at the width of a telephone: rulings by thumb, saved as they are made."""

from __future__ import annotations

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
    question = page.locator("#q-custody")
    for label in (question.get_by_text("Exclude", exact=True), question.locator("label").last):
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
    page.evaluate(axe())
    assert page.evaluate(BARRIERS) == []
    assert faults == []
    context.close()
