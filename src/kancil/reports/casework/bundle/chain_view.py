"""A stored chain as gathering sees it."""

from __future__ import annotations

import numpy as np

from kancil.bitcoin.blocks.columns import LOOSE
from kancil.bitcoin.blocks.headers import NOT_HELD, HeightSource, WorkVerdict
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.views import HEIGHT_SOURCE_TEXT, WORK_TEXT
from kancil.bitcoin.holdings.graph import Graph
from kancil.bitcoin.network import Network
from kancil.studies.trace.chain_names import utc_text

from .gather import BlockFacts, HeldFacts, Placement


class StoredChain:
    """Keeps the promise `ChainView` over a chain of the workspace."""

    def __init__(self, chain: Chain) -> None:
        """Take an open chain."""
        self._chain = chain

    @property
    def network(self) -> Network:
        """The network."""
        return self._chain.network

    @property
    def graph(self) -> Graph:
        """The spend graph."""
        return self._chain.graph

    def raw_transaction(self, tx: int) -> bytes:
        """A transaction's bytes from its source, checked; raises SourceChanged."""
        return self._chain.raw_transaction(tx)

    def txid_of(self, tx: int) -> bytes:
        """A transaction's id, internal order."""
        return bytes(self._chain.columns.tx_id[tx].data)

    def placement(self, tx: int) -> Placement | None:
        """A transaction's place in its block, held or by Merkle proof; None if not known."""
        row, paths = self._chain.header_row_of_tx(tx), self._chain.merkle_path(tx)
        if row == NOT_HELD or paths is None:
            return None
        path, coinbase = paths
        return Placement(
            block=self._chain.hash_of(row),
            index=path.index,
            path=path.siblings,
            coinbase_txid=None if coinbase is None else coinbase.txid,
            coinbase_path=() if coinbase is None else coinbase.siblings,
        )

    def coinbase_of(self, tx: int) -> int | None:
        """The coinbase of a held transaction's block, None for one that came loose."""
        block = int(self._chain.columns.tx_block[tx])
        return None if block == LOOSE else int(self._chain.columns.block_tx_start[block])

    def block_facts(self, block: bytes) -> BlockFacts:
        """What is known of a block by its hash, internal order."""
        chain, tree = self._chain, self._chain.tree
        row = chain.row_of_hash(block)
        source = HEIGHT_SOURCE_TEXT[HeightSource(int(tree.height_source[row]))]
        return BlockFacts(
            header=chain.header(row),
            height=None if source is None else chain.height_of(row),
            height_source=source,
            work=WORK_TEXT[WorkVerdict(int(tree.verdict[row]))],
            links=tuple(chain.header(link) for link in chain.proof_rows(row)),
        )

    def held(self) -> HeldFacts:
        """What the chain holds as a whole."""
        chain, graph = self._chain, self._chain.graph
        rows = chain.columns
        active = np.flatnonzero(chain.tree.on_best[: rows.block_count])
        last = graph.last_block
        return HeldFacts(
            block_hashes=[rows.block_hash[block].tobytes() for block in active],
            transactions=int((graph.tx_rank >= 0).sum()),
            inputs=chain.inputs_digests,
            last_block=None if last == LOOSE else chain.hash_of(last),
            last_height=chain.last_height,
            last_time=None if last == LOOSE else utc_text(chain.time_of(last)),
        )
