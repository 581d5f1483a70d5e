"""Gather-scatter: coins of many transactions meet in one, which pays many at once.

Form: gather-scatter of Altman et al., Realistic Synthetic Financial Transactions for Anti-Money
Laundering Models, NeurIPS 2023 (arXiv 2306.16424), and of IBM's AMLSim (fan-in, then fan-out). A
transaction with several outputs of one value is left out: that is the bare form of a CoinJoin, in
which several owners gather and scatter together.
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
    Parameter("least-gathered", Unit.COUNT, 5, 2, 10_000),
    Parameter("least-scattered", Unit.COUNT, 5, 2, 100_000),
    Parameter("most-hours", Unit.HOURS, 168, 1, 1_000_000),
    Parameter("most-equal", Unit.COUNT, 2, 1, 100_000),
)


INDICATOR = Indicator(
    "Red Flag Indicators Related to Transaction Patterns",
    Compared.SECOND_HAND,
    "RSM US LLP: FATF report on virtual assets (2020)",
)


@dataclass(frozen=True, slots=True)
class GatherScatter:
    """The member; see the module."""

    name: str = "gather-scatter"
    version: str = "1"
    parameters: tuple[Parameter, ...] = PARAMETERS
    indicator: Indicator = INDICATOR
    typology: str = "layering"
    source: str = (
        "Altman et al.: Realistic Synthetic Financial Transactions for Anti-Money Laundering "
        "Models, NeurIPS 2023, arXiv 2306.16424; IBM AMLSim, alert models"
    )
    needs: frozenset[str] = frozenset()
    plants: tuple[str, ...] = ("gather-scatter",)

    def find(self, ground: Ground, chosen: Mapping[str, int], most: int | None) -> Findings:
        """Find the hubs' transactions."""
        from kancil.bitcoin.laundering import kernels  # Numba is slow to import

        limits = as_limits(*limits_of(self.parameters, chosen))
        kept = pick(ground, kernels.gather_scatter, limits, most)
        found = tuple(self._tell(ground, int(tx), int(limits[2])) for tx in kept.rows())
        return Findings(self.name, self.version, chosen, found, kept.total)

    def _tell(self, ground: Ground, tx: int, seconds: int) -> Found:
        made = {one: ground.tx_of_output(one) for one in ground.sources_of(tx)}
        spent = [
            one
            for one, row in made.items()
            if ground.time(row) >= 0 and ground.time(tx) - ground.time(row) <= seconds
        ]
        before = by_time(ground, (made[one] for one in spent))
        paid = ground.paid_by(tx)
        value = ground.value(spent)
        why = Phrase(
            "why.pattern-gather-scatter",
            {"gathered": len(before), "scattered": len({int(ground.of_row[one]) for one in paid}),
             "value": value, "minutes": ground.minutes(before[0], tx)},
        )  # fmt: skip
        steps = (*(Step(row, "payment") for row in before), Step(tx, "hub"))
        return Found(self.name, self.version, "hub", steps, (*spent, *paid), value, why, tx)


GATHER_SCATTER = GatherScatter()
