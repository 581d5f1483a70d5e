"""Clusters: the addresses that transactions spend from together, and what joined them.

Made from a chain's columns and graph, the labels of the workspace (for the guard alone) and the
transactions that are excluded as CoinJoins; kept by `store`, asked by `views`.

**Multi-input heuristic.** All inputs of one transaction are taken to be one owner's, and the
addresses that they spend from are joined: *transitively*, so that a cluster is a connected part of
the graph of addresses and transactions. Sources: S. Nakamoto, *Bitcoin: A Peer-to-Peer Electronic
Cash System* (2008), section 10; S. Meiklejohn and others, *A Fistful of Bitcoins*, IMC 2013,
heuristic 1; M. Harrigan and C. Fretter, *The Unreasonable Effectiveness of Address Clustering*,
UIC 2016. It is a heuristic: CoinJoin and PayJoin (BIP 78) are made to break it, a wallet kept for
several owners breaks it unmeant. One owner is **not proved**. No error rate is known: nobody knows
the owners of a fair sample of the chain's addresses.

**Order.** Transactions are taken in chain order, so the evidence of a join is the earliest
transaction that made it. Which addresses stand in one cluster does not depend on the order.

**Guard.** A transaction that would make one cluster of two large ones, whose labels name
different owners, joins nothing: it is set aside whole and told. Only this depends on the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.address_ids import AddressIds, Scripts, number_scripts, numbered_addresses
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.holdings.graph import UNKNOWN
from kancil.bitcoin.holdings.scratch import Scratch
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.progress import SILENT, Progress

HEURISTIC = "multi-input"
VERSION = 1
"""Of the method: raised when the same chain gives other clusters or other evidence."""
LARGE = 100
"""Addresses from which on the guard takes a cluster for large. Our choice, from no paper."""
GUARD_REASON = "guard"
"""Why a transaction that the guard stopped is set aside."""
_CHUNK = 1 << 20
"""Transactions gathered at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Exclusions:
    """Transactions that join nothing, most of them CoinJoins, and why."""

    excluded: Array
    """bool `[transactions]`."""
    reason: Array
    """uint8 `[transactions]`: number of the reason of each that is excluded."""
    reasons: tuple[str, ...]
    """Codes of the reasons, 255 at most."""
    untold: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    """Transactions, ascending, of which it cannot be told whether they are to be excluded: they
    join as others do."""
    unsure: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    """Those of the excluded, ascending, of which no heuristic is sure."""


@dataclass(frozen=True, slots=True)
class Excluding:
    """A way to find the transactions that are to join nothing."""

    method: str
    """All that the answer depends on besides the chain: names and versions. Clusters that are kept
    are made anew when it changes."""
    find: Callable[[Chain], Exclusions]
    """Asked only when clusters are made."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """The clusters of a chain. Address numbers are `AddressIds`'; transactions, columns' rows."""

    of_row: Array
    """int32 `[outputs + stated]`: address of each output and of each stated script, -1 none. As all
    numbers of addresses, rows and transactions, int64 where 32 bits are too few."""
    first_row: Array
    """`[addresses]`: the first row of each."""
    first_tx: Array
    """`[addresses]`: first transaction, in chain order, that pays or spends it."""
    last_tx: Array
    """`[addresses]`: the last."""
    cluster: Array
    """`[addresses]`: number of its cluster, -1 for an address that stands alone."""
    member_start: Array
    """int64 `[clusters + 1]`."""
    member: Array
    """Addresses of each cluster, ascending."""
    merge_address: Array
    """Address that a merge joined to the first one of its transaction; a cluster's merges stand
    together, in the order made, one less than its addresses."""
    merge_tx: Array
    """Transaction of each merge."""
    tx_start: Array
    """int64 `[clusters + 1]`."""
    tx: Array
    """All transactions that spend from two addresses or more of each cluster, in chain order."""
    aside_address: Array
    """Each address that a transaction set aside spends from, ascending."""
    aside_tx: Array
    """That transaction."""
    aside_reason: Array
    """uint8: number of its reason in `reasons`."""
    halts: Array
    """int64 `[halts, 5]`: each transaction that the guard stopped, the two owners and the sizes of
    their clusters at that moment, the larger first."""
    labelled: Array
    """Addresses that have a label, ascending."""
    untold: Array
    """Transactions, ascending, of which it cannot be told whether they are to be excluded."""
    told: dict[str, Any] = field(default_factory=dict)
    """`reasons`, `owners` (names by number), `method` of the exclusions, `excluded` (how many
    transactions with two addresses or more), `unsure` (of how many of them no heuristic is sure),
    `large`."""

    @property
    def address_count(self) -> int:
        """Number of addresses."""
        return len(self.first_row)

    @property
    def cluster_count(self) -> int:
        """Number of clusters of two addresses or more."""
        return len(self.member_start) - 1

    def members_of(self, address: int) -> Array:
        """All addresses of an address's cluster, ascending."""
        number = int(self.cluster[address])
        if number < 0:
            return np.array([address], self.member.dtype)
        return self.member[self.member_start[number] : self.member_start[number + 1]]

    def merges_of(self, address: int) -> tuple[Array, Array]:
        """The merges of an address's cluster in order: addresses and transactions."""
        number = int(self.cluster[address])
        if number < 0:
            return self.merge_address[:0], self.merge_tx[:0]
        start = int(self.member_start[number]) - number
        stop = int(self.member_start[number + 1]) - number - 1
        return self.merge_address[start:stop], self.merge_tx[start:stop]

    def txs_of(self, address: int) -> Array:
        """All transactions that hold an address's cluster together, in chain order."""
        number = int(self.cluster[address])
        if number < 0:
            return self.tx[:0]
        return self.tx[self.tx_start[number] : self.tx_start[number + 1]]

    def aside_of(self, members: Array) -> dict[int, int]:
        """The transactions set aside that spend from any of these, with their reasons."""
        low = np.searchsorted(self.aside_address, members, "left")
        high = np.searchsorted(self.aside_address, members, "right")
        found = np.flatnonzero(high > low).tolist()
        places = [place for one in found for place in range(int(low[one]), int(high[one]))]
        return {int(self.aside_tx[place]): int(self.aside_reason[place]) for place in places}


def stated_inputs(chain: Chain) -> tuple[Array, Array]:
    """The inputs of the graph whose script only a spent-outputs file states, and its row.

    Rows count on from the outputs. Inputs ascend.
    """
    inputs = chain.arrays["x.spent_input"]
    places = np.flatnonzero(inputs >= 0)
    places = places[chain.graph.input_source[inputs[places]] == UNKNOWN]
    owner = np.searchsorted(chain.columns.tx_input_start, inputs[places], side="right") - 1
    places = places[chain.graph.tx_rank[owner] >= 0]
    places = places[np.argsort(inputs[places], kind="stable")]
    return np.asarray(inputs[places], np.int64), places + chain.columns.output_count


def _scratch_of(chain: Chain) -> Scratch:
    """Files beside a store, and memory for a slice, which is in memory itself."""
    return Scratch(None if chain.store is None else chain.path)


def number_addresses(
    chain: Chain, scratch: Scratch | None = None, progress: Progress = SILENT
) -> AddressIds:
    """Number the addresses of a chain: of outputs of the graph, then of stated scripts.

    `scratch`: where the numbers of a store's rows stand. Raises ChainBroken, DiskFull.
    """
    if chain.store is not None:
        return numbered_addresses(
            chain.store.columns, str(chain.path), scratch or _scratch_of(chain), progress
        )
    progress.start(None, "outputs", "progress.addresses")
    rows, arrays = chain.columns, chain.arrays
    in_graph = chain.graph.tx_rank >= 0
    is_live = np.repeat(in_graph, np.diff(rows.tx_output_start))
    scripts = Scripts(rows.output_script, rows.output_payload_start, rows.payload)
    more = len(arrays["x.spent_script"])
    if more:
        is_used = np.zeros(more, np.bool_)
        is_used[stated_inputs(chain)[1] - rows.output_count] = True
        is_live = np.concatenate((is_live, is_used))
        start = arrays["x.spent_payload_start"][1:] + len(rows.payload)
        scripts = Scripts(
            np.concatenate((scripts.kind, arrays["x.spent_script"])),
            np.concatenate((scripts.start, start)),
            np.concatenate((scripts.pool, arrays["x.spent_payload"])),
        )
    return number_scripts(scripts, is_live)


def find_address(chain: Chain, of_row: Array, kind: ScriptKind, payload: bytes) -> int:
    """The id of a script, -1 if it is not in the chain."""
    rows = chain.find_outputs(kind, payload)
    found = of_row[rows]
    if not (found >= 0).any():
        places = [chain.stated_place(number) for number in chain.find_stated(kind, payload)]
        found = of_row[np.array(places, np.int64) + chain.columns.output_count]
    known = found[found >= 0]
    return int(known[0]) if len(known) else -1


def build_clusters(
    chain: Chain,
    labels: LabelIndex | None = None,
    excluding: Excluding | None = None,
    *,
    large: int = LARGE,
    scratch: Scratch | None = None,
    progress: Progress = SILENT,
) -> Clusters:
    """Number the addresses of a chain and join those that are spent together.

    `scratch`: where what is too large for memory stands, unless `_scratch_of` is to say. Raises
    ChainBroken, DiskFull.
    """
    scratch = scratch or _scratch_of(chain)
    ids = number_addresses(chain, scratch, progress)
    owner, owners, labelled = _owners(chain, labels, ids)
    return _Builder(chain, ids, excluding, scratch, progress).build(owner, owners, labelled, large)


def _owners(
    chain: Chain, labels: LabelIndex | None, ids: AddressIds
) -> tuple[Array, tuple[str, ...], Array]:
    """The owner that labels name for each address (0 none), their names, who has labels.

    An address whose labels name several owners has none for the guard.
    """
    owner = np.zeros(len(ids.first_row), np.int32)
    numbers: dict[str, int] = {"": 0}
    named: dict[int, set[str]] = {}
    for label in labels.all_labels() if labels else ():
        if label.kind is None:
            continue
        address = find_address(chain, ids.of_row, label.kind, label.payload)
        if address >= 0:
            named.setdefault(address, set()).update({label.entity} - {""})
    for address, names in sorted(named.items()):
        if len(names) == 1:
            owner[address] = numbers.setdefault(min(names), len(numbers))
    return owner, tuple(numbers), np.array(sorted(named), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Order:
    """The transactions of a graph in chain order. Those of a store stand in it already."""

    count: int
    rows: Array | None
    """None: the rows as they stand."""

    @classmethod
    def of(cls, chain: Chain) -> _Order:
        """Take the order from a chain."""
        if chain.store is not None:
            return cls(chain.graph.tx_count, None)
        rank = chain.graph.tx_rank
        order = np.argsort(rank, kind="stable")
        order = order[np.searchsorted(rank[order], 0) :]
        return cls(len(order), order)

    def parts(self) -> Iterator[Array]:
        """All rows, some at a time."""
        for start in range(0, self.count, _CHUNK):
            stop = min(start + _CHUNK, self.count)
            yield np.arange(start, stop) if self.rows is None else self.rows[start:stop]


class _Builder:
    """One pass over a chain's transactions.

    What is read and written here and there stands in memory, one such array at a time: first the
    trees, then each part of the answer while it is sorted, with where each cluster begins in it.
    All else is written from end to end and stands in the scratch, but for what was set aside.
    """

    def __init__(
        self,
        chain: Chain,
        ids: AddressIds,
        excluding: Excluding | None,
        scratch: Scratch,
        progress: Progress,
    ) -> None:
        self.chain, self.ids, self.scratch, self.progress = chain, ids, scratch, progress
        self.method = excluding.method if excluding else None
        self.exclusions = excluding.find(chain) if excluding else None
        self.order = _Order.of(chain)
        self.stated = stated_inputs(chain)
        self.address_kind = ids.of_row.dtype
        self.tx_kind = np.dtype(np.int32 if chain.graph.tx_count < 2**31 else np.int64)
        count = len(ids.first_row)
        self.parent = np.full(count, -1, self.address_kind)
        self.merge_address = scratch.empty(count, self.address_kind)
        self.merge_tx = scratch.empty(count, self.tx_kind)
        self.merges = 0
        self.tx = scratch.empty(self.order.count, self.tx_kind)
        self.tx_first = scratch.empty(self.order.count, self.address_kind)
        self.txs = 0
        self.halts = [np.zeros((0, 5), np.int64)]
        self.aside: list[tuple[Array, Array]] = []

    def build(self, owner: Array, owners: tuple[str, ...], labelled: Array, large: int) -> Clusters:
        """Join, number and sort."""
        guard = (owner, large) if len(owners) > 2 else None
        self.progress.start(self.order.count, "transactions", "progress.clusters")
        for txs in self.order.parts():
            self._join(txs, guard)
            self.progress.advance(len(txs))
        self.progress.finish()
        return self._clusters(owners, labelled, large)

    def _join(self, txs: Array, guard: tuple[Array, int] | None) -> None:
        from . import kernels  # Numba is slow to import

        if self.exclusions is not None:
            is_out = self.exclusions.excluded[txs]
            self._set_aside(self._gathered(txs[is_out]))
            txs = txs[~is_out]
        groups = self._gathered(txs)
        tx_of, start, member = groups.tx, groups.start, groups.member
        is_kept = np.ones(len(tx_of), np.bool_)
        if guard is None:
            places = groups.join(self.parent)
        else:
            halts = np.empty((len(tx_of), 5), np.int64)
            places = np.empty(len(member), np.int64)
            merged, halted = kernels.join_guarded(start, member, self.parent, *guard, places, halts)
            places, halts = places[:merged], halts[:halted]
            is_kept[halts[:, 0]] = False
            halts[:, 0] = tx_of[halts[:, 0]]
            self.halts.append(halts)
            self._set_aside(self._gathered(halts[:, 0]))
        before, self.merges = self.merges, self.merges + len(places)
        self.merge_address[before : self.merges] = member[places]
        self.merge_tx[before : self.merges] = tx_of[groups.holding(places)]
        first, self.txs = self.txs, self.txs + int(is_kept.sum())
        self.tx[first : self.txs] = tx_of[is_kept]
        self.tx_first[first : self.txs] = member[start[:-1][is_kept]]

    def _gathered(self, txs: Array) -> Groups:
        return gather_groups(self.chain, txs, self.ids.of_row, self.stated)

    def _set_aside(self, groups: Groups) -> None:
        self.aside.append((groups.member, np.repeat(groups.tx, np.diff(groups.start))))

    def _clusters(self, owners: tuple[str, ...], labelled: Array, large: int) -> Clusters:
        from . import kernels

        halts = np.concatenate(self.halts)
        aside_address, aside_tx, aside_reason = self._aside(halts[:, 0])
        excluded = np.unique(aside_tx[aside_reason < self._reason_count])
        untold, reasons = self._untold(), self._reasons
        unsure = () if self.exclusions is None else self.exclusions.unsure
        self.exclusions = None  # what is done with makes room for what comes
        count = int(kernels.number_clusters(self.parent))
        cluster, self.parent = self.scratch.kept(self.parent), self.parent[:0].copy()
        member_start = np.zeros(count + 1, np.int64)
        member = np.empty(len(cluster), self.address_kind)
        kernels.places_by(cluster, member_start, member)
        member = self.scratch.kept(member[: int(member_start[-1])])
        member_start = self.scratch.kept(member_start)
        joined = self.merge_address[: self.merges]
        merge_address = self._sorted(cluster, joined, joined, count)[1]
        merge_tx = self._sorted(cluster, joined, self.merge_tx[: self.merges], count)[1]
        del joined, self.merge_address, self.merge_tx
        firsts = self.tx_first[: self.txs]
        tx_start, tx = self._sorted(cluster, firsts, self.tx[: self.txs], count)
        del firsts, self.tx, self.tx_first
        first_tx, last_tx = self._spans()
        return Clusters(
            of_row=self.ids.of_row,
            first_row=self.ids.first_row,
            first_tx=first_tx,
            last_tx=last_tx,
            cluster=cluster,
            member_start=member_start,
            member=member,
            merge_address=merge_address,
            merge_tx=merge_tx,
            tx_start=tx_start,
            tx=tx,
            aside_address=aside_address,
            aside_tx=aside_tx,
            aside_reason=aside_reason,
            halts=halts,
            labelled=labelled,
            untold=untold,
            told={
                "reasons": [*reasons, GUARD_REASON],
                "owners": list(owners),
                "method": self.method,
                "excluded": len(excluded),
                "unsure": int(np.isin(unsure, excluded).sum()),
                "large": large,
                "inputs_not_held": self._inputs_not_held(),
            },
        )

    def _sorted(
        self, cluster: Array, address: Array, values: Array, count: int
    ) -> tuple[Array, Array]:
        """Sort values by the clusters of their addresses: starts `[count + 1]` and values."""
        from . import kernels

        start, answer = np.zeros(count + 1, np.int64), np.empty(len(values), values.dtype)
        kernels.sort_by(cluster, address, values, start, answer)
        return self.scratch.kept(start), self.scratch.kept(answer)

    def _untold(self) -> Array:
        found = np.zeros(0, np.int64) if self.exclusions is None else self.exclusions.untold
        return found.astype(self.tx_kind)

    @property
    def _reasons(self) -> tuple[str, ...]:
        return self.exclusions.reasons if self.exclusions else ()

    @property
    def _reason_count(self) -> int:
        return len(self._reasons)

    def _inputs_not_held(self) -> int:
        """Count the inputs of the graph of which no script is known."""
        graph = self.chain.graph
        total = 0
        for start in range(0, graph.tx_count, _CHUNK):
            stop = min(start + _CHUNK, graph.tx_count)
            inputs = graph.tx_input_start[start : stop + 1]
            in_graph = np.repeat(graph.tx_rank[start:stop] >= 0, np.diff(inputs))
            sources = graph.input_source[int(inputs[0]) : int(inputs[-1])]
            total += int(((sources == UNKNOWN) & in_graph).sum())
        return total - len(self.stated[0])

    def _spans(self) -> tuple[Array, Array]:
        from . import kernels

        graph, is_store = self.chain.graph, self.chain.store is not None
        count = len(self.ids.first_row)
        # No output of a store is spent before it is paid: its first transaction is one that pays.
        first = self._first_paying() if is_store else np.full(count, -1, self.tx_kind)
        last = np.full(count, -1, self.tx_kind)
        seen = first[:0] if is_store else first, last
        starts = graph.tx_input_start, graph.tx_output_start
        for txs in self.order.parts():
            kernels.span(txs, *starts, graph.input_source, self.ids.of_row, self.stated, seen)
        return self.scratch.kept(first), self.scratch.kept(last)

    def _first_paying(self) -> Array:
        """The transaction of the first row of each address; rows stand in chain order."""
        rows = self.ids.first_row
        answer = self.scratch.empty(len(rows), self.tx_kind)
        for first in range(0, len(rows), _CHUNK):
            part = rows[first : first + _CHUNK]
            answer[first : first + len(part)] = self.chain.txs_of_outputs(part)
        return answer

    def _aside(self, halted: Array) -> tuple[Array, Array, Array]:
        """Sort what was set aside by address, each pair once."""
        address = np.concatenate([np.zeros(0, self.address_kind), *(a for a, _ in self.aside)])
        tx = np.concatenate([np.zeros(0, np.int64), *(t for _, t in self.aside)])
        pairs = np.lexsort((tx, address))
        address, tx = address[pairs], tx[pairs]
        is_new = np.ones(len(tx), np.bool_)
        is_new[1:] = (address[1:] != address[:-1]) | (tx[1:] != tx[:-1])
        address, tx = address[is_new], tx[is_new]
        reason = np.full(len(tx), self._reason_count, np.uint8)
        if self.exclusions is not None:
            reason = np.where(np.isin(tx, halted), reason, self.exclusions.reason[tx])
        return address, tx.astype(self.tx_kind), reason.astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The addresses that each of some transactions spends from, two or more."""

    tx: Array
    """Transaction of each group."""
    start: Array
    """int64 `[groups + 1]`."""
    member: Array
    """Addresses of each group, the first that it spends from first and once."""
    begins: Array
    """uint8 `[members]`: whether a group begins there."""

    def join(self, parent: Array) -> Array:
        """Join the addresses of each group in these trees (see the kernels).

        Gives the places in `member` of those that a merge joined.
        """
        from . import kernels

        places = np.empty(len(self.member), np.int64)
        near = np.empty(kernels.NEAR, parent.dtype)
        return places[: int(kernels.join(self.begins, self.member, parent, near, places))]

    def holding(self, places: Array) -> Array:
        """The group that holds each of these places in `member`, ascending."""
        from . import kernels

        answer = np.empty(len(places), np.int64)
        kernels.groups_at(self.start, places, answer)
        return answer


def gather_groups(chain: Chain, txs: Array, of_row: Array, stated: tuple[Array, Array]) -> Groups:
    """Gather the groups of these transactions: see the kernel."""
    from . import kernels

    graph = chain.graph
    txs = np.asarray(txs, np.int64)
    inputs = int((graph.tx_input_start[txs + 1] - graph.tx_input_start[txs]).sum())
    groups = (
        np.empty(len(txs), np.int64),
        np.zeros(len(txs) + 1, np.int64),
        np.empty(inputs, of_row.dtype),
        np.empty(inputs, np.uint8),
    )
    count = int(
        kernels.gather(txs, graph.tx_input_start, graph.input_source, of_row, stated, groups)
    )
    start = groups[1][: count + 1]
    total = int(start[-1])
    return Groups(groups[0][:count], start, groups[2][:total], groups[3][:total])


__all__ = [
    "GUARD_REASON",
    "HEURISTIC",
    "LARGE",
    "VERSION",
    "Clusters",
    "Excluding",
    "Exclusions",
    "Groups",
    "build_clusters",
    "find_address",
    "gather_groups",
    "number_addresses",
    "stated_inputs",
]
