"""Fan-in: many payers pay one address, which is emptied in one transaction soon after.

Form: fan-in of Altman et al., Realistic Synthetic Financial Transactions for Anti-Money Laundering
Models, NeurIPS 2023 (arXiv 2306.16424), and of IBM's AMLSim (several accounts send to one). The
collecting transaction is what is found: most of its inputs spend from one address, the payments
came from payers told apart by the address of their first input, and few outputs take all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kancil.bitcoin.laundering.ground import Ground, as_limits, by_time, limits_of, pick
from kancil.bitcoin.laundering.pattern import (
    Compared,
    Findings,
    Found,
    Indicator,
    Parameter,
    Step,
    Unit,
)
from kancil.ground.phrase import Phrase

PARAMETERS = (
    Parameter("least-payers", Unit.COUNT, 5, 2, 10_000),
    Parameter("most-hours", Unit.HOURS, 168, 1, 1_000_000),
    Parameter("most-outputs", Unit.COUNT, 2, 1, 100),
)


INDICATOR = Indicator(
    "Red Flag Indicators Related to Transaction Patterns",
    Compared.SECOND_HAND,
    "RSM US LLP: FATF report on virtual assets (2020)",
)


@dataclass(frozen=True, slots=True)
class FanIn:
    """The member; see the module."""

    name: str = "fan-in"
    version: str = "1"
    parameters: tuple[Parameter, ...] = PARAMETERS
    indicator: Indicator = INDICATOR
    typology: str = "collection"
    source: str = (
        "Altman et al.: Realistic Synthetic Financial Transactions for Anti-Money Laundering "
        "Models, NeurIPS 2023, arXiv 2306.16424; IBM AMLSim, alert models"
    )
    needs: frozenset[str] = frozenset()
    plants: tuple[str, ...] = ("fan-in",)

    def find(self, ground: Ground, chosen: Mapping[str, int], most: int | None) -> Findings:
        """Find the collecting transactions."""
        from kancil.bitcoin.laundering import kernels  # Numba is slow to import

        limits = as_limits(*limits_of(self.parameters, chosen))
        kept = pick(ground, kernels.fan_in, limits, most)
        found = tuple(self._tell(ground, int(tx), int(limits[1])) for tx in kept.rows())
        return Findings(self.name, self.version, chosen, found, kept.total)

    def _tell(self, ground: Ground, tx: int, seconds: int) -> Found:
        from kancil.bitcoin.laundering import kernels

        address = int(kernels.majority(ground.flow, ground.of_row, tx))
        paid = [one for one in ground.sources_of(tx) if int(ground.of_row[one]) == address]
        made = {one: ground.tx_of_output(one) for one in paid}
        kept = [
            one
            for one in paid
            if ground.time(made[one]) >= 0
            and ground.time(tx) - ground.time(made[one]) <= seconds
            and ground.payer_of(made[one]) != address
        ]
        payers = {ground.payer_of(made[one]) for one in kept}
        before = by_time(ground, (made[one] for one in kept))
        why = Phrase(
            "why.pattern-fan-in",
            {"payers": len(payers), "payments": len(kept), "value": ground.value(kept),
             "minutes": ground.minutes(before[0], tx), "outputs": len(ground.outputs_of(tx))},
        )  # fmt: skip
        steps = (*(Step(row, "payment") for row in before), Step(tx, "collect"))
        value = ground.value(kept)
        return Found(self.name, self.version, "emptied", steps, tuple(kept), value, why, tx)


FAN_IN = FanIn()
