"""Donation campaign: one address is paid by many, in small gifts, for a long time.

Form: FATF, Crowdfunding for Terrorism Financing, 2023: published addresses that take many small
payments. The chain does not show that an address was published, nor for what; only that one address
was used again and again, by payers told apart by the address of their first input, no payment being
a large part of the whole. Terrorist financing is never shown by this form.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.laundering.ground import Ground, Told, as_limits, by_time, pick_events
from kancil.bitcoin.laundering.pattern import (
    Chosen,
    Compared,
    Findings,
    Found,
    Indicator,
    Parameter,
    Pattern,
    Step,
    Unit,
)
from kancil.ground.phrase import Phrase


def _find(pattern: Pattern, ground: Ground, chosen: Chosen, most: int | None) -> Findings:
    """Find the addresses that are paid so."""
    from kancil.bitcoin.laundering import event_kernels as kernels  # Numba is slow to import

    none = as_limits(0, 0)
    told, least = Told(ground, most), chosen["least-gifts"]
    for key, output in pick_events(ground, kernels.GIFT, none, least):
        for gifts in _likely(ground, key, output, chosen):
            rows = by_time(ground, map(ground.tx_of_output, gifts))
            payers = {ground.payer_of(row) for row in rows}
            if len(payers) >= chosen["least-payers"]:
                told.add(rows[0], partial(_tell, pattern, ground, gifts, rows, len(payers)))
    return pattern.findings(chosen, told.found, told.total)


def _tell(
    pattern: Pattern, ground: Ground, gifts: list[int], rows: list[int], payers: int
) -> Found:
    spends = by_time(ground, (row for row in map(ground.spender_of, gifts) if row >= 0))
    days, total = (ground.time(rows[-1]) - ground.time(rows[0])) // 86_400, ground.value(gifts)
    largest = max(int(ground.flow.output_value[one]) for one in gifts)
    why = Phrase(
        "why.pattern-donation-campaign",
        {"gifts": len(gifts), "payers": payers, "days": days, "value": total,
         "largest": largest, "spends": len(spends)},
    )  # fmt: skip
    steps = (
        *(Step(row, "gift") for row in rows),
        *(Step(row, "collect") for row in spends),
    )
    at = rows[0]
    return pattern.found("reused", steps, tuple(gifts), total, why, at)


def _likely(ground: Ground, key: Array, output: Array, chosen: Chosen) -> Iterator[list[int]]:
    """The payments of each address that has enough, for long, and none too large."""
    if not len(key):
        return
    starts = np.concatenate(([0], np.flatnonzero(key[1:] != key[:-1]) + 1))
    stops = np.concatenate((starts[1:], [len(key)]))
    values = ground.flow.output_value[output]
    tx = np.searchsorted(ground.flow.tx_output_start, output, side="right") - 1
    times = ground.flow.tx_time[tx]
    lasted = np.maximum.reduceat(times, starts) - np.minimum.reduceat(times, starts)
    share = 100 * np.maximum.reduceat(values, starts)
    is_likely = stops - starts >= chosen["least-gifts"]
    is_likely &= lasted // 86_400 >= chosen["least-days"]
    is_likely &= share <= chosen["most-share"] * np.add.reduceat(values, starts)
    for place in np.flatnonzero(is_likely).tolist():
        yield output[starts[place] : stops[place]].tolist()


DONATION_CAMPAIGN = Pattern(
    name="donation-campaign",
    parameters=(
        Parameter("least-gifts", Unit.COUNT, 20, 2, 255),
        Parameter("least-payers", Unit.COUNT, 10, 2, 10_000),
        Parameter("least-days", Unit.DAYS, 30, 0, 10_000),
        Parameter("most-share", Unit.PERCENT, 25, 1, 100),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transaction Patterns",
        Compared.SECOND_HAND,
        "RSM US LLP: FATF report on virtual assets (2020)",
    ),
    typology="terrorist-financing",
    source=(
        "FATF: Crowdfunding for Terrorism Financing, October 2023; FATF: Virtual Assets Red Flag "
        "Indicators, September 2020; no paper gives the numbers"
    ),
    plants=("donation-campaign",),
    look=_find,
)
