"""From folded coins to a drawn graph: amounts summed, words written, everything in its place.

Places come from the report's own layout (`bundle/layout.py`), in one band without wrapping, so
that picture, report and canvas agree. All numbers are whole; nothing depends on the machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kancil.bitcoin.coinjoins.verdicts import Look
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.tracing.result import Bounds
from kancil.ground.words import render
from kancil.studies.drawing import flow as flows
from kancil.studies.drawing.box_words import PLAIN, Line, days
from kancil.studies.drawing.layout import Frame, Layout, Piece, lay_out

from .clustered import Clustered
from .folding import short_id
from .heard import Heard, heard_of, looks_like
from .lines import (
    TRANSACTIONS,
    Writer,
    address_lines,
    amount_text,
    edge_words,
    junction_lines,
    party_lines,
    plain,
    told,
    traced_lines,
)
from .model import Amount, Edge, Node, Point, Traced, sum_bounds
from .net import COINJOIN, Net, Share, Sight, Strand
from .parts import (
    ADDRESS,
    BELOW,
    CHAIN,
    CLUSTER,
    END,
    ENDS,
    JUNCTION,
    PARTY,
    STAGE,
    START,
    TX,
    Folded,
    Part,
    Subject,
    Tie,
)
from .patterned import Patterned

BOX_WIDTH = 188
BEND = 110
"""Width in which ribbons turn to where they go, before the next layer; words end before it."""
WORD = 7
"""Width of a letter beside a ribbon."""
WORD_LINE, WORDS_GAP, RIBBON_GAP = 14, 6, 2
LEAST_WORDS, MOST_WORDS = 70, 180
MOST_LANES = 1_500
MOST_THICK = 36
MOST_NUMBERS = 5
"""Numbers of findings written on one node."""
MOST_LABELS = 6
"""Labels told beside one node; the count says how many there are."""


@dataclass(frozen=True, slots=True)
class Composed:
    """Nodes and edges in the order of the picture."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    axis: tuple[tuple[int, str], ...]
    layout: Layout


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a node before it has a place."""

    amount: Amount
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    labelled: int
    times: tuple[str, ...]
    hops: tuple[int, ...]
    names: tuple[str, str]
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What heuristics say besides what every node shows."""

    patterned: Patterned = field(default_factory=Patterned)
    clusters: Clustered | None = None
    stops_at: tuple[tuple[str, str], ...] = ()
    """Heuristics, with their versions, at whose yes coins stop."""


NOTHING = Beside()


def compose(
    sight: Sight,
    net: Net,
    folded: Folded,
    writer: Writer,
    second: str,
    opened: Sequence[str],
    beside: Beside = NOTHING,
) -> Composed:
    """Everything words and places."""
    return _Composer(sight, net, folded, writer, second, set(opened), beside).compose()


class _Composer:
    def __init__(
        self,
        sight: Sight,
        net: Net,
        folded: Folded,
        writer: Writer,
        second: str,
        opened: set[str],
        beside: Beside,
    ) -> None:
        self.beside = beside
        self.sight, self.net, self.parts, self.ties = sight, net, folded.parts, folded.ties
        self.writer, self.second, self.opened = writer, second, opened
        self.rows_by_tx: defaultdict[int, list[int]] = defaultdict(list)
        for strand in net.strands:
            tx = strand.spent_by if net.is_backward else strand.made_by
            if strand.shares and strand.shares[0].row and tx >= 0:
                self.rows_by_tx[tx].append(strand.shares[0].row)

    def compose(self) -> Composed:
        entering: defaultdict[str, list[tuple[Strand, bool]]] = defaultdict(list)
        for tie in self.ties:
            entering[tie.target] += tie.strands
        self.known = {
            ident: self._know(part, entering[ident]) for ident, part in self.parts.items()
        }
        self.words = [self._words(tie) for tie in self.ties]
        layout = self._lay_out()
        slots = {slot.key: slot for slot in layout.slots if slot.box is not None}
        nodes = []
        for ident, part in self.parts.items():
            slot = slots[ident]
            place = (slot.layer, layout.x_of(slot.layer), slot.y, slot.height)
            nodes.append(self._node(part, *place))
        nodes.sort(key=lambda node: (node.layer, node.y, node.id))
        order = {node.id: place for place, node in enumerate(nodes)}
        edges = sorted(
            self._edges(layout), key=lambda edge: (order[edge.source], edge.points, edge.id)
        )
        return Composed(tuple(nodes), tuple(edges), self._axis(nodes), layout)

    # --- amounts and words ------------------------------------------------------------------------

    def _know(self, part: Part, entering: list[tuple[Strand, bool]]) -> _Known:
        if part.kind == PARTY:
            lines = part.own_lines or party_lines(part.told)
            return _Known(Amount(None), lines, (), 0, (), (), ("", ""))
        if part.kind == CLUSTER:
            return self._know_cluster(part, entering)
        if part.kind in TRANSACTIONS:
            amount = self._amount([(strand, True) for strand, _ in entering])
            coins = part.inside
            hops = sorted({self.net.hops[tx] for tx in part.txs})
            times = self._times(part.txs)
            is_one = part.kind in (TX, JUNCTION)
            names = (self.sight.names.txid(part.txs[0]) if is_one else "", "")
        else:
            is_spent_side = [(strand, strand.made_by < 0) for strand in part.strands]
            amount = self._amount(is_spent_side, is_start=part.state == START)
            coins, hops = part.strands, []
            times = self._times(self._makers(part.strands))
            names = self._names(part)
        labels = tuple(label for strand in coins for label in strand.labels)
        labelled = sum(1 for strand in coins if strand.labels)
        lines = self._lines(part, amount, times, hops, labelled, labels, names)
        looks = self._looks(part)
        heard = looks_like(looks, is_fold=len(part.txs) > 1, is_end=not part.txs)
        lines = (*lines, *traced_lines(amount), *heard, *self._in_findings(part))
        return _Known(
            amount,
            lines,
            labels,
            labelled,
            times,
            tuple(hops[:1] + hops[-1:]),
            names,
            heard_of(looks),
        )

    def _lines(
        self,
        part: Part,
        amount: Amount,
        times: tuple[str, ...],
        hops: list[int],
        labelled: int,
        labels: tuple[Label, ...],
        names: tuple[str, str],
    ) -> tuple[Line, ...]:
        if part.kind == JUNCTION:
            return junction_lines(names[0], times)
        if part.kind == ADDRESS:
            rests = [(one, False) for one in part.strands if one.state == "no-spend-seen"]
            resting = self._amount(rests) if rests else None
            return address_lines(part, names[1], amount, resting, labels, times)
        return self.writer.lines(
            part, amount, times, hops, self._fees(part), labelled, labels, names
        )

    def _know_cluster(self, part: Part, entering: list[tuple[Strand, bool]]) -> _Known:
        """A cluster's node: what comes in, what stays or goes on undrawn, whose labels."""
        if self.beside.clusters is None:
            raise AssertionError("a cluster's node without clusters")  # folding makes none
        told = self.beside.clusters.told(part.cluster)
        staying = [
            (strand, False) for strand in (*part.strands, *part.inside) if strand.spent_by < 0
        ]
        amount = self._amount(entering)
        hops = sorted({self.net.hops[tx] for tx in part.txs})
        times = self._times({*part.txs, *self._makers(part.strands)})
        lines = self.writer.cluster_lines(
            told,
            part,
            amount,
            self._amount(staying) if staying else None,
            times,
            self._fees(part),
        )
        return _Known(
            amount,
            (*lines, *self._in_findings(part)),
            tuple(
                replace(
                    label,
                    label=render("note.graph-cluster-label", label=label.label, address=address),
                )
                for address, label in told.labels
            ),
            told.labelled,
            times,
            tuple(hops[:1] + hops[-1:]),
            ("", ""),
            (told.heard,),
        )

    def _findings(self, part: Part) -> tuple[int, ...]:
        """The numbers of the findings that a node takes part in."""
        coins = part.strands if part.kind not in (CHAIN, STAGE, BELOW) else part.inside
        if part.kind == CLUSTER:
            coins = [*part.strands, *part.inside]
        return self.beside.patterned.of(part.txs, (strand.output for strand in coins))

    def _in_findings(self, part: Part) -> tuple[Line, ...]:
        numbers = self._findings(part)
        if not numbers:
            return ()
        key = "note.graph-box-patterns" if len(numbers) > 1 else "note.graph-box-pattern"
        return (Line(PLAIN, render(key, numbers=_listed(numbers))),)

    def _looks(self, part: Part) -> list[Look]:
        """What heuristics say of a node's transactions, or those by which its coins stop."""
        if part.txs:
            return [look for tx in part.txs for look in self.sight.looks_of(tx)]
        stops = sorted({one.stopped_at for one in part.strands if one.stopped_at >= 0})
        return [look for tx in stops for look in self.sight.stops(tx, self.beside.stops_at)]

    def _amount(self, strands: Sequence[tuple[Strand, bool]], *, is_start: bool = False) -> Amount:
        """Sum coins; the flag says whether the side where they were spent is meant."""
        values = [strand.value_sat for strand, _ in strands]
        unknown = sum(value < 0 for value in values)
        value = sum(value for value in values if value >= 0)
        shares: list[Bounds | None] = []
        for place in range(self.net.policies):
            if len(strands) > 1 and not self.net.adds_up[place]:
                shares.append(None)
            elif is_start:
                declared = sum(strand.declared_sat for strand, _ in strands)
                shares.append(Bounds(declared, declared))
            else:
                shares.append(sum_bounds([_side(s, place, spent) for s, spent in strands]))
        share, second = [*shares, None, None][:2]
        is_known = len(values) > unknown
        return Amount(share, second, value if is_known else None, unknown, self._traced(strands))

    def _traced(self, strands: Sequence[tuple[Strand, bool]]) -> tuple[Traced, ...]:
        """What each of several traces says of coins, apart: these are never added up."""
        found = []
        for place, name in enumerate(self.net.traces):
            sides = [(s.traced[place], spent) for s, spent in strands if place in s.traced]
            if not sides or (len(sides) > 1 and not self.net.traces_add_up[place]):
                continue
            bounds = sum_bounds([_of_side(share, spent) for share, spent in sides])
            if bounds.upper:
                found.append(Traced(name, bounds))
        return tuple(found)

    def _fees(self, part: Part) -> Bounds | None:
        fees = [self.net.fees[tx][0] for tx in part.txs if tx in self.net.fees]
        if fees:
            return sum_bounds(fees)
        if part.kind not in (TX, CLUSTER):
            return None
        known = [fee for fee in map(self.sight.graph.fee_of, part.txs) if fee is not None]
        if not known or len(known) < len(part.txs):
            return None
        return Bounds(sum(known), sum(known))

    def _makers(self, strands: Sequence[Strand]) -> set[int]:
        graph = self.sight.graph
        return {strand.place(graph)[1] for strand in strands if strand.output >= 0}

    def _times(self, txs: Iterable[int]) -> tuple[str, ...]:
        """The first and last block time among transactions."""
        timed = [(int(self.sight.graph.tx_time[tx]), tx) for tx in txs]
        known = [(time, tx) for time, tx in timed if time >= 0]
        unseen = [tx for time, tx in timed if time < 0]
        found = (
            {self.sight.names.block_time(tx) for _, tx in (min(known), max(known))}
            if known
            else set()
        )
        found |= {self.sight.names.block_time(tx) for tx in unseen}
        times = sorted(found - {""})
        return tuple(times[:1] + times[-1:]) if len(times) > 1 else tuple(times)

    def _names(self, part: Part) -> tuple[str, str]:
        if part.kind == ADDRESS:
            return "", self.sight.names.address((*part.strands, *part.inside)[0].output)
        if len(part.strands) != 1:
            return "", ""
        names, strand = self.sight.names, part.strands[0]
        if strand.output < 0:
            return names.spent_outpoint(strand.input), ""
        return names.outpoint(strand.output), names.address(strand.output)

    # --- places -----------------------------------------------------------------------------------

    def _lay_out(self) -> Layout:
        """Place all nodes, following the arrows that lead on."""
        self.ribbons: list[tuple[Tie, flows.Ribbon | None]] = []
        ribbons = []
        for tie, words in zip(self.ties, self.words, strict=True):
            if self.parts[tie.source].order >= self.parts[tie.target].order:
                self.ribbons.append((tie, None))
                continue
            lower, upper = self._drawn_bounds(tie)
            height = len(words) * WORD_LINE + WORDS_GAP if words else RIBBON_GAP
            ribbon = flows.Ribbon(tie.source, tie.target, lower, upper, _key(tie), height)
            self.ribbons.append((tie, ribbon))
            ribbons.append(ribbon)
        boxes = {ident: self._box(part) for ident, part in self.parts.items()}
        flow = flows.Flow(boxes, ribbons, is_backward=False, adds_up=True)
        counts = {ident: len(known.lines) for ident, known in self.known.items()}
        return lay_out(flow, lambda box: counts[box.key], self._frame())

    def _frame(self) -> Frame:
        """Leave as much room between layers as words need."""
        longest = max((len(word) for words in self.words for word in words), default=0)
        return Frame(
            box_width=BOX_WIDTH,
            columns=0,
            pitch=BOX_WIDTH + min(MOST_WORDS, max(LEAST_WORDS, longest * WORD)) + BEND,
            most_lanes=MOST_LANES,
            most_thick=MOST_THICK,
        )

    def _words(self, tie: Tie) -> tuple[str, ...]:
        """The words beside an arrow: none where a node at its end says the same."""
        if tie.stated is not None:
            return tie.stated.words
        amount = self._amount(tie.strands)
        source, target = self.parts[tie.source], self.parts[tie.target]
        is_told = target.kind != TX and self.known[target.id].amount == amount
        if source.kind not in TRANSACTIONS:
            is_told = is_told or self.known[source.id].amount == amount
        if not is_told:
            return edge_words(
                amount, len(tie.strands), self.second, after_service=tie.after_service
            )
        return (render("note.graph-after-service"),) if tie.after_service else ()

    def _box(self, part: Part) -> flows.Box:
        kinds = {START: flows.START, TX: flows.TRANSACTION}
        ends = (END, ENDS, PARTY, ADDRESS)
        kind = kinds.get(part.kind, flows.END if part.kind in ends else flows.FOLD)
        if part.state == START:
            kind = flows.START
        elif kind == flows.END and self._joins(part):
            kind = flows.FOLD
        amount = self.known[part.id].amount
        upper = amount.value_sat or 0 if amount.share is None else amount.share.upper
        return flows.Box(part.id, kind, lower=upper, upper=upper)

    def _joins(self, part: Part) -> bool:
        return any(strand.made_by >= 0 and strand.spent_by >= 0 for strand in part.strands)

    def _drawn_bounds(self, tie: Tie) -> tuple[int, int]:
        if tie.stated is not None:
            return 0, 0
        amount = self._amount(tie.strands)
        if amount.share is None:
            return amount.value_sat or 0, amount.value_sat or 0
        if amount.second is None:
            return amount.share
        # Wide enough for the policy that says more.
        return (
            max(amount.share.lower, amount.second.lower),
            max(amount.share.upper, amount.second.upper),
        )

    def _axis(self, nodes: Sequence[Node]) -> tuple[tuple[int, str], ...]:
        times: defaultdict[int, list[str]] = defaultdict(list)
        for node in nodes:
            if node.kind in TRANSACTIONS or node.kind == "start":
                times[node.x].extend(node.times)
        return tuple((x, days(found)) for x, found in sorted(times.items()) if found)

    # --- values -----------------------------------------------------------------------------------

    def _node(self, part: Part, layer: int, x: int, y: int, height: int) -> Node:
        known = self.known[part.id]
        names = known.names
        once = {id(label): label for label in known.labels}
        labels = tuple(dict.fromkeys(told(label) for label in once.values()))
        strands = part.strands if part.kind not in TRANSACTIONS else part.inside
        rows = self._rows(strands)
        if part.kind in TRANSACTIONS:
            rows = self._rows_of(part)
        elif part.kind == CLUSTER:
            rows = tuple(sorted({*rows, *self._rows_of(part)}))
        return Node(
            id=part.id,
            kind=part.kind,
            state=part.strands[0].state if part.kind == START else part.state,
            tone=part.tone,
            count=part.addresses or len(part.txs if part.kind in TRANSACTIONS else part.strands),
            labelled=known.labelled,
            amount=known.amount,
            txid=names[0] if part.kind in (TX, JUNCTION) else "",
            outpoint=names[0] if part.kind not in (TX, JUNCTION) else "",
            address=names[1],
            times=known.times,
            hops=known.hops,
            labels=labels[:MOST_LABELS],
            labels_left=max(0, len(labels) - MOST_LABELS),
            rows=rows,
            reasons=_reasons(part.strands),
            after_service=any(_is_after(strand) for strand in part.strands),
            opens=part.opens,
            closes=bool(part.parent) or part.hides or self._was_opened(part),
            parent=part.parent,
            lines=known.lines,
            heuristics=known.heard,
            findings=self._findings(part),
            layer=layer,
            x=x,
            y=y,
            width=BOX_WIDTH,
            height=height,
            subject=self._subject(part, names),
            txs=tuple(part.txs),
            outputs=_outputs((*part.strands, *part.inside)),
        )

    def _subject(self, part: Part, names: tuple[str, str]) -> Subject:
        """What a node stands for, by which one can ask about it."""
        chain = self.sight.chain
        if part.subject is not None:
            return part.subject
        if part.kind in (TX, JUNCTION):
            return Subject("transaction", chain, names[0])
        if part.kind == CLUSTER and self.beside.clusters is not None:
            return Subject("cluster", chain, self.beside.clusters.name_of(part.cluster))
        if part.kind == ADDRESS:
            return Subject("address", chain, names[1])
        if part.kind == PARTY:
            return Subject("party", "", part.told[0])
        if names[0] and len(part.strands) == 1:
            return Subject("output", chain, names[0])
        return Subject("fold", chain, part.id)

    def _was_opened(self, part: Part) -> bool:
        return part.kind == TX and bool({part.id, f"next-{part.id[3:]}"} & self.opened)

    def _rows(self, strands: Iterable[Strand]) -> tuple[int, ...]:
        return tuple(
            sorted(
                strand.shares[0].row for strand in strands if strand.shares and strand.shares[0].row
            )
        )

    def _rows_of(self, part: Part) -> tuple[int, ...]:
        """The rows of all transfers that a node's transactions made or, asked back, spent."""
        return tuple(sorted(row for tx in part.txs for row in self.rows_by_tx[tx]))

    def _edges(self, layout: Layout) -> Iterable[Edge]:
        ways: defaultdict[tuple[str, str, str], list[Piece]] = defaultdict(list)
        for piece in layout.pieces:
            way = piece.ribbon
            ways[way.source, way.target, way.tone].append(piece)
        slots = {slot.key: slot for slot in layout.slots if slot.box is not None}
        for (tie, ribbon), words in zip(self.ribbons, self.words, strict=True):
            if ribbon is None:
                source, target = slots[tie.source], slots[tie.target]
                start = (layout.x_of(source.layer) + BOX_WIDTH, source.middle)
                points: tuple[Point, ...] = (start, (layout.x_of(target.layer), target.middle))
                width = 2
            else:
                pieces = ways[ribbon.source, ribbon.target, ribbon.tone]
                points, width = _way(pieces, layout), pieces[0].thick
            yield self._edge(tie, words, points, width, goes_back=ribbon is None)

    def _edge(
        self,
        tie: Tie,
        words: tuple[str, ...],
        points: tuple[Point, ...],
        width: int,
        *,
        goes_back: bool,
    ) -> Edge:
        strands = [strand for strand, _ in tie.strands]
        amount = Amount(None) if tie.stated else self._amount(tie.strands)
        ends = (self.parts[tie.source], self.parts[tie.target])
        return Edge(
            id=short_id("e", tie.source, tie.target, _key(tie)),
            source=tie.source,
            target=tie.target,
            amount=amount,
            count=len(strands),
            tone=next((part.tone for part in ends if part.tone not in ("", COINJOIN)), ""),
            after_service=tie.after_service,
            goes_back=goes_back,
            rows=self._rows(strands),
            reasons=tie.stated.reasons if tie.stated else _reasons(strands),
            stated_by=plain(tie.stated.stated_by) if tie.stated else "",
            times=tie.stated.times if tie.stated else (),
            told=tie.stated.told if tie.stated else amount_text(amount),
            words=words,
            width=width,
            points=points,
            findings=self.beside.patterned.of((), (strand.output for strand in strands)),
            outputs=_outputs(strands),
        )


def _key(tie: Tie) -> str:
    """Apart arrows between the same nodes."""
    if tie.stated is not None:
        says = " otherwise" if tie.stated.is_contradicted else ""
        return f"stated {tie.stated.stated_by} {tie.stated.asset}{says}"
    return str(tie.after_service)


def _outputs(strands: Iterable[Strand]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(strand.output for strand in strands if strand.output >= 0))


def _listed(numbers: Sequence[int]) -> str:
    """Name the first few numbers, and how many more there are."""
    shown = ", ".join(str(number) for number in numbers[:MOST_NUMBERS])
    return f"{shown} \u2026" if len(numbers) > MOST_NUMBERS else shown


def _side(strand: Strand, place: int, is_spent: bool) -> Bounds:
    return _of_side(strand.shares[place], is_spent)


def _of_side(share: Share, is_spent: bool) -> Bounds:
    return share.spent if is_spent else share.made


def _is_after(strand: Strand) -> bool:
    return any(share.after_service for share in strand.shares)


def _reasons(strands: Iterable[Strand]) -> tuple[str, ...]:
    codes = {share.reason for strand in strands for share in strand.shares[:1] if share.reason}
    return tuple(render(f"note.bounds-{code}") for code in sorted(codes))


def _way(pieces: Sequence[Piece], layout: Layout) -> tuple[Point, ...]:
    """The middle line of a ribbon: out of its source, through its lanes, into its target."""
    width = layout.frame.box_width
    points: list[Point] = []
    for piece in sorted(pieces, key=lambda piece: piece.source.layer):
        half = piece.thick // 2
        points.append((layout.x_of(piece.source.layer) + width, piece.y0 + half))
        points.append((layout.x_of(piece.target.layer), piece.y1 + half))
    return tuple(points)
