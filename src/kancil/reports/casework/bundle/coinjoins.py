"""The transactions at which a bundle's traces stopped as CoinJoins: cited, read back, judged again.

A trace stops where a heuristic says yes or is unsure; which transactions these are is carried in
the bundle, so that a checker without the heuristics computes the same rows. A checker that has them
judges each again from the raw transactions, as far as the bundle shows its inputs (`Judge`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from kancil.bitcoin.coinjoins.heuristic import Answer, Coin, Heuristic, Shown, Verdict
from kancil.bitcoin.coinjoins.heuristics import EARLIER, HEURISTICS, heuristic_named
from kancil.bitcoin.coinjoins.verdicts import Look
from kancil.bitcoin.holdings.graph import Graph
from kancil.bitcoin.script.script import classify
from kancil.bitcoin.tracing.result import LeftOut, TraceResult
from kancil.ground import canonical
from kancil.ground.clock import from_unix
from kancil.ground.phrase import Phrase

from .material import CitedCoinjoin
from .small_graph import SmallGraph

LIMIT = "coinjoin"
"""`limit` of the coins that stop before such a transaction."""


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


def write_coinjoins(cited: Sequence[CitedCoinjoin]) -> bytes:
    """Give `coinjoins.json`."""
    return canonical.dumps([one.as_dict() for one in cited])


def stopped_at(graph: Graph, row: LeftOut, *, is_backward: bool) -> int:
    """Give the transaction before which these coins stopped."""
    if is_backward:
        return graph.tx_of_output(row.output)
    return graph.tx_of_input(int(graph.output_spender[row.output]))


def stops_of(graph: Graph, result: TraceResult) -> dict[int, int]:
    """Give the transactions at which a trace stopped as CoinJoins, and how many away each is."""
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
    """Say at which heuristics' word a trace stops, or that it goes through."""
    if not stops_at:
        return Phrase("note.report-limit-coinjoins-passed")
    named = ", ".join(f"{name} {version}" for name, version in stops_at)
    return Phrase("note.report-limit-coinjoins", {"heuristics": named})


def manner_of(cited: CitedCoinjoin) -> str:
    """Say whether a cited answer was a yes or unsure, by its rule; of one not here, that it is yes.

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


class CoinjoinBook:
    """The cited CoinJoins of a bundle, asked by the rows of its own graph."""

    def __init__(self, small: SmallGraph, cited: Iterable[CitedCoinjoin]) -> None:
        """Take both."""
        by_txid: defaultdict[str, list[CitedCoinjoin]] = defaultdict(list)
        for one in cited:
            by_txid[one.txid].append(one)
        self._of = {
            tx: tuple(by_txid[transaction.txid])
            for tx, transaction in enumerate(small.material.transactions)
            if transaction.txid in by_txid
        }

    def of(self, tx: int) -> tuple[CitedCoinjoin, ...]:
        """Give what is cited of a transaction."""
        return self._of.get(tx, ())

    def stops(self, tx: int, stops_at: Iterable[tuple[str, str]]) -> tuple[CitedCoinjoin, ...]:
        """Give what is cited of it by the heuristics named with their versions."""
        named = frozenset(stops_at)
        return tuple(one for one in self.of(tx) if one.key in named)


class Judge:
    """Judges transactions of a bundle from its raw transactions alone."""

    def __init__(self, small: SmallGraph) -> None:
        """Take the graph."""
        self._small = small
        self._times = {
            block.hash: int.from_bytes(small.material.header(block)[68:72], "little")
            for block in small.material.blocks
        }
        self._said: dict[int, dict[tuple[str, str], Verdict]] = {}

    def verdicts(self, tx: int) -> Mapping[tuple[str, str], Verdict]:
        """Give what every heuristic says of a transaction, by name and version, old ones too."""
        if tx not in self._said:
            shown = self.shown(tx)
            every = (*HEURISTICS, *EARLIER)
            self._said[tx] = {(each.name, each.version): each.judge(shown) for each in every}
        return self._said[tx]

    def is_fired(self, tx: int, key: tuple[str, str]) -> bool:
        """Say whether the heuristic of this name and version is here and one of its rules fires."""
        verdict = self.verdicts(tx).get(key)
        return verdict is not None and verdict.is_fired

    def shown(self, tx: int) -> Shown:
        """Give a transaction as a heuristic sees it, as far as the bundle shows its inputs."""
        raw, cited = self._small.read[tx], self._small.material.transactions[tx]
        graph = self._small.graph
        inputs = () if raw.is_coinbase else tuple(self._coin(n) for n in graph.inputs_of(tx))
        return Shown(
            txid=cited.txid,
            inputs=inputs,
            outputs=tuple(Coin(one.value_sat, *classify(one.script)) for one in raw.outputs),
            time=self.time_of(tx),
        )

    def time_of(self, tx: int) -> datetime | None:
        """Give the miner's time of a transaction's block, None where none is shown."""
        seconds = self._times.get(self._small.material.transactions[tx].block or "")
        return None if seconds is None else from_unix(seconds)

    def _coin(self, number: int) -> Coin:
        graph = self._small.graph
        source, value = int(graph.input_source[number]), int(graph.input_value[number])
        if source < 0:
            return Coin(value if value >= 0 else None, None)
        maker = graph.tx_of_output(source)
        output = self._small.read[maker].outputs[source - int(graph.tx_output_start[maker])]
        return Coin(output.value_sat, *classify(output.script))


def is_same(cited: CitedCoinjoin, verdict: Verdict) -> bool:
    """Say whether a verdict is by the same rule with the same reason."""
    heuristic = heuristic_named(*cited.key)
    return (
        heuristic is not None and verdict.is_fired and cite(cited.txid, heuristic, verdict) == cited
    )
