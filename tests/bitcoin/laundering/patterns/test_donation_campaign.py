"""Donation campaign: one address, many small gifts, for long."""

from __future__ import annotations

from kancil.bitcoin.laundering.patterns.donation_campaign import DONATION_CAMPAIGN
from tests.bitcoin.tiny_chain import Tx, found, payers, tx

DAY = 60 * 24


def campaign(gifts: int, days_between: int = 2, first: int = 1_000) -> list[Tx]:
    made = payers(gifts, 1)
    paid = [
        tx(one.spends, [(1, first if not n else 1_000)], n * days_between * DAY)
        for n, one in enumerate(made[gifts:])
    ]
    spend = tx([(gifts, 0), (gifts + 1, 0)], [(7, 2_000)], gifts * days_between * DAY)
    return [*made[:gifts], *paid, spend]


def test_twenty_gifts_over_a_month_are_found() -> None:
    (one,) = found(DONATION_CAMPAIGN, campaign(20)).found
    assert one.why.params == {
        "gifts": 20, "payers": 20, "days": 38, "value": 20_000, "largest": 1_000, "spends": 1,
    }  # fmt: skip
    assert one.steps[-1].role == "collect"


def test_nineteen_gifts_or_a_week_are_not() -> None:
    assert not found(DONATION_CAMPAIGN, campaign(19)).total
    assert not found(DONATION_CAMPAIGN, campaign(25, days_between=1)).total


def test_one_large_payment_makes_it_none() -> None:
    assert not found(DONATION_CAMPAIGN, campaign(20, first=7_000)).total
    assert found(DONATION_CAMPAIGN, campaign(20, first=6_000)).total == 1


def test_one_giver_is_no_campaign() -> None:
    assert not found(DONATION_CAMPAIGN, campaign(20), least_payers=21).total
