"""Benchmark rows of the union-find that joins addresses spent together, on one pinned core.

Made wallets, by a seed: a few own most addresses, as on the chain (wallet number `W·u³`, `u`
uniform). An address is numbered when it is first paid; a payment spends two or more of a wallet's
coins, the newest first, and half of these addresses are paid again. **Chain order**: payments
as they come. **Random order**: the same payments shuffled, and addresses numbered at random. An
*edge* is an input of a payment beyond its first. Ours keeps the evidence of each merge in the same
pass; no peer does. Best of some rounds, ours and the peer's in turn; the clusters of all are
compared after the clock has stopped. Times are **processor times** of the whole process, so that
others' work on a shared core counts on neither side.

- `union-chain-order`, `union-random-order`: million edges a second;
- `union-vs-wheel`: graphsense-clustering (Rust), RAYON_NUM_THREADS=1, fed by its Arrow call, which
  copies nothing; the lower ratio of both orders. Neither side's clock runs while memory is set up;
- `union-vs-scipy`: `scipy.sparse.csgraph.connected_components` with the making of its matrix, in
  random order; both up to the number of each address's cluster.

What each is fed is made before: ours the members of payments and a mark where one begins, as
`kernels.gather` gives them; the wheel its lists; SciPy one array of each end of the edges.
"""

from __future__ import annotations

import os
import time
from typing import Any

os.environ["RAYON_NUM_THREADS"] = "1"  # read when the peer first works

import numpy as np
import pyarrow as pa
from gs_clustering import Clustering
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.machine import pinned
from kancil.bitcoin.clusters import kernels

NAMES = ("union-chain-order", "union-random-order", "union-vs-wheel", "union-vs-scipy")
GOALS = dict(zip(NAMES, (100, 20, 1.0, 20), strict=True))
PAYMENTS = 6_000_000
WALLETS = 400_000
ROUNDS = 5

_njit: Any = njit
Array = NDArray[Any]
Groups = tuple[Array, Array, int]
"""Starts int64, members int32, and how many addresses there are."""


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure the rows, or the one named `only`."""
    with pinned():
        found = _rows(only)
    return [{**row, "machine": machine} for row in found]


def _rows(only: str | None) -> list[dict[str, Any]]:
    chain = made(PAYMENTS, WALLETS)
    random = shuffled(chain)
    edges = len(chain[1]) - len(chain[0]) + 1
    found = []
    if only != "union-vs-scipy":
        wheel = "graphsense-clustering"
        ratios = []
        for name, groups in zip(NAMES[:2], (chain, random), strict=True):
            ours, peer = _beside_wheel(groups, edges)
            ratios.append((ours / peer, ours, peer))
            found.append(_row(name, ours, wheel, peer, is_met=ours >= GOALS[name]))
        ratio, ours, peer = min(ratios)
        found.append(_row(NAMES[2], ours, wheel, peer, is_met=ratio >= GOALS[NAMES[2]]))
    if only in (None, "", "union-vs-scipy"):
        ours, peer = _beside_scipy(random, edges)
        is_met = ours / peer >= GOALS[NAMES[3]]
        found.append(_row(NAMES[3], ours, "scipy connected_components", peer, is_met=is_met))
    return found


def _row(name: str, ours: float, peer: str, figure: float, *, is_met: bool) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 2),
        "unit": "M edges/s",
        "peer": peer,
        "peer_figure": round(figure, 2),
        "ratio": round(ours / figure, 2),
        "goal": GOALS[name],
        "met": is_met,
    }


@_njit
def _pay(payments: int, wallets: int, seed: int, start: Array, member: Array) -> int:
    """Make payments of wallets; gives how many addresses there are."""
    np.random.seed(seed)  # the generator that compiled code has
    room = len(member)
    newest = np.full(wallets, -1, np.int32)
    below = np.full(room * 2, -1, np.int32)
    coins = np.zeros(wallets, np.int32)
    count, at, payment = 0, 0, 0
    while payment < payments:
        wallet = int(wallets * np.random.random() ** 3)
        for _ in range(1 + int(2 * np.random.random())):
            below[count] = newest[wallet]
            newest[wallet] = count
            coins[wallet] += 1
            count += 1
        wanted = 2 + int(np.random.exponential(1.2))
        if coins[wallet] < wanted:
            continue
        for _ in range(wanted):
            address = newest[wallet]
            member[at] = address
            at += 1
            if np.random.random() < 0.5 or below[address] < 0:
                newest[wallet] = below[address]
                coins[wallet] -= 1
            if newest[wallet] < 0:
                coins[wallet] = 0
                break
        payment += 1
        start[payment] = at
    return count


def made(payments: int, wallets: int, seed: int = 1) -> Groups:
    """Make the payments of some wallets, in chain order."""
    start = np.zeros(payments + 1, np.int64)
    member = np.empty(payments * 5, np.int32)
    count = int(_pay(payments, wallets, seed, start, member))
    return start, member[: start[-1]].copy(), count


def shuffled(groups: Groups, seed: int = 2) -> Groups:
    """The same payments in random order, their addresses numbered at random."""
    start, member, count = groups
    chance = np.random.default_rng(seed)
    number = chance.permutation(count).astype(np.int32)
    order = chance.permutation(len(start) - 1)
    sizes = np.diff(start)[order]
    new = np.zeros(len(start), np.int64)
    np.cumsum(sizes, out=new[1:])
    rows = np.repeat(start[:-1][order] - new[:-1], sizes) + np.arange(len(member))
    return new, number[member[rows]], count


def _ours(groups: Groups) -> tuple[float, Array]:
    start, member, count = groups
    parent = np.full(count, -1, np.int32)
    begins = np.zeros(len(member), np.uint8)
    begins[start[:-1]] = 1
    near, places = np.zeros(kernels.NEAR, np.int32), np.zeros(len(member), np.int64)
    places.fill(0)
    began = time.process_time()
    kernels.join(begins, member, parent, near, places)
    return time.process_time() - began, parent


def _lowest(parent: Array) -> Array:
    """The lowest address of each one's cluster."""
    cluster = parent.copy()
    count = kernels.number_clusters(cluster)
    lowest = np.full(count, len(parent), np.int64)
    every = np.arange(len(parent))
    np.minimum.at(lowest, cluster[cluster >= 0], every[cluster >= 0])
    return np.where(cluster < 0, every, lowest[cluster] if count else every)


def _beside_wheel(groups: Groups, edges: int) -> tuple[float, float]:
    start, member, count = groups
    _ours((start[:3], member, count))
    lists = pa.ListArray.from_arrays(
        pa.array(start.astype(np.int32)), pa.array(member.astype(np.uint32))
    )
    best, peer = float("inf"), float("inf")
    for _ in range(ROUNDS):
        seconds, parent = _ours(groups)
        best = min(best, seconds)
        clustering = Clustering(max_address_id=count - 1)
        began = time.process_time()
        clustering.process_transactions_arrow(lists)
        peer = min(peer, time.process_time() - began)
    theirs = clustering.get_mapping().column("cluster_id").to_numpy()
    if not np.array_equal(theirs, _lowest(parent)):
        raise AssertionError("the peer has other clusters")
    return edges / best / 1e6, edges / peer / 1e6


def _beside_scipy(groups: Groups, edges: int) -> tuple[float, float]:
    start, member, count = groups
    is_first = np.zeros(len(member), np.bool_)
    is_first[start[:-1]] = True
    one = np.repeat(member[start[:-1]], np.diff(start))[~is_first]
    other = member[~is_first]
    best, peer = float("inf"), float("inf")
    for _ in range(ROUNDS):
        seconds, parent = _ours(groups)
        cluster = parent.copy()
        began = time.process_time()
        kernels.number_clusters(cluster)
        best = min(best, seconds + time.process_time() - began)
        began = time.process_time()
        ones = np.ones(len(one), np.int8)
        matrix = coo_matrix((ones, (one, other)), shape=(count, count))
        found, labels = connected_components(matrix, directed=False)
        peer = min(peer, time.process_time() - began)
    if found != int((parent < 0).sum()) or not _is_same(labels, parent):
        raise AssertionError("the peer has other clusters")
    return edges / best / 1e6, edges / peer / 1e6


def _is_same(labels: Array, parent: Array) -> bool:
    """Whether two clusterings with equally many clusters are the same."""
    lowest = _lowest(parent)
    return bool((labels == labels[lowest]).all())
