"""Dormant, then burst: coins lie still for long and are then spent together within hours.

Form: FATF's indicator of accounts long without activity, carried over to coins. What ties the
coins together is that they go to one address (rule `to`) or come from one (rule `from`): coins of
one owner at many addresses that go many ways look unrelated, and are missed.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from kancil.bitcoin.laundering.ground import Ground, Told, as_limits, by_time, pick_events, runs_of
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
    """Find the bursts, by where coins go and by where they come from."""
    from kancil.bitcoin.laundering import event_kernels as kernels  # Numba is slow to import

    limits = as_limits(chosen["least-rest"] * 3_600, chosen["least-value"])
    least, seconds = chosen["least-coins"], chosen["most-hours"] * 3_600
    told = Told(ground, most)
    seen: set[tuple[int, ...]] = set()
    for rule, what in (("to", kernels.ASLEEP_TO), ("from", kernels.ASLEEP_FROM)):
        for key, number in pick_events(ground, what, limits, least):
            tx = np.searchsorted(ground.flow.tx_input_start, number, side="right") - 1
            order = np.lexsort((number, ground.flow.tx_time[tx], key))
            key, number, tx = key[order], number[order], tx[order]
            for one, other in runs_of(key, ground.flow.tx_time[tx], least, seconds):
                coins = tuple(sorted(number[one:other].tolist()))
                if coins in seen:
                    continue  # the same coins by the other rule
                seen.add(coins)
                rows = by_time(ground, tx[one:other].tolist())
                told.add(rows[0], partial(_tell, pattern, ground, rule, coins, rows))
    return pattern.findings(chosen, told.found, told.total)


def _tell(
    pattern: Pattern, ground: Ground, rule: str, numbers: tuple[int, ...], spends: list[int]
) -> Found:
    coins = [int(ground.flow.input_source[one]) for one in numbers]
    made = {one: ground.tx_of_output(one) for one in coins}
    lain = [
        ground.minutes(made[int(ground.flow.input_source[one])], tx) // 60
        for one in numbers
        for tx in [int(ground.chain.graph.tx_of_input(one))]
    ]
    value = ground.value(coins)
    why = Phrase(
        f"why.pattern-dormant-burst-{rule}",
        {"coins": len(coins), "value": value, "hours": min(lain), "most_hours": max(lain),
         "minutes": ground.minutes(spends[0], spends[-1])},
    )  # fmt: skip
    steps = (
        *(Step(row, "laid-down") for row in by_time(ground, made.values())),
        *(Step(row, "burst") for row in spends),
    )
    return pattern.found(rule, steps, tuple(coins), value, why, spends[0])


DORMANT_BURST = Pattern(
    name="dormant-burst",
    parameters=(
        Parameter("least-coins", Unit.COUNT, 3, 2, 255),
        Parameter("least-rest", Unit.HOURS, 8_760, 1, 1_000_000),
        Parameter("most-hours", Unit.HOURS, 24, 1, 1_000_000, Origin.SECOND_HAND),
        Parameter("least-value", Unit.SAT, 100_000, 1, 2_100_000_000_000_000),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transactions",
        Compared.SECOND_HAND,
        "Loyens & Loeff: New FATF report on AML red flags (2020)",
    ),
    typology="integration",
    source=(
        "FATF: Virtual Assets Red Flag Indicators, September 2020 (accounts inactive before); no "
        "paper gives the numbers"
    ),
    plants=("dormant-burst",),
    look=_find,
)
