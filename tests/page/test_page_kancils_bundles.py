"""Bundles that Kancil itself writes: intact whole, and never once they are spoilt."""

from __future__ import annotations

from functools import cache

import pytest

from kancil.reports.casework.bundle.checker.verify import verify_bytes
from tests.page.browser import Desk
from tests.reports.make_sample_bundle import make_sample
from tests.reports.mutations import mutations

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@cache
def whole() -> bytes:
    return make_sample().seal()


def test_a_bundle_that_kancil_writes_is_intact_in_every_browser(any_desk: Desk) -> None:
    answer = any_desk.check(whole())
    assert answer.verdict == "unchanged", answer.texts
    assert verify_bytes(whole()).is_intact
    assert any_desk.faults == []


@pytest.mark.thorough
def test_two_hundred_spoilt_ones_are_not_intact(desk: Desk) -> None:
    spoilt = mutations(whole())
    assert len(spoilt) == 200
    wrong = []
    for name, data in spoilt:
        answer = desk.check(data)
        if answer.verdict != "not-intact" or "not made for" in str(answer.texts):
            wrong.append((name, answer.verdict, answer.states))
    assert wrong == []
    assert desk.faults == []


@pytest.mark.thorough
def test_some_of_them_are_not_intact_in_any_browser(any_desk: Desk) -> None:
    for name, data in mutations(whole(), seed=2)[::10]:
        assert any_desk.check(data).verdict == "not-intact", name
