"""Costs are summed within one currency, and what no sum tells of is counted."""

from __future__ import annotations

from kancil.assessment.costs import Cost, Total, totals, uncosted
from kancil.assessment.plan import ItemState

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
