"""Donation campaign: one address is paid by many, in small gifts, for a long time.

Form: FATF, Crowdfunding for Terrorism Financing, 2023: published addresses that take many small
payments. The chain does not show that an address was published, nor for what; only that one address
was used again and again, by payers told apart by the address of their first input, no payment being
a large part of the whole. Terrorist financing is never shown by this form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kancil.bitcoin.columns import Array
from kancil.bitcoin.pattern import (
    Compared,
    Findings,
    Found,
    Indicator,
    Parameter,
    Step,
    Unit,
)
from kancil.bitcoin.pattern_ground import (
    Ground,
    as_limits,
    by_time,
    groups_of,
    in_order,
    pick_events,
)
from kancil.ground.phrase import Phrase

PARAMETERS = (
    Parameter("least-gifts", Unit.COUNT, 20, 2, 255),
    Parameter("least-payers", Unit.COUNT, 10, 2, 10_000),
    Parameter("least-days", Unit.DAYS, 30, 0, 10_000),
    Parameter("most-share", Unit.PERCENT, 25, 1, 100),
)


INDICATOR = Indicator(
    "Red Flag Indicators Related to Transaction Patterns",
    Compared.SECOND_HAND,
    "RSM US LLP: FATF report on virtual assets (2020)",
)


@dataclass(frozen=True, slots=True)
class DonationCampaign:
    """The member; see the module."""

    name: str = "donation-campaign"
    version: str = "1"
    parameters: tuple[Parameter, ...] = PARAMETERS
    indicator: Indicator = INDICATOR
    typology: str = "terrorist-financing"
    source: str = (
        "FATF: Crowdfunding for Terrorism Financing, October 2023; FATF: Virtual Assets Red Flag "
        "Indicators, September 2020; no paper gives the numbers"
    )
    needs: frozenset[str] = frozenset()
    plants: tuple[str, ...] = ("donation-campaign",)

    def find(self, ground: Ground, chosen: Mapping[str, int], most: int | None) -> Findings:
        """Find the addresses that are paid so."""
        from kancil.bitcoin import pattern_event_kernels as kernels  # Numba is slow to import

        none = as_limits(0, 0)
        key, output = pick_events(ground, kernels.GIFT, none, chosen["least-gifts"])
        found = [
            told
            for one, other in groups_of(key)
            if other - one >= chosen["least-gifts"]
            for told in [self._told(ground, output[one:other], chosen)]
            if told is not None
        ]
        told = in_order(ground, found, most)
        return Findings(self.name, self.version, chosen, told, len(found))

    def _told(self, ground: Ground, gifts: Array, chosen: Mapping[str, int]) -> Found | None:
        """Tell of an address; None if its payments are not of the form."""
        values = ground.flow.output_value[gifts]
        total, largest = int(values.sum()), int(values.max())
        if 100 * largest > chosen["most-share"] * total:
            return None
        made = {int(one): ground.tx_of_output(int(one)) for one in gifts}
        rows = by_time(ground, made.values())
        days = (ground.time(rows[-1]) - ground.time(rows[0])) // 86_400
        payers = {ground.payer_of(row) for row in rows}
        if days < chosen["least-days"] or len(payers) < chosen["least-payers"]:
            return None
        spends = by_time(
            ground, (row for one in made for row in [ground.spender_of(one)] if row >= 0)
        )
        why = Phrase(
            "why.pattern-donation-campaign",
            {"gifts": len(made), "payers": len(payers), "days": days, "value": total,
             "largest": largest, "spends": len(spends)},
        )  # fmt: skip
        steps = (
            *(Step(row, "gift") for row in rows),
            *(Step(row, "collect") for row in spends),
        )
        at = rows[0]
        return Found(self.name, self.version, "reused", steps, tuple(made), total, why, at)


DONATION_CAMPAIGN = DonationCampaign()
