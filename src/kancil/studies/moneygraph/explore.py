"""The money graph, whole and step by step: explore, expand, collapse, and what a selection means.

From an open chain, its labels and a query; to a picture, or to what changes in one. The plan:
resolve the starts, answer the question, draw what is open, fold, compose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar, cast

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import Resolved, resolve_starts
from kancil.bitcoin.clusters.store import kept_numbers
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.bitcoin.tracing.errors import ServicePassWithoutReason
from kancil.bitcoin.tracing.result import TraceResult
from kancil.bitcoin.tracing.trace import Direction, policy_named
from kancil.ground.units import grouped
from kancil.ground.words import render, spoken
from kancil.studies.amounts import btc, short, short_outpoint
from kancil.studies.errors import GraphFull, GraphNodeFixed, GraphNodeNotFound
from kancil.studies.fiat_value import NO_PRICES, Worth
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.chain_names import ChainNames
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import require_heuristics, rows_as_dicts
from kancil.studies.trace.tables import fetch_rows, totals_of

from .browsed import BrowsedReach, begun_of
from .clustered import Clustered, kept_here
from .composing import Beside, Composed, compose
from .folding import MOST_NODES, fold, measure_of
from .lines import Writer, plain
from .model import Edge, GraphChange, MoneyGraph, Node
from .net import Net, Reach, Sight
from .parts import CLUSTER, Folded
from .patterned import Patterned, look_for_patterns, not_asked, pattern_ground
from .pricing import priced
from .query import GraphQuery
from .runs import Runs
from .stated import Transfer, add_stated, stated_notes
from .telling import heard_groups, pattern_groups
from .traced import TracedReach

_TXID = re.compile(r"[0-9a-fA-F]{64}")
_DRAWS = ("tx-", "next-")
"""What is opened by these draws more; all else opens folds."""
T = TypeVar("T")


Again = Callable[[MoneyGraph | Patterned], bool] | None
"""Says of what is kept whether another is to be made in its place; None: of nothing."""


def explore(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    runs: Runs | None = None,
    stated: Sequence[Transfer] = (),
    worth: Worth = NO_PRICES,
    looks: CoinjoinLooks | None = None,
) -> MoneyGraph:
    """Draw a query. Raises what resolving starts and tracing raise.

    `runs`: answers kept from earlier queries; the picture is the same without, but that patterns
    for which no time was left are looked for again. `stated`: transfers of tables, drawn beside
    the chain's where they name what is drawn. `worth`: prices of imported tables, told beside
    amounts. `kancil.bitcoin.coinjoins.verdicts`: of this chain, to judge no transaction twice.
    """
    explorer = Explorer(chain, labels, runs or Runs(), stated, worth, looks)
    return explorer.graph(query, again=lambda kept: kept.is_out_of_time)


def expand(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    node: str,
    runs: Runs | None = None,
    stated: Sequence[Transfer] = (),
    worth: Worth = NO_PRICES,
) -> GraphChange:
    """Open a node of a drawn query, and give what that changes.

    Raises GraphNodeNotFound, GraphNodeFixed where nothing more is held behind it, GraphFull, and
    what `explore` raises.
    """
    explorer = Explorer(chain, labels, runs or Runs(), stated, worth)
    before = explorer.graph(query)
    token = _known(before, node).opens
    if not token:
        raise GraphNodeFixed(node=node)
    is_hidden = token in query.collapsed
    after = explorer.graph(query.showing(token) if is_hidden else query.opening(token))
    if token in after.kept_closed:
        raise GraphFull(most=MOST_NODES)
    return _change(before, after)


def collapse(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    node: str,
    runs: Runs | None = None,
    stated: Sequence[Transfer] = (),
    worth: Worth = NO_PRICES,
) -> GraphChange:
    """Fold a node back into what it came from, or hide all that lies behind it.

    Raises GraphNodeNotFound, GraphNodeFixed where it cannot, and what `explore` raises.
    """
    explorer = Explorer(chain, labels, runs or Runs(), stated, worth)
    before = explorer.graph(query)
    found = _known(before, node)
    around = f"next-{node.removeprefix('tx-')}"
    for token in (around, found.parent, node):
        if token in query.opened:
            return _change(before, explorer.graph(query.closing(token)))
    if not found.closes:
        raise GraphNodeFixed(node=node)
    return _change(before, explorer.graph(query.hiding(node)))


def _known(graph: MoneyGraph, ident: str) -> Node:
    found = graph.node(ident)
    if found is None:
        raise GraphNodeNotFound(node=ident)
    return found


def sight_of(chain: Chain, labels: LabelsUsed, looks: CoinjoinLooks) -> Sight:
    """What a picture of a chain is made from."""

    def tx_of(txid: str) -> int:
        if _TXID.fullmatch(txid) is None:
            return -1
        rows = chain.tx_rows(bytes.fromhex(txid)[::-1])
        followed = [row for row in rows if int(chain.graph.tx_rank[row]) >= 0]
        return (followed or rows or [-1])[-1]

    label_of = labels.index.label_of(chain.columns)
    return Sight(chain.graph, ChainNames(chain), label_of, tx_of, looks.of, looks.stops)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query's starts, found on the chain."""

    resolved: Resolved
    txs: tuple[int, ...]
    """Starts that are whole transactions; only without a policy."""
    question: TraceQuestion | None


class Explorer:
    """Draws queries over one chain and its labels."""

    def __init__(
        self,
        chain: Chain,
        labels: LabelsUsed,
        runs: Runs,
        stated: Sequence[Transfer],
        worth: Worth,
        looks: CoinjoinLooks | None = None,
    ) -> None:
        """Take the chain, the labels, where answers are kept, stated transfers and prices.

        `kancil.bitcoin.coinjoins.verdicts`: of this chain, to judge no transaction twice.
        """
        self._chain, self._runs, self._stated = chain, runs, tuple(stated)
        self._worth, self._labels = worth, labels
        self._looks = looks or CoinjoinLooks(chain)
        self._sight = sight_of(chain, labels, self._looks)
        ingests = len(chain.record.ingests)
        self._key = (str(chain.path), ingests, chain.inputs_digests, labels.imports)

    def _kept(
        self,
        what: str,
        key: Hashable,
        make: Callable[[], T],
        again: Callable[[T], bool] | None = None,
    ) -> T:
        return self._runs.get((what, self._key, key), make, again)

    def graph(self, query: GraphQuery, again: Again = None) -> MoneyGraph:
        """Draw a query; `again`: what is kept and of which another is to be made."""
        key = (query, spoken(), self._stated, self._worth, self._at_hand(query))
        return self._kept(
            "graph", key, lambda: priced(self._draw(query, again), self._worth), again
        )

    def _draw(self, query: GraphQuery, again: Again) -> MoneyGraph:
        asked = self._kept("starts", _bare(query), lambda: self._ask(query))
        opened, drawn, folded = self._fit(query, asked)
        patterned = self._patterned(query, opened, drawn.net, again)
        clusters = self._clusters(query)
        added = add_stated(self._sight, folded, self._stated)
        writer = Writer(
            is_backward=query.direction == "backward",
            is_traced=query.policy is not None,
            second=query.compare or "",
        )
        beside = Beside(patterned, clusters, query.stops_at or ())
        second = query.compare or ""
        composed = compose(self._sight, drawn.net, folded, writer, second, opened, beside)
        told = self._told(query, asked, drawn, composed, opened)
        findings = patterned.named(_nodes_of(composed))
        return replace(
            told,
            notes=(*stated_notes(added), *told.notes, *_cluster_notes(query, clusters, composed)),
            findings=findings,
            pattern_groups=pattern_groups(findings, {node.id: node for node in composed.nodes}),
            heard_groups=heard_groups(composed.nodes),
            patterns_said=patterned.said,
            is_out_of_time=patterned.is_out_of_time,
        )

    # --- what heuristics say besides --------------------------------------------------------------

    @cached_property
    def _kept_clusters(self) -> Clustered | None:
        return kept_here(self._chain, self._labels.index)

    def _clusters(self, query: GraphQuery) -> Clustered | None:
        """The clusters that are kept, where they are asked for; None where none are."""
        return self._kept_clusters if query.clusters else None

    def _at_hand(self, query: GraphQuery) -> tuple[bool, bool]:
        """What somebody has made meanwhile that the picture depends on."""
        return self._clusters(query) is not None, query.patterns and self._is_numbered

    @cached_property
    def _is_numbered(self) -> bool:
        return kept_numbers(self._chain) is not None

    def _patterned(
        self, query: GraphQuery, opened: Sequence[str], net: Net, again: Again
    ) -> Patterned:
        """Look for patterns, where they are asked for; once a net, however it is folded."""
        if not query.patterns:
            return not_asked()
        index, at_hand = self._labels.index, (self._is_numbered, spoken())
        ground = self._kept("ground", at_hand, lambda: pattern_ground(self._chain, index))
        key = (_bare(query), _draws(opened), at_hand)
        return self._kept("patterned", key, lambda: look_for_patterns(ground, net), again)

    # --- starts and shares ------------------------------------------------------------------------

    def _ask(self, query: GraphQuery) -> _Asked:
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
            resolved = resolve_starts(chain, others, since=query.since, until=query.until)
            return _Asked(resolved, tuple(txs), None)
        for name in filter(None, (query.policy, query.compare)):
            policy_named(name, dict(query.policies).get(name))
        resolved = resolve_starts(chain, query.starts, since=query.since, until=query.until)
        return _Asked(resolved, (), self._question(query, resolved))

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

    def _run(self, query: GraphQuery, asked: _Asked, hops: int | None) -> list[TraceResult]:
        """Answer the question under each policy, with so many hops."""
        if asked.question is None:
            return []
        question = replace(asked.question, hops=hops)
        starts = zip(question.starts, asked.resolved.starts, strict=True)
        outputs = {named.outpoint: one.output for named, one in starts}
        return [
            self._kept(
                "trace",
                (_bare(replace(query, hops=hops, policy=name, compare=None))),
                lambda name=name: question.answer_under(  # type: ignore[misc]
                    name, self._sight.graph, outputs, self._sight.label_of, self._looks
                ),
            )
            for name in filter(None, (query.policy, query.compare))
        ]

    # --- what is drawn, and what of it fits -------------------------------------------------------

    def _net(self, query: GraphQuery, asked: _Asked, opened: Sequence[str]) -> _Drawn:
        tokens = _draws(opened)
        return self._kept("net", (_bare(query), tokens), lambda: self._reach(query, asked, tokens))

    def _reach(self, query: GraphQuery, asked: _Asked, tokens: Sequence[str]) -> _Drawn:
        reach: Reach
        if asked.question is None:
            outputs = [one.output for one in asked.resolved.starts]
            reach = BrowsedReach(self._sight, begun_of(outputs, asked.txs), query)
        else:
            reach = TracedReach(self._sight, lambda hops: self._run(query, asked, hops), query.hops)
        for token in tokens:
            kind, _, txid = token.partition("-")
            tx = self._sight.tx_of(txid)
            if tx >= 0:
                (reach.draw_around if kind == "next" else reach.draw)(tx)
        hops, results = None, tuple[TraceResult, ...]()
        if isinstance(reach, TracedReach):
            hops, results = reach.hops, tuple(reach.results)
        net = reach.net()
        return _Drawn(net, hops, results, tuple(fetch_rows(net.fetches, self._sight.names)))

    def _fit(self, query: GraphQuery, asked: _Asked) -> tuple[tuple[str, ...], _Drawn, Folded]:
        """Open as much as fits: the longest beginning of what was opened, by halving."""

        def attempt(count: int) -> tuple[tuple[str, ...], _Drawn, Folded]:
            opened = query.opened[:count]
            drawn = self._net(query, asked, opened)
            net, collapsed = drawn.net, query.collapsed
            measure = self._kept(
                "measure",
                (_bare(query), _draws(opened), collapsed, clusters is not None),
                lambda: measure_of(self._sight, net, collapsed, clusters),
            )
            return opened, drawn, fold(self._sight, net, opened, collapsed, measure, clusters)

        clusters = self._clusters(query)

        whole = attempt(len(query.opened))
        if len(whole[2].parts) <= MOST_NODES:
            return whole
        best, low, high = attempt(0), 0, len(query.opened) - 1
        while low < high:
            middle = (low + high + 1) // 2
            tried = attempt(middle)
            if len(tried[2].parts) <= MOST_NODES:
                best, low = tried, middle
            else:
                high = middle - 1
        return best

    # --- what is told -----------------------------------------------------------------------------

    def _told(
        self,
        query: GraphQuery,
        asked: _Asked,
        drawn: _Drawn,
        composed: Composed,
        opened: Sequence[str],
    ) -> MoneyGraph:
        question = asked.question
        totals = {str(result.parameters["policy"]): result for result in drawn.results}
        kept_closed = query.opened[len(opened) :]
        return MoneyGraph(
            query=query,
            question=None if question is None else replace(question, hops=drawn.hops).as_dict(),
            nodes=composed.nodes,
            edges=composed.edges,
            axis=composed.axis,
            width=max((node.x + node.width for node in composed.nodes), default=0),
            height=composed.layout.height,
            totals=tuple(rows_as_dicts("totals", totals_of(totals))),
            fetch_list=drawn.fetch_list,
            notes=self._notes(query, asked, drawn, composed, kept_closed),
            kept_closed=kept_closed,
            title=self._title(query, asked),
            network=self._chain.network.name,
            is_real_money=self._chain.network.is_real_money,
        )

    def _title(self, query: GraphQuery, asked: _Asked) -> str:
        if asked.question is None:
            first = query.starts[0].text
            name = short_outpoint(first) if ":" in first else short(plain(first))
            return (
                render("note.graph-title-chain", name=name, more=len(query.starts) - 1)
                if len(query.starts) > 1
                else render("note.graph-title-one", name=name)
            )
        values = self._sight.graph.output_value
        amount = sum(
            int(values[one.output]) if one.share_sat is None else one.share_sat
            for one in asked.resolved.starts
        )
        return render(f"note.graph-title-{query.direction}", amount=btc(amount))

    def _notes(
        self,
        query: GraphQuery,
        asked: _Asked,
        drawn: _Drawn,
        composed: Composed,
        kept_closed: Sequence[str],
    ) -> tuple[str, ...]:
        notes = []
        if asked.question is None:
            notes.append(render("note.graph-no-policy"))
        else:
            notes.append(render("note.policy-is-a-choice"))
        if query.compare:
            notes.append(render("note.graph-compared", second=query.compare))
        if not all(drawn.net.adds_up):
            notes.append(render("note.poison-no-sum"))
        if asked.resolved.all_coins_ever:
            notes.append(render("note.all-coins-ever"))
        if drawn.hops is not None and drawn.hops != query.hops:
            notes.append(render("note.graph-hops-raised", hops=drawn.hops))
        if drawn.net.cut:
            notes.append(render("note.graph-cut"))
        if kept_closed:
            notes.append(render("note.graph-kept-closed", most=MOST_NODES))
        notes += _coinjoin_notes(query, composed)
        if any(node.labelled for node in composed.nodes):
            notes.append(render("note.label-allegation"))
        notes.append(render("note.scope", scope=self._chain.scope))
        notes.append(render("note.block-time"))
        return tuple(notes)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """A net, and what it was answered with."""

    net: Net
    hops: int | None
    results: tuple[TraceResult, ...]
    fetch_list: tuple[tuple[str, str], ...]


def _nodes_of(composed: Composed) -> dict[int, tuple[str, ...]]:
    """The nodes that take part in each finding, in the order of the picture."""
    found: dict[int, tuple[str, ...]] = {}
    for node in composed.nodes:
        for number in node.findings:
            found[number] = (*found.get(number, ()), node.id)
    return found


def _cluster_notes(
    query: GraphQuery, clusters: Clustered | None, composed: Composed
) -> tuple[str, ...]:
    """What folding by cluster is, and why nothing is folded where nothing is."""
    if not query.clusters:
        return ()
    if clusters is None:
        return (render("note.graph-clusters-not-made"),)
    if not any(node.kind == CLUSTER for node in composed.nodes):
        return (render("note.graph-clusters-none"),)
    return (render("note.graph-clusters"), render("note.cluster-error"))


def _coinjoin_notes(query: GraphQuery, composed: Composed) -> list[str]:
    """Say, without a policy, that one stops at CoinJoins, or that one goes through."""
    heard = [one for node in composed.nodes for one in node.heuristics]
    if query.policy is not None or not any(one.is_coinjoin for one in heard):
        return []
    if not query.stops_at:
        return [render("note.graph-passes-coinjoins")]
    named = ", ".join(" ".join(key) for key in query.stops_at)
    return [render("note.graph-stops-at-coinjoins", heuristics=named)]


def _draws(opened: Sequence[str]) -> tuple[str, ...]:
    """What of the opened draws more transactions."""
    return tuple(token for token in opened if token.startswith(_DRAWS))


def _bare(query: GraphQuery) -> GraphQuery:
    """The question of a query, without what is open and what is told besides."""
    return replace(query, opened=(), collapsed=(), patterns=False, clusters=False)


def _change(before: MoneyGraph, after: MoneyGraph) -> GraphChange:
    """Compare two pictures."""
    old = {node.id: node for node in before.nodes}
    old_edges = {edge.id: edge for edge in before.edges}
    new, new_edges = {node.id for node in after.nodes}, {edge.id for edge in after.edges}
    kept = [node for node in after.nodes if node.id in old and old[node.id] != node]
    kept_edges = [edge for edge in after.edges if edge.id in old_edges]
    kept_edges = [edge for edge in kept_edges if old_edges[edge.id] != edge]
    moved = [node for node in kept if _unplaced(node) == _unplaced(old[node.id])]
    moved_edges = [edge for edge in kept_edges if _unrouted(edge) == _unrouted(old_edges[edge.id])]
    places = {node.id for node in moved}
    routes = {edge.id for edge in moved_edges}
    added = tuple(node for node in after.nodes if node.id not in old)
    removed = tuple(node.id for node in before.nodes if node.id not in new)
    return GraphChange(
        graph=after,
        added=added,
        changed=tuple(node for node in kept if node.id not in places),
        moved=tuple(moved),
        removed=removed,
        added_edges=tuple(edge for edge in after.edges if edge.id not in old_edges),
        changed_edges=tuple(edge for edge in kept_edges if edge.id not in routes),
        moved_edges=tuple(moved_edges),
        removed_edges=tuple(edge.id for edge in before.edges if edge.id not in new_edges),
        said=render(
            "note.graph-changed",
            added=grouped(len(added)),
            removed=grouped(len(removed)),
            total=grouped(len(after.nodes)),
        ),
    )


def _unplaced(node: Node) -> Node:
    return replace(node, layer=0, x=0, y=0, width=0, height=0)


def _unrouted(edge: Edge) -> Edge:
    return replace(edge, width=0, points=())
