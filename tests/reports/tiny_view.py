"""A chain view over a few whole blocks, for tests: columns by the parser, the rest plainly.

It also keeps the promise `Names`, so that tables over the whole chain can be compared with those
that a bundle gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from kancil.bitcoin.blocks.columns import concat
from kancil.bitcoin.blocks.headers import (
    Headers,
    HeaderTree,
    HeightSource,
    WorkVerdict,
    build_tree,
    headers_for_proof,
)
from kancil.bitcoin.blocks.parse import parse_blocks, parse_transaction
from kancil.bitcoin.holdings.graph import Graph, build_graph
from kancil.bitcoin.network import MAINNET, Network
from kancil.bitcoin.script.address import encode_address
from kancil.reports.casework.bundle.gather import BlockFacts, HeldFacts, Placement
from kancil.reports.casework.bundle.material import FAILED_WORK, LINKED_WORK, OWN_TARGET
from kancil.studies.trace.chain_names import utc_text
from tests.reports.tiny_chain import TinyBlock, TinyTransaction, merkle_path, shown

WORDS = {
    WorkVerdict.CHECKED: LINKED_WORK,
    WorkVerdict.OWN_TARGET_ONLY: OWN_TARGET,
    WorkVerdict.FAILED: FAILED_WORK,
}
SOURCES = {HeightSource.LINKED: "linked", HeightSource.CLAIMED: "coinbase"}


class TinyView:
    """Blocks in the order given, oldest first; all of them active."""

    def __init__(
        self,
        blocks: list[TinyBlock],
        network: Network = MAINNET,
        loose: Sequence[TinyTransaction] = (),
    ) -> None:
        self.blocks = blocks
        self.loose = list(loose)
        self.network = network
        raw, spans, at = [], [], 0
        for block in blocks:
            size = len(block.raw)
            spans.append((at, size))
            raw.append(block.raw)
            at += size
        buffer = np.frombuffer(b"".join(raw), np.uint8)
        held, skipped = parse_blocks(buffer, np.array(spans, np.int64))
        assert not skipped
        self.columns = concat([held, *(parse_transaction(tx.raw) for tx in self.loose)])
        self.sha256 = hashlib.sha256(b"".join(raw)).hexdigest()
        self.places = [(b, n) for b, x in enumerate(blocks) for n in range(len(x.transactions))]
        self.row = {block.hash: n for n, block in enumerate(blocks)}
        self.places += [(-1, n) for n in range(len(self.loose))]
        self.txs = {self._transaction(tx).txid: tx for tx in range(len(self.places))}

    @cached_property
    def graph(self) -> Graph:
        return build_graph(self.columns)

    @cached_property
    def tree(self) -> HeaderTree:
        headers = Headers.from_raw(b"".join(block.header for block in self.blocks))
        claimed = Headers(
            block_hash=headers.block_hash,
            prev=headers.prev,
            time=headers.time,
            bits=headers.bits,
            claimed_height=self.columns.block_height_claimed,
            stated_height=headers.stated_height,
        )
        return build_tree(claimed, self.network)

    def raw_transaction(self, tx: int) -> bytes:
        return self._transaction(tx).raw

    def txid_of(self, tx: int) -> bytes:
        return self._transaction(tx).txid

    def placement(self, tx: int) -> Placement | None:
        number, index = self.places[tx]
        if number < 0:
            return None
        block = self.blocks[number]
        leaves = [t.txid for t in block.transactions]
        return Placement(
            block.hash,
            index,
            tuple(merkle_path(index, leaves)),
            leaves[0],
            tuple(merkle_path(0, leaves)),
        )

    def coinbase_of(self, tx: int) -> int | None:
        return None if self.places[tx][0] < 0 else tx - self.places[tx][1]

    def block_facts(self, block: bytes) -> BlockFacts:
        row = self.row[block]
        source = SOURCES.get(HeightSource(int(self.tree.height_source[row])))
        links = tuple(self.blocks[n].header for n in headers_for_proof(self.tree, row))
        return BlockFacts(
            header=self.blocks[row].header,
            height=None if source is None else int(self.tree.height[row]),
            height_source=source,
            work=WORDS[WorkVerdict(int(self.tree.verdict[row]))],
            links=links,
        )

    def held(self) -> HeldFacts:
        last = self.blocks[-1]
        return HeldFacts(
            block_hashes=[block.hash for block in self.blocks],
            transactions=len(self.places),
            inputs=(self.sha256,),
            last_block=last.hash,
            last_height=self.block_facts(last.hash).height,
            last_time=self.block_time(self.columns.tx_count - len(self.loose) - 1),
        )

    def find_outpoint(self, outpoint: str) -> int | None:
        txid, number = outpoint.split(":")
        tx = self.txs.get(bytes.fromhex(txid)[::-1])
        return None if tx is None else self.graph.outputs_of(tx)[int(number)]

    def address_of(self, output: int) -> str:
        kind = int(self.columns.output_script[output])
        return encode_address(kind, self.columns.payload_of(output), self.network) or ""

    def txid(self, tx: int) -> str:
        return shown(self._transaction(tx).txid)

    def block_hash(self, tx: int) -> str:
        block = self.places[tx][0]
        return "" if block < 0 else shown(self.blocks[block].hash)

    def block_time(self, tx: int) -> str:
        block = self.places[tx][0]
        if block < 0:
            return ""
        return utc_text(int.from_bytes(self.blocks[block].header[68:72], "little"))

    def outpoint(self, output: int) -> str:
        tx = self.graph.tx_of_output(output)
        return f"{self.txid(tx)}:{output - self.graph.outputs_of(tx).start}"

    def spent_outpoint(self, number: int) -> str:
        tx = self.graph.tx_of_input(number)
        txid, index = self._transaction(tx).inputs[number - self.graph.inputs_of(tx).start]
        return f"{shown(txid)}:{index}" if any(txid) else ""

    def address(self, output: int) -> str:
        return self.address_of(output)

    def _transaction(self, tx: int) -> TinyTransaction:
        block, number = self.places[tx]
        return self.loose[number] if block < 0 else self.blocks[block].transactions[number]

    def outpoints(self) -> dict[str, int]:
        """The number of every output by its name."""
        found = {}
        for txid, tx in self.txs.items():
            for n, output in enumerate(self.graph.outputs_of(tx)):
                found[f"{txid[::-1].hex()}:{n}"] = output
        return found
