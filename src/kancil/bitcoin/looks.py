"""What the heuristics say of a transaction of a chain, each with what is known of its error.

From a chain's columns (`kancil.bitcoin.chain`); shown by the doors. An input whose source is not
held has no value and no script here, unless a spent-outputs file states them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kancil.ground.phrase import as_json

from .chain import Chain
from .graph import COINBASE
from .heuristic import Answer, Coin, Heuristic, Shown, Verdict, paid_coin
from .heuristics import HEURISTICS

PROTOCOLS = tuple(each for each in HEURISTICS if each.says == "coinjoin")
LEAST_INPUTS = 3
"""No protocol's rule fires, or is left open, with fewer inputs."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one heuristic says of one transaction."""

    heuristic: Heuristic
    verdict: Verdict
    in_period: bool | None
    """Whether the protocol is known to have run at that time; None without a time."""

    def as_dict(self) -> dict[str, Any]:
        """Give the form for `--json`."""
        heuristic, verdict, period = self.heuristic, self.verdict, self.heuristic.period
        return {
            "heuristic": heuristic.name,
            "version": heuristic.version,
            "says": heuristic.says,
            "answer": verdict.answer.value,
            "rule": verdict.rule,
            **as_json({"why": verdict.why}),
            "source": heuristic.source,
            "in_period": self.in_period,
            "period": {
                "first": period.first.isoformat(),
                "last": None if period.last is None else period.last.isoformat(),
                "again": None if period.again is None else period.again.isoformat(),
                "source": period.source,
            },
            "error": heuristic.words[-1],
        }


def shown_at(chain: Chain, tx: int) -> Shown:
    """Give the transaction in this row of the columns as a heuristic sees it."""
    rows, graph = chain.columns, chain.graph
    inputs = [one for one in graph.inputs_of(tx) if int(graph.input_source[one]) != COINBASE]
    seconds = int(graph.tx_time[tx])
    return Shown(
        txid=chain.txid(tx),
        inputs=tuple(_input(chain, one) for one in inputs),
        outputs=tuple(paid_coin(rows, one) for one in graph.outputs_of(tx)),
        time=None if seconds < 0 else datetime.fromtimestamp(seconds, UTC),
        version=int(rows.tx_version[tx]),
        locktime=int(rows.tx_locktime[tx]),
        sequences=tuple(int(rows.input_sequence[one]) for one in inputs),
    )


def _input(chain: Chain, number: int) -> Coin:
    source, value = int(chain.graph.input_source[number]), int(chain.graph.input_value[number])
    if source >= 0:
        return paid_coin(chain.columns, source)
    stated = chain.stated_script(number) if value >= 0 else None
    kind, payload = stated if stated is not None else (None, b"")
    return Coin(value if value >= 0 else None, kind, payload)


def coinjoin_looks(chain: Chain, tx: int) -> tuple[Look, ...]:
    """Give what the heuristics of CoinJoin protocols say, where one says yes or cannot tell.

    Quick for the many transactions that are too small for any: asked of all that a trace visits.
    """
    if len(chain.graph.inputs_of(tx)) < LEAST_INPUTS:
        return ()
    return looks_of(chain, tx, PROTOCOLS)


def looks_of(
    chain: Chain, tx: int, heuristics: Sequence[Heuristic] = HEURISTICS
) -> tuple[Look, ...]:
    """Give what each heuristic says that says yes, or cannot tell; none says nothing of a no."""
    shown = shown_at(chain, tx)
    looks = []
    for heuristic in heuristics:
        verdict = heuristic.judge(shown)
        if verdict.answer is not Answer.NO:
            looks.append(Look(heuristic, verdict, heuristic.period.holds(shown.time)))
    return tuple(looks)
