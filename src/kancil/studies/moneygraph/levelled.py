"""The same net by address or by entity: who paid whom, as far as the chain settles it.

From a net of transactions and coins; to nodes and arrows before words and places. Where all inputs
of a transaction are of one address (or one cluster), its outputs are arrows from that one, with
their exact amounts. Where several pay together, the chain does not say who paid whom: such a
transaction stays as a junction, with exact arrows in and out, and nothing is attributed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kancil.bitcoin.holdings.graph import COINBASE

from .folding import MOST_NODES, short_id, tone_of, weight
from .net import Net, Sight, Strand
from .parts import (
    ADDRESS,
    CLUSTER,
    END,
    ENDS,
    JUNCTION,
    STAGE,
    START,
    Folded,
    OfCluster,
    Part,
    Tie,
)

LEVELS = ("addresses", "entities")
APART = (12, 6, 3, 1, 0)
"""So many that one node pays stay apart, tried in this order until the picture is small enough."""
KEPT = MOST_NODES - 1
NEW = "new coins"


def fold_level(
    sight: Sight, net: Net, opened: Sequence[str], clusters: OfCluster | None = None
) -> Folded:
    """Fold a net to addresses, or with `clusters` to those; at most `MOST_NODES` nodes."""
    levelled = _Levelled(sight, net, opened, clusters)
    folded = levelled.fold()
    for most in APART:
        if len(folded.parts) <= MOST_NODES:
            return folded
        folded = levelled.fold_ends(folded, most)
    return folded if len(folded.parts) <= MOST_NODES else levelled.fold_rest(folded)


class _Levelled:
    def __init__(
        self, sight: Sight, net: Net, opened: Sequence[str], clusters: OfCluster | None
    ) -> None:
        self.sight, self.graph, self.net = sight, sight.graph, net
        self.opened, self.clusters = set(opened), clusters
        self.parts: dict[str, Part] = {}
        self.ties: dict[tuple[str, str, bool], Tie] = {}
        self.payer: dict[int, str] = {}
        """Transaction → the one who pays all of it; empty where several do, or nobody knows."""
        self.seen: dict[int, set[str]] = {}
        """Cluster → its addresses that are drawn."""

    def fold(self) -> Folded:
        self._depths()
        drawn: dict[int, str] = {}
        for strand in self.net.strands:
            drawn[strand.key] = self._holder(strand)
        for tx in self.net.hops:
            self.payer[tx] = self._payer_of(tx, set(drawn.values()))
        for strand in self.net.strands:
            self._place(strand, self.parts[drawn[strand.key]])
        for part in self.parts.values():
            part.tone = part.tone or tone_of(one for each in part.strands for one in each.labels)
        for number, addresses in self.seen.items():
            self.parts[self._entity(number)].addresses = len(addresses)
        self._open_more()
        ties = [self.ties[key] for key in sorted(self.ties)]
        return Folded(self.parts, ties)

    def _depths(self) -> None:
        """Each transaction its longest way from those that nothing drawn leads to."""
        before: defaultdict[int, set[int]] = defaultdict(set)
        for strand in self.net.strands:
            if strand.made_by >= 0 and strand.spent_by >= 0:
                before[strand.spent_by].add(strand.made_by)
        self.depth: dict[int, int] = {}
        for tx in sorted(self.net.hops, key=lambda tx: (int(self.graph.tx_rank[tx]), tx)):
            found = [self.depth[other] for other in before[tx] if other in self.depth]
            self.depth[tx] = max(found, default=-1) + 1

    # --- who holds coins, and who pays ------------------------------------------------------------

    def _owner(self, output: int) -> tuple[str, str]:
        """The id and kind of the node that holds an output."""
        number = self.clusters.of(output) if self.clusters is not None else -1
        if number >= 0:
            return self._entity(number), CLUSTER
        address = self.sight.owner(output)
        if address:
            return f"addr-{self.sight.chain}-{address}", ADDRESS
        return f"out-{self.sight.names.outpoint(output).replace(':', '-')}", END

    def _entity(self, number: int) -> str:
        if self.clusters is None:
            raise AssertionError("an entity without clusters")  # `_owner` names none
        return short_id("entity", self.clusters.name_of(number))

    def _holder(self, strand: Strand) -> str:
        """Make the node of a strand's coins, or add them to it."""
        if strand.output < 0:
            return self._source(strand)
        ident, kind = self._owner(strand.output)
        part = self.parts.get(ident)
        if part is None:
            part = self.parts[ident] = Part(ident, kind, order=self._order(strand))
            if kind == END:
                part.state = strand.state
            elif kind == CLUSTER and self.clusters is not None:
                part.cluster = self.clusters.of(strand.output)
        part.order = min(part.order, self._order(strand))
        if strand.is_start:
            part.state = START
        if part.cluster >= 0:
            self.seen.setdefault(part.cluster, set()).add(self.sight.owner(strand.output))
        return ident

    def _source(self, strand: Strand) -> str:
        """The node of coins whose output is not held, or that were newly issued."""
        tx = self.graph.tx_of_input(strand.input)
        ident = (
            f"new-{self.sight.names.txid(tx)}-{strand.input - int(self.graph.tx_input_start[tx])}"
        )
        tone = "unknown" if strand.state == "unknown-source" else ""
        self.parts[ident] = Part(ident, END, strand.state, tone, order=self._order(strand))
        return ident

    def _order(self, strand: Strand) -> int:
        if strand.made_by >= 0:
            return 2 * self.depth[strand.made_by] + 1
        return 2 * self.depth[strand.spent_by] - 1 if strand.spent_by >= 0 else 0

    def _payer_of(self, tx: int, drawn: set[str]) -> str:
        """The node that pays all inputs of a transaction; empty where the chain names no one."""
        inputs = self.graph.inputs_of(tx)
        sources: list[int] = self.graph.input_source[inputs.start : inputs.stop].tolist()
        if sources == [COINBASE]:
            ident = f"new-{self.sight.names.txid(tx)}-0"
            return ident if ident in drawn else ""
        if not sources or min(sources) < 0:
            return ""
        found = {self._owner(source)[0] for source in sources}
        return found.pop() if len(found) == 1 and found <= drawn else ""

    # --- arrows -----------------------------------------------------------------------------------

    def _place(self, strand: Strand, part: Part) -> None:
        """Draw the coins of a strand: into their holder, and on into a junction."""
        payer = self.payer[strand.made_by] if strand.made_by >= 0 else ""
        if payer == part.id:
            part.inside.append(strand)
        else:
            part.strands.append(strand)
            if payer:
                self._tie(payer, part.id, strand, is_spent=False)
        if strand.made_by >= 0 and not payer:
            self._tie(self._junction(strand.made_by), part.id, strand, is_spent=False)
        if strand.spent_by >= 0 and not self.payer[strand.spent_by]:
            self._tie(part.id, self._junction(strand.spent_by), strand, is_spent=True)

    def _junction(self, tx: int) -> str:
        ident = f"tx-{self.sight.names.txid(tx)}"
        part = self.parts.get(ident)
        if part is not None and part.txs != [tx]:
            ident = short_id("tx", ident, str(tx))  # two transactions of one id (BIP 30)
        if ident not in self.parts:
            self.parts[ident] = Part(ident, JUNCTION, txs=[tx], order=2 * self.depth[tx])
        return ident

    def _tie(self, source: str, target: str, strand: Strand, *, is_spent: bool) -> None:
        after = any(share.after_service for share in strand.shares)
        tie = self.ties.setdefault((source, target, after), Tie(source, target, [], after))
        tie.strands.append((strand, is_spent))

    def _open_more(self) -> None:
        """Of each holder the largest coins that go on undrawn, and what was opened to show it."""
        for part in self.parts.values():
            coins = [*part.strands, *part.inside]
            further = [one for one in coins if one.further >= 0]
            if further:
                largest = max(further, key=lambda one: (weight(one), -one.key))
                part.opens = f"tx-{self.sight.names.txid(largest.further)}"
            near = {tx for one in coins for tx in (one.made_by, one.spent_by) if tx >= 0}
            tokens = {f"tx-{self.sight.names.txid(tx)}" for tx in near} if self.opened else set()
            part.parent = min(tokens & self.opened, default="")

    # --- what is too much to read -----------------------------------------------------------------

    def fold_ends(self, folded: Folded, most: int) -> Folded:
        """Fold the smaller of the nodes that one node alone pays, and that pay nobody."""
        into: defaultdict[str, set[str]] = defaultdict(set)
        pays: set[str] = set()
        for tie in folded.ties:
            into[tie.target].add(tie.source)
            pays.add(tie.source)
        groups: defaultdict[str, list[Part]] = defaultdict(list)
        for part in folded.parts.values():
            is_end = part.kind in (ADDRESS, END) and part.id not in pays
            if is_end and len(into[part.id]) == 1 and part.state != START and not part.tone:
                groups[min(into[part.id])].append(part)
        home: dict[str, Part] = {}
        for source, several in groups.items():
            several.sort(key=lambda part: (-sum(map(weight, part.strands)), part.id))
            if len(several) - most > 1:
                fold = Part(short_id(ENDS, "level", source), ENDS, order=several[0].order)
                home |= {part.id: fold for part in several[most:]}
        return self._moved(folded, home)

    def fold_rest(self, folded: Folded) -> Folded:
        """Fold all but the largest nodes into one: a net too wide to be drawn whole."""

        def size(part: Part) -> tuple[bool, int, str]:
            return part.state == START, sum(map(weight, part.strands)), part.id

        others = sorted(folded.parts.values(), key=size, reverse=True)[KEPT:]
        txs = sorted({tx for part in others for tx in part.txs}
                     | {strand.made_by for part in others for strand in part.strands
                        if strand.made_by >= 0})  # fmt: skip
        fold = Part(short_id(STAGE, "level"), STAGE if txs else ENDS, txs=txs)
        fold.order = min((part.order for part in others), default=0)
        return self._moved(folded, {part.id: fold for part in others})

    def _moved(self, folded: Folded, home: dict[str, Part]) -> Folded:
        """The same with some nodes inside others."""
        parts: dict[str, Part] = {}
        for part in folded.parts.values():
            fold = home.get(part.id)
            if fold is None:
                parts[part.id] = part
                continue
            parts[fold.id] = fold
            coins = fold.inside if fold.txs else fold.strands
            coins.extend(part.strands)
        ties: dict[tuple[str, str, bool], Tie] = {}
        for tie in folded.ties:
            source = home[tie.source].id if tie.source in home else tie.source
            target = home[tie.target].id if tie.target in home else tie.target
            if source == target:
                continue
            key = (source, target, tie.after_service)
            ties.setdefault(key, Tie(source, target, [], tie.after_service)).strands.extend(
                tie.strands
            )
        return Folded(parts, [ties[key] for key in sorted(ties)])
