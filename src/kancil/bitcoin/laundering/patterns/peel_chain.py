"""Peel chain: one coin passes from transaction to transaction, and a little is peeled off at each.

Form: peeling chains of Meiklejohn et al., A Fistful of Bitcoins, IMC 2013, section 5; one input and
two outputs at each link as in Kappos et al., How to Peel a Million, USENIX Security 2022. Here the
larger output carries on; the papers tell change by other signs, which are not used. The share that
is "small" and the number of links are ours.
"""

from __future__ import annotations

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

    links = list(walk(ground, kernels.PEEL, limits, start, NO_BANDS))
    peels = [
        min(ground.outputs_of(tx), key=lambda one: int(ground.flow.output_value[one]))
        for tx in links
    ]
    value = ground.value(peels)
    why = Phrase(
        "why.pattern-peel-chain",
        {"links": len(links), "peeled": value, "minutes": ground.minutes(start, links[-1]),
         "rest": ground.value(ground.outputs_of(links[-1])) - ground.value(peels[-1:]),
         "first": ground.value(ground.outputs_of(start))},
    )  # fmt: skip
    steps = tuple(Step(tx, "peel") for tx in links)
    return pattern.found("peeled", steps, tuple(peels), value, why, start)


PEEL_CHAIN = Pattern(
    name="peel-chain",
    parameters=(
        Parameter("least-links", Unit.COUNT, 5, 2, 100_000),
        Parameter("most-hours", Unit.HOURS, 168, 1, 1_000_000),
        Parameter("most-peel", Unit.PERCENT, 20, 1, 49),
    ),
    indicator=Indicator("Red Flag Indicators Related to Transactions", Compared.NO, ""),
    typology="layering",
    source=(
        "Meiklejohn et al.: A Fistful of Bitcoins, IMC 2013; Kappos et al.: How to Peel a Million: "
        "Validating and Expanding Bitcoin Clusters, USENIX Security 2022"
    ),
    plants=("peel-chain",),
    look=by_path("PEEL", _tell),
)
