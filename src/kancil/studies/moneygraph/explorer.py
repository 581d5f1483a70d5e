"""Drawing questions to one chain as one picture, in one layout.

From an open chain, its labels and one question or several; to a picture. The plan: draw the net of
each question, merge, fold to what a person can read, hang on what tables state, compose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.store import kept_numbers
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.ground.words import render, spoken
from kancil.studies.amounts import btc, short, short_outpoint
from kancil.studies.fiat_value import Worth
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.run import rows_as_dicts
from kancil.studies.trace.tables import totals_of

from .clustered import Clustered, kept_here
from .composing import Composed, compose
from .folding import MOST_NODES, fold, measure_of
from .knowing import Beside
from .levelled import LEVELS, fold_level
from .lines import Writer, plain
from .merging import merge_nets
from .model import MoneyGraph
from .net import Net
from .parts import CLUSTER, Folded, Hanging
from .patterned import Patterned, look_for_patterns, not_asked, pattern_ground
from .pricing import priced
from .query import GraphQuery, Joint
from .reaching import Drawn, Reacher, bare, draws
from .runs import Runs
from .telling import heard_groups, pattern_groups

Again = Callable[[MoneyGraph | Patterned], bool] | None
"""Says of what is kept whether another is to be made in its place; None: of nothing."""


class Explorer:
    """Draws queries over one chain and its labels."""

    def __init__(
        self,
        chain: Chain,
        labels: LabelsUsed,
        runs: Runs,
        hung: Sequence[Hanging],
        worth: Worth,
        looks: CoinjoinLooks | None = None,
    ) -> None:
        """Take the chain, the labels, where answers are kept, what tables state, and prices.

        `kancil.bitcoin.coinjoins.verdicts`: of this chain, to judge no transaction twice.
        """
        self._chain, self._runs, self._hung = chain, runs, tuple(hung)
        self._worth, self._labels = worth, labels
        self._looks = looks or CoinjoinLooks(chain)
        self._own = self.reacher(labels)
        self.sight = self._own.sight

    def reacher(self, labels: LabelsUsed) -> Reacher:
        """What answers questions that were asked with these labels."""
        return Reacher(self._chain, labels, self._runs, self._looks)

    def graph(self, query: GraphQuery, again: Again = None) -> MoneyGraph:
        """Draw a query; `again`: what is kept and of which another is to be made."""
        return self.picture(Joint((query,), ("",)), (self._own,), again)

    def picture(self, joint: Joint, reachers: Sequence[Reacher], again: Again = None) -> MoneyGraph:
        """Draw several questions as one picture; `reachers`: what answers each."""
        key = (
            joint, tuple(each.imports for each in reachers), spoken(),
            tuple(each.key for each in self._hung), self._worth, self._at_hand(joint),
        )  # fmt: skip
        return self._own.kept(
            "graph",
            key,
            lambda: priced(_Drawing(self, joint, reachers, again).graph(), self._worth),
            again,
        )

    @cached_property
    def _kept_clusters(self) -> Clustered | None:
        return kept_here(self._chain, self._labels.index)

    def clusters(self, joint: Joint) -> Clustered | None:
        """The clusters that are kept, where they are asked for; None where none are."""
        is_asked = joint.frame.clusters or joint.level == "entities"
        return self._kept_clusters if is_asked else None

    def _at_hand(self, joint: Joint) -> tuple[bool, bool]:
        """What somebody has made meanwhile that the picture depends on."""
        return self.clusters(joint) is not None, joint.frame.patterns and self._is_numbered

    @cached_property
    def _is_numbered(self) -> bool:
        return kept_numbers(self._chain) is not None


class _Drawing:
    """One picture in the making."""

    def __init__(
        self, explorer: Explorer, joint: Joint, reachers: Sequence[Reacher], again: Again
    ) -> None:
        self.explorer, self.joint, self.reachers, self.again = explorer, joint, reachers, again
        self.sight, self.own = explorer.sight, explorer._own
        self.query = joint.frame
        self.clusters = explorer.clusters(joint)
        self.asked = [
            reacher.asked(query) for reacher, query in zip(reachers, joint.queries, strict=True)
        ]
        self.stops_at = tuple(
            dict.fromkeys(each for query in joint.queries for each in query.stops_at or ())
        )

    def graph(self) -> MoneyGraph:
        query = self.query
        opened, drawn, folded = self._fit()
        net = self._net(opened, drawn)
        patterned = self._patterned(opened, net)
        hung = [note for each in self.explorer._hung for note in each.hang(self.sight, folded)]
        second = query.compare or "" if self.joint.is_one else ""
        writer = Writer(
            is_backward=all(one.direction == "backward" for one in self.joint.queries),
            is_traced=net.policies > 0,
            second=second,
        )
        beside = Beside(patterned, self.clusters, self.stops_at)
        composed = compose(self.sight, net, folded, writer, second, opened, beside)
        findings = patterned.named(_nodes_of(composed))
        told = self._told(drawn, net, composed, opened)
        return replace(
            told,
            notes=(*hung, *told.notes, *self._cluster_notes(composed)),
            findings=findings,
            pattern_groups=pattern_groups(findings, {node.id: node for node in composed.nodes}),
            heard_groups=heard_groups(composed.nodes),
            patterns_said=patterned.said,
            is_out_of_time=patterned.is_out_of_time,
        )

    # --- what is drawn, and what of it fits -------------------------------------------------------

    def _drawn(self, opened: Sequence[str]) -> list[Drawn]:
        pairs = zip(self.reachers, self.joint.queries, strict=True)
        return [reacher.drawn(query, opened) for reacher, query in pairs]

    def _key(self, opened: Sequence[str]) -> tuple[object, ...]:
        questions = tuple(map(bare, self.joint.queries)), self.joint.names
        return questions, tuple(each.imports for each in self.reachers), draws(opened)

    def _merged(self, drawn: Sequence[Drawn]) -> Net:
        return merge_nets(self.sight, [one.net for one in drawn], self.joint.names)

    def _net(self, opened: Sequence[str], drawn: Sequence[Drawn]) -> Net:
        if self.joint.is_one:
            return drawn[0].net
        return self.own.kept("merged", self._key(opened), lambda: self._merged(drawn))

    def _fit(self) -> tuple[tuple[str, ...], list[Drawn], Folded]:
        """Open as much as fits: the longest beginning of what was opened, by halving."""
        query = self.query
        whole = self._attempt(query.opened)
        if len(whole[2].parts) <= MOST_NODES:
            return whole
        best, low, high = self._attempt(()), 0, len(query.opened) - 1
        while low < high:
            middle = (low + high + 1) // 2
            tried = self._attempt(query.opened[:middle])
            if len(tried[2].parts) <= MOST_NODES:
                best, low = tried, middle
            else:
                high = middle - 1
        return best

    def _attempt(self, opened: tuple[str, ...]) -> tuple[tuple[str, ...], list[Drawn], Folded]:
        drawn, collapsed = self._drawn(opened), self.query.collapsed
        net = self._net(opened, drawn)
        if self.joint.level in LEVELS:
            by = self.clusters if self.joint.level == "entities" else None
            return opened, drawn, fold_level(self.sight, net, opened, by)
        measure = self.own.kept(
            "measure",
            (self._key(opened), collapsed, self.clusters is not None),
            lambda: measure_of(self.sight, net, collapsed, self.clusters),
        )
        return opened, drawn, fold(self.sight, net, opened, collapsed, measure, self.clusters)

    # --- what heuristics say besides --------------------------------------------------------------

    def _patterned(self, opened: Sequence[str], net: Net) -> Patterned:
        """Look for patterns, where they are asked for; once a net, however it is folded."""
        if not self.query.patterns:
            return not_asked()
        explorer = self.explorer
        index, at_hand = explorer._labels.index, (explorer._is_numbered, spoken())
        ground = self.own.kept("ground", at_hand, lambda: pattern_ground(explorer._chain, index))
        key = (self._key(opened), at_hand)
        return self.own.kept("patterned", key, lambda: look_for_patterns(ground, net), self.again)

    def _cluster_notes(self, composed: Composed) -> tuple[str, ...]:
        """What folding by cluster is, and why nothing is folded where nothing is."""
        is_asked = self.query.clusters or self.joint.level == "entities"
        if not is_asked:
            return ()
        if self.clusters is None:
            return (render("note.graph-clusters-not-made"),)
        if not any(node.kind == CLUSTER for node in composed.nodes):
            return (render("note.graph-clusters-none"),)
        newer = (render("note.canvas-clusters-newer"),) if self.clusters.is_doubtful else ()
        return (render("note.graph-clusters"), *newer, render("note.cluster-error"))

    # --- what is told -----------------------------------------------------------------------------

    def _told(
        self, drawn: Sequence[Drawn], net: Net, composed: Composed, opened: Sequence[str]
    ) -> MoneyGraph:
        chain, query, question = self.explorer._chain, self.query, self.asked[0].question
        if question is not None and self.joint.is_one:
            question = replace(question, hops=drawn[0].hops)
        results = drawn[0].results if self.joint.is_one else ()
        totals = {str(result.parameters["policy"]): result for result in results}
        kept_closed = query.opened[len(opened) :]
        return MoneyGraph(
            query=query,
            question=question.as_dict() if question and self.joint.is_one else None,
            nodes=composed.nodes,
            edges=composed.edges,
            axis=composed.axis,
            width=max((node.x + node.width for node in composed.nodes), default=0),
            height=composed.layout.height,
            totals=tuple(rows_as_dicts("totals", totals_of(totals))),
            fetch_list=tuple(dict.fromkeys(row for one in drawn for row in one.fetch_list)),
            notes=self._notes(drawn, net, composed, kept_closed),
            kept_closed=kept_closed,
            title=self._title(),
            network=chain.network.name,
            is_real_money=chain.network.is_real_money,
        )

    def _title(self) -> str:
        if not self.joint.is_one:
            return self._joint_title()
        query, asked = self.query, self.asked[0]
        if asked.question is None:
            first = query.starts[0].text
            name = short_outpoint(first) if ":" in first else short(plain(first))
            return (
                render("note.graph-title-chain", name=name, more=len(query.starts) - 1)
                if len(query.starts) > 1
                else render("note.graph-title-one", name=name)
            )
        values = self.sight.graph.output_value
        amount = sum(
            int(values[one.output]) if one.share_sat is None else one.share_sat
            for one in asked.resolved.starts
        )
        return render(f"note.graph-title-{query.direction}", amount=btc(amount))

    def _joint_title(self) -> str:
        names = [name for name in self.joint.names if name]
        starts = sum(len(one.starts) for one in self.joint.queries if one.policy is None)
        if starts:
            names.append(render("note.canvas-starts", count=starts))
        return render("note.canvas-joint-title", names=", ".join(names))

    def _notes(
        self, drawn: Sequence[Drawn], net: Net, composed: Composed, kept_closed: Sequence[str]
    ) -> tuple[str, ...]:
        query, notes = self.query, []
        if not self.joint.is_one:
            notes.append(render("note.canvas-joint"))
        elif self.asked[0].question is None:
            notes.append(render("note.graph-no-policy"))
        else:
            notes.append(render("note.policy-is-a-choice"))
        if query.compare and self.joint.is_one:
            notes.append(render("note.graph-compared", second=query.compare))
        if not all((*net.adds_up, *net.traces_add_up)):
            notes.append(render("note.poison-no-sum"))
        if any(asked.resolved.all_coins_ever for asked in self.asked):
            notes.append(render("note.all-coins-ever"))
        for one, asking in zip(drawn, self.joint.queries, strict=True):
            if one.hops is not None and one.hops != asking.hops:
                notes.append(render("note.graph-hops-raised", hops=one.hops))
        if net.cut:
            notes.append(render("note.graph-cut"))
        if kept_closed:
            notes.append(render("note.graph-kept-closed", most=MOST_NODES))
        notes += self._coinjoin_notes(composed)
        if self.joint.level in LEVELS:
            notes.append(render("note.canvas-level"))
        if any(node.labelled for node in composed.nodes):
            notes.append(render("note.label-allegation"))
        notes.append(render("note.scope", scope=self.explorer._chain.scope))
        notes.append(render("note.block-time"))
        return tuple(notes)

    def _coinjoin_notes(self, composed: Composed) -> list[str]:
        """Say, without a policy, that one stops at CoinJoins, or that one goes through."""
        heard = [one for node in composed.nodes for one in node.heuristics]
        free = [one for one in self.joint.queries if one.policy is None]
        if not free or not any(one.is_coinjoin for one in heard):
            return []
        if not all(one.stops_at for one in free):
            return [render("note.graph-passes-coinjoins")]
        named = ", ".join(" ".join(key) for key in free[0].stops_at or ())
        return [render("note.graph-stops-at-coinjoins", heuristics=named)]


def _nodes_of(composed: Composed) -> dict[int, tuple[str, ...]]:
    """The nodes that take part in each finding, in the order of the picture."""
    found: dict[int, tuple[str, ...]] = {}
    for node in composed.nodes:
        for number in node.findings:
            found[number] = (*found.get(number, ()), node.id)
    return found
