"""What an earmark asks of an activity."""

from __future__ import annotations

import pytest

from kancil.programme.money.earmark import Earmark, Paid, outside

HONDURAS = Paid({"HND": "Honduras"}, "3.1", "conference")


@pytest.mark.parametrize(
    ("earmark", "why"),
    [
        (Earmark(), []),
        (Earmark(frozenset({"XBO", "XKA"})), ["countries"]),
        (Earmark(frozenset({"HND"})), []),
        (Earmark(outputs=frozenset({"2.1"})), ["output"]),
        (Earmark(kinds=frozenset({"training"})), ["kind"]),
        (Earmark(excluded="police"), ["excluded"]),
        (Earmark(frozenset({"XKA"}), frozenset({"3.1"}), frozenset({"conference"})), ["countries"]),
    ],
)
def test_what_lies_outside_an_earmark_has_its_reason(earmark: Earmark, why: list[str]) -> None:
    found = [each.key.removeprefix("programme.earmark.") for each in outside(earmark, HONDURAS)]
    assert found == why


def test_an_activity_of_no_country_is_outside_an_earmark_by_country() -> None:
    assert outside(Earmark(frozenset({"XKA"})), Paid({}, "", "study"))
