"""Benchmark rows of the patterns: the first pass of each over a generated chain, on one core.

The chain is made once, ingested, and mapped from disk, warm; a fifth of its transactions is
planted. A first pass walks all transactions by the pattern's kernel with its defaults and writes
down what may be told; putting findings into words is not in it. `pattern-mixer` is the search for
joint transactions, which their detectors then judge one by one. Service hopping has no kernel: it
walks the labelled outputs. Times are processor times of the whole process, the best of some rounds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import pinned
from kancil.bitcoin.evaluation.patterns import open_generated
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.generator.patterns import PATTERNS as PLANTED
from kancil.bitcoin.laundering import event_kernels as events
from kancil.bitcoin.laundering import kernels
from kancil.bitcoin.laundering.ground import (
    Ground,
    Threshold,
    as_limits,
    frozen,
    limits_of,
    pick,
    pick_events,
    pick_paths,
)
from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.bitcoin.laundering.patterns.mixer import LEAST_INPUTS
from kancil.bitcoin.laundering.search import chosen_of

TRANSACTIONS, ROUNDS, GOAL = 300_000, 3, 1.0
THRESHOLD_SAT = 10_000_000
"""The law's threshold that structuring is given: what is in it changes nothing of the work."""


def _events(*given: Any) -> Any:
    return list(pick_events(*given))


def _passes(ground: Ground) -> dict[str, Callable[[], Any]]:
    """The first pass of each pattern, with its defaults."""
    chosen = chosen_of(PATTERNS, {})
    limits = {one.name: as_limits(*limits_of(one.parameters, chosen[one.name])) for one in PATTERNS}

    def some(pattern: str, *names: str) -> list[int]:
        """Some parameters of a pattern as its kernel takes them, times in seconds."""
        (known,) = [each.parameters for each in PATTERNS if each.name == pattern]
        return limits_of([each for name in names for each in known if each.name == name],
                         chosen[pattern])  # fmt: skip

    start, sat = (frozen(np.array([each], np.int64)) for each in (0, THRESHOLD_SAT))
    whole = Threshold(start, sat, ())
    bands = whole.bands(chosen["structuring"]["least-share"])
    gift = as_limits(0, 0)
    forward = as_limits(*some("pass-through", "most-hours", "least-passed"))
    asleep = as_limits(*some("dormant-burst", "least-rest", "least-value"))
    cut = as_limits(*some("structuring", "least-payments", "most-days"), 0)
    joint = as_limits(LEAST_INPUTS, *some("mixer", "least-equal"))
    (payments,), (times,) = (
        some("structuring", "least-payments"),
        some("pass-through", "least-times"),
    )
    (coins,), (gifts,) = (
        some("dormant-burst", "least-coins"),
        some("donation-campaign", "least-gifts"),
    )
    return {
        "peel-chain": lambda: pick_paths(ground, kernels.PEEL, limits["peel-chain"], 1),
        "fan-in": lambda: pick(ground, kernels.fan_in, limits["fan-in"], 1),
        "fan-out": lambda: pick(ground, kernels.fan_out, limits["fan-out"], 1),
        "gather-scatter": lambda: pick(ground, kernels.gather_scatter, limits["gather-scatter"], 1),
        "scatter-gather": lambda: pick(ground, kernels.scatter_gather, limits["scatter-gather"], 1),
        "layering": lambda: pick_paths(ground, kernels.PASS, limits["layering"], 1),
        "structuring": lambda: (
            _events(ground, events.UNDER, gift, payments, bands),
            pick_paths(ground, kernels.SLICE, cut, 1, bands),
        ),
        "pass-through": lambda: _events(ground, events.FORWARD, forward, times),
        "dormant-burst": lambda: (
            _events(ground, events.ASLEEP_TO, asleep, coins),
            _events(ground, events.ASLEEP_FROM, asleep, coins),
        ),
        "mixer": lambda: pick(ground, kernels.joint, joint, 1),
        "donation-campaign": lambda: _events(ground, events.GIFT, gift, gifts),
    }


NAMES = tuple(f"pattern-{one.name}" for one in PATTERNS if one.name != "service-hopping")


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure all rows over one chain."""
    wishes = Wishes(
        seed=7,
        transactions=TRANSACTIONS,
        patterns={member.name: 15_000 for member in PLANTED},
        coinjoins={member.name: 5_000 for member in COINJOINS},
    )
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder) / "made", wishes)
        ground = open_generated(Path(folder) / "made", Path(folder) / "chain").ground
        with pinned():
            return [_row(name, run, ground, machine) for name, run in _passes(ground).items()]


def _row(
    name: str, run: Callable[[], Any], ground: Ground, machine: dict[str, Any]
) -> dict[str, Any]:
    run()
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    speed = ground.chain.columns.tx_count / min(taken) / 1_000_000
    return {
        "name": f"pattern-{name}",
        "ours": round(speed, 2),
        "unit": "M transactions/s",
        "peer": None,
        "peer_figure": None,
        "ratio": None,
        "goal": GOAL,
        "met": speed >= GOAL,
        "machine": machine,
    }


__all__ = ["NAMES", "rows"]
