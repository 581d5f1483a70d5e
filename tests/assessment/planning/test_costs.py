"""Costs are summed within one currency, and what no sum tells of is counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kancil.assessment.planning.costs import (
    Cost,
    CostLine,
    Total,
    currencies,
    read_line,
    sum_minor,
    totals,
    uncosted,
)
from kancil.assessment.planning.plan import ItemState
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain

COSTS = [
    Cost(ItemState.PROPOSED, "", "USD", 10_050),
    Cost(ItemState.APPROVED, "Donor A", "USD", 20_000),
    Cost(ItemState.DONE, "Donor A", "EUR", 500),
    Cost(ItemState.REJECTED, "Donor A", "USD", 99_900),
    Cost(ItemState.APPROVED, "Donor B", "", None),
    Cost(ItemState.REJECTED, "", "", None),
]


def test_no_currency_is_turned_into_another() -> None:
    assert totals(COSTS) == [
        Total("EUR", "", 1, 500, 500),
        Total("USD", "", 2, 30_050, 20_000),
    ]


def test_each_donor_has_a_sum_in_each_currency() -> None:
    assert totals(COSTS, by_donor=True) == [
        Total("USD", "", 1, 10_050, 0),
        Total("EUR", "Donor A", 1, 500, 500),
        Total("USD", "Donor A", 1, 20_000, 20_000),
    ]


def test_what_has_no_cost_is_counted_unless_it_was_rejected() -> None:
    assert uncosted(COSTS) == 1


def test_what_is_held_back_is_neither_approved_nor_proposed() -> None:
    held = [
        Cost(ItemState.PROPOSED, "", "USD", 700, is_held=True),
        Cost(ItemState.APPROVED, "Donor A", "USD", 30, is_held=True),
        Cost(ItemState.DONE, "Donor A", "USD", 1, is_held=True),
    ]
    (total,) = totals([*COSTS[:2], *held])
    assert (total.approved_minor, total.proposed_minor, total.held_minor) == (20_001, 10_050, 730)
    assert total.all_minor == 20_001 + 10_050 + 730


def test_a_line_is_a_rate_a_unit_by_how_many() -> None:
    line = read_line(["Trainers", "day", "1,200.50", "2.5"])
    assert line == CostLine("Trainers", "day", 120_050, Decimal("2.5"))
    assert isinstance(line, CostLine)
    assert line.total_minor == 300_125
    assert plain(line) == {
        "what": "Trainers", "unit": "day", "rate_minor": "120050", "quantity": "2.5",
    }  # fmt: skip


def test_half_a_hundredth_is_rounded_up_in_each_line_before_the_sum() -> None:
    half = CostLine("Copies", "page", 1, Decimal("0.5"))
    assert (half.total_minor, sum_minor([half, half])) == (1, 2)
    # What no float holds exactly: 0.1 × 3 of a dollar is 30 cents.
    assert CostLine("Calls", "call", 10, Decimal(3)).total_minor == 30


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["Trainers", "", "1", "1"], "why.line-not-whole"),
        (["x" * 201, "day", "1", "1"], "why.value-too-long"),
        (["Trainers", "x" * 61, "1", "1"], "why.value-too-long"),
        (["Trainers", "day", "45.000", "1"], "why.amount-two-ways"),
        (["Trainers", "day", "1", "many"], "why.amount-none"),
        (["Trainers", "day", "1", "0"], "why.line-quantity"),
        (["Trainers", "day", "1", "9999999999999"], "why.line-quantity"),
    ],
)
def test_a_line_that_cannot_be_is_told_why(row: list[str], why: str) -> None:
    found = read_line(row)
    assert isinstance(found, Phrase)
    assert found.key == why


def test_currencies_are_those_that_are_paid_with() -> None:
    assert {"USD", "EUR", "IDR", "KHR", "XOF"} <= currencies()
    assert currencies().isdisjoint({"XXX", "DEM", "usd"})
