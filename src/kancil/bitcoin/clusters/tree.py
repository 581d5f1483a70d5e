"""One cluster taken apart: its merge tree, the way between two addresses, what splits off.

From `clusters`, for `views`. A cluster is always recomputed from **all** its transactions
less those that are doubted: another transaction may hold the same two together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain

from .clusters import Clusters, gather_groups


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The addresses of one cluster and what joined them."""

    members: Array
    """Addresses, ascending."""
    part: Array
    """int64 `[members]`: number of the part that each stands in; all 0 if nothing is doubted."""
    one: Array
    """Address of each merge: the first of its transaction."""
    other: Array
    """Address of each merge: the one that it joined to the first."""
    tx: Array
    """Transaction of each merge; merges stand in the order made."""

    @property
    def part_count(self) -> int:
        """Number of parts."""
        return int(self.part.max()) + 1

    def parts(self, most: int | None = None) -> list[Array]:
        """The addresses of each part, ascending; of the first `most` parts alone."""
        by_part = self.members[np.argsort(self.part, kind="stable")]
        count = self.part_count if most is None else min(most, self.part_count)
        ends = np.cumsum(np.bincount(self.part))[:count]
        return np.split(by_part[: int(ends[-1])], ends[:-1])


def tree_of(chain: Chain, clusters: Clusters, stated: tuple[Array, Array], address: int) -> Tree:
    """The merge tree of an address's cluster, as it was made; `stated`: `stated_inputs`."""
    members = clusters.members_of(address)
    merge_address, merge_tx = clusters.merges_of(address)
    groups = gather_groups(chain, merge_tx, clusters.of_row, stated)
    return Tree(
        members=members,
        part=np.zeros(len(members), np.int64),
        one=groups.member[groups.start[:-1]],
        other=merge_address,
        tx=merge_tx,
    )


def tree_without(
    chain: Chain,
    clusters: Clusters,
    stated: tuple[Array, Array],
    address: int,
    doubted: Collection[int],
) -> Tree:
    """Recompute an address's cluster from all its transactions less the doubted ones.

    Parts are numbered by size, the largest first, and equal ones by their lowest address.
    """
    from . import kernels  # Numba is slow to import

    members = clusters.members_of(address)
    txs = clusters.txs_of(address)
    txs = txs[~np.isin(txs, np.array(sorted(doubted), np.int64))]
    groups = gather_groups(chain, txs, clusters.of_row, stated)
    number = np.full(len(members), -1, np.int64)
    local = np.searchsorted(members, groups.member).astype(np.int64)
    places = replace(groups, member=local).join(number)
    joined_by = groups.holding(places)
    found = int(kernels.number_clusters(number))
    alone = np.flatnonzero(number < 0)
    number[alone] = found + np.arange(len(alone))
    sizes = np.bincount(number)
    lowest = np.full(len(sizes), len(members), np.int64)
    np.minimum.at(lowest, number, np.arange(len(members)))
    new = np.empty(len(sizes), np.int64)
    new[np.lexsort((lowest, -sizes))] = np.arange(len(sizes))
    return Tree(
        members=members,
        part=new[number],
        one=groups.member[groups.start[joined_by]],
        other=groups.member[places],
        tx=groups.tx[joined_by],
    )


def way_between(tree: Tree, first: int, last: int) -> list[tuple[int, int, int]] | None:
    """The way between two addresses of a tree: (address, transaction, address) step by step.

    Steps of one transaction that follow one another are one step. None if there is no way.
    """
    from . import kernels

    count = len(tree.members)
    one, other = (np.searchsorted(tree.members, ends) for ends in (tree.one, tree.other))
    begin, end = (int(np.searchsorted(tree.members, address)) for address in (first, last))
    keys = np.concatenate((one, other)).astype(np.int64)
    start, place = np.zeros(count + 1, np.int64), np.empty(len(keys), np.int64)
    kernels.places_by(keys, start, place)
    near = np.concatenate((other, one)).astype(np.int64)[place]
    came, queue = np.full(count, -1, np.int64), np.empty(count, np.int64)
    queue[0] = begin
    kernels.find_way(start, near, came, queue)
    steps: list[tuple[int, int, int]] = []
    at = end
    while at != begin:
        if came[at] < 0:
            return None
        merge = int(place[came[at]]) % len(tree.tx)
        before = int(keys[place[came[at]]])
        steps.append((int(tree.members[before]), int(tree.tx[merge]), int(tree.members[at])))
        at = before
    way: list[tuple[int, int, int]] = []
    for step in reversed(steps):
        if way and way[-1][1] == step[1]:
            way[-1] = way[-1][0], step[1], step[2]
        else:
            way.append(step)
    return way
