"""What a trace cites: labels of publishers, and CoinJoin verdicts at which it stopped.

A trace stops where a heuristic says yes or is unsure; which transactions these are goes with the
result, so that a checker without the heuristics computes the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kancil.bitcoin.coinjoins.heuristic import Answer, Heuristic, Verdict
from kancil.bitcoin.coinjoins.heuristics import heuristic_named
from kancil.bitcoin.coinjoins.verdicts import Look
from kancil.bitcoin.holdings.graph import Graph
from kancil.bitcoin.tracing.result import LeftOut, TraceResult
from kancil.ground.phrase import Phrase

LIMIT = "coinjoin"
"""`limit` of the coins that stop before such a transaction."""


@dataclass(frozen=True, slots=True, order=True)
class CitedLabel:
    """What a publisher alleges of an address; None where the publisher does not say."""

    address: str
    publisher: str
    label: str
    category: str
    """Term of the INTERPOL taxonomy, or the publisher's own word."""
    abuse: str
    law: str
    """Whose law the listing rests on; empty if on none."""
    listed_on: str
    """Date; empty: not known, may be later than the payment."""
    modified_on: str
    """Date on which the publisher last changed its file."""
    fetched_on: str
    confidence: str
    licence: str
    source: str
    sha256: str
    """Digest of the file that was imported."""
    place: str
    """Where in that file."""
    is_service: bool
    """A trace stops here unless the officer gave a reason to pass."""
    is_listed_by_law: bool


@dataclass(frozen=True, slots=True, order=True)
class CitedCoinjoin:
    """What one heuristic said of one transaction, so that a trace stopped there."""

    txid: str
    heuristic: str
    version: str
    rule: str
    why: str
    """Key of the reason's words."""
    values: tuple[tuple[str, int], ...]
    """The values it rests on, by name, sorted."""

    @property
    def key(self) -> tuple[str, str]:
        """Name and version of the heuristic."""
        return self.heuristic, self.version

    def as_dict(self) -> dict[str, Any]:
        """Its element of `coinjoins.json`."""
        return {
            "heuristic": self.heuristic,
            "reason": {"code": self.why, "values": {n: str(v) for n, v in self.values}},
            "rule": self.rule,
            "txid": self.txid,
            "version": self.version,
        }


def cite(txid: str, heuristic: Heuristic, verdict: Verdict) -> CitedCoinjoin:
    """Write down what a heuristic says of a transaction."""
    values = {name: value for name, value in verdict.why.params.items() if isinstance(value, int)}
    return CitedCoinjoin(
        txid=txid,
        heuristic=heuristic.name,
        version=heuristic.version,
        rule=verdict.rule,
        why=verdict.why.key,
        values=tuple(sorted(values.items())),
    )


def cite_looks(txid: str, looks: Iterable[Look]) -> tuple[CitedCoinjoin, ...]:
    """Write down what several heuristics say of a transaction."""
    return tuple(cite(txid, look.heuristic, look.verdict) for look in looks)


def stopped_at(graph: Graph, row: LeftOut, *, is_backward: bool) -> int:
    """The transaction before which these coins stopped."""
    if is_backward:
        return graph.tx_of_output(row.output)
    return graph.tx_of_input(int(graph.output_spender[row.output]))


def stops_of(graph: Graph, result: TraceResult) -> dict[int, int]:
    """The transactions at which a trace stopped as CoinJoins, and how many away each is."""
    is_backward = result.parameters["direction"] == "backward"
    stops: dict[int, int] = {}
    for row in result.left_out:
        if row.limit == LIMIT:
            tx = stopped_at(graph, row, is_backward=is_backward)
            stops[tx] = min(stops.get(tx, row.hop + 1), row.hop + 1)
    return stops


def speaking(named: Iterable[tuple[str, str]]) -> tuple[Heuristic, ...]:
    """Find the heuristics of these names and versions; one that is not here says nothing."""
    found = (heuristic_named(*each) for each in named)
    return tuple(each for each in found if each is not None)


def stops_said(stops_at: Sequence[tuple[str, str]]) -> Phrase:
    """At which heuristics' word a trace stops, or that it goes through."""
    if not stops_at:
        return Phrase("note.report-limit-coinjoins-passed")
    named = ", ".join(f"{name} {version}" for name, version in stops_at)
    return Phrase("note.report-limit-coinjoins", {"heuristics": named})


def manner_of(cited: CitedCoinjoin) -> str:
    """Whether a cited answer was a yes or unsure, by its rule; of one not here, that it is yes.

    The bundle names the rule: an unsure has rules of its own.
    """
    heuristic = heuristic_named(*cited.key)
    if heuristic is None:
        return "coinjoin"
    sure = {rule.code: rule.is_sure for rule in heuristic.rules}
    return heuristic.says if sure.get(cited.rule, True) else Answer.UNSURE.value


def way_of(manner: str, *, is_stop: bool) -> str:
    """Name how a trace met a CoinJoin, for the names of sentences; `manner`: as `Look.manner`."""
    if not is_stop:
        return manner
    return "unsure-stop" if manner == Answer.UNSURE else "stop"


def is_same(cited: CitedCoinjoin, verdict: Verdict) -> bool:
    """Whether a verdict is by the same rule with the same reason."""
    heuristic = heuristic_named(*cited.key)
    return (
        heuristic is not None and verdict.is_fired and cite(cited.txid, heuristic, verdict) == cited
    )
