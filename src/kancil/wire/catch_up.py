"""Fetches from a node the whole blocks that a chain lacks, and keeps them as block files.

What is held comes from the opened chain, blocks from `bitcoin_node`; they go to `fetched`, whose
files `kancil.bitcoin.chain.ingest` then reads as it reads any others. Each block's hash is the one
asked for, its work and Merkle root are checked, and it follows the block before it. A node that
changes its chain meanwhile is followed, and what it left is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kancil.bitcoin.blocks.headers import NOT_HELD
from kancil.bitcoin.blocks.plain import fault_of
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.network import Network
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress

from .bitcoin_node import Node, NodeState
from .errors import NodeAnswerWrong, NodeChainDiffers, NodeOtherNetwork, NodeRefuses
from .fetched import Fetched

_MOST_TIPS = 64
"""Parts of a chain with gaps whose last blocks the node is asked about, latest first."""
_MOST_TURNS = 32
"""How often a node may change its chain in one run."""
_LEFT_TOLD = 100


@dataclass(frozen=True, slots=True)
class Base:
    """The last block that both have."""

    height: int
    """By the node; -1 where fetching begins with the first block."""
    block_hash: bytes | None
    """Internal byte order; None where nothing that is held comes before."""


@dataclass(slots=True)
class CatchUp:
    """What a run did."""

    state: NodeState
    first_height: int
    """Of the first block fetched, or to be fetched next."""
    is_linked: bool
    """Whether that block follows one that was held before."""
    last_height: int = -1
    last_hash: str = ""
    blocks: int = 0
    size_bytes: int = 0
    taken_up: int = 0
    """Blocks that a run before had fetched and not finished."""
    left: list[str] = field(default_factory=list)
    """Hashes of blocks held or fetched here that the node's best chain does not have at the end of
    the run, latest first; at most a hundred are named."""
    left_count: int = 0
    turns: int = 0
    """How often the node changed its chain while it was asked."""

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        return {
            "node_height": self.state.height,
            "node_best": self.state.best_hash[::-1].hex(),
            "node_pruned_below": self.state.pruned_below,
            "first_height": self.first_height,
            "linked": self.is_linked,
            "last_height": self.last_height if self.blocks else None,
            "last_hash": self.last_hash or None,
            "blocks": self.blocks,
            "size_bytes": str(self.size_bytes),
            "taken_up": self.taken_up,
            "left": self.left,
            "left_count": self.left_count,
            "turns": self.turns,
        }


def catch_up(
    chain: Chain | None,
    node: Node,
    fetched: Fetched,
    network: Network,
    *,
    first_height: int | None = None,
    most_blocks: int | None = None,
    progress: Progress = SILENT,
    tell_plan: Callable[[CatchUp], None] = lambda _run: None,
) -> CatchUp:
    """Fetch what the node has beyond what is held, into `fetched`, and finish its file.

    `first_height`: where to begin a part of its own, if nothing held reaches so far; `most_blocks`:
    no more in this run. Raises NodeOtherNetwork, NodeChainDiffers, NodeAnswerWrong,
    NodeUnreachable, NodeRefuses, DiskFull: what was fetched before stays.
    """
    work = _Work(chain, node, fetched, network)
    run = work.begin(first_height)
    lacking = max(0, run.state.height - run.first_height + 1)
    tell_plan(run)
    progress.start(
        lacking if most_blocks is None else min(lacking, most_blocks),
        "blocks",
        "progress.wire-fetch",
    )
    try:
        work.fetch(run, most_blocks, progress)
    finally:
        progress.finish()
    fetched.finish()
    return run


class _Work:
    """One run."""

    def __init__(self, chain: Chain | None, node: Node, fetched: Fetched, network: Network) -> None:
        self.chain = chain
        self.node = node
        self.fetched = fetched
        self.network = network
        self.base = Base(-1, None)
        self.fresh: list[bytes] = list(fetched.kept)
        """Blocks fetched and not ingested, oldest first."""
        self.left: dict[bytes, None] = {}
        """Blocks that the node's best chain no longer has, in the order in which it left them."""

    def begin(self, first_height: int | None) -> CatchUp:
        """Ask the node what it has, and find where to go on."""
        state = self.node.state()
        if state.network != self.network.name:
            raise NodeOtherNetwork(
                address=str(self.node.window.address),
                network=self.network.name,
                belongs=state.network,
            )
        run = CatchUp(state, 0, is_linked=False, taken_up=len(self.fetched.kept))
        found = self._find_base(run)
        if found is None:
            has_blocks = self.chain is not None and self.chain.columns.block_count > 0
            if first_height is None and (has_blocks or self.fresh):
                raise NodeChainDiffers(address=str(self.node.window.address))
            self.base = Base((first_height or 0) - 1, None)
        elif first_height is not None and first_height > found.height + 1:
            self.base = Base(first_height - 1, None)
        else:
            self.base = found
        run.first_height = self.base.height + 1
        run.is_linked = self.base.block_hash is not None
        return run

    def fetch(self, run: CatchUp, most: int | None, progress: Progress) -> None:
        """Fetch one block after another up to the height that the node had."""
        while self.base.height < run.state.height and (most is None or run.blocks < most):
            height = self.base.height + 1
            asked = self.node.hash_at(height)
            if asked is None:  # the node's chain became shorter
                if not self._turn(run):
                    return
                continue
            raw = self.node.block(asked)
            if raw is None:
                params = {"height": height, "pruned": run.state.pruned_below}
                why = Phrase("why.node-no-block", params)
                raise NodeRefuses(address=str(self.node.window.address), why=why)
            fault = fault_of(raw, asked, self.network)
            if fault is not None:
                raise self._wrong(f"why.block-{fault}", height)
            if self.base.block_hash not in (None, raw[4:36]):
                if not self._turn(run):
                    raise self._wrong("why.block-link", height)
                continue
            self.fetched.add(raw)
            self.fresh.append(asked)
            self._return(run, [asked])
            self.base = Base(height, asked)
            run.blocks += 1
            run.size_bytes += len(raw)
            run.last_height, run.last_hash = height, asked[::-1].hex()
            progress.advance(1)

    def _wrong(self, why: str, height: int) -> NodeAnswerWrong:
        address = str(self.node.window.address)
        return NodeAnswerWrong(address=address, why=Phrase(why, {"height": height}))

    def _turn(self, run: CatchUp) -> bool:
        """Follow a node that changed its chain; say whether there is anything else to ask for."""
        before = self.base
        found = self._find_base(run)
        if found is None:
            raise NodeChainDiffers(address=str(self.node.window.address))
        if found == before:
            return False
        run.turns += 1
        if run.turns > _MOST_TURNS:
            raise self._wrong("why.node-turns", found.height)
        self.base = found
        return True

    # --- the last block that both have --------------------------------------------------------

    def _find_base(self, run: CatchUp) -> Base | None:
        """Find the last block, of those fetched and those held, in the node's best chain."""
        fresh = list(reversed(self.fresh))
        found, place = self._deepest(fresh)
        if found is not None:
            self._leave(run, fresh[:place])
            self._return(run, fresh[place:])
            return found
        for path in self._held_paths():
            found, place = self._deepest(path)
            if found is not None:
                self._leave(run, [*fresh, *path[:place]])
                self._return(run, path[place:])
                return found
        return None

    def _leave(self, run: CatchUp, hashes: Sequence[bytes]) -> None:
        """Note blocks that the node's best chain no longer has."""
        gone = set(hashes)
        self.left |= dict.fromkeys(hashes)
        self.fresh = [block_hash for block_hash in self.fresh if block_hash not in gone]
        self._tell(run)

    def _return(self, run: CatchUp, hashes: Sequence[bytes]) -> None:
        """Note blocks that the node's best chain has: one that it had left is left no more."""
        if self.left:
            here = set(hashes)
            self.left = {each: None for each in self.left if each not in here}
            self._tell(run)

    def _tell(self, run: CatchUp) -> None:
        """What is left now."""
        run.left_count = len(self.left)
        run.left = [block_hash[::-1].hex() for block_hash in list(self.left)[:_LEFT_TOLD]]

    def _deepest(self, path: Sequence[bytes]) -> tuple[Base | None, int]:
        """The first block of a path (latest first) that the node has, and its place.

        A chain of hashes is shared up to a point and from there on not, so the place is found by
        steps that double, then by halving.
        """
        low, high, step = -1, 0, 1
        found: int | None = None
        while high < len(path):
            found = self.node.height_of(path[high])
            if found is not None:
                break
            low, high, step = high, high + step, step * 2
            if high >= len(path) > low + 1:
                high = len(path) - 1
        if found is None:
            return None, len(path)
        while high - low > 1:
            middle = (low + high) // 2
            height = self.node.height_of(path[middle])
            if height is None:
                low = middle
            else:
                high, found = middle, height
        return Base(found, path[high]), high

    def _held_paths(self) -> Iterator[list[bytes]]:
        """Give, for each connected part of the chain, its best blocks from the last one back."""
        chain = self.chain
        if chain is None:
            return
        count = chain.columns.block_count
        is_best = np.asarray(chain.tree.on_best[:count])
        parents = chain.tree.parent[:count][is_best]
        is_tip = is_best.copy()
        is_tip[parents[(parents >= 0) & (parents < count)]] = False
        tips = np.flatnonzero(is_tip)
        tips = tips[np.argsort(chain.columns.block_time[tips], kind="stable")[::-1]][:_MOST_TIPS]
        for row in tips.tolist():
            path = []
            while row != NOT_HELD and row < count:
                path.append(chain.columns.block_hash[row].tobytes())
                row = int(chain.tree.parent[row])
            yield path
