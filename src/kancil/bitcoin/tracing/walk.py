"""The walk of a trace: transactions in order, each divided by the policy, every coin accounted for.

Forward goes by rank, backward against it, so that all coins that meet in a transaction have
arrived before it is divided. What both share stands in `Walk`; `Forward` and `Backward` say what
an arm is. Used by `kancil.bitcoin.tracing.trace` alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kancil.bitcoin.holdings.graph import COINBASE, NO_SPEND_SEEN, UNKNOWN, Graph
from kancil.ground.progress import SILENT, Progress

from .errors import TransactionOverspends
from .policy import NOTHING, Coins, Policy, Spend, Split
from .pool import Pool
from .result import ZERO, Bounds, Fetch, Holding, Label, LeftOut, Link, Start, Step, Transfer

LabelOf = Callable[[int], tuple[Label, ...]]
StopsAt = Callable[[int], bool]
"""Says of a transaction whether the trace stops there because several owners' coins meet in it."""
STEPS_A_TICK = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a trace goes; None: no limit."""

    hops: int | None = None
    min_sat: int = 0
    since: int | None = None
    """Seconds since 1970; a transaction of an earlier block is not followed."""
    until: int | None = None
    """Seconds since 1970; a transaction of a later block is not followed."""
    passes_services: bool = False
    stops_at: StopsAt | None = None
    """None: no transaction stops the trace."""


@dataclass(slots=True)
class _Live:
    """Traced coins on an output, waiting for the transaction that takes them on."""

    coins: Coins
    hop: int
    after_service: bool


@dataclass(slots=True)
class Walk:
    """One trace under one policy, while it goes on."""

    graph: Graph
    policy: Policy
    limits: Limits
    label_of: LabelOf
    is_reversed: bool = False
    progress: Progress = SILENT
    transfers: list[Transfer] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    fetches: set[Fetch] = field(default_factory=set)
    overlap: Bounds = ZERO
    pool: Pool = field(init=False)
    live: dict[int, _Live] = field(default_factory=dict)
    declared: dict[int, int] = field(default_factory=dict)
    """Satoshi declared on each start output; several starts on one output add up."""
    shown: set[int] = field(default_factory=set)
    _queue: list[tuple[int, int]] = field(default_factory=list)
    _queued: set[int] = field(default_factory=set)

    def run(self, starts: Sequence[Start]) -> None:
        """Walk until nothing is left to follow."""
        raise NotImplementedError

    def declare(self, starts: Sequence[Start]) -> None:
        """Take in the starts, all checked before."""
        graph = self.graph
        for start in starts:
            whole = int(graph.output_value[start.output])
            share = whole if start.share_sat is None else start.share_sat
            self.declared[start.output] = self.declared.get(start.output, 0) + share
        runs = [int(graph.tx_run[graph.tx_of_output(output)]) for output in self.declared]
        self.pool.expect(sum(self.declared.values()), min(runs))

    def enqueue(self, tx: int, key: int) -> None:
        """Put a transaction in the queue, once."""
        if tx not in self._queued:
            self._queued.add(tx)
            heapq.heappush(self._queue, (key, tx))

    def drain(self, visit: Callable[[int], None]) -> None:
        """Visit the queued transactions in order of their keys until none is left."""
        self.progress.start(None, "transactions", "progress.trace")
        done = 0
        while self._queue:
            visit(heapq.heappop(self._queue)[1])
            done += 1
            if done % STEPS_A_TICK == 0:
                self.progress.advance(STEPS_A_TICK)
        self.progress.advance(done % STEPS_A_TICK)
        self.progress.finish()

    def spend(self, tx: int, traced: Sequence[Coins], doubtful: Sequence[bool], cap: int) -> Spend:
        """Lay a transaction out for the policy."""
        graph = self.graph
        inputs, outputs = graph.inputs_of(tx), graph.outputs_of(tx)
        spend = Spend(
            input_values=graph.input_value[inputs.start : inputs.stop].tolist(),
            output_values=graph.output_value[outputs.start : outputs.stop].tolist(),
            traced=traced,
            doubtful=doubtful,
            doubtful_cap=cap if self.policy.conserves else None,
            is_reversed=self.is_reversed,
        )
        if not spend.unknown_count and spend.output_total > spend.known_total:
            raise TransactionOverspends(txid=graph.name_of(tx))
        return spend

    def merge(self, output: int, flow: Coins, value: int) -> Coins:
        """Put the declared coins on a start, counting once what was already there."""
        share = self.declared[output]
        begun = self.policy.begin(value, share)
        self.pool.declared += share
        if not flow.upper:
            return begun
        if share == value:
            self.overlap += (flow.lower, flow.upper)
        else:
            surely = max(0, share + flow.lower - value)
            self.overlap += (surely, min(share, flow.upper))
        return self.policy.join(flow, begun, value)

    def leave_out(self, limit: str, output: int, live: _Live, labels: tuple[Label, ...]) -> None:
        """Record coins that a limit stops; they are surely there and not out of sight."""
        coins = live.coins
        self.pool.sure += coins.lower
        seen = int(self.graph.output_spender[output]) >= 0
        self.left_out.append(
            LeftOut(limit, output, coins.lower, coins.upper, live.hop, seen, labels)
        )

    def follow(self, output: int, live: _Live, next_tx: int, key: int) -> None:
        """Keep coins until their next transaction comes."""
        self.pool.sure += live.coins.lower
        self.live[output] = live
        self.enqueue(next_tx, key)

    def limit_at(self, tx: int, hop: int) -> str:
        """Name the limit that forbids going on to a transaction `hop` away; empty when none."""
        limits = self.limits
        if limits.hops is not None and hop > limits.hops:
            return "hops"
        time = int(self.graph.tx_time[tx])
        if time >= 0:
            if limits.since is not None and time < limits.since:
                return "since"
            if limits.until is not None and time > limits.until:
                return "until"
        if limits.stops_at is not None and limits.stops_at(tx):
            return "coinjoin"
        return ""

    def is_stopped_by(self, labels: tuple[Label, ...]) -> bool:
        """Whether a labelled service stops the trace here."""
        return not self.limits.passes_services and any(label.is_service for label in labels)

    def take(self, output: int) -> _Live:
        """Take live coins off their output."""
        live = self.live.pop(output)
        self.pool.sure -= live.coins.lower
        return live

    def hold(
        self,
        state: str,
        output: int,
        number: int,
        value: int,
        live: _Live,
        labels: tuple[Label, ...],
    ) -> None:
        """Record where coins end."""
        coins = live.coins
        self.holdings.append(
            Holding(
                state=state,
                output=output,
                input=number,
                value_sat=value,
                lower=coins.lower,
                upper=coins.upper,
                hop=live.hop,
                after_service=live.after_service,
                labels=labels,
            )
        )

    def add_row(
        self,
        tx: int,
        number: int,
        output: int,
        value: int,
        live: _Live,
        split: Split,
        labels: tuple[Label, ...],
        links: tuple[Link, ...],
    ) -> None:
        """Add one row to the transfers."""
        coins = live.coins
        self.transfers.append(
            Transfer(
                number=len(self.transfers) + 1,
                hop=live.hop,
                tx=tx,
                input=number,
                output=output,
                value_sat=value,
                lower=coins.lower,
                upper=coins.upper,
                reason=split.reason if coins.lower != coins.upper else "",
                after_service=live.after_service,
                labels=labels,
                links=links,
            )
        )

    def add_step(self, tx: int, hop: int, split: Split) -> None:
        """Record a transaction as divided, with its fee."""
        fee = split.fee
        self.shown.add(tx)
        self.pool.sure += fee.lower
        reason = split.reason if fee.lower != fee.upper else ""
        self.steps.append(Step(tx, hop, fee.lower, fee.upper, reason))


class Forward(Walk):
    """From outputs to what became of them."""

    def run(self, starts: Sequence[Start]) -> None:
        """Walk by rank."""
        self.pool = Pool(self.graph, backward=False, conserves=self.policy.conserves)
        self.declare(starts)
        for output in self.declared:
            tx = self.graph.tx_of_output(output)
            self.enqueue(tx, int(self.graph.tx_rank[tx]))
        self.drain(self._visit)

    def _visit(self, tx: int) -> None:
        graph = self.graph
        inputs = graph.inputs_of(tx)
        sources = graph.input_source[inputs.start : inputs.stop].tolist()
        most = self.pool.most(tx)
        if any(source in self.live for source in sources):
            self._divide(tx, inputs, sources, most)
            return
        outputs = graph.outputs_of(tx)
        for output in outputs:
            if output in self.declared:
                value = int(graph.output_value[output])
                flow = NOTHING
                if most and self.pool.reaches(tx):
                    flow = self.policy.doubt(value, most)
                    self._ask_sources(self.pool.roots(tx))
                self._place(output, _Live(self.merge(output, flow, value), 0, False), ())

    def _divide(self, tx: int, inputs: range, sources: list[int], most: int) -> None:
        graph = self.graph
        traced: list[Coins] = []
        doubtful: list[bool] = []
        links: list[Link] = []
        hop, after = None, False
        for number, source in zip(inputs, sources, strict=True):
            if source in self.live:
                live = self.take(source)
                traced.append(live.coins)
                doubtful.append(False)
                links.append(Link(source, live.coins.lower, live.coins.upper))
                hop = live.hop if hop is None else min(hop, live.hop)
                after = after or live.after_service
            else:
                coins = self._unseen(number, source, most) if most else NOTHING
                traced.append(coins)
                doubtful.append(bool(coins.upper))
        hop = (hop or 0) + 1
        split = self.policy.forward(self.spend(tx, traced, doubtful, most))
        self.add_step(tx, hop, split)
        links_row = tuple(links)
        for output, flow in zip(graph.outputs_of(tx), split.arms, strict=True):
            is_start = output in self.declared
            if not flow.upper and not is_start:
                continue
            labels = self.label_of(output)
            value = int(graph.output_value[output])
            live = _Live(flow, hop, after)
            if flow.upper:
                self.add_row(tx, -1, output, value, live, split, labels, links_row)
            if is_start:
                live = _Live(self.merge(output, flow, value), 0, after and bool(flow.upper))
            self._place(output, live, labels)

    def _unseen(self, number: int, source: int, most: int) -> Coins:
        """What an input that the trace did not reach can hold of coins out of sight."""
        value = int(self.graph.input_value[number])
        if source == COINBASE or not value:
            return NOTHING
        if source == UNKNOWN:
            self.fetches.add(Fetch("source", -1, number))
            return self.policy.doubt(value, most)
        maker = self.graph.tx_of_output(source)
        if maker in self.shown or source in self.declared or not self.pool.reaches(maker):
            return NOTHING
        self._ask_sources(self.pool.roots(maker))
        return self.policy.doubt(value, most)

    def _ask_sources(self, numbers: list[int]) -> None:
        self.fetches.update(Fetch("source", -1, number) for number in numbers)

    def _place(self, output: int, live: _Live, labels: tuple[Label, ...]) -> None:
        """What becomes of traced coins on an output: rest, stop, or go on."""
        if not live.coins.upper:
            return
        graph = self.graph
        labels = labels or self.label_of(output)
        if self.is_stopped_by(labels):
            self.leave_out("service", output, live, labels)
            return
        spender = int(graph.output_spender[output])
        value = int(graph.output_value[output])
        if spender == NO_SPEND_SEEN:
            self._rest(output, value, live, labels)
            return
        tx = graph.tx_of_input(spender)
        limit = self.limit_at(tx, live.hop + 1)
        if live.coins.upper < self.limits.min_sat:
            limit = "min-sat"
        if limit:
            self.leave_out(limit, output, live, labels)
            return
        if any(label.is_service for label in labels):
            live = _Live(live.coins, live.hop, True)
        self.follow(output, live, tx, int(graph.tx_rank[tx]))

    def _rest(self, output: int, value: int, live: _Live, labels: tuple[Label, ...]) -> None:
        if self.graph.output_spendable[output]:
            self.pool.leave(self.graph.tx_of_output(output), live.coins.upper)
            self.fetches.add(Fetch("spender", output, -1))
            state = "no-spend-seen"
        else:
            self.pool.sure += live.coins.lower
            state = "unspendable"
        self.hold(state, output, -1, value, live, labels)


class Backward(Walk):
    """From outputs to where their coins came from."""

    def run(self, starts: Sequence[Start]) -> None:
        """Walk against rank."""
        self.pool = Pool(self.graph, backward=True, conserves=self.policy.conserves)
        self.declare(starts)
        for output in self.declared:
            tx = self.graph.tx_of_output(output)
            self.enqueue(tx, -int(self.graph.tx_rank[tx]))
        self.drain(self._visit)

    def _visit(self, tx: int) -> None:
        graph = self.graph
        most = self.pool.most(tx)
        traced: list[Coins] = []
        doubtful: list[bool] = []
        links: list[Link] = []
        hop, after = None, False
        for output in graph.outputs_of(tx):
            live, doubt = self._asked(tx, output, most)
            traced.append(live.coins)
            doubtful.append(doubt)
            if live.coins.upper and not doubt:
                links.append(Link(output, live.coins.lower, live.coins.upper))
                hop = live.hop if hop is None else min(hop, live.hop)
                after = after or live.after_service
        if hop is None:
            return
        split = self.policy.backward(self.spend(tx, traced, doubtful, most))
        self.add_step(tx, hop + 1, split)
        for number, coins in zip(graph.inputs_of(tx), split.arms, strict=True):
            if coins.upper:
                self._place(tx, number, _Live(coins, hop + 1, after), split, tuple(links))

    def _asked(self, tx: int, output: int, most: int) -> tuple[_Live, bool]:
        """What is asked of one output of a transaction, and whether only doubt asks it."""
        if output in self.live:
            live = self.take(output)
        else:
            live = _Live(self._unseen(output, most) if most else NOTHING, 0, False)
            if output not in self.declared:
                return live, bool(live.coins.upper)
        if output not in self.declared:
            return live, False
        value = int(self.graph.output_value[output])
        live = _Live(self.merge(output, live.coins, value), 0, live.after_service)
        limit = self.limit_at(tx, 1)
        if limit and live.coins.upper:
            self.leave_out(limit, output, live, self.label_of(output))
            return _Live(NOTHING, 0, False), False
        return live, False

    def _unseen(self, output: int, most: int) -> Coins:
        """What an output that the trace did not reach can hold of coins out of sight."""
        graph = self.graph
        value = int(graph.output_value[output])
        spender = int(graph.output_spender[output])
        if not value:
            return NOTHING
        if spender == NO_SPEND_SEEN:
            if not graph.output_spendable[output]:
                return NOTHING
            self.fetches.add(Fetch("spender", output, -1))
            return self.policy.doubt(value, most)
        tx = graph.tx_of_input(spender)
        if tx in self.shown or not self.pool.reaches(tx):
            return NOTHING
        self.fetches.update(Fetch("spender", number, -1) for number in self.pool.roots(tx))
        return self.policy.doubt(value, most)

    def _place(
        self, tx: int, number: int, live: _Live, split: Split, links: tuple[Link, ...]
    ) -> None:
        """What becomes of asked coins at an input: end, stop, or go further back."""
        graph = self.graph
        source = int(graph.input_source[number])
        value = int(graph.input_value[number])
        labels = self.label_of(source) if source >= 0 else ()
        self.add_row(tx, number, source, value, live, split, labels, links)
        if source == COINBASE:
            self.pool.sure += live.coins.lower
            self.hold("newly-issued", -1, number, value, live, ())
        elif source == UNKNOWN:
            self.pool.leave(tx, live.coins.upper)
            self.fetches.add(Fetch("source", -1, number))
            self.hold("unknown-source", -1, number, value, live, ())
        else:
            self._go_back(source, live, labels)

    def _go_back(self, source: int, live: _Live, labels: tuple[Label, ...]) -> None:
        graph = self.graph
        maker = graph.tx_of_output(source)
        limit = self.limit_at(maker, live.hop + 1)
        if live.coins.upper < self.limits.min_sat:
            limit = "min-sat"
        if self.is_stopped_by(labels):
            limit = "service"
        if limit:
            self.leave_out(limit, source, live, labels)
            return
        if any(label.is_service for label in labels):
            live = _Live(live.coins, live.hop, True)
        self.follow(source, live, maker, -int(graph.tx_rank[maker]))
