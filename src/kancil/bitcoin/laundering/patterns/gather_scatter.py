"""Gather-scatter: coins of many transactions meet in one, which pays many at once.

Form: gather-scatter of Altman et al., Realistic Synthetic Financial Transactions for Anti-Money
Laundering Models, NeurIPS 2023 (arXiv 2306.16424), and of IBM's AMLSim (fan-in, then fan-out). A
transaction with several outputs of one value is left out: that is the bare form of a CoinJoin, in
which several owners gather and scatter together.
"""

from __future__ import annotations

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.laundering.ground import Ground, by_time
from kancil.bitcoin.laundering.pattern import (
    Compared,
    Found,
    Indicator,
    Parameter,
    Pattern,
    Step,
    Unit,
    by_transaction,
)
from kancil.ground.phrase import Phrase


def _tell(pattern: Pattern, ground: Ground, tx: int, limits: Array) -> Found:
    made = {one: ground.tx_of_output(one) for one in ground.sources_of(tx)}
    spent = [
        one
        for one, row in made.items()
        if ground.time(row) >= 0 and ground.time(tx) - ground.time(row) <= limits[2]
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
    return pattern.found("hub", steps, (*spent, *paid), value, why, tx)


GATHER_SCATTER = Pattern(
    name="gather-scatter",
    parameters=(
        Parameter("least-gathered", Unit.COUNT, 5, 2, 10_000),
        Parameter("least-scattered", Unit.COUNT, 5, 2, 100_000),
        Parameter("most-hours", Unit.HOURS, 168, 1, 1_000_000),
        Parameter("most-equal", Unit.COUNT, 2, 1, 100_000),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transaction Patterns",
        Compared.SECOND_HAND,
        "RSM US LLP: FATF report on virtual assets (2020)",
    ),
    typology="layering",
    source=(
        "Altman et al.: Realistic Synthetic Financial Transactions for Anti-Money Laundering "
        "Models, NeurIPS 2023, arXiv 2306.16424; IBM AMLSim, alert models"
    ),
    plants=("gather-scatter",),
    look=by_transaction("gather_scatter", _tell),
)
