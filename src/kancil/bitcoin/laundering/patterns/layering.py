"""Layering: one coin goes through transaction after transaction, and rests but shortly in each.

Form: the layering step that FATF and others describe, rapid transfers one after another. A link
spends one coin and gives nearly all of it to one of at most two outputs; the next link spends that
within a short dwell. The chain shows no owner: links may be one person's or many.
"""

from __future__ import annotations

from itertools import pairwise

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.laundering.ground import (
    NO_BANDS,
    Ground,
    walk,
)
from kancil.bitcoin.laundering.pattern import (
    Compared,
    Found,
    Indicator,
    Parameter,
    Pattern,
    Step,
    Unit,
    by_path,
)
from kancil.ground.phrase import Phrase


def _tell(pattern: Pattern, ground: Ground, start: int, limits: Array) -> Found:
    from kancil.bitcoin.laundering import kernels

    links = list(walk(ground, kernels.PASS, limits, start, NO_BANDS))
    carried = [
        max(ground.outputs_of(tx), key=lambda one: int(ground.flow.output_value[one]))
        for tx in links
    ]
    dwells = [ground.minutes(one, other) for one, other in pairwise(links)]
    value = ground.value(carried[:1])
    why = Phrase(
        "why.pattern-layering",
        {"links": len(links), "minutes": ground.minutes(start, links[-1]), "first": value,
         "last": ground.value(carried[-1:]), "dwell": max(dwells, default=0)},
    )  # fmt: skip
    steps = tuple(Step(tx, "pass") for tx in links)
    return pattern.found("dwell", steps, tuple(carried), value, why, start)


LAYERING = Pattern(
    name="layering",
    parameters=(
        Parameter("least-links", Unit.COUNT, 5, 2, 100_000),
        Parameter("most-minutes", Unit.MINUTES, 60, 1, 1_000_000),
        Parameter("least-passed", Unit.PERCENT, 90, 51, 100),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transactions",
        Compared.SECOND_HAND,
        "Loyens & Loeff: New FATF report on AML red flags (2020)",
    ),
    typology="layering",
    source=(
        "FATF: Virtual Assets Red Flag Indicators, September 2020 (transfers in short succession); "
        "no paper gives the number of links or the dwell"
    ),
    plants=("layering",),
    look=by_path("PASS", _tell),
)
