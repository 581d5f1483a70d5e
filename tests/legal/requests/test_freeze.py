"""The kind `freeze`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.legal.requests.freeze import KIND
from tests.legal.letters import codes, good, holds, problems


def test_a_good_letter_passes_and_each_required_field_is_missed() -> None:
    holds(KIND)


def test_an_item_wants_amount_time_and_place() -> None:
    draft = good("freeze")
    bare = replace(draft, items=(replace(draft.items[0], amount="", at="", proof=""),))
    assert codes(bare) == {"no-amount", "no-time", "no-proof"}


def test_the_formal_order_comes_before_the_hold_ends() -> None:
    draft = good("freeze")
    assert codes(replace(draft, texts={**draft.texts, "order_by": "2026-03-17"})) == {"order-late"}


def test_money_without_a_finding_is_not_frozen() -> None:
    assert "no-finding" in codes(replace(good("freeze"), findings=()))


@pytest.mark.parametrize(("at", "said"), [("2025-03-09", {"old-money"}), ("2025-03-10", set())])
def test_a_hold_of_money_older_than_a_year_warns_and_stops_nothing(at: str, said: set[str]) -> None:
    draft = good("freeze")
    old = replace(draft, items=(replace(draft.items[0], at=f"{at}T14:05:00+07:00"),))
    warned = {each.said.key.removeprefix("problem.request-") for each in problems(old)}
    assert warned & {"old-money"} == said
    assert codes(old) == set()
