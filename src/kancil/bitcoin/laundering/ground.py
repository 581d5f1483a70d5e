"""Where patterns look: a chain's graph for kernels, its addresses, labelled services, price bands.

Made by `kancil.bitcoin.laundering.search` from a chain and what the caller gives beside it; members
walk it in slices of transactions, so memory does not grow with the chain but for one byte an
address where events are counted (`COUNTERS` at most), and for what is found.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.index import LabelIndex
from kancil.ground.progress import SILENT, Progress

from .terms import Found, Parameter

SLICE = 1 << 20
"""Transactions looked at in one go."""
COUNTERS = 1 << 28
"""Counters of one byte for events; chains with more addresses share them, and are read once more
closely for it: the answer stays exact."""
EVENTS = 1 << 25
"""Events kept at once: half a gigabyte. More are asked for in shares of the addresses."""
ROOM = 1 << 17
"""Inputs or outputs of one transaction: more than a block of 4,000,000 weight units can hold."""
CHUNK = 1 << 12
"""Transactions of which the earliest time is kept, so that young coins are passed over at once."""
ALWAYS = (0, 1 << 62)
MIXING = "mixing"


class Flow(NamedTuple):
    """The arrays of the spend graph that kernels read, all read-only: one type, compiled once."""

    tx_input_start: Array
    tx_output_start: Array
    input_source: Array
    input_value: Array
    output_value: Array
    output_spender: Array
    tx_time: Array
    tx_rank: Array


class Bands(NamedTuple):
    """Under which value a payment is under the threshold and near it, from which second on.

    All int64 `[n]`; -1 where no price answers.
    """

    start: Array
    """First second since 1970."""
    low: Array
    """Satoshi: the least that is near."""
    high: Array
    """Satoshi: the threshold; a payment under it is less."""


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """A threshold of the law, as satoshi through time."""

    start: Array
    """int64 `[n]`: first second for which a row answers."""
    sat: Array
    """int64 `[n]`: the least satoshi that are worth the threshold or more; -1: no price."""
    told: tuple[tuple[str, str | int], ...]
    """Currency, threshold, and where prices come from."""

    def bands(self, percent: int) -> Bands:
        """The bands of values from so many per cent of the threshold up to it."""
        low = np.where(self.sat < 0, -1, -(-self.sat * percent // 100))
        return Bands(*(frozen(each) for each in (self.start, low, self.sat)))


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """The outputs that pay services, by labels: allegations of their publishers."""

    output: Array
    """int64 `[n]`, ascending."""
    owner: Array
    """int64 `[n]`: number of the service."""
    names: tuple[str, ...]
    reasons: tuple[str, ...]
    """Of each service why a trace stops there: `pooled`, `mixing`, `swapped`."""

    def owner_of(self, output: int) -> int:
        """The service that an output pays, -1 if none."""
        place = int(np.searchsorted(self.output, output))
        return (
            int(self.owner[place])
            if place < len(self.output) and self.output[place] == output
            else -1
        )


def frozen(array: Array) -> Array:
    """An array as kernels take it: plain, contiguous and read-only."""
    plain = np.ascontiguousarray(np.asarray(array)).view()
    plain.flags.writeable = False
    return plain


def marked_by(labels: LabelIndex, columns: Any) -> Marked:
    """Find the outputs that pay an address whose labels name a service."""
    outputs = labels.labelled_outputs(columns)
    label_of = labels.label_of(columns)
    kept, owners = [], []
    numbers: dict[tuple[str, str], int] = {}
    for output in outputs.tolist():
        services = [each for each in label_of(output) if each.is_service]
        if not services:
            continue
        mixing = [each for each in services if each.stop_reason == MIXING]
        one = (mixing or services)[0]
        kept.append(output)
        owners.append(numbers.setdefault((one.entity or one.label, one.stop_reason), len(numbers)))
    return Marked(
        np.array(kept, np.int64),
        np.array(owners, np.int64),
        tuple(name for name, _ in numbers),
        tuple(reason for _, reason in numbers),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """All that a member looks at."""

    chain: Chain
    flow: Flow
    of_row: Array
    """int32 or int64 `[outputs]`: number of the address that an output pays, -1 none."""
    addresses: int
    marked: Marked | None = None
    """None: no labels were given."""
    threshold: Threshold | None = None
    """None: no threshold was given."""
    span: Array = field(default_factory=lambda: np.array(ALWAYS, np.int64))
    """int64 `[2]`: the first and the last second that counts."""
    rows: Array | None = None
    """The transactions to look at, ascending; None: all."""
    closest: frozenset[int] | None = None
    """The transactions asked about and those beside them, where something is asked about."""
    keys: Array | None = None
    """The addresses of which events count, ascending; None: all."""
    progress: Progress = SILENT

    @property
    def looked_at(self) -> int:
        """How many transactions there are to look at."""
        return self.chain.graph.tx_count if self.rows is None else len(self.rows)

    def slices(self) -> Iterator[Array]:
        """The rows of the transactions to look at, a slice at a time."""
        count = self.looked_at
        for start in range(0, count, SLICE):
            stop = min(start + SLICE, count)
            if self.rows is None:
                yield np.arange(start, stop, dtype=np.int64)
            else:
                yield self.rows[start:stop].copy()
            self.progress.advance(stop - start)

    def tx_of_output(self, output: int) -> int:
        """The transaction that made an output."""
        return self.chain.graph.tx_of_output(output)

    def spender_of(self, output: int) -> int:
        """The transaction that spends an output, -1 if none is seen."""
        number = int(self.flow.output_spender[output])
        return -1 if number < 0 else self.chain.graph.tx_of_input(number)

    def sources_of(self, tx: int) -> list[int]:
        """The outputs that a transaction spends, as far as they are held."""
        first, last = self.flow.tx_input_start[tx : tx + 2].tolist()
        return [one for one in self.flow.input_source[first:last].tolist() if one >= 0]

    def outputs_of(self, tx: int) -> range:
        """The outputs of a transaction."""
        return self.chain.graph.outputs_of(tx)

    def value(self, outputs: Sequence[int]) -> int:
        """The satoshi that outputs hold together."""
        return sum(int(self.flow.output_value[one]) for one in outputs)

    def time(self, tx: int) -> int:
        """The time of a transaction, seconds since 1970."""
        return int(self.flow.tx_time[tx])

    def counts(self, tx: int) -> bool:
        """Whether a transaction is in the graph and its time counts."""
        time, (first, last) = self.time(tx), self.span.tolist()
        return int(self.flow.tx_rank[tx]) >= 0 and time >= 0 and first <= time <= last

    def payer_of(self, tx: int) -> int:
        """The address of the first input; minus 2 less the row where it is not known."""
        first, last = self.flow.tx_input_start[tx : tx + 2].tolist()
        source = int(self.flow.input_source[first]) if first < last else -1
        address = int(self.of_row[source]) if source >= 0 else -1
        return address if address >= 0 else -2 - tx

    def paid_by(self, tx: int) -> list[int]:
        """The outputs that pay addresses which a transaction does not first spend from."""
        payer = self.payer_of(tx)
        return [
            one
            for one in self.outputs_of(tx)
            if int(self.of_row[one]) >= 0 and int(self.of_row[one]) != payer
        ]

    def minutes(self, first: int, last: int) -> int:
        """The whole minutes from one transaction to another; none if times go back."""
        return max(0, (self.time(last) - self.time(first)) // 60)


def limits_of(parameters: Sequence[Parameter], chosen: Mapping[str, int]) -> list[int]:
    """The parameters in their order as numbers for a kernel, times in seconds."""
    return [chosen[each.name] * each.seconds for each in parameters]


def as_limits(*numbers: int) -> Array:
    """Limits as kernels take them."""
    return np.array(numbers, np.int64)


class Earliest:
    """Keeps the first of what is found, by the order of the chain, and counts all."""

    def __init__(self, ground: Ground, most: int | None) -> None:
        """Keep at most so many; None: all."""
        self._rank, self._most = ground.flow.tx_rank, most
        self._kept: list[Array] = []
        self.total = 0

    def add(self, rows: Array) -> None:
        """Add what was found: int64 `[n]` or `[n, m]`, the transaction first."""
        self.total += len(rows)
        if not len(rows):
            return
        self._kept.append(rows.copy())
        if self._most is not None:
            self._kept = [self.rows()]

    def rows(self) -> Array:
        """What is kept, the earliest first."""
        if not self._kept:
            return np.zeros(0, np.int64)
        rows = np.concatenate(self._kept)
        first = rows if rows.ndim == 1 else rows[:, 0]
        order = np.lexsort((first, self._rank[first]))
        return rows[order[: self._most]]


Kernel = Callable[..., int]


def pick(ground: Ground, kernel: Kernel, limits: Array, most: int | None) -> Earliest:
    """Run a kernel that picks single transactions over all slices."""
    kept, scratch = Earliest(ground, most), np.empty(ROOM, np.int64)
    for rows in ground.slices():
        found = np.empty(len(rows), np.int64)
        count = kernel(rows, ground.flow, ground.of_row, ground.span, limits, scratch, found)
        kept.add(found[:count])
    return kept


NO_BANDS = Bands(*(frozen(np.zeros(0, np.int64)) for _ in range(3)))


def pick_paths(
    ground: Ground, what: int, limits: Array, most: int | None, bands: Bands = NO_BANDS
) -> Earliest:
    """Find the paths of one kind: rows of first transaction and number of links."""
    from . import kernels  # Numba is slow to import

    kept = Earliest(ground, most)
    for rows in ground.slices():
        if ground.rows is not None:
            kernels.heads(rows, ground.flow, ground.span, what, limits, bands)
            rows = np.unique(rows)
        found = np.empty((len(rows), 2), np.int64)
        count = kernels.paths(rows, ground.flow, ground.span, what, limits, bands, found)
        kept.add(found[:count])
    return kept


def walk(ground: Ground, what: int, limits: Array, start: int, bands: Bands) -> Iterator[int]:
    """Go along a path from its first transaction."""
    from . import kernels

    tx = start
    while tx >= 0:
        yield tx
        tx = int(kernels.link_after(ground.flow, ground.span, tx, what, limits, bands))


def pick_events(
    ground: Ground, what: int, limits: Array, least: int, bands: Bands = NO_BANDS
) -> Iterator[tuple[Array, Array]]:
    """Find all events of the addresses that have enough of them: addresses and rows of what.

    The first pass counts by address, a second sizes what is to be written down if that may be more
    than `EVENTS`, and one for each share of the addresses writes it. All events of an address come
    together, by address and then as they stand.
    """
    from . import event_kernels as kernels

    counters = np.zeros(max(1, min(ground.addresses, COUNTERS)), np.uint8)
    is_sleep = what in (kernels.ASLEEP_TO, kernels.ASLEEP_FROM)
    earliest = _earliest(ground.flow.tx_time) if is_sleep else np.empty(0, np.int64)
    given = (
        ground.flow,
        ground.of_row,
        ground.span,
        what,
        limits,
        bands,
        earliest,
        CHUNK,
        counters,
    )
    none = np.empty((0, 2), np.int64)
    for rows in ground.slices():
        kernels.events(rows, *given, as_limits(0, 1, 0), none)
    enough, shares = min(least, 255), 1
    if _most_events(ground, what) > EVENTS:
        sized = as_limits(enough, 1, 0)
        total = sum(int(kernels.events(rows, *given, sized, none)) for rows in ground.slices())
        shares = max(1, -(-total // EVENTS))
    for share in range(shares):
        kept = [none]
        asked = as_limits(enough, shares, share)
        for rows in ground.slices():
            found = np.empty((max(1, _room(ground, rows, what)), 2), np.int64)
            part = found[: int(kernels.events(rows, *given, asked, found))]
            if ground.keys is not None:
                part = part[np.isin(part[:, 0], ground.keys)]
            kept.append(part.copy())
        every = np.concatenate(kept)
        order = np.argsort(every[:, 0], kind="stable")
        yield every[order, 0], every[order, 1]


def _earliest(times: Array) -> Array:
    """Give, for each chunk of transactions, the earliest time of these and all later ones.

    Times that are not known (negative) are none.
    """
    least = [
        np.where(part < 0, np.iinfo(np.int64).max, part).min()
        for first in range(0, len(times), CHUNK)
        for part in (np.asarray(times[first : first + CHUNK]),)
    ]
    return np.minimum.accumulate(np.array(least, np.int64)[::-1])[::-1].copy()


def _most_events(ground: Ground, what: int) -> int:
    """How many events there can be at most."""
    if ground.rows is not None:
        return _room(ground, ground.rows, what)
    from . import event_kernels as kernels

    if what == kernels.FORWARD:
        return ground.chain.graph.tx_count
    is_input = what in (kernels.ASLEEP_TO, kernels.ASLEEP_FROM)
    starts = ground.flow.tx_input_start if is_input else ground.flow.tx_output_start
    return int(starts[-1])


def _room(ground: Ground, rows: Array, what: int) -> int:
    """How many events these transactions can have."""
    from . import event_kernels as kernels

    if what == kernels.FORWARD:
        return len(rows)
    starts = ground.flow.tx_output_start
    if what in (kernels.ASLEEP_TO, kernels.ASLEEP_FROM):
        starts = ground.flow.tx_input_start
    return int((starts[rows + 1] - starts[rows]).sum())


def runs_of(key: Array, time: Array, least: int, seconds: int) -> list[tuple[int, int]]:
    """Find the runs of events of one key in which each `least` in a row lie within a time.

    `key` ascends, and `time` within each key. Gives the first place of each run and the one after
    its last.
    """
    if len(key) < least:
        return []
    last = len(key) - least + 1
    is_busy = (key[:last] == key[least - 1 :]) & (time[least - 1 :] - time[:last] <= seconds)
    runs: list[tuple[int, int]] = []
    for place in np.flatnonzero(is_busy).tolist():
        # Places ascend, so a run that the next one overlaps, of the same key, only grows.
        if runs and place < runs[-1][1] and key[place] == key[runs[-1][0]]:
            runs[-1] = (runs[-1][0], place + least)
        else:
            runs.append((place, place + least))
    return runs


def by_time(ground: Ground, rows: Iterable[int]) -> list[int]:
    """Each transaction once, in the order of the chain."""
    return sorted(set(rows), key=lambda row: (int(ground.flow.tx_rank[row]), row))


class Told:
    """Tells the first findings, by the order of the chain, and counts all.

    A finding that would not be among the first is counted and not told, so that memory does not
    grow with what is found.
    """

    def __init__(self, ground: Ground, most: int | None) -> None:
        """At most so many; None: all."""
        self._rank, self._most = ground.flow.tx_rank, most
        self._found: list[tuple[int, int, int, Found]] = []
        self.total = 0

    def add(self, at: int, tell: Callable[[], Found]) -> None:
        """Count a finding at a transaction, and tell it if it is among the first so far."""
        place = (int(self._rank[at]), at, self.total)
        self.total += 1
        if self._most is not None and len(self._found) >= self._most:
            if place >= self._found[-1][:3]:
                return
            self._found.pop()
        insort(self._found, (*place, tell()), key=lambda one: one[:3])

    @property
    def found(self) -> tuple[Found, ...]:
        """What is told, in the order of the chain."""
        return tuple(one for *_, one in self._found)
