"""Scatter-gather: one transaction splits coins, each goes on alone, and all come to one place.

Form: scatter-gather of Altman et al., Realistic Synthetic Financial Transactions for Anti-Money
Laundering Models, NeurIPS 2023 (arXiv 2306.16424), and of IBM's AMLSim (fan-out, then fan-in). Each
coin is sent on by a transaction that spends nothing else. The place is one address (rule
`address`), or one transaction that spends what was sent on (rule `spend`).
"""

from __future__ import annotations

from collections import Counter

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

Sent = tuple[int, int, int]
"""A coin, the transaction that sends it on, and where it goes."""


def _tell(pattern: Pattern, ground: Ground, tx: int, limits: Array) -> Found:
    from kancil.bitcoin.laundering import kernels

    sent = [
        (one, int(between), int(paid))
        for one in ground.outputs_of(tx)
        for between, paid in [kernels.carrier(ground.flow, tx, one, limits)]
        if between >= 0
    ]
    by_address = _largest(sent, [int(ground.of_row[paid]) for _, _, paid in sent])
    by_spend = _largest(sent, [ground.spender_of(paid) for _, _, paid in sent])
    rule, group = "address", by_address
    if len(by_address) < int(limits[0]):
        rule, group = "spend", by_spend
    between = by_time(ground, (row for _, row, _ in group))
    value = ground.value([one for one, _, _ in group])
    why = Phrase(
        f"why.pattern-scatter-gather-{rule}",
        {"coins": len(group), "value": value, "minutes": ground.minutes(tx, between[-1])},
    )
    steps = [Step(tx, "split"), *(Step(row, "forward") for row in between)]
    if rule == "spend":
        steps.append(Step(ground.spender_of(group[0][2]), "collect"))
    outputs = tuple(paid for _, _, paid in group)
    return pattern.found(rule, tuple(steps), outputs, value, why, tx)


def _largest(sent: list[Sent], keys: list[int]) -> list[Sent]:
    """Those that share the key which most share; keys below 0 are none."""
    counts = Counter(key for key in keys if key >= 0)
    if not counts:
        return []
    best = max(counts, key=lambda key: (counts[key], -key))
    return [one for one, key in zip(sent, keys, strict=True) if key == best]


SCATTER_GATHER = Pattern(
    name="scatter-gather",
    parameters=(
        Parameter("least-coins", Unit.COUNT, 3, 2, 10_000),
        Parameter("most-hours", Unit.HOURS, 168, 1, 1_000_000),
        Parameter("most-outputs", Unit.COUNT, 2, 1, 100),
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
    plants=("scatter-gather",),
    look=by_transaction("scatter_gather", _tell),
)
