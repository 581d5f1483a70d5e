"""The net of coins under one policy or two: every share is the trace's own, none is made here.

From trace results over one question; to strands. With two policies both results' rows are drawn,
so that what the one follows and the other does not is seen. Where a person goes on beyond the
number of hops, the trace itself is run again with one hop more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.tracing.policy import UNKNOWN_VALUE
from kancil.bitcoin.tracing.result import ZERO, Bounds, Fetch, TraceResult, Transfer

from .net import AROUND, COINJOIN, FURTHER, NOT_DRAWN, Net, Share, Sight, Strand, spender_of

Run = Callable[[int | None], Sequence[TraceResult]]
"""Answers the question with this many hops, under each policy asked."""


class TracedReach:
    """What a trace reaches, and which of its transactions are drawn."""

    def __init__(self, sight: Sight, run: Run, hops: int | None) -> None:
        """Run the question; all that it follows is drawn."""
        self._sight = sight
        self._run = run
        self.hops = hops
        """Hops of the question that the shares answer: as asked, or more where more was opened."""
        self._answer(hops)
        self._drawn = {tx for tx, hop in self._hop_of.items() if hops is None or hop <= hops}

    @property
    def results(self) -> Sequence[TraceResult]:
        """The answers under each policy."""
        return self._results

    def _answer(self, hops: int | None) -> None:
        self.hops = hops
        self._results = self._run(hops)
        self._is_backward = self._results[0].parameters["direction"] == "backward"
        self._hop_of: dict[int, int] = {}
        for result in self._results:
            for step in result.steps:
                self._hop_of[step.tx] = min(self._hop_of.get(step.tx, step.hop), step.hop)
        self._at_limit = {
            row.output for result in self._results for row in result.left_out if row.limit == "hops"
        }

    def draw(self, tx: int) -> bool:
        """Draw a neighbour of what is drawn, going one hop further if it takes that."""
        near = self._outputs(tx, is_near=True)
        if tx not in self._hop_of and self.hops is not None and self._at_limit & set(near):
            self._answer(self.hops + 1)
        beside = {self._near(output) for output in near}
        beside |= {self._far(output) for output in self._outputs(tx, is_near=False)}
        if tx not in self._hop_of or not beside & self._drawn:
            return False
        self._drawn.add(tx)
        return True

    def _outputs(self, tx: int, *, is_near: bool) -> list[int]:
        """The outputs on one side of a transaction, the start's or the other."""
        graph = self._sight.graph
        if is_near == self._is_backward:
            return list(graph.outputs_of(tx))
        inputs = graph.inputs_of(tx)
        sources: list[int] = graph.input_source[inputs.start : inputs.stop].tolist()
        return [source for source in sources if source >= 0]

    def _near(self, output: int) -> int:
        """The transaction at the start's side of an output."""
        graph = self._sight.graph
        return spender_of(graph, output) if self._is_backward else graph.tx_of_output(output)

    def _far(self, output: int) -> int:
        """The transaction on the far side of an output, -1 if none is held."""
        graph = self._sight.graph
        return graph.tx_of_output(output) if self._is_backward else spender_of(graph, output)

    def draw_around(self, tx: int) -> bool:
        """Draw the largest transactions that go on from one that is drawn."""
        if tx not in self._drawn:
            return False
        graph = self._sight.graph
        found: dict[int, int] = {}
        for output in self._outputs(tx, is_near=False):
            far = self._far(output)
            if far >= 0 and far not in self._drawn:
                found[far] = found.get(far, 0) + int(graph.output_value[output])
        largest = sorted(found, key=lambda other: (-found[other], int(graph.tx_rank[other])))
        drew = [self.draw(other) for other in largest[:AROUND]]
        return any(drew)

    def net(self) -> Net:
        """The net of all that is drawn."""
        maker = _NetMaker(self._sight, self._results, self._drawn, is_backward=self._is_backward)
        fees: dict[int, list[Bounds]] = {
            tx: [ZERO] * len(self._results) for tx in self._drawn if tx in self._hop_of
        }
        for place, result in enumerate(self._results):
            for step in result.steps:
                if step.tx in fees:
                    fees[step.tx][place] = Bounds(step.fee_lower, step.fee_upper)
        fetches: set[Fetch] = {fetch for result in self._results for fetch in result.fetch_list}
        return Net(
            hops={tx: self._hop_of[tx] for tx in fees},
            fees=fees,
            strands=maker.strands(),
            fetches=sorted(fetches),
            policies=len(self._results),
            is_backward=self._is_backward,
            adds_up=tuple(result.totals.adds_up for result in self._results),
        )


class _Told:
    """One policy's result, by output and input."""

    def __init__(self, result: TraceResult) -> None:
        self.steps = {step.tx for step in result.steps}
        self.stopped = {row.output: row.limit for row in result.left_out}
        self.held = {
            row.output if row.output >= 0 else -1 - row.input: row.state for row in result.holdings
        }
        self.links: dict[int, Bounds] = {}
        seen: set[int] = set()
        for row in result.transfers:
            if row.tx not in seen:
                seen.add(row.tx)
                for link in row.links:
                    self.links[link.output] = Bounds(link.lower, link.upper)

    def state(self, key: int, far: int) -> str:
        """Why coins are not followed on; empty if they are."""
        if key in self.stopped:
            return self.stopped[key]
        if key in self.held:
            return self.held[key]
        return "" if far in self.steps else FURTHER


class _NetMaker:
    """Rows of results become strands."""

    def __init__(
        self,
        sight: Sight,
        results: Sequence[TraceResult],
        drawn: set[int],
        *,
        is_backward: bool,
    ) -> None:
        self._sight = sight
        self._results = results
        self._drawn = drawn
        self._is_backward = is_backward
        self._told = [_Told(result) for result in results]
        self._found: dict[int, Strand] = {}

    def strands(self) -> list[Strand]:
        """All strands that touch what is drawn, and all starts."""
        near: dict[int, int] = {}
        for place, result in enumerate(self._results):
            for row in result.transfers:
                strand = self._strand(row)
                near[strand.key] = row.tx
                self._take_row(strand, row, place)
        for output, declared in self._declared().items():
            self._take_start(output, declared)
        kept = []
        for key, strand in self._found.items():
            self._join(strand, near.get(key, NOT_DRAWN))
            if strand.made_by >= 0 or strand.spent_by >= 0 or strand.is_start:
                kept.append(strand)
        return kept

    def _strand(self, row: Transfer) -> Strand:
        key = row.output if row.output >= 0 else -1 - row.input
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = Strand(
                output=max(row.output, -1),
                input=row.input,
                value_sat=row.value_sat,
                labels=_own(row.labels),
                shares=[Share() for _ in self._results],
            )
        return found

    def _take_row(self, strand: Strand, row: Transfer, place: int) -> None:
        share, amount = strand.shares[place], Bounds(row.lower, row.upper)
        share.reason, share.row, share.after_service = row.reason, row.number, row.after_service
        if self._is_backward:
            share.spent = amount
            is_on = self._is_followed(strand, place)
            share.made = amount if is_on or row.output < 0 else ZERO
        else:
            share.made = amount
            share.spent = amount if self._is_followed(strand, place) else ZERO

    def _far(self, strand: Strand) -> int:
        if strand.output < 0:
            return NOT_DRAWN
        graph = self._sight.graph
        if self._is_backward:
            return graph.tx_of_output(strand.output)
        return spender_of(graph, strand.output)

    def _is_followed(self, strand: Strand, place: int) -> bool:
        return not self._told[place].state(strand.key, self._far(strand))

    def _declared(self) -> dict[int, int]:
        declared: defaultdict[int, int] = defaultdict(int)
        values = self._sight.graph.output_value
        for start in self._results[0].starts:
            whole = int(values[start.output])
            declared[start.output] += whole if start.share_sat is None else start.share_sat
        return {output: share for output, share in declared.items() if share}

    def _take_start(self, output: int, declared: int) -> None:
        strand = self._found.get(output)
        if strand is None:
            strand = self._found[output] = Strand(
                output=output,
                input=-1,
                value_sat=int(self._sight.graph.output_value[output]),
                shares=[Share() for _ in self._results],
            )
        strand.is_start, strand.declared_sat = True, declared
        strand.labels = self._sight.label_of(output)
        for place, share in enumerate(strand.shares):
            if not self._is_followed(strand, place):
                continue
            told = self._told[place].links.get(output, Bounds(declared, declared))
            if self._is_backward:
                share.made = told
            else:
                share.spent = told

    def _join(self, strand: Strand, near: int) -> None:
        """Which of its transactions are drawn, and why it ends where it is not drawn on."""
        far, far_drawn, near_drawn = self._far(strand), NOT_DRAWN, NOT_DRAWN
        states = [
            told.state(strand.key, far)
            for told, share in zip(self._told, strand.shares, strict=True)
            if share.row or strand.is_start
        ]
        is_followed = any(not state for state in states)
        if is_followed and far in self._drawn:
            far_drawn, strand.state = far, states[0]
        elif is_followed or any(state in (FURTHER, "hops") for state in states):
            limited = [state for state in states if state not in ("", FURTHER)]
            strand.state = limited[0] if limited and not is_followed else FURTHER
            strand.further = far
        else:
            strand.state = next((state for state in states if state), "")
        if strand.state == COINJOIN:
            strand.stopped_at = far
        if near in self._drawn:
            near_drawn = near
        elif near >= 0 and far_drawn >= 0 and not strand.is_start:
            strand.state, strand.further = FURTHER, near
        if self._is_backward:
            strand.made_by, strand.spent_by = far_drawn, near_drawn
        else:
            strand.made_by, strand.spent_by = near_drawn, far_drawn
        if strand.value_sat == UNKNOWN_VALUE and strand.output >= 0:
            strand.value_sat = int(self._sight.graph.output_value[strand.output])


def _own(labels: tuple[object, ...]) -> tuple[Label, ...]:
    return tuple(label for label in labels if isinstance(label, Label))
