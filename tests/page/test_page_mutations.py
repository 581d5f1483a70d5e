"""Spoiled bundles: each is not intact, and the answer that must be bad is bad."""

from __future__ import annotations

import pytest

from tests.page.browser import Desk
from tests.page.mutations import Spoiled, holding_keys, without_keys

pytestmark = pytest.mark.browser

LEAST = 200


def faults_of(desk: Desk, spoiled: list[Spoiled]) -> list[str]:
    wrong = []
    for one in spoiled:
        answer = desk.check(one.data)
        if answer.verdict != "not-intact" or answer.states[one.part] != "bad":
            wrong.append(f"{one.name}: {answer.verdict} {answer.states}")
        elif "page-failed" in str(answer.texts) or "not made for" in str(answer.texts):
            wrong.append(f"{one.name}: {answer.texts[one.part]}")
    return wrong


@pytest.mark.thorough
def test_what_anyone_can_spoil_is_not_intact(desk: Desk) -> None:
    spoiled = list(without_keys())
    assert len(spoiled) >= LEAST - 50
    assert faults_of(desk, spoiled) == []
    assert desk.faults == []


@pytest.mark.thorough
def test_what_key_holders_can_lie_about_is_not_intact(desk: Desk) -> None:
    spoiled = list(holding_keys())
    assert len(spoiled) >= 80
    assert faults_of(desk, spoiled) == []
    assert desk.faults == []


@pytest.mark.thorough
@pytest.mark.parametrize("step", [9])
def test_a_browser_without_webcrypto_says_the_same(any_desk: Desk, step: int) -> None:
    spoiled = [*without_keys(), *holding_keys()]
    assert faults_of(any_desk, spoiled[::step]) == []
