"""verify.html says TRAINING of a classroom's bundle first, as `kancil verify` does."""

from __future__ import annotations

import pytest

from tests.page.browser import Desk
from tests.page.bundle_maker import make_bundle
from tests.reports.test_training import PLACES, WORDS, plan


def _said(desk: Desk) -> str:
    return desk.page.locator("#training:visible").inner_text() if _shows(desk) else ""


def _shows(desk: Desk) -> bool:
    return desk.page.locator("#training").is_visible()


def test_a_classrooms_bundle_says_training_above_the_verdict(desk: Desk) -> None:
    made = make_bundle(plan(founded=True, manifest=True, analysis=True))
    answer = desk.check(made)
    assert answer.verdict == "unchanged"
    assert _said(desk) == WORDS.replace("TRAINING.", "TRAINING")
    above = "(a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING"
    order = f"({above})(document.getElementById('training'), document.getElementById('verdict'))"
    assert desk.page.evaluate(order)
    assert desk.check(make_bundle()).verdict == "unchanged"
    assert not _shows(desk)


@pytest.mark.parametrize("places", PLACES, ids=str)
def test_three_places_that_do_not_agree_are_not_intact(desk: Desk, places: dict[str, bool]) -> None:
    answer = desk.check(make_bundle(plan(**places)))
    agree = len(set(places.values())) == 1
    assert answer.verdict == ("unchanged" if agree else "not-intact"), answer.texts
