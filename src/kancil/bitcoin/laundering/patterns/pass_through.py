"""Pass-through: an address sends on, again and again, nearly all of what it is paid soon after.

Form: the money mule as FATF and Europol describe it, who forwards what comes and keeps a little. An
event is a transaction that spends one coin of the address shortly after it came and gives nearly
all of it to one other address; several events of one address within some days are found.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from kancil.bitcoin.laundering.ground import Ground, Told, as_limits, pick_events, runs_of
from kancil.bitcoin.laundering.pattern import (
    Chosen,
    Compared,
    Findings,
    Found,
    Indicator,
    Origin,
    Parameter,
    Pattern,
    Step,
    Unit,
)
from kancil.ground.phrase import Phrase


def _find(pattern: Pattern, ground: Ground, chosen: Chosen, most: int | None) -> Findings:
    """Find the addresses and their runs of forwards."""
    from kancil.bitcoin.laundering import event_kernels as kernels  # Numba is slow to import

    limits = as_limits(chosen["most-hours"] * 3_600, chosen["least-passed"])
    told, least = Told(ground, most), chosen["least-times"]
    for key, tx in pick_events(ground, kernels.FORWARD, limits, least):
        order = np.lexsort((ground.flow.tx_rank[tx], ground.flow.tx_time[tx], key))
        key, tx = key[order], tx[order]
        times = ground.flow.tx_time[tx]
        for one, other in runs_of(key, times, least, chosen["most-days"] * 86_400):
            rows = tx[one:other].tolist()
            told.add(rows[0], partial(_tell, pattern, ground, rows))
    return pattern.findings(chosen, told.found, told.total)


def _tell(pattern: Pattern, ground: Ground, forwards: list[int]) -> Found:
    spent = [ground.sources_of(row)[0] for row in forwards]
    sent = [
        max(ground.outputs_of(row), key=lambda one: int(ground.flow.output_value[one]))
        for row in forwards
    ]
    dwells = [
        ground.minutes(ground.tx_of_output(one), row)
        for one, row in zip(spent, forwards, strict=True)
    ]
    value = ground.value(sent)
    why = Phrase(
        "why.pattern-pass-through",
        {"times": len(forwards), "value": value, "came": ground.value(spent),
         "dwell": max(dwells), "targets": len({int(ground.of_row[one]) for one in sent})},
    )  # fmt: skip
    steps = tuple(
        step
        for one, row in zip(spent, forwards, strict=True)
        for step in (Step(ground.tx_of_output(one), "payment"), Step(row, "forward"))
    )
    at = forwards[0]
    outputs = (*spent, *sent)
    return pattern.found("forwards", steps, outputs, value, why, at)


PASS_THROUGH = Pattern(
    name="pass-through",
    parameters=(
        Parameter("least-times", Unit.COUNT, 3, 2, 255),
        Parameter("most-hours", Unit.HOURS, 24, 1, 1_000_000, Origin.SECOND_HAND),
        Parameter("least-passed", Unit.PERCENT, 90, 51, 100),
        Parameter("most-days", Unit.DAYS, 30, 1, 100_000),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transactions",
        Compared.SECOND_HAND,
        "cryptog.net: FATF reveals which crypto transactions look suspicious (2020)",
    ),
    typology="mule",
    source=(
        "FATF: Virtual Assets Red Flag Indicators, September 2020; Europol: European Money Mule "
        "Action; no paper gives the numbers"
    ),
    plants=("pass-through",),
    look=_find,
)
