"""What keeps a file or a grant from being reconciled, one cause at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase
from kancil.programme.money.amount import Money
from kancil.programme.money.rates import MissingRate, Total
from kancil.programme.money.reconcile import (
    FileCounts,
    GrantCounts,
    reconcile_file,
    reconcile_grant,
    support_due,
)
from kancil.programme.money.terms import Period

FILE = FileCounts("USD", 1000, 1000, 4, 0, 0, 0, 0, 0, 0, 0, 0)
NONE = Total("USD", 0)
GRANT = GrantCounts("USD", 10_000, 10_000, Total("USD", 1050), Total("USD", 50), 500)
NAMES = {"travel": Phrase("programme.budget-class.travel")}


@pytest.mark.parametrize(
    ("change", "key", "is_open"),
    [
        ({"stated_minor": None}, "no-total", True),
        ({"stated_minor": 999}, "total", True),
        ({"not_taken": 1}, "not-taken", True),
        ({"unmatched": 1, "unmatched_minor": 5}, "unmatched", True),
        ({"outside": 1}, "outside", True),
        ({"overlapping": ("b.csv",)}, "overlap", True),
        ({"twice_elsewhere": 1}, "twice-elsewhere", True),
        ({"twice_here": 1}, "twice-here", False),
        ({"credits": 1, "credits_minor": -5}, "credits", False),
    ],
)
def test_one_thing_about_a_file_is_found(change: dict[str, Any], key: str, is_open: bool) -> None:
    assert reconcile_file(FILE).findings == ()
    (found,) = reconcile_file(replace(FILE, **change)).findings
    assert (found.said.key, found.is_open) == (f"programme.reconcile.{key}", is_open)
    assert "{" not in render_phrase(found.said)


@pytest.mark.parametrize(
    ("change", "key", "is_open"),
    [
        ({"spent": Total("USD", None, (), (MissingRate("AUD", "USD", "2026-01-01"),))},
         "no-rate", True),
        ({"open_files": ("a.csv",)}, "file-open", True),
        ({"missing_days": (Period(date(2026, 1, 1), date(2026, 1, 2)),)}, "no-file", True),
        ({"given_minor": 1000}, "over-grant", True),
        ({"received_minor": 1000}, "before-receipt", False),
        ({"over": {"travel": 5}}, "over-budget", False),
        ({"support_bp": 400}, "support-over", True),
        ({"support_bp": 600}, "support-under", False),
    ],
)  # fmt: skip
def test_one_thing_about_a_grant_is_found(change: dict[str, Any], key: str, is_open: bool) -> None:
    assert reconcile_grant(GRANT, NAMES).is_reconciled
    (found,) = reconcile_grant(replace(GRANT, **change), NAMES).findings
    assert (found.said.key, found.is_open) == (f"programme.reconcile.{key}", is_open)
    assert "{" not in render_phrase(found.said)


@pytest.mark.parametrize(
    ("direct", "bp", "due"),
    [(100_000, 1300, 13_000), (1, 5000, 0), (3, 5000, 2), (-3, 5000, -2), (108_001, 500, 5400)],
)
def test_support_costs_are_rounded_to_the_even_half(direct: int, bp: int, due: int) -> None:
    assert support_due(direct, bp) == due


def test_a_finding_keeps_amount_and_currency_on_one_line() -> None:
    (found,) = reconcile_file(replace(FILE, stated_minor=999)).findings
    assert found.said.params["off"] == str(Money("USD", 1)).replace(" ", "\u00a0")
