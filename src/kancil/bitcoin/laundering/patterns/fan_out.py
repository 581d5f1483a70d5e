"""Fan-out: one transaction pays many addresses out of few coins.

Form: fan-out of Altman et al., Realistic Synthetic Financial Transactions for Anti-Money Laundering
Models, NeurIPS 2023 (arXiv 2306.16424), and of IBM's AMLSim (one account pays several). Addresses
are counted, not people; what goes back to the address first spent from is left out, and so are the
payouts of new coins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kancil.bitcoin.laundering.ground import Ground, as_limits, limits_of, pick
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
    Parameter("least-payees", Unit.COUNT, 10, 2, 100_000),
    Parameter("most-inputs", Unit.COUNT, 3, 1, 10_000),
)


INDICATOR = Indicator(
    "Red Flag Indicators Related to Transaction Patterns",
    Compared.SECOND_HAND,
    "Willkie Farr & Gallagher: FATF issues report on virtual assets (2020)",
)


@dataclass(frozen=True, slots=True)
class FanOut:
    """The member; see the module."""

    name: str = "fan-out"
    version: str = "1"
    parameters: tuple[Parameter, ...] = PARAMETERS
    indicator: Indicator = INDICATOR
    typology: str = "layering"
    source: str = (
        "Altman et al.: Realistic Synthetic Financial Transactions for Anti-Money Laundering "
        "Models, NeurIPS 2023, arXiv 2306.16424; IBM AMLSim, alert models"
    )
    needs: frozenset[str] = frozenset()
    plants: tuple[str, ...] = ("fan-out",)

    def find(self, ground: Ground, chosen: Mapping[str, int], most: int | None) -> Findings:
        """Find the spreading transactions."""
        from kancil.bitcoin.laundering import kernels  # Numba is slow to import

        limits = as_limits(*limits_of(self.parameters, chosen))
        kept = pick(ground, kernels.fan_out, limits, most)
        found = tuple(self._tell(ground, int(tx)) for tx in kept.rows())
        return Findings(self.name, self.version, chosen, found, kept.total)

    def _tell(self, ground: Ground, tx: int) -> Found:
        paid = ground.paid_by(tx)
        payees = {int(ground.of_row[one]) for one in paid}
        first, last = ground.flow.tx_input_start[tx : tx + 2].tolist()
        value = ground.value(paid)
        why = Phrase(
            "why.pattern-fan-out", {"payees": len(payees), "inputs": last - first, "value": value}
        )
        step = (Step(tx, "spread"),)
        return Found(self.name, self.version, "spread", step, tuple(paid), value, why, tx)


FAN_OUT = FanOut()
