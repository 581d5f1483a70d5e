"""What one question to a chain reaches: its starts found, its traces run, its net drawn.

From an open chain, the labels that the question was asked with, and the question; to a net, and
what it was answered with. Answers are kept in `Runs` by all they depend on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import numpy as np

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import AskedStart, Resolved, resolve_starts
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.tracing.errors import ServicePassWithoutReason
from kancil.bitcoin.tracing.result import Start, TraceResult
from kancil.bitcoin.tracing.trace import Direction, policy_named
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.chain_names import ChainNames
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import require_heuristics
from kancil.studies.trace.tables import fetch_rows

from .browsed import MOST_REACHED, BrowsedReach, begun_of
from .net import Net, Reach, Sight
from .query import GraphQuery
from .runs import Runs
from .traced import TracedReach

_TXID = re.compile(r"[0-9a-fA-F]{64}")
_DRAWS = ("tx-", "next-")
"""What is opened by these draws more; all else opens folds."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query's starts, found on the chain."""

    resolved: Resolved
    txs: tuple[int, ...]
    """Starts that are whole transactions; only without a policy."""
    question: TraceQuestion | None
    is_cut: bool = False
    """An address has more outputs than are looked at by hand: the largest are."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A net, and what it was answered with."""

    net: Net
    hops: int | None
    results: tuple[TraceResult, ...]
    fetch_list: tuple[tuple[str, str], ...]


def sight_of(chain: Chain, labels: LabelsUsed, looks: CoinjoinLooks) -> Sight:
    """What a picture of a chain is made from."""

    def tx_of(txid: str) -> int:
        if _TXID.fullmatch(txid) is None:
            return -1
        rows = chain.tx_rows(bytes.fromhex(txid)[::-1])
        followed = [row for row in rows if int(chain.graph.tx_rank[row]) >= 0]
        return (followed or rows or [-1])[-1]

    def key_of(output: int) -> str:
        kind, payload = chain.columns.script_at(output)
        return payload.hex() if kind == ScriptKind.P2PK else ""

    label_of = labels.index.label_of(chain.columns)
    names = ChainNames(chain)
    return Sight(chain.graph, names, label_of, tx_of, looks.of, looks.stops, chain.name, key_of)


class Reacher:
    """Answers queries over one chain and the labels that they were asked with."""

    def __init__(self, chain: Chain, labels: LabelsUsed, runs: Runs, looks: CoinjoinLooks) -> None:
        """Take the chain, the labels, and where answers are kept."""
        self.sight = sight_of(chain, labels, looks)
        self.imports = labels.imports
        self._chain, self._runs, self._looks = chain, runs, looks
        self._key = (
            str(chain.path), len(chain.record.ingests), chain.inputs_digests, labels.imports,
        )  # fmt: skip

    def kept(
        self,
        what: str,
        key: Hashable,
        make: Callable[[], T],
        again: Callable[[T], bool] | None = None,
    ) -> T:
        """An answer that depends on the chain, the labels and `key`."""
        return self._runs.get((what, self._key, key), make, again)

    def remember(self, query: GraphQuery, results: Mapping[str, TraceResult]) -> None:
        """Take results of a query's own question that are at hand, so that none is run again."""
        for name, result in results.items():
            self.kept("trace", _under(query, name, query.hops), lambda result=result: result)  # type: ignore[misc]

    def asked(self, query: GraphQuery) -> Asked:
        """Find a query's starts; raises what resolving them raises."""
        return self.kept("starts", bare(query), lambda: self._ask(query))

    def drawn(self, query: GraphQuery, opened: Sequence[str]) -> Drawn:
        """Draw the net of a query, with what is opened; raises what tracing raises."""
        tokens = draws(opened)
        return self.kept("net", (bare(query), tokens), lambda: self._reach(query, tokens))

    def _ask(self, query: GraphQuery) -> Asked:
        chain = self._chain
        if query.pass_services is not None and not query.pass_services.strip():
            raise ServicePassWithoutReason()
        require_heuristics(query.stops_at)
        if query.policy is None:
            is_tx = [_TXID.fullmatch(start.text) is not None for start in query.starts]
            txs = [
                chain.tx_row(start.text)
                for start, whole in zip(query.starts, is_tx, strict=True)
                if whole
            ]
            others = [start for start, whole in zip(query.starts, is_tx, strict=True) if not whole]
            resolved, is_cut = _browsed(chain, others, query)
            return Asked(resolved, tuple(txs), None, is_cut)
        for name in filter(None, (query.policy, query.compare)):
            policy_named(name, dict(query.policies).get(name))
        resolved = resolve_starts(chain, query.starts, since=query.since, until=query.until)
        return Asked(resolved, (), self._question(query, resolved))

    def _question(self, query: GraphQuery, resolved: Resolved) -> TraceQuestion:
        return TraceQuestion(
            starts=tuple(
                NamedStart(self._chain.outpoint(one.output), one.share_sat, one.reference)
                for one in resolved.starts
            ),
            policy=query.policy or "",
            policies=query.policies,
            direction=cast("Direction", query.direction),
            hops=query.hops,
            min_sat=query.min_sat,
            since=query.since,
            until=query.until,
            pass_services=query.pass_services,
            all_coins_ever=resolved.all_coins_ever,
            last_height=self._chain.last_height,
            asked=tuple(start.text for start in query.starts),
            stops_at=query.stops_at,
        )

    def _run(self, query: GraphQuery, asked: Asked, hops: int | None) -> list[TraceResult]:
        """Answer the question under each policy, with so many hops."""
        if asked.question is None:
            return []
        question = replace(asked.question, hops=hops)
        starts = zip(question.starts, asked.resolved.starts, strict=True)
        outputs = {named.outpoint: one.output for named, one in starts}
        return [
            self.kept(
                "trace",
                _under(query, name, hops),
                lambda name=name: question.answer_under(  # type: ignore[misc]
                    name, self.sight.graph, outputs, self.sight.label_of, self._looks
                ),
            )
            for name in filter(None, (query.policy, query.compare))
        ]

    def _reach(self, query: GraphQuery, tokens: Sequence[str]) -> Drawn:
        asked = self.asked(query)
        reach: Reach
        if asked.question is None:
            outputs = [one.output for one in asked.resolved.starts]
            reach = BrowsedReach(self.sight, begun_of(outputs, asked.txs), query)
        else:
            reach = TracedReach(self.sight, lambda hops: self._run(query, asked, hops), query.hops)
        for token in tokens:
            kind, _, txid = token.partition("-")
            tx = self.sight.tx_of(txid)
            if tx >= 0:
                (reach.draw_around if kind == "next" else reach.draw)(tx)
        hops, results = None, tuple[TraceResult, ...]()
        if isinstance(reach, TracedReach):
            hops, results = reach.hops, tuple(reach.results)
        net = reach.net()
        net.cut = net.cut or asked.is_cut
        return Drawn(net, hops, results, tuple(fetch_rows(net.fetches, self.sight.names)))


def _browsed(
    chain: Chain, starts: Sequence[AskedStart], query: GraphQuery
) -> tuple[Resolved, bool]:
    """Find what is looked at by hand: of an address with very many outputs the largest."""
    small, large = [], list[Start]()
    is_timed = query.since is not None or query.until is not None
    for start in starts:
        is_address = ":" not in start.text and not is_timed
        if not is_address or len(chain.outputs_of_address(start.text)) <= MOST_REACHED:
            small.append(start)
            continue
        rows = chain.outputs_of_address(start.text)
        values = np.asarray(chain.graph.output_value[rows])
        largest = np.sort(rows[np.argsort(-values, kind="stable")[:MOST_REACHED]])
        large += [Start(row, None, start.reference) for row in largest.tolist()]
    found = resolve_starts(chain, small, since=query.since, until=query.until)
    ever = found.all_coins_ever or bool(large)
    return Resolved((*found.starts, *large), ever), bool(large)


def draws(opened: Sequence[str]) -> tuple[str, ...]:
    """What of the opened draws more transactions."""
    return tuple(token for token in opened if token.startswith(_DRAWS))


def bare(query: GraphQuery) -> GraphQuery:
    """The question of a query, without what is open and what is told besides."""
    return replace(query, opened=(), collapsed=(), patterns=False, clusters=False)


def _under(query: GraphQuery, policy: str, hops: int | None) -> GraphQuery:
    """The question under one policy alone, with so many hops."""
    return bare(replace(query, hops=hops, policy=policy, compare=None))
