"""Block headers as a tree: who follows whom, at what height, with how much work, how surely.

Data come from the block columns (or from raw 80-byte headers) and go to `status`, `block`, the
trace's ranks and the bundle. The blocks held may be any slice of the chain, in any order, with
forks; a connected part whose first parent is not held is an *island*.

What is answered about the work of a block is one of three things:

- *failed*: its hash is above its own target, its target is above the network's limit, or along the
  held headers the target is not the one the network's rules ask for, or it stands where a pinned
  checkpoint says another block stands, or it follows such a block;
- *checked*: the difficulty was checked along held headers to a pinned checkpoint. Either each
  header from a checkpoint up to it was recomputed, or a held checkpoint descends from it;
- *own target only*: all else. A forger can make such a block as cheaply as they like.

Not checked: scripts, signatures, signet's block signature, block times against the median of
the eleven before them (nor, on testnet4, against the last block of the period before), and anything
a header does not hold.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from kancil.bitcoin.network import Network

from .work import (
    is_period_start,
    may_be_easiest,
    meets_own_target,
    retargeted_bits,
    target_of_bits,
    work_of_bits,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEADER_BYTES = 80
NO_HEIGHT = -1
NOT_HELD = -1
_NO_PARENT = bytes(32)


class HeightSource(IntEnum):
    """How the height of a block is known; a higher number is a better source."""

    NONE = 0
    STATED = 1
    """Somebody's file name or word."""
    CLAIMED = 2
    """The number in the coinbase (BIP 34), of this block or of one it is linked with."""
    LINKED = 3
    """Counted along held headers from the genesis block or another pinned checkpoint."""

    @property
    def code(self) -> str:
        """Name for records."""
        return self.name.lower()

    @property
    def key(self) -> str:
        """Key of its words."""
        return f"note.height-{self.code}"


class WorkVerdict(IntEnum):
    """The answer about the work of one block."""

    OWN_TARGET_ONLY = 0
    CHECKED = 1
    FAILED = 2

    @property
    def code(self) -> str:
        """Name for records."""
        return self.name.lower().replace("_", "-")

    @property
    def key(self) -> str:
        """Key of its words: the three answers, as every report and `--json` give them."""
        return f"note.work-{self.code}"


class WorkReason(IntEnum):
    """Why the answer is what it is."""

    NO_CHECKPOINT_REACHED = 0
    """Own target only: no held chain of headers leads to a pinned checkpoint."""
    RETARGET_NOT_HELD = 1
    """Own target only: linked, but headers that the next difficulty depends on are not held."""
    IS_PINNED = 2
    """Checked: the block is itself a pinned checkpoint."""
    BELOW_PINNED = 3
    """Checked: a held, pinned checkpoint descends from it."""
    RECOMPUTED = 4
    """Checked: each difficulty recomputed from a pinned checkpoint up to it."""
    TARGET_INVALID = 5
    """Failed: its target is malformed or easier than the network allows."""
    HASH_ABOVE_TARGET = 6
    """Failed: its hash is above its own target."""
    DIFFICULTY_WRONG = 7
    """Failed: the network's rules ask for another target here."""
    CONTRADICTS_CHECKPOINT = 8
    """Failed: another block is pinned at its height, or it is a genesis of its own."""
    FOLLOWS_FAILED = 9
    """Failed: a block before it failed."""

    @property
    def code(self) -> str:
        """Name for records."""
        return self.name.lower().replace("_", "-")

    @property
    def key(self) -> str:
        """Key of its words."""
        return f"note.work-reason-{self.code}"


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers as columns, one row a block; row order is the order in which they were held."""

    block_hash: NDArray[np.uint8]
    """[n, 32], internal order, computed from the header's bytes."""
    prev: NDArray[np.uint8]
    """[n, 32], internal order."""
    time: NDArray[np.uint32]
    bits: NDArray[np.uint32]
    claimed_height: NDArray[np.int32]
    """BIP 34 height in the coinbase, -1 none."""
    stated_height: NDArray[np.int32]
    """Height by file name, -1 none."""

    @classmethod
    def from_raw(cls, raw: bytes) -> Headers:
        """Read 80-byte headers that lie one after another; no heights are claimed or stated."""
        rows = np.frombuffer(raw, np.uint8).reshape(-1, HEADER_BYTES)
        count = len(rows)
        digests = b"".join(
            hashlib.sha256(hashlib.sha256(raw[at : at + HEADER_BYTES]).digest()).digest()
            for at in range(0, len(raw), HEADER_BYTES)
        )
        return cls(
            block_hash=np.frombuffer(digests, np.uint8).reshape(count, 32),
            prev=rows[:, 4:36].copy(),
            time=rows[:, 68:72].copy().view("<u4").reshape(count),
            bits=rows[:, 72:76].copy().view("<u4").reshape(count),
            claimed_height=np.full(count, NO_HEIGHT, np.int32),
            stated_height=np.full(count, NO_HEIGHT, np.int32),
        )


@dataclass(frozen=True, slots=True)
class HeaderTree:
    """What is known of the held headers together; one row a header, as in `Headers`."""

    parent: NDArray[np.int64]
    """Row of the block before, -1 if not held."""
    duplicate_of: NDArray[np.int64]
    """Row of an earlier row with the same hash, else -1. A duplicate takes the earlier row's
    answers and is in no chain."""
    order: NDArray[np.int64]
    """All rows that are no duplicates, parents before children, island by island."""
    island: NDArray[np.int64]
    """Row of the first block of the island it belongs to."""
    height: NDArray[np.int64]
    height_source: NDArray[np.uint8]
    """HeightSource."""
    height_disputed: NDArray[np.bool_]
    """A claimed or stated height contradicts the height given here."""
    chain_work: list[int]
    """Expected hashes from the island's first block up to and with this one."""
    on_best: NDArray[np.bool_]
    """In the chain of most work of its island, failed blocks left out. The others are stale."""
    height_contested: NDArray[np.bool_]
    """A block of another island's best chain is given the same height."""
    tied_tips: tuple[int, ...]
    """Last blocks of chains with exactly as much work as the one held first, which was chosen."""
    verdict: NDArray[np.uint8]
    """WorkVerdict."""
    reason: NDArray[np.uint8]
    """WorkReason."""

    @property
    def islands(self) -> list[int]:
        """Rows of the first blocks of the islands, in order of holding."""
        return sorted({int(row) for row in self.island})

    @property
    def stale(self) -> NDArray[np.int64]:
        """Rows that are neither on a best chain nor failed nor duplicates."""
        is_failed = self.verdict == WorkVerdict.FAILED
        return np.flatnonzero(~self.on_best & ~is_failed & (self.duplicate_of == NOT_HELD))

    def chain_to(self, row: int) -> list[int]:
        """The rows from the island's first block up to and with this one."""
        rows = []
        while row != NOT_HELD:
            rows.append(row)
            row = int(self.parent[row])
        return rows[::-1]


def build_tree(headers: Headers, network: Network) -> HeaderTree:
    """Link headers, count heights, add up work, choose the best chains and judge the work.

    Linear in the number of headers, without recursion. Nothing raises: whatever is wrong with a
    header is its verdict.
    """
    count = len(headers.time)
    hashes = _rows_as_bytes(headers.block_hash)
    parent, duplicate_of = _linked(hashes, _rows_as_bytes(headers.prev))
    order, island, depth = _ordered(parent, duplicate_of)
    height, source = _heights(headers, network, hashes, order, island, depth)
    judged = _Judge(headers, network, hashes, parent, height, source).judge(order)
    chain_work = _work_sums(headers, parent, order)
    on_best, tied = _best_chains(parent, order, island, chain_work, judged.verdict)
    _copy_to_duplicates(duplicate_of, island, height, source, chain_work, judged)
    claims = (headers.claimed_height.astype(np.int64), headers.stated_height.astype(np.int64))
    heights, sources = np.array(height, np.int64), np.array(source, np.uint8)
    disputed = np.zeros(count, np.bool_)
    for claim in claims:
        disputed |= (claim != NO_HEIGHT) & (heights != NO_HEIGHT) & (claim != heights)
    return HeaderTree(
        parent=np.array(parent, np.int64),
        duplicate_of=np.array(duplicate_of, np.int64),
        order=np.array(order, np.int64),
        island=np.array(island, np.int64),
        height=heights,
        height_source=sources,
        height_disputed=disputed,
        chain_work=chain_work,
        on_best=on_best,
        height_contested=_contested(heights, on_best),
        tied_tips=tied,
        verdict=np.array(judged.verdict, np.uint8),
        reason=np.array(judged.reason, np.uint8),
    )


def headers_for_proof(tree: HeaderTree, row: int) -> list[int]:
    """The rows whose headers a stranger needs to repeat the answer *checked* for a block.

    From the oldest to the newest: up to the checkpoint that descends from the block, or down to
    the one it is recomputed from and on to the start of that one's period of 2,016, on which the
    difficulties after it depend. Empty if the answer is another one.
    """
    if tree.verdict[row] != WorkVerdict.CHECKED:
        return []
    match tree.reason[row]:
        case WorkReason.IS_PINNED:
            return [row]
        case WorkReason.BELOW_PINNED:
            return _chain_up_to_pin(tree, row)
    start = row
    while tree.reason[start] == WorkReason.RECOMPUTED:
        start = int(tree.parent[start])
    while not is_period_start(int(tree.height[start])) and tree.parent[start] != NOT_HELD:
        start = int(tree.parent[start])
    chain = tree.chain_to(row)
    return chain[chain.index(start) :]


def _chain_up_to_pin(tree: HeaderTree, row: int) -> list[int]:
    is_pin = (tree.reason == WorkReason.IS_PINNED) & (tree.island == tree.island[row])
    pinned = [int(pin) for pin in np.flatnonzero(is_pin & (tree.height > tree.height[row]))]
    for tip in sorted(pinned, key=lambda pin: int(tree.height[pin])):
        chain = tree.chain_to(tip)
        if row in chain:
            return chain[chain.index(row) :]
    return []


# --- steps ----------------------------------------------------------------------------------------


def _rows_as_bytes(rows: NDArray[np.uint8]) -> list[bytes]:
    joined = np.ascontiguousarray(rows).tobytes()
    return [joined[at : at + 32] for at in range(0, len(joined), 32)]


def _linked(hashes: list[bytes], prevs: list[bytes]) -> tuple[list[int], list[int]]:
    """Find each row's parent, and earlier rows with the same hash."""
    first_row: dict[bytes, int] = {}
    duplicate_of = [NOT_HELD] * len(hashes)
    for row, block_hash in enumerate(hashes):
        first = first_row.setdefault(block_hash, row)
        if first != row:
            duplicate_of[row] = first
    return [first_row.get(prev, NOT_HELD) for prev in prevs], duplicate_of


def _ordered(parent: list[int], duplicate_of: list[int]) -> tuple[list[int], list[int], list[int]]:
    """Walk each island from its first block: order, island and depth of each row.

    Rows on a circle (impossible for real hashes) are never reached; they keep their own island.
    """
    count = len(parent)
    first_child = [NOT_HELD] * count
    next_sibling = [NOT_HELD] * count
    roots: list[int] = []
    for row in range(count - 1, -1, -1):
        if duplicate_of[row] != NOT_HELD:
            continue
        if parent[row] == NOT_HELD:
            roots.append(row)
        else:
            next_sibling[row] = first_child[parent[row]]
            first_child[parent[row]] = row
    order: list[int] = []
    island = list(range(count))
    depth = [0] * count
    for root in reversed(roots):
        waiting = [root]
        while waiting:
            row = waiting.pop()
            order.append(row)
            child = first_child[row]
            while child != NOT_HELD:
                island[child] = root
                depth[child] = depth[row] + 1
                waiting.append(child)
                child = next_sibling[child]
    return order, island, depth


def _heights(
    headers: Headers,
    network: Network,
    hashes: list[bytes],
    order: list[int],
    island: list[int],
    depth: list[int],
) -> tuple[list[int], list[int]]:
    """Each row a height by the best source there is, and that source."""
    claimed: list[int] = headers.claimed_height.tolist()
    stated: list[int] = headers.stated_height.tolist()
    linked_offset: dict[int, int] = {}
    claimed_offsets: dict[int, set[int]] = {}
    prev = headers.prev
    for row in order:
        root = island[row]
        pinned = network.pinned.get(hashes[row])
        if pinned is not None:
            linked_offset[root] = pinned - depth[row]
        elif row == root and root not in linked_offset:
            # The block before is not held, but its hash is in this header and may be pinned.
            pinned = network.pinned.get(prev[row].tobytes())
            if pinned is not None:
                linked_offset[root] = pinned + 1
        if claimed[row] != NO_HEIGHT:
            claimed_offsets.setdefault(root, set()).add(claimed[row] - depth[row])
    height = [NO_HEIGHT] * len(island)
    source = [int(HeightSource.NONE)] * len(island)
    for row in order:
        root = island[row]
        offsets = claimed_offsets.get(root, set())
        if root in linked_offset:
            height[row], source[row] = linked_offset[root] + depth[row], HeightSource.LINKED
        elif len(offsets) == 1:
            height[row] = next(iter(offsets)) + depth[row]
            source[row] = HeightSource.CLAIMED
        elif claimed[row] != NO_HEIGHT:
            height[row], source[row] = claimed[row], HeightSource.CLAIMED
        elif stated[row] != NO_HEIGHT:
            height[row], source[row] = stated[row], HeightSource.STATED
    return height, source


class _Judge:
    """Judges the work of every block, parents first; see the module's text for the answers."""

    def __init__(
        self,
        headers: Headers,
        network: Network,
        hashes: list[bytes],
        parent: list[int],
        height: list[int],
        source: list[int],
    ) -> None:
        count = len(hashes)
        self.network = network
        self.hashes = hashes
        self.prev = headers.prev
        self.parent = parent
        self.height = height
        self.is_linked = [known == HeightSource.LINKED for known in source]
        self.times: list[int] = headers.time.tolist()
        self.bits: list[int] = headers.bits.tolist()
        self.pins = {point.height: point.block_hash for point in network.checkpoints}
        self.verdict = [int(WorkVerdict.OWN_TARGET_ONLY)] * count
        self.reason = [int(WorkReason.NO_CHECKPOINT_REACHED)] * count
        # Row of the first block of the period of 2,016 that this block is in, along its own chain.
        self.period_first = [NOT_HELD] * count
        # Bits of the last block at or before this one, in its period, not made by testnet's
        # 20-minute rule; 0 where the headers held do not tell.
        self.normal_bits = [0] * count
        self.carried = [False] * count

    def judge(self, order: list[int]) -> _Judge:
        """Fill `verdict` and `reason` for every row of the order."""
        self._mark_below_pins(order)
        for row in order:
            reason = self._reason(row)
            self.reason[row] = reason
            if reason >= WorkReason.TARGET_INVALID:
                self.verdict[row] = WorkVerdict.FAILED
            elif reason >= WorkReason.IS_PINNED:
                self.verdict[row] = WorkVerdict.CHECKED
        return self

    def _mark_below_pins(self, order: list[int]) -> None:
        for row in reversed(order):
            carries = self.carried[row] or self.hashes[row] in self.network.pinned
            if carries and self.parent[row] != NOT_HELD:
                self.carried[self.parent[row]] = True

    def _reason(self, row: int) -> WorkReason:
        parent = self.parent[row]
        self._note_period(row)
        target = target_of_bits(self.bits[row])
        if target is None or target > self.network.pow_limit:
            return WorkReason.TARGET_INVALID
        if int.from_bytes(self.hashes[row], "little") > target:
            return WorkReason.HASH_ABOVE_TARGET
        if parent != NOT_HELD and self.verdict[parent] == WorkVerdict.FAILED:
            return WorkReason.FOLLOWS_FAILED
        if self.is_linked[row]:
            pin = self.pins.get(self.height[row])
            if pin is not None:
                is_pin = pin == self.hashes[row]
                return WorkReason.IS_PINNED if is_pin else WorkReason.CONTRADICTS_CHECKPOINT
        elif parent == NOT_HELD and self.prev[row].tobytes() == _NO_PARENT:
            return WorkReason.CONTRADICTS_CHECKPOINT
        return self._difficulty(row, parent)

    def _difficulty(self, row: int, parent: int) -> WorkReason:
        if not self.is_linked[row]:
            return WorkReason.NO_CHECKPOINT_REACHED
        required = self._required_bits(row, parent) if parent != NOT_HELD else None
        if required is not None and required != self.bits[row]:
            return WorkReason.DIFFICULTY_WRONG
        if self.carried[row]:
            return WorkReason.BELOW_PINNED
        if required is None:
            return WorkReason.RETARGET_NOT_HELD
        # A right step from a parent that nothing carries proves nothing.
        if self.verdict[parent] == WorkVerdict.CHECKED:
            return WorkReason.RECOMPUTED
        return WorkReason(self.reason[parent])

    def _note_period(self, row: int) -> None:
        """Carry along the chain what the difficulty rules look back at."""
        parent = self.parent[row]
        if not self.is_linked[row]:
            return
        bits = self.bits[row]
        if is_period_start(self.height[row]):
            self.period_first[row] = row
            self.normal_bits[row] = bits
            return
        if parent != NOT_HELD:
            self.period_first[row] = self.period_first[parent]
        if bits != self.network.pow_limit_bits:
            self.normal_bits[row] = bits
        elif parent != NOT_HELD:
            self.normal_bits[row] = self.normal_bits[parent]

    def _required_bits(self, row: int, parent: int) -> int | None:
        """The bits the network's rules ask for after a held parent; None if not tellable.

        Source: Bitcoin Core pow.cpp, GetNextWorkRequired.
        """
        network = self.network
        if is_period_start(self.height[row]):
            if network.never_retargets:
                return self.bits[parent]
            first = self.period_first[parent]
            if first == NOT_HELD:
                return None
            base = first if network.retargets_from_first else parent
            return retargeted_bits(self.bits[base], self.times[first], self.times[parent], network)
        if not network.allows_min_difficulty:
            return self.bits[parent]
        if may_be_easiest(self.times[row], self.times[parent], network):
            return network.pow_limit_bits
        return self.normal_bits[parent] or None


def _work_sums(headers: Headers, parent: list[int], order: list[int]) -> list[int]:
    bits: list[int] = headers.bits.tolist()
    sums = [0] * len(bits)
    for row in order:
        before = sums[parent[row]] if parent[row] != NOT_HELD else 0
        sums[row] = before + work_of_bits(bits[row])
    return sums


def _best_chains(
    parent: list[int],
    order: list[int],
    island: list[int],
    chain_work: list[int],
    verdict: list[int],
) -> tuple[NDArray[np.bool_], tuple[int, ...]]:
    """Mark the chain of most work in each island; equal work goes to the row held first."""
    best: dict[int, int] = {}
    for row in order:
        if verdict[row] == WorkVerdict.FAILED:
            continue
        tip = best.get(island[row])
        if tip is None or (chain_work[row], -row) > (chain_work[tip], -tip):
            best[island[row]] = row
    tied = tuple(
        row
        for row in order
        if verdict[row] != WorkVerdict.FAILED
        and best[island[row]] != row
        and chain_work[row] == chain_work[best[island[row]]]
    )
    on_best = np.zeros(len(parent), np.bool_)
    for tip in best.values():
        row = tip
        while row != NOT_HELD:
            on_best[row] = True
            row = parent[row]
    return on_best, tied


def _contested(height: NDArray[np.int64], on_best: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rows = np.flatnonzero(on_best & (height != NO_HEIGHT))
    values, counts = np.unique(height[rows], return_counts=True)
    contested = np.zeros(len(height), np.bool_)
    contested[rows] = np.isin(height[rows], values[counts > 1])
    return contested


def _copy_to_duplicates(
    duplicate_of: list[int],
    island: list[int],
    height: list[int],
    source: list[int],
    chain_work: list[int],
    judged: _Judge,
) -> None:
    for row, first in enumerate(duplicate_of):
        if first != NOT_HELD:
            island[row], height[row], source[row] = island[first], height[first], source[first]
            chain_work[row] = chain_work[first]
            judged.verdict[row], judged.reason[row] = judged.verdict[first], judged.reason[first]


__all__ = [
    "HeaderTree",
    "Headers",
    "HeightSource",
    "WorkReason",
    "WorkVerdict",
    "build_tree",
    "headers_for_proof",
    "meets_own_target",
]
