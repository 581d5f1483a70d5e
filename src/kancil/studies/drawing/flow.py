"""A trace as a flow of money: boxes and the amounts between them, the same for picture and list.

Boxes are transactions, starts, and the ends where the trace stops. Long rows of transactions that
only pass coins on, and many small ends, are folded into one box that says what it holds, so that
a person can read the whole. Nothing is left out of the sums.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Protocol

from kancil.bitcoin.holdings.graph import NO_SPEND_SEEN, Graph
from kancil.bitcoin.tracing.result import Label, TraceResult
from kancil.studies.sums import require_parts
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.question import TraceQuestion
from kancil.studies.trace.tables import Names

START, TRANSACTION, END, FOLD = "start", "transaction", "end", "fold"

UNFOLDED_STEPS = 10
"""So many transactions are drawn one by one."""
LONGEST_PIECE = 12
"""Transactions in a row that one folded box holds at most."""
ENDS_SHOWN = 3
"""Ends of one box that are drawn apart; smaller ones are folded."""
STARTS_SHOWN = 5
MOST_BOXES = 30
"""More transactions than these, after rows are folded, are drawn as stages."""
STAGES = 12


@dataclass(slots=True)
class Box:
    """One box: what it is, and what its words need."""

    key: str
    kind: str
    state: str = ""
    """Of an end: the state of a holding, or the limit that stopped the trace, such as `hops`."""
    tone: str = ""
    """`service`, `sanctioned`, `unknown`, or empty."""
    txids: list[str] = field(default_factory=list)
    outpoints: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    address: str = ""
    label: str = ""
    publisher: str = ""
    lower: int = 0
    upper: int = 0
    fee_lower: int = 0
    fee_upper: int = 0
    count: int = 1
    """Things that are folded into it."""
    hops: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Ribbon:
    """Coins that go from one box to another."""

    source: str
    target: str
    lower: int
    upper: int
    tone: str = ""
    words_height: int = 0
    """Free height above it where it leaves its source, for words that stand there."""


@dataclass(slots=True)
class Flow:
    """Boxes by key, in the order of time, and the ribbons between them."""

    boxes: dict[str, Box]
    ribbons: list[Ribbon]
    is_backward: bool
    adds_up: bool
    folded: bool = False


class LabelsOf(Protocol):
    """Labels of outputs."""

    def label_of(self, output: int) -> tuple[Label, ...]:
        """Labels of an output, by its number."""


class Ground(Protocol):
    """What a result is drawn over: a graph, the names of its rows, the labels of its outputs."""

    @property
    def graph(self) -> Graph:
        """Numbers transactions and outputs as the result does."""

    @property
    def names(self) -> Names:
        """Names of the graph's rows."""

    @property
    def book(self) -> LabelsOf:
        """Labels of the graph's outputs."""


class Answered(Protocol):
    """A trace that is drawn."""

    @property
    def number(self) -> int:
        """By which its picture names it, from 1."""

    @property
    def question(self) -> TraceQuestion:
        """What was asked."""

    @property
    def chosen(self) -> TraceResult:
        """The result under the policy that the officer chose."""


def flow_of(answer: Answered, ground: Ground) -> Flow:
    """The flow of the chosen policy's result, folded as far as it needs."""
    maker = _FlowMaker(answer.chosen, ground)
    flow = maker.make(is_backward=answer.question.direction == "backward")
    _fold_ends(flow)
    _fold_chains(flow)
    _fold_stages(flow)
    _fold_starts(flow)
    return _merged(flow)


class _FlowMaker:
    """Rows of a result become boxes and ribbons."""

    def __init__(self, result: TraceResult, ground: Ground) -> None:
        self.result = result
        self.names = ground.names
        self.book = ground.book
        self.graph = ground.graph
        self.steps = {step.tx: step for step in result.steps}
        self.stopped = {row.output: row for row in result.left_out}
        self.boxes: dict[str, Box] = {}
        self.ribbons: list[Ribbon] = []

    def make(self, *, is_backward: bool) -> Flow:
        """All boxes and ribbons, unfolded."""
        for output, share in self._declared().items() if is_backward else ():
            self._add_start(output, share)
        for step in sorted(self.result.steps, key=lambda step: step.tx):
            self._add_step(step.tx)
        if is_backward:
            self._add_backward()
        else:
            self._add_forward()
        order = {START: 0, TRANSACTION: 1, FOLD: 1, END: 2}
        boxes = dict(sorted(self.boxes.items(), key=lambda item: order[item[1].kind]))
        return Flow(boxes, self.ribbons, is_backward, self.result.totals.adds_up)

    def _add_step(self, tx: int) -> None:
        step = self.steps[tx]
        key = f"tx {tx}"
        self.boxes[key] = Box(
            key=key,
            kind=TRANSACTION,
            txids=[self.names.txid(tx)],
            times=[time for time in [self.names.block_time(tx)] if time],
            fee_lower=step.fee_lower,
            fee_upper=step.fee_upper,
            hops=[step.hop],
        )

    def _declared(self) -> dict[int, int]:
        declared: defaultdict[int, int] = defaultdict(int)
        for start in self.result.starts:
            whole = int(self.graph.output_value[start.output])
            declared[start.output] += whole if start.share_sat is None else start.share_sat
        drawn = sum(declared.values())
        require_parts("starts", self.result.totals.start, [(drawn, drawn)])
        return {output: share for output, share in declared.items() if share}

    def _add_forward(self) -> None:
        declared = self._declared()
        for output, share in declared.items():
            key = self._add_start(output, share)
            self._give(key, output, share, share, self._labels(output))
        for row in self.result.transfers:
            if row.output not in declared:
                self._give(f"tx {row.tx}", row.output, row.lower, row.upper, row.labels)

    def _labels(self, output: int) -> tuple[Label, ...]:
        stopped = self.stopped.get(output)
        return stopped.labels if stopped is not None else ()

    def _give(
        self, source: str, output: int, lower: int, upper: int, labels: tuple[Label, ...]
    ) -> None:
        """Draw coins on an output to where they go: a transaction of the trace, or an end."""
        spender = int(self.graph.output_spender[output])
        tx = self.graph.tx_of_input(spender) if spender != NO_SPEND_SEEN else -1
        if output not in self.stopped and tx in self.steps:
            self.ribbons.append(Ribbon(source, f"tx {tx}", lower, upper, _tone(labels)))
            return
        state = self.stopped[output].limit if output in self.stopped else "no-spend-seen"
        if state == "no-spend-seen" and not self.graph.output_spendable[output]:
            state = "unspendable"
        end = self._end(f"end {output}", state, labels, lower, upper)
        end.outpoints, end.address = [self.names.outpoint(output)], self.names.address(output)
        self.ribbons.append(Ribbon(source, end.key, lower, upper, end.tone))

    def _add_start(self, output: int, share: int) -> str:
        key = f"start {output}"
        labels = self.book.label_of(output)
        self.boxes[key] = box = Box(
            key=key,
            kind=START,
            tone=_tone(labels),
            outpoints=[self.names.outpoint(output)],
            address=self.names.address(output),
            lower=share,
            upper=share,
        )
        _name(box, labels)
        return key

    def _add_backward(self) -> None:
        for output, share in self._declared().items():
            tx, key = self.graph.tx_of_output(output), f"start {output}"
            if tx in self.steps:
                tone = self.boxes[key].tone
                self.ribbons.append(Ribbon(f"tx {tx}", key, share, share, tone))
        held = {row.input: row for row in self.result.holdings}
        for row in self.result.transfers:
            tx = self.graph.tx_of_output(row.output) if row.output >= 0 else -1
            tone = _tone(row.labels)
            target = f"tx {row.tx}"
            if row.output >= 0 and row.output not in self.stopped and tx in self.steps:
                self.ribbons.append(Ribbon(f"tx {tx}", target, row.lower, row.upper, tone))
                continue
            state = held[row.input].state if row.input in held else self.stopped[row.output].limit
            end = self._end(f"end {row.input}", state, row.labels, row.lower, row.upper)
            name = self.names.outpoint(row.output) if row.output >= 0 else ""
            end.outpoints = [name or self.names.spent_outpoint(row.input)]
            end.address = self.names.address(row.output) if row.output >= 0 else ""
            self.ribbons.append(Ribbon(end.key, target, row.lower, row.upper, end.tone))

    def _end(self, key: str, state: str, labels: tuple[Label, ...], lower: int, upper: int) -> Box:
        box = Box(key, END, state=state, tone=_tone(labels), lower=lower, upper=upper)
        if state == "unknown-source":
            box.tone = "unknown"
        _name(box, labels)
        self.boxes[key] = box
        return box


def _name(box: Box, labels: tuple[Label, ...]) -> None:
    """A box the words of the label that weighs most."""
    cited = [label for label in labels if isinstance(label, CitedLabel)]
    if cited:
        told = min(cited, key=lambda label: (not label.is_listed_by_law, label))
        box.label, box.publisher = told.label, told.publisher


def _tone(labels: tuple[Label, ...]) -> str:
    if any(isinstance(label, CitedLabel) and label.is_listed_by_law for label in labels):
        return "sanctioned"
    return "service" if any(label.is_service for label in labels) else ""


# --- folding --------------------------------------------------------------------------------------


def _fold_ends(flow: Flow) -> None:
    """Of one box's plain ends keep the largest; fold the others by their state."""
    of_box: defaultdict[tuple[str, str], list[Box]] = defaultdict(list)
    for ribbon in flow.ribbons:
        for end, other in ((ribbon.target, ribbon.source), (ribbon.source, ribbon.target)):
            box = flow.boxes[end]
            if box.kind == END and not box.label:
                of_box[other, box.state].append(box)
    for (other, state), ends in of_box.items():
        ends.sort(key=lambda box: (-box.upper, box.key))
        if len(ends) > ENDS_SHOWN:
            _join(flow, ends[ENDS_SHOWN - 1 :], f"fold {other} {state}", END)


def _fold_chains(flow: Flow) -> None:
    """Fold rows of transactions that each take all from the one before and pass it to the next."""
    steps = [box for box in flow.boxes.values() if box.kind == TRANSACTION]
    if len(steps) <= UNFOLDED_STEPS:
        return
    after, before = _neighbours(flow)
    number = 0
    for row in _rows(flow, after, before):
        inner = row[1:-1]
        if len(inner) < 3:
            continue
        pieces = -(-len(inner) // LONGEST_PIECE)
        size = -(-len(inner) // pieces)
        for first in range(0, len(inner), size):
            number += 1
            boxes = [flow.boxes[key] for key in inner[first : first + size]]
            _fold_piece(flow, boxes, f"row {number}")
    flow.folded = True


def _neighbours(flow: Flow) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    after: defaultdict[str, set[str]] = defaultdict(set)
    before: defaultdict[str, set[str]] = defaultdict(set)
    for ribbon in flow.ribbons:
        kinds = {flow.boxes[ribbon.source].kind, flow.boxes[ribbon.target].kind}
        if kinds == {TRANSACTION}:
            after[ribbon.source].add(ribbon.target)
            before[ribbon.target].add(ribbon.source)
    return after, before


def _rows(flow: Flow, after: dict[str, set[str]], before: dict[str, set[str]]) -> list[list[str]]:
    """The longest rows in which each has one before and one after; oldest first."""
    rows: list[list[str]] = []
    used: set[str] = set()
    for key, box in flow.boxes.items():
        if box.kind != TRANSACTION or key in used:
            continue
        row = [key]
        while len(after.get(row[-1], ())) == 1:
            (following,) = after[row[-1]]
            if len(before[following]) != 1 or following in used:
                break
            row.append(following)
        used.update(row)
        rows.append(row)
    return rows


def _fold_piece(flow: Flow, boxes: list[Box], key: str) -> None:
    """Fold neighbours of one row, and their ends by state, into one box each."""
    inside = {box.key for box in boxes}
    ends: defaultdict[str, list[Box]] = defaultdict(list)
    for ribbon in flow.ribbons:
        pair = (ribbon.source, ribbon.target)
        for one, other in (pair, pair[::-1]):
            box = flow.boxes[other]
            if one in inside and box.kind == END and not box.label:
                ends[box.state].append(box)
    _join(flow, boxes, key, FOLD)
    for state, group in ends.items():
        if len(group) > 1:
            _join(flow, group, f"{key} {state}", END)


def _fold_stages(flow: Flow) -> None:
    """Where still too much is left, fold all transactions by their distance into a few stages."""
    moving = [box for box in flow.boxes.values() if box.kind in (TRANSACTION, FOLD)]
    if len(moving) <= MOST_BOXES:
        return
    depth = depths(flow, {box.key for box in moving})
    deepest = max(depth.values()) + 1
    count = min(STAGES, deepest)
    stages: defaultdict[int, list[Box]] = defaultdict(list)
    for box in moving:
        stages[depth[box.key] * count // deepest].append(box)
    for number in sorted(stages):
        _fold_piece(flow, stages[number], f"stage {number}")
    named: defaultdict[tuple[str, str, str], list[Box]] = defaultdict(list)
    for ribbon in flow.ribbons:
        for end, other in ((ribbon.target, ribbon.source), (ribbon.source, ribbon.target)):
            if flow.boxes[end].kind == END and flow.boxes[end].label:
                named[other, flow.boxes[end].tone, flow.boxes[end].state].append(flow.boxes[end])
    for (other, tone, state), ends in named.items():
        if len(ends) > ENDS_SHOWN:
            _join(flow, ends, f"named {other} {tone} {state}", END)


def depths(flow: Flow, keys: set[str]) -> dict[str, int]:
    """The longest way to each box from one that nothing leads to, along `keys` alone."""
    before: defaultdict[str, set[str]] = defaultdict(set)
    after: defaultdict[str, set[str]] = defaultdict(set)
    for ribbon in flow.ribbons:
        if ribbon.source in keys and ribbon.target in keys:
            before[ribbon.target].add(ribbon.source)
            after[ribbon.source].add(ribbon.target)
    waiting = {key: len(before[key]) for key in flow.boxes if key in keys}
    ready = [key for key, count in waiting.items() if not count]
    depth = dict.fromkeys(ready, 0)
    for key in ready:
        for following in sorted(after[key]):
            depth[following] = max(depth.get(following, 0), depth[key] + 1)
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    return depth


def _fold_starts(flow: Flow) -> None:
    starts = [box for box in flow.boxes.values() if box.kind == START]
    if len(starts) > STARTS_SHOWN:
        starts.sort(key=lambda box: (-box.upper, box.key))
        _join(flow, starts[STARTS_SHOWN - 1 :], "more starts", START)


def _join(flow: Flow, boxes: list[Box], key: str, kind: str) -> None:
    """Put several boxes into one; ribbons between them vanish inside it."""
    gone = {box.key for box in boxes}
    joined = Box(key, kind, state=boxes[0].state, tone=boxes[0].tone, count=0)
    for box in boxes:
        joined.count += box.count
        joined.lower += box.lower
        joined.upper += box.upper
        joined.fee_lower += box.fee_lower
        joined.fee_upper += box.fee_upper
        joined.txids += box.txids
        joined.outpoints += box.outpoints
        joined.times += box.times
        joined.hops += box.hops
    flow.boxes = {
        name: box
        for old in flow.boxes.values()
        for name, box in (
            [(key, joined)] if old is boxes[0] else [] if old.key in gone else [(old.key, old)]
        )
    }
    for ribbon in flow.ribbons:
        ribbon.source = key if ribbon.source in gone else ribbon.source
        ribbon.target = key if ribbon.target in gone else ribbon.target
    flow.ribbons = [ribbon for ribbon in flow.ribbons if ribbon.source != ribbon.target]
    flow.folded = True


def _merged(flow: Flow) -> Flow:
    """Put ribbons of the same way and tone together."""
    sums: dict[tuple[str, str, str], Ribbon] = {}
    for ribbon in flow.ribbons:
        key = (ribbon.source, ribbon.target, ribbon.tone)
        if key in sums:
            sums[key].lower += ribbon.lower
            sums[key].upper += ribbon.upper
        else:
            sums[key] = ribbon
    flow.ribbons = list(sums.values())
    return flow
