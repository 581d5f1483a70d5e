"""Slow plain twins of the kernels of the patterns: the definitions, word by word, over lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from kancil.bitcoin.laundering.event_kernels import ASLEEP_FROM, ASLEEP_TO, FORWARD, GIFT
from kancil.bitcoin.laundering.ground import Bands, Flow
from kancil.bitcoin.laundering.kernels import PASS, PEEL

COINBASE = -2


class Slow:
    """A spend graph as Python sees it."""

    def __init__(self, flow: Flow, of_row: Any, span: Any) -> None:
        """Take the arrays as lists."""
        self.ins, self.outs = flow.tx_input_start.tolist(), flow.tx_output_start.tolist()
        self.source, self.value = flow.input_source.tolist(), flow.output_value.tolist()
        self.held = flow.input_value.tolist()
        self.spender, self.time = flow.output_spender.tolist(), flow.tx_time.tolist()
        self.rank, self.address = flow.tx_rank.tolist(), of_row.tolist()
        self.span = span.tolist()
        self.count = len(self.rank)
        self.maker = {row: tx for tx in range(self.count) for row in self.outputs(tx)}
        self.user = {row: tx for tx in range(self.count) for row in self.inputs(tx)}

    def inputs(self, tx: int) -> range:
        return range(self.ins[tx], self.ins[tx + 1])

    def outputs(self, tx: int) -> range:
        return range(self.outs[tx], self.outs[tx + 1])

    def sources(self, tx: int) -> list[int]:
        return [self.source[one] for one in self.inputs(tx) if self.source[one] >= 0]

    def counts(self, tx: int) -> bool:
        time = self.time[tx]
        return bool(self.rank[tx] >= 0 and time >= 0 and self.span[0] <= time <= self.span[1])

    def is_new(self, tx: int) -> bool:
        """Whether it makes new coins, or has no input at all."""
        return not self.inputs(tx) or self.source[self.ins[tx]] == COINBASE

    def payer(self, tx: int) -> object:
        """The address first spent from, or the transaction itself where it is not known."""
        if self.inputs(tx):
            source = self.source[self.ins[tx]]
            if source >= 0 and self.address[source] >= 0:
                return self.address[source]
        return ("tx", tx)

    def paid(self, tx: int) -> set[int]:
        known = {self.address[one] for one in self.outputs(tx) if self.address[one] >= 0}
        return known - {self.payer(tx)}

    def fan_in(self, limits: Sequence[int]) -> Iterator[int]:
        for tx in filter(self.counts, range(self.count)):
            if len(self.outputs(tx)) > limits[2]:
                continue
            common = Counter(self.address[one] for one in self.sources(tx)).most_common(1)
            if not common or common[0][0] < 0 or 2 * common[0][1] <= len(self.inputs(tx)):
                continue
            address = common[0][0]
            makers = [self.maker[one] for one in self.sources(tx) if self.address[one] == address]
            payers = {
                self.payer(row)
                for row in makers
                if self.time[row] >= 0 and self.time[tx] - self.time[row] <= limits[1]
            }
            if len(payers - {address}) >= limits[0]:
                yield tx

    def fan_out(self, limits: Sequence[int]) -> Iterator[int]:
        for tx in filter(self.counts, range(self.count)):
            few = len(self.inputs(tx)) <= limits[1] and not self.is_new(tx)
            if few and len(self.paid(tx)) >= limits[0]:
                yield tx

    def gather_scatter(self, limits: Sequence[int]) -> Iterator[int]:
        for tx in filter(self.counts, range(self.count)):
            makers = {
                row
                for row in map(self.maker.__getitem__, self.sources(tx))
                if self.time[row] >= 0 and self.time[tx] - self.time[row] <= limits[2]
            }
            equal = max(Counter(self.value[one] for one in self.outputs(tx)).values(), default=0)
            if len(makers) >= limits[0] and equal <= limits[3] and len(self.paid(tx)) >= limits[1]:
                yield tx

    def sent_on(self, tx: int, limits: Sequence[int]) -> list[tuple[int, int]]:
        found = []
        for one in self.outputs(tx):
            if self.spender[one] < 0:
                continue
            between = self.user[self.spender[one]]
            outputs = self.outputs(between)
            if len(self.inputs(between)) != 1 or not 0 < len(outputs) <= limits[2]:
                continue
            if self.time[between] < 0 or self.time[between] - self.time[tx] > limits[1]:
                continue
            found.append((between, max(outputs, key=lambda row: (self.value[row], -row))))
        return found

    def scatter_gather(self, limits: Sequence[int]) -> Iterator[int]:
        for tx in filter(self.counts, range(self.count)):
            sent = self.sent_on(tx, limits)
            places = Counter(self.address[one] for _, one in sent if self.address[one] >= 0)
            spends = Counter(self.user[self.spender[one]] for _, one in sent
                             if self.spender[one] >= 0)  # fmt: skip
            most = max([*places.values(), *spends.values()], default=0)
            if len(sent) >= limits[0] and most >= limits[0]:
                yield tx

    def band(self, time: int, bands: Bands) -> tuple[int, int]:
        held = [place for place, start in enumerate(bands.start.tolist()) if start <= time]
        return (int(bands.low[held[-1]]), int(bands.high[held[-1]])) if held else (-1, -1)

    def carried(self, tx: int, what: int, limits: Sequence[int], bands: Bands) -> int:
        if len(self.inputs(tx)) != 1 or self.is_new(tx) or not self.counts(tx):
            return -1
        outputs = list(self.outputs(tx))
        if what == PASS:
            return self.passed(tx, limits[2])
        if len(outputs) != 2:
            return -1
        small, large = sorted(outputs, key=lambda row: self.value[row])
        if what == PEEL:
            low, high = self.value[small], self.value[large]
            is_peel = 0 < low < high and 100 * low <= limits[2] * (low + high)
            return large if is_peel else -1
        low, high = self.band(self.time[tx], bands)
        inside = [row for row in outputs if low >= 0 and low <= self.value[row] < high]
        if len(inside) != 1:
            return -1
        return outputs[0] if inside[0] == outputs[1] else outputs[1]

    def passed(self, tx: int, percent: int) -> int:
        outputs = self.outputs(tx)
        if not outputs or len(outputs) > 2:
            return -1
        best = max(outputs, key=lambda row: (self.value[row], -row))
        whole = max(self.held[self.ins[tx]], sum(self.value[row] for row in outputs))
        return best if 100 * self.value[best] >= percent * whole else -1

    def after(self, tx: int, what: int, limits: Sequence[int], bands: Bands) -> int:
        output = self.carried(tx, what, limits, bands)
        if output < 0 or self.spender[output] < 0:
            return -1
        row = self.user[self.spender[output]]
        is_link = self.carried(row, what, limits, bands) >= 0
        return row if is_link and self.time[row] - self.time[tx] <= limits[1] else -1

    def paths(self, what: int, limits: Sequence[int], bands: Bands) -> Iterator[list[int]]:
        links = [tx for tx in range(self.count) if self.carried(tx, what, limits, bands) >= 0]
        followed = {self.after(tx, what, limits, bands) for tx in links}
        for tx in links:
            if tx in followed:
                continue
            path = [tx]
            while (row := self.after(path[-1], what, limits, bands)) >= 0:
                path.append(row)
            if len(path) >= limits[0]:
                yield path

    def events(self, what: int, limits: Sequence[int], bands: Bands) -> Iterator[tuple[int, int]]:
        for tx in filter(self.counts, range(self.count)):
            if what == FORWARD:
                yield from self.forwards(tx, limits)
            elif what in (ASLEEP_TO, ASLEEP_FROM):
                yield from self.woken(tx, what, limits)
            elif not self.is_new(tx):
                band = (1, 1 << 62) if what == GIFT else self.band(self.time[tx], bands)
                for row in self.outputs(tx):
                    key = self.address[row]
                    is_in = band[0] >= 0 and band[0] <= self.value[row] < band[1]
                    if key >= 0 and key != self.payer(tx) and is_in:
                        yield key, row

    def forwards(self, tx: int, limits: Sequence[int]) -> Iterator[tuple[int, int]]:
        if len(self.inputs(tx)) != 1 or not self.sources(tx):
            return
        (source,) = self.sources(tx)
        best, came = self.passed(tx, limits[1]), self.time[self.maker[source]]
        key = self.address[source]
        is_soon = came >= 0 and self.time[tx] - came <= limits[0]
        if is_soon and key >= 0 and best >= 0 and self.address[best] != key:
            yield key, tx

    def woken(self, tx: int, what: int, limits: Sequence[int]) -> Iterator[tuple[int, int]]:
        for number in self.inputs(tx):
            source = self.source[number]
            if source < 0 or self.value[source] < limits[1]:
                continue
            came = self.time[self.maker[source]]
            if came < 0 or self.time[tx] - came < limits[0]:
                continue
            key = self.address[source]
            if what == ASLEEP_TO:
                best = max(self.outputs(tx), key=lambda row: (self.value[row], -row), default=-1)
                key = self.address[best] if best >= 0 and self.value[best] > 0 else -1
            if key >= 0:
                yield key, number

    def joint(self, limits: Sequence[int]) -> Iterator[int]:
        for tx in filter(self.counts, range(self.count)):
            equal = max(Counter(self.value[one] for one in self.outputs(tx)).values(), default=0)
            if len(self.inputs(tx)) >= limits[0] and equal >= limits[1]:
                yield tx
