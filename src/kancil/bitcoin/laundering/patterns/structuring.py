"""Structuring: payments again and again just under a threshold of the law.

Form: FATF's indicator of amounts under reporting thresholds, as with cash. Each payment is worth so
many per cent of the threshold or more, and less than it, by the price that answers for its time; a
time without a price has no such payment, and is told. They belong together if one address takes
them (rule `payee`), or if each is cut from what the one before it left (rule `payer`).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.laundering.ground import (
    Bands,
    Ground,
    Told,
    as_limits,
    by_time,
    pick_events,
    pick_paths,
    runs_of,
    walk,
)
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
    """Find runs of payments under the threshold; nothing where no threshold was given."""
    if ground.threshold is None:
        note = (Phrase("note.pattern-no-threshold"),)
        return pattern.findings(chosen, (), 0, note)
    bands = ground.threshold.bands(chosen["least-share"])
    told = Told(ground, most)
    _by_payee(pattern, ground, chosen, bands, told)
    _by_payer(pattern, ground, chosen, bands, told)
    notes = [Phrase("note.pattern-threshold", dict(ground.threshold.told))]
    if (bands.high < 0).any():
        notes.append(Phrase("note.pattern-unpriced"))
    return pattern.findings(chosen, told.found, told.total, tuple(notes))


def _by_payee(pattern: Pattern, ground: Ground, chosen: Chosen, bands: Bands, told: Told) -> None:
    from kancil.bitcoin.laundering import event_kernels as kernels  # Numba is slow to import

    least, seconds = chosen["least-payments"], chosen["most-days"] * 86_400
    none = as_limits(0, 0)
    for key, output in pick_events(ground, kernels.UNDER, none, least, bands):
        tx = np.searchsorted(ground.flow.tx_output_start, output, side="right") - 1
        order = np.lexsort((output, ground.flow.tx_time[tx], key))
        key, output, tx = key[order], output[order], tx[order]
        for one, other in runs_of(key, ground.flow.tx_time[tx], least, seconds):
            rows = by_time(ground, tx[one:other].tolist())
            if len(rows) >= least:
                paid = output[one:other].tolist()
                told.add(rows[0], partial(_tell, pattern, ground, "payee", rows, paid))


def _by_payer(pattern: Pattern, ground: Ground, chosen: Chosen, bands: Bands, told: Told) -> None:
    from kancil.bitcoin.laundering import kernels

    limits = as_limits(chosen["least-payments"], chosen["most-days"] * 86_400, 0)
    paths = pick_paths(ground, kernels.SLICE, limits, None, bands).rows().reshape(-1, 2)
    for start in paths[:, 0].tolist():
        told.add(start, partial(_cut, pattern, ground, start, limits, bands))


def _cut(pattern: Pattern, ground: Ground, start: int, limits: Array, bands: Bands) -> Found:
    """Of payments cut from one sum."""
    from kancil.bitcoin.laundering import kernels

    links = list(walk(ground, kernels.SLICE, limits, start, bands))
    rests = [
        int(kernels.carried(ground.flow, ground.span, row, kernels.SLICE, limits, bands))
        for row in links
    ]
    cut = [
        next(one for one in ground.outputs_of(row) if one != rest)
        for row, rest in zip(links, rests, strict=True)
    ]
    return _tell(pattern, ground, "payer", links, cut)


def _tell(
    pattern: Pattern, ground: Ground, rule: str, rows: list[int], outputs: list[int]
) -> Found:
    values = [int(ground.flow.output_value[one]) for one in outputs]
    why = Phrase(
        f"why.pattern-structuring-{rule}",
        {"payments": len(outputs), "value": sum(values), "smallest": min(values),
         "largest": max(values), "minutes": ground.minutes(rows[0], rows[-1])},
    )  # fmt: skip
    steps = tuple(Step(row, "payment") for row in rows)
    told = () if ground.threshold is None else ground.threshold.told
    return pattern.found(rule, steps, tuple(outputs), sum(values), why, rows[0],
        facts=told,
    )  # fmt: skip


STRUCTURING = Pattern(
    name="structuring",
    parameters=(
        Parameter("least-payments", Unit.COUNT, 3, 2, 255),
        Parameter("least-share", Unit.PERCENT, 80, 1, 99),
        Parameter("most-days", Unit.DAYS, 7, 1, 10_000),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transactions",
        Compared.SECOND_HAND,
        "RSM US LLP: FATF report on virtual assets (2020)",
    ),
    typology="placement",
    source=(
        "FATF: Virtual Assets Red Flag Indicators, September 2020; the threshold is the law's, as "
        "the officer states it; no paper gives the other numbers"
    ),
    needs=frozenset({"threshold"}),
    plants=("structuring",),
    look=_find,
)
