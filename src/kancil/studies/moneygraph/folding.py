"""Folding: from a net of any size to at most five hundred nodes that a person can read.

Rows of transactions that only pass coins on, many ends of one transaction, whole stages of a wide
net, and what an officer hid, each become one node that says what it holds. Nothing is left out of
the sums. A fold opens a page at a time, largest first; what is open is named in the query, so that
opening and closing again gives the same picture.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kancil.bitcoin.labels.label import Label

from .net import COINJOIN, FURTHER, Net, Sight, Strand
from .parts import (
    BELOW,
    CHAIN,
    CLUSTER,
    END,
    ENDS,
    OUTPUT,
    STAGE,
    START,
    TX,
    Folded,
    OfCluster,
    Part,
    Tie,
)

MOST_NODES = 500
"""The picture never holds more."""
READABLE_HUBS = 40
"""More transactions, after rows are folded, are drawn as stages."""
KEPT_HUBS = 20
"""Of these, so many stay drawn one by one: the largest."""
STAGES = 12
PASSED_ROW = 3
"""So many transactions in a row that only pass coins on are folded."""
PIECE = 12
"""Transactions in one fold of a row."""
UNFOLDED = 12
"""So few transactions are drawn one by one, rows or not."""
ENDS_APART = 4
STARTS_APART = 5
PAGE = 24
"""So many of what a fold holds are drawn when it opens; the rest stays folded."""

MIXERS = {"tumbler"}
_FOLDS_INTO_CLUSTER = {"", FURTHER, "no-spend-seen", "hops"}
"""States of coins that fold into a cluster's node: what a limit or a label stopped stays apart."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How tightly is folded."""

    hubs: int = READABLE_HUBS
    kept: int = KEPT_HUBS
    ends: int = ENDS_APART
    stages: int = STAGES
    tells_tones: bool = True
    """Keep coins with labels apart by the kind of label; else only those under sanctions."""


TIGHTER = (
    Measure(),
    Measure(24, 12, 3),
    Measure(12, 6, 2),
    Measure(6, 2, 1),
    Measure(1, 0, 0, 4, tells_tones=False),
)


def measure_of(
    sight: Sight, net: Net, collapsed: Sequence[str], clusters: OfCluster | None = None
) -> Measure:
    """How tightly a net is folded, so that with nothing open it is small enough."""
    for measure in TIGHTER:
        if len(_Folder(sight, net, (), collapsed, measure, clusters).fold().parts) <= MOST_NODES:
            return measure
    return TIGHTER[-1]


def fold(
    sight: Sight,
    net: Net,
    opened: Sequence[str],
    collapsed: Sequence[str],
    measure: Measure,
    clusters: OfCluster | None = None,
) -> Folded:
    """Fold a net, and show what is open besides; `clusters`: fold by these too.

    What is open may make it larger than the picture can be: the caller opens less.
    """
    return _Folder(sight, net, opened, collapsed, measure, clusters).fold()


def tone_of(labels: Iterable[Label]) -> str:
    """The tone of the label that weighs most."""
    found = tuple(labels)
    if not found:
        return ""
    if any(label.law for label in found):
        return "sanctioned"
    if any(label.category in MIXERS for label in found):
        return "mix"
    if any(label.is_service for label in found):
        return "service"
    return "labelled"


def weight(strand: Strand) -> int:
    """The satoshi by which coins are put in order: what may be of the start, else all."""
    if strand.is_start:
        return strand.declared_sat
    if strand.shares:
        return max(max(share.made.upper, share.spent.upper) for share in strand.shares)
    return max(strand.value_sat, 0)


def short_id(kind: str, *names: str) -> str:
    """Make an id that depends on the names alone."""
    return f"{kind}-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:16]}"


class _Folder:
    def __init__(
        self,
        sight: Sight,
        net: Net,
        opened: Sequence[str],
        collapsed: Sequence[str],
        measure: Measure,
        clusters: OfCluster | None,
    ) -> None:
        self.sight, self.graph, self.net = sight, sight.graph, net
        self.opened, self.collapsed = set(opened), collapsed
        self.measure = measure
        self.parts: dict[str, Part] = {}
        self.hub: dict[int, str] = {}
        """Transaction → the node that shows it."""
        self._keys: dict[str, int] = {}
        self.clusters = clusters
        self.owner: dict[int, Part] = {}
        """Cluster → the node that it is folded to."""
        self.unfolded: dict[int, str] = {}
        """Cluster that was opened → the id of its node."""

    def fold(self) -> Folded:
        order = sorted(self.net.hops, key=lambda tx: (int(self.graph.tx_rank[tx]), tx))
        self._place = {tx: place for place, tx in enumerate(order)}
        self._join_transactions(order)
        self._depths(order)
        free = [tx for tx in order if tx not in self.hub]
        free = self._fold_clusters(self._hide(free))
        free = self._fold_rows(free)
        self._fold_stages(free)
        ties = self._tie()
        self._open_more()
        return Folded(self.parts, ties)

    def _join_transactions(self, order: list[int]) -> None:
        """Note which transactions coins join, and which only by plain arrows."""
        self._after: dict[int, set[int]] = {tx: set() for tx in order}
        self._before: dict[int, set[int]] = {tx: set() for tx in order}
        self._labelled: set[tuple[int, int]] = set()
        self._carries: dict[int, int] = dict.fromkeys(order, 0)
        for strand in self.net.strands:
            if strand.spent_by >= 0:
                self._carries[strand.spent_by] += weight(strand)
            if strand.made_by < 0 or strand.spent_by < 0:
                continue
            self._after[strand.made_by].add(strand.spent_by)
            self._before[strand.spent_by].add(strand.made_by)
            if not strand.is_plain:
                self._labelled.add((strand.made_by, strand.spent_by))

    def _depths(self, order: list[int]) -> None:
        """Each transaction its longest way from those that nothing drawn leads to."""
        self._depth: dict[int, int] = {}
        for tx in order:
            before = [self._depth[other] for other in self._before[tx] if other in self._depth]
            self._depth[tx] = max(before, default=-1) + 1

    def _unique(self, name: str, key: int) -> str:
        """Keep ids apart even where two transactions have the same id (BIP 30)."""
        if self._keys.setdefault(name, key) == key:
            return name
        return short_id(name.partition("-")[0], name, str(key))

    def tx_id(self, tx: int) -> str:
        """The id of a transaction's node."""
        return self._unique(f"tx-{self.sight.names.txid(tx)}", tx)

    def strand_id(self, strand: Strand) -> str:
        """The id of a node that stands for one output, held or not."""
        names = self.sight.names
        if strand.output >= 0:
            outpoint = names.outpoint(strand.output)
        else:
            outpoint = names.spent_outpoint(strand.input)
        if not outpoint:
            tx = self.graph.tx_of_input(strand.input)
            place = strand.input - int(self.graph.tx_input_start[tx])
            return self._unique(f"new-{names.txid(tx)}-{place}", strand.key)
        return self._unique(f"out-{outpoint.replace(':', '-')}", strand.key)

    def _group(self, part: Part) -> None:
        self.parts[part.id] = part
        part.order = 2 * min(self._depth[tx] for tx in part.txs)
        for tx in part.txs:
            self.hub[tx] = part.id

    def _alone(self, tx: int, parent: str = "") -> None:
        tone = COINJOIN if self._is_coinjoin(tx) else ""
        self._group(Part(self.tx_id(tx), TX, tone=tone, txs=[tx], parent=parent))

    def _is_coinjoin(self, tx: int) -> bool:
        """Whether a heuristic takes a transaction for a CoinJoin, surely or not."""
        looks = self.sight.looks_of(tx)
        return any(look.is_fired and look.heuristic.says == COINJOIN for look in looks)

    # --- what an officer hid ----------------------------------------------------------------------

    def _hide(self, free: list[int]) -> list[int]:
        """Fold all transactions that hang only on one whose far side was hidden."""
        begins = {
            tx
            for strand in self.net.strands
            if strand.is_start
            for tx in (strand.made_by, strand.spent_by)
            if tx >= 0
        }
        begins |= {tx for tx, hop in self.net.hops.items() if not hop}
        left = set(free)
        for name in self.collapsed:
            tx = self.sight.tx_of(name.partition("-")[2])
            if tx not in left:
                continue
            seen = {tx, *(begins & left)}
            queue = [begin for begin in begins if begin in left and begin != tx]
            while queue:
                for other in self._after[queue[-1]] | self._before[queue.pop()]:
                    if other in left and other not in seen:
                        seen.add(other)
                        queue.append(other)
            below = [other for other in free if other in left and other not in seen]
            if below:
                ident = f"below-{self.sight.names.txid(tx)}"
                self._group(Part(ident, BELOW, txs=below, opens=name))
                left -= set(below)
        return [tx for tx in free if tx in left]

    # --- addresses spent together -----------------------------------------------------------------

    def _fold_clusters(self, free: list[int]) -> list[int]:
        """Fold what is drawn of each cluster, with the transactions that spend from it alone.

        Never a CoinJoin, nor what was kept out when clusters were made, nor a transaction of which
        an input is not known: these stand apart.
        """
        if self.clusters is None:
            return free
        seen: defaultdict[int, set[int]] = defaultdict(set)
        for strand in self.net.strands:
            number = self._cluster_of(strand)
            if number >= 0:
                seen[number].add(self.clusters.address_of(strand.output))
        spenders: defaultdict[int, list[int]] = defaultdict(list)
        for tx in free:
            number = self._spender(tx)
            if number >= 0:
                spenders[number].append(tx)
        left = set(free)
        for number in sorted(number for number, found in seen.items() if len(found) > 1):
            ident = short_id(CLUSTER, self.clusters.name_of(number))
            txs = spenders[number]
            if ident in self.opened:
                self.unfolded[number] = ident
                for tx in txs:
                    self._alone(tx, ident)
            else:
                part = Part(ident, CLUSTER, txs=txs, opens=ident, cluster=number)
                part.addresses = len(seen[number])
                self.owner[number] = part
                if txs:
                    self._group(part)
                else:
                    self.parts[ident] = part
            left -= set(txs)
        return [tx for tx in free if tx in left]

    def _cluster_of(self, strand: Strand) -> int:
        """The cluster into which an output may fold; starts and what is stopped stay apart."""
        if self.clusters is None or strand.output < 0 or strand.is_start:
            return -1
        return self.clusters.of(strand.output) if strand.state in _FOLDS_INTO_CLUSTER else -1

    def _spender(self, tx: int) -> int:
        """The cluster from which alone a transaction spends, -1 if there is none."""
        if self.clusters is None or self._is_coinjoin(tx):
            return -1
        inputs = self.graph.inputs_of(tx)
        sources: list[int] = self.graph.input_source[inputs.start : inputs.stop].tolist()
        numbers = {self.clusters.of(source) if source >= 0 else -1 for source in sources}
        if len(numbers) != 1 or -1 in numbers:
            return -1
        if self.clusters.is_set_aside(tx, self.clusters.address_of(sources[0])):
            return -1
        return numbers.pop()

    def _through(self, ties: dict[tuple[str, str, bool], Tie], strand: Strand, part: Part) -> None:
        """Draw a coin as paid to its cluster's node, and where it is spent elsewhere, from it."""
        source, target = self._hub(strand.made_by), self._hub(strand.spent_by)
        if source == target == part.id:
            part.inside.append(strand)
            return
        part.strands.append(strand)
        if not part.txs and source:
            part.order = max(part.order, self.parts[source].order + 1)
        if source and source != part.id:
            self._add_tie(ties, source, part.id, strand, is_spent=target == part.id)
        if target and target != part.id:
            self._add_tie(ties, part.id, target, strand, is_spent=True)

    # --- rows that only pass coins on -------------------------------------------------------------

    def _fold_rows(self, free: list[int]) -> list[int]:
        if len(free) <= UNFOLDED:
            return free
        pieces = [
            row[first : min(first + PIECE, len(row) - 1)]
            for row in self._rows(free)
            for first in range(1, len(row) - 1, PIECE)
        ]
        pieces = [piece for piece in pieces if len(piece) >= PASSED_ROW]
        if len(pieces) > self.measure.hubs // 2:
            return free  # so many rows are drawn as stages
        for piece in pieces:
            ident = short_id(CHAIN, *(self.sight.names.txid(tx) for tx in piece))
            if ident in self.opened:
                for tx in piece:
                    self._alone(tx, ident)
            else:
                self._group(Part(ident, CHAIN, txs=piece, opens=ident))
        return [tx for tx in free if tx not in self.hub]

    def _rows(self, free: list[int]) -> list[list[int]]:
        """The longest rows in which each takes from the one before and pays the next alone."""
        inside, used = set(free), set[int]()
        rows = []
        for tx in free:
            if tx in used:
                continue
            row = [tx]
            while True:
                following = self._after[row[-1]]
                if len(following) != 1:
                    break
                (other,) = following
                is_plain = (row[-1], other) not in self._labelled
                if other not in inside or other in used or not is_plain:
                    break
                if self._is_coinjoin(other):
                    break
                if len(self._before[other]) != 1:
                    break
                row.append(other)
            used.update(row)
            rows.append(row)
        return rows

    # --- stages -----------------------------------------------------------------------------------

    def _fold_stages(self, free: list[int]) -> None:
        """Keep the largest transactions apart; fold the others by their distance."""
        asked = {tx for tx in free if self.tx_id(tx) in self.opened}
        room = self.measure.hubs - sum(part.kind == CHAIN for part in self.parts.values())
        others = [tx for tx in free if tx not in asked]
        if len(others) <= max(room, self.measure.kept):
            for tx in free:
                self._alone(tx)
            return
        others.sort(key=lambda tx: (-self._carries[tx], self._place[tx]))
        kept = set(others[: self.measure.kept]) | asked
        for tx in free:
            if tx in kept:
                self._alone(tx)
        deepest = max(self._depth[tx] for tx in others) + 1
        count = min(self.measure.stages, deepest)
        stages: defaultdict[int, list[int]] = defaultdict(list)
        for tx in others[self.measure.kept :]:
            stages[self._depth[tx] * count // deepest].append(tx)
        for number in sorted(stages):
            self._fold_stage(stages[number])

    def _fold_stage(self, txs: list[int]) -> None:
        """Fold transactions, largest first; pages of them that are open stand apart."""
        page = 0
        while txs:
            ident = short_id(STAGE, str(page), *(self.sight.names.txid(tx) for tx in txs[:PAGE]))
            if len(txs) > 1 and ident not in self.opened:
                txs.sort(key=lambda tx: self._place[tx])
                self._group(Part(ident, STAGE, txs=txs, opens=ident))
                return
            shown, txs = txs[:PAGE], txs[PAGE:]
            for tx in shown:
                self._alone(tx, ident if ident in self.opened else "")
            page += 1

    # --- ends, starts, labelled outputs -----------------------------------------------------------

    def _tie(self) -> list[Tie]:
        """Make nodes of what an arrow alone does not say, and all the arrows."""
        bundles: defaultdict[tuple[str, str, str, str], list[Strand]] = defaultdict(list)
        ties: dict[tuple[str, str, bool], Tie] = {}
        for strand in self.net.strands:
            part = self.owner.get(self._cluster_of(strand))
            if part is not None:
                self._through(ties, strand, part)
                continue
            source, target = self._hub(strand.made_by), self._hub(strand.spent_by)
            if source and source == target:
                self.parts[source].inside.append(strand)
                continue
            if strand.is_plain:
                self._add_tie(ties, source, target, strand, is_spent=True)
                continue
            state = START if strand.is_start else strand.state
            bundles[source, target, state, self._tone(strand)].append(strand)
        for part in self.owner.values():
            labels = [label for strand in (*part.strands, *part.inside) for label in strand.labels]
            tone = tone_of(labels)
            part.tone = tone if self.measure.tells_tones or tone == "sanctioned" else ""
        for key in sorted(bundles):
            self._bundle(key, bundles[key], ties)
        return [ties[key] for key in sorted(ties)]

    def _tone(self, strand: Strand) -> str:
        tone = tone_of(strand.labels)
        return tone if self.measure.tells_tones or tone == "sanctioned" else ""

    def _hub(self, tx: int) -> str:
        return self.hub[tx] if tx >= 0 else ""

    def _add_tie(
        self,
        ties: dict[tuple[str, str, bool], Tie],
        source: str,
        target: str,
        strand: Strand,
        *,
        is_spent: bool,
    ) -> None:
        after = any(share.after_service for share in strand.shares)
        tie = ties.setdefault((source, target, after), Tie(source, target, [], after))
        tie.strands.append((strand, is_spent))

    def _bundle(
        self,
        key: tuple[str, str, str, str],
        strands: list[Strand],
        ties: dict[tuple[str, str, bool], Tie],
    ) -> None:
        """Draw the largest of like strands apart, and fold the others."""
        strands.sort(key=lambda strand: (-weight(strand), strand.place(self.graph)))
        apart = self._apart(key, strands)
        for part in self._shown(key, strands, apart):
            self.parts[part.id] = part
            source, target, _, _ = key
            if source:
                part.order = self.parts[source].order + 1
            elif target:
                part.order = self.parts[target].order - 1
            for strand in part.strands:
                if source:
                    self._add_tie(ties, source, part.id, strand, is_spent=False)
                if target:
                    self._add_tie(ties, part.id, target, strand, is_spent=True)

    def _apart(self, key: tuple[str, str, str, str], strands: list[Strand]) -> int:
        """How many of like strands are drawn apart."""
        source, target, state, tone = key
        if state == START:
            most = min(STARTS_APART, max(self.measure.ends, 1))
        else:
            in_fold = any(hub and self.parts[hub].kind != TX for hub in (source, target))
            most = self.measure.ends if tone or not in_fold else 0
        if len(strands) <= most or len(strands) == 1:
            return len(strands)
        return max(most - 1, 0)

    def _shown(
        self, key: tuple[str, str, str, str], strands: list[Strand], apart: int
    ) -> Iterable[Part]:
        source, target, state, tone = key
        for strand in strands[:apart]:
            yield self._one(strand, state, tone, "")
        rest, page = strands[apart:], 0
        while rest:
            ident = short_id(ENDS, source, target, state, tone, str(page))
            if len(rest) == 1:
                yield self._one(rest[0], state, tone, "")
                return
            if ident not in self.opened:
                yield Part(ident, ENDS, state, tone, strands=rest, opens=ident)
                return
            for strand in rest[:PAGE]:
                yield self._one(strand, state, tone, ident)
            rest, page = rest[PAGE:], page + 1

    def _one(self, strand: Strand, state: str, tone: str, parent: str) -> Part:
        kind = END
        if strand.is_start:
            kind = START
        elif strand.made_by >= 0 and strand.spent_by >= 0:
            kind = OUTPUT
        if state == "unknown-source":
            tone = tone or "unknown"
        parent = parent or self.unfolded.get(self._cluster_of(strand), "")
        return Part(self.strand_id(strand), kind, state, tone, strands=[strand], parent=parent)

    # --- what opens -------------------------------------------------------------------------------

    def _open_more(self) -> None:
        """Of each node what there is to open behind it, and whether its far side can hide."""
        beyond: defaultdict[str, int] = defaultdict(int)
        for part in self.parts.values():
            for strand in part.strands:
                if strand.further < 0:
                    continue
                if part.kind in (START, OUTPUT, END):
                    part.opens = self.tx_id(strand.further)
                for tx in (strand.made_by, strand.spent_by):
                    if tx >= 0:
                        beyond[self.hub[tx]] += 1
        hidden = set(self.collapsed)
        for part in self.parts.values():
            if part.kind != TX:
                continue
            (tx,) = part.txs
            if part.id in hidden:
                part.opens = part.id
            elif beyond[part.id]:
                part.opens = f"next-{self.sight.names.txid(tx)}"
            part.hides = part.id not in hidden and bool(self._after[tx] | self._before[tx])
