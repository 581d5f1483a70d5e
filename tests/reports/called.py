"""Transactions of a tiny chain that are called CoinJoins, whatever they look like."""

from __future__ import annotations

import random
from collections.abc import Iterable

from kancil.studies.trace.cited import CitedCoinjoin
from kancil.studies.trace.question import TraceQuestion
from tests.reports.tiny_view import TinyView

STOPS = (("joinmarket", "1"), ("whirlpool", "2"))


class Called:
    """Up to three transactions, each called by one heuristic or two."""

    def __init__(self, view: TinyView, chance: random.Random) -> None:
        count = len(view.places)
        self.cited = {
            tx: tuple(
                CitedCoinjoin(
                    txid=view.txid(tx),
                    heuristic=name,
                    version=version,
                    rule="form",
                    why="why.whirlpool-pool",
                    values=(("count", tx), ("value", 5)),
                )
                for name, version in chance.sample(STOPS, chance.randint(1, 2))
            )
            for tx in chance.sample(range(count), min(3, count))
        }

    def stops(self, tx: int, stops_at: Iterable[tuple[str, str]]) -> tuple[CitedCoinjoin, ...]:
        """What these heuristics say of a transaction."""
        named = set(stops_at)
        return tuple(one for one in self.cited.get(tx, ()) if one.key in named)

    def of(self, question: TraceQuestion) -> dict[int, tuple[CitedCoinjoin, ...]]:
        """What is said of every transaction at which a question could stop."""
        return {tx: self.stops(tx, question.stops_at or ()) for tx in self.cited}
