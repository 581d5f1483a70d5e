"""From folded coins to a drawn graph: amounts summed, words written, everything in its place.

Places come from the report's own layout (`bundle/layout.py`), in one band without wrapping, so
that picture, report and canvas agree. All numbers are whole; nothing depends on the machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kancil.ground.words import render
from kancil.studies.drawing import flow as flows
from kancil.studies.drawing.box_words import days
from kancil.studies.drawing.layout import Frame, Layout, Piece, lay_out

from .folding import short_id
from .knowing import NOTHING, Beside, Knower
from .lines import (
    TRANSACTIONS,
    Writer,
    amount_text,
    edge_words,
    plain,
    told,
)
from .model import Amount, Edge, Node, Point
from .net import COINJOIN, Net, Sight, Strand
from .parts import (
    ADDRESS,
    CLUSTER,
    END,
    ENDS,
    JUNCTION,
    PARTY,
    START,
    TX,
    Folded,
    Part,
    Subject,
    Tie,
)

BOX_WIDTH = 188
BEND = 110
"""Width in which ribbons turn to where they go, before the next layer; words end before it."""
WORD = 7
"""Width of a letter beside a ribbon."""
WORD_LINE, WORDS_GAP, RIBBON_GAP = 14, 6, 2
LEAST_WORDS, MOST_WORDS = 70, 180
HOLDERS = (END, ENDS, PARTY, ADDRESS)
"""Kinds that stand beside what they hang on, where they pay nothing on."""
MOST_LANES = 1_500
MOST_THICK = 36
MOST_LABELS = 6
"""Labels told beside one node; the count says how many there are."""


@dataclass(frozen=True, slots=True)
class Composed:
    """Nodes and edges in the order of the picture."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    axis: tuple[tuple[int, str], ...]
    layout: Layout


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
        self.knower = Knower(sight, net, writer, beside)
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
            ident: self.knower.know(part, entering[ident]) for ident, part in self.parts.items()
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
        passing = self._passing(ribbons)
        boxes = {ident: self._box(part, passing) for ident, part in self.parts.items()}
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
        amount = self.knower.amount(tie.strands)
        source, target = self.parts[tie.source], self.parts[tie.target]
        is_told = target.kind != TX and self.known[target.id].amount == amount
        if source.kind not in TRANSACTIONS:
            is_told = is_told or self.known[source.id].amount == amount
        if not is_told:
            return edge_words(
                amount, len(tie.strands), self.second, after_service=tie.after_service
            )
        return (render("note.graph-after-service"),) if tie.after_service else ()

    def _passing(self, ribbons: Sequence[flows.Ribbon]) -> set[str]:
        """Holders that are paid and pay on, or that pay a holder: no ends of the picture."""
        paid = {ribbon.target for ribbon in ribbons}
        return {
            ribbon.source
            for ribbon in ribbons
            if self.parts[ribbon.source].kind in HOLDERS
            and (ribbon.source in paid or self.parts[ribbon.target].kind in HOLDERS)
        }

    def _box(self, part: Part, passing: set[str]) -> flows.Box:
        kinds = {START: flows.START, TX: flows.TRANSACTION}
        kind = kinds.get(part.kind, flows.END if part.kind in HOLDERS else flows.FOLD)
        if part.state == START:
            kind = flows.START
        elif kind == flows.END and (part.id in passing or self._joins(part)):
            kind = flows.FOLD
        amount = self.known[part.id].amount
        upper = amount.value_sat or 0 if amount.share is None else amount.share.upper
        return flows.Box(part.id, kind, lower=upper, upper=upper)

    def _joins(self, part: Part) -> bool:
        return any(strand.made_by >= 0 and strand.spent_by >= 0 for strand in part.strands)

    def _drawn_bounds(self, tie: Tie) -> tuple[int, int]:
        if tie.stated is not None:
            return 0, 0
        amount = self.knower.amount(tie.strands)
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
            findings=self.knower.findings(part),
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
        amount = Amount(None) if tie.stated else self.knower.amount(tie.strands)
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
