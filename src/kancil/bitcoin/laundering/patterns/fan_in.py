"""Fan-in: many payers pay one address, which is emptied in one transaction soon after.

Form: fan-in of Altman et al., Realistic Synthetic Financial Transactions for Anti-Money Laundering
Models, NeurIPS 2023 (arXiv 2306.16424), and of IBM's AMLSim (several accounts send to one). The
collecting transaction is what is found: most of its inputs spend from one address, the payments
came from payers told apart by the address of their first input, and few outputs take all.
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
    from kancil.bitcoin.laundering import kernels

    address = int(kernels.majority(ground.flow, ground.of_row, tx))
    paid = [one for one in ground.sources_of(tx) if int(ground.of_row[one]) == address]
    made = {one: ground.tx_of_output(one) for one in paid}
    kept = [
        one
        for one in paid
        if ground.time(made[one]) >= 0
        and ground.time(tx) - ground.time(made[one]) <= limits[1]
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
    return pattern.found("emptied", steps, tuple(kept), value, why, tx)


FAN_IN = Pattern(
    name="fan-in",
    parameters=(
        Parameter("least-payers", Unit.COUNT, 5, 2, 10_000),
        Parameter("most-hours", Unit.HOURS, 168, 1, 1_000_000),
        Parameter("most-outputs", Unit.COUNT, 2, 1, 100),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transaction Patterns",
        Compared.SECOND_HAND,
        "RSM US LLP: FATF report on virtual assets (2020)",
    ),
    typology="collection",
    source=(
        "Altman et al.: Realistic Synthetic Financial Transactions for Anti-Money Laundering "
        "Models, NeurIPS 2023, arXiv 2306.16424; IBM AMLSim, alert models"
    ),
    plants=("fan-in",),
    look=by_transaction("fan_in", _tell),
)
