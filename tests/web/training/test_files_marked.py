"""Every file that a classroom's own pages send bears the mark, or says why not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.api_unit import operations
from tests.web.test_training_mark import assert_marked
from tests.web.training.browser import Browsers
from tests.web.training.test_every_page import given

__all__ = ["given"]


@pytest.mark.thorough
def test_every_address_of_a_classroom_that_answers_with_a_file_marks_it(
    browsers: Browsers, given: dict[str, str]
) -> None:
    """As trainer and as both trainees; a page that is no file is HTML."""
    from django.urls import reverse

    from kancil.web.page import PAGES
    from kancil.web.sites import classroom

    assert classroom.urlpatterns
    school, kinds = browsers.school, {}
    for page in (each for each in PAGES if "GET" in each.methods):
        names = re.findall(r"<\w+:(\w+)>", page.address)
        known = {**dict.fromkeys(names, 1), **page.sample, **given}
        url = reverse(page.name, kwargs={name: known[name] for name in names})
        for person in (school.trainer, *school.trainees):
            answer: Any = browsers.of(person).get(url)
            if answer.status_code != 200:
                continue
            if answer.has_header("Content-Disposition"):
                kinds[page.name] = assert_marked(page.name, answer, answer.getvalue())
            else:
                assert answer["Content-Type"].startswith("text/html"), page.name
    assert {"audit_file", "requests_due_calendar", "stated_csv", "verify_certificate"} <= set(kinds)


def test_the_api_sends_copies_of_evidence_and_bundles_alone_as_files() -> None:
    """Copies keep the bytes whose SHA-256 is recorded; a bundle states its site where it is sealed.

    The latter: `tests/reports/test_training.py`.
    """
    files = {each.name: each.media_type for each in operations() if each.gives is None}
    assert files == {
        "download_file": "application/octet-stream", "get_bundle_file": "application/zip",
    }  # fmt: skip
