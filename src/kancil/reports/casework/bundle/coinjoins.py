"""The transactions at which a bundle's traces stopped as CoinJoins: cited, read back, judged again.

A trace stops where a heuristic says yes or is unsure; which transactions these are is carried in
the bundle, so that a checker without the heuristics computes the same rows. A checker that has them
judges each again from the raw transactions, as far as the bundle shows its inputs (`Judge`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from kancil.bitcoin.coinjoins.heuristic import Coin, Shown, Verdict
from kancil.bitcoin.coinjoins.heuristics import EARLIER, HEURISTICS
from kancil.bitcoin.script.script import classify
from kancil.ground import canonical
from kancil.ground.clock import from_unix
from kancil.studies.trace.cited import CitedCoinjoin

from .small_graph import SmallGraph


def write_coinjoins(cited: Sequence[CitedCoinjoin]) -> bytes:
    """`coinjoins.json`."""
    return canonical.dumps([one.as_dict() for one in cited])


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
        """What is cited of a transaction."""
        return self._of.get(tx, ())

    def stops(self, tx: int, stops_at: Iterable[tuple[str, str]]) -> tuple[CitedCoinjoin, ...]:
        """What is cited of it by the heuristics named with their versions."""
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
        """What every heuristic says of a transaction, by name and version, old ones too."""
        if tx not in self._said:
            shown = self.shown(tx)
            every = (*HEURISTICS, *EARLIER)
            self._said[tx] = {(each.name, each.version): each.judge(shown) for each in every}
        return self._said[tx]

    def is_fired(self, tx: int, key: tuple[str, str]) -> bool:
        """Whether the heuristic of this name and version is here and one of its rules fires."""
        verdict = self.verdicts(tx).get(key)
        return verdict is not None and verdict.is_fired

    def shown(self, tx: int) -> Shown:
        """A transaction as a heuristic sees it, as far as the bundle shows its inputs."""
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
        """The miner's time of a transaction's block, None where none is shown."""
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
