"""Fan-out: one transaction pays many addresses out of few coins.

Form: fan-out of Altman et al., Realistic Synthetic Financial Transactions for Anti-Money Laundering
Models, NeurIPS 2023 (arXiv 2306.16424), and of IBM's AMLSim (one account pays several). Addresses
are counted, not people; what goes back to the address first spent from is left out, and so are the
payouts of new coins.
"""

from __future__ import annotations

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.laundering.ground import Ground
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
    paid = ground.paid_by(tx)
    payees = {int(ground.of_row[one]) for one in paid}
    first, last = ground.flow.tx_input_start[tx : tx + 2].tolist()
    value = ground.value(paid)
    why = Phrase(
        "why.pattern-fan-out", {"payees": len(payees), "inputs": last - first, "value": value}
    )
    step = (Step(tx, "spread"),)
    return pattern.found("spread", step, tuple(paid), value, why, tx)


FAN_OUT = Pattern(
    name="fan-out",
    parameters=(
        Parameter("least-payees", Unit.COUNT, 10, 2, 100_000),
        Parameter("most-inputs", Unit.COUNT, 3, 1, 10_000),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transaction Patterns",
        Compared.SECOND_HAND,
        "Willkie Farr & Gallagher: FATF issues report on virtual assets (2020)",
    ),
    typology="layering",
    source=(
        "Altman et al.: Realistic Synthetic Financial Transactions for Anti-Money Laundering "
        "Models, NeurIPS 2023, arXiv 2306.16424; IBM AMLSim, alert models"
    ),
    plants=("fan-out",),
    look=by_transaction("fan_out", _tell),
)
