"""Stores for tests: block files written from blocks made here, and one ingest in this process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.generator.genesis import genesis_block
from kancil.bitcoin.holdings.sources import SourcePath
from kancil.bitcoin.holdings.store import read_record
from kancil.bitcoin.holdings.store_layout import COLUMNS
from kancil.bitcoin.network import network_named
from kancil.bitcoin.store import files, ingest
from tests.bitcoin.regtest import GENESIS_HASH, MAGIC, Block, Tx, coinbase, mine, pay

REGTEST = network_named("regtest")


def write_blocks(path: Path, raws: Sequence[bytes], key: bytes = bytes(8)) -> Path:
    """Write a block file as Bitcoin Core does, XORed with the key."""
    plain = b"".join(MAGIC + len(raw).to_bytes(4, "little") + raw for raw in raws)
    turned = bytes(byte ^ key[at % 8] for at, byte in enumerate(plain))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(turned)
    if any(key):
        (path.parent / "xor.dat").write_bytes(key)
    return path


def line(start: bytes, first: int, count: int, *, salt: bytes = b"", spend: Tx | None = None,
         ) -> list[Block]:  # fmt: skip
    """Mine blocks one after another; with `spend`, the first spends its first output."""
    blocks: list[Block] = []
    previous = start
    for height in range(first, first + count):
        txs = [coinbase(height, height, extra=salt)]
        if spend is not None and height == first:
            txs.append(pay(spend, 0, (spend.outputs[0][0], 7_000 + len(salt))))
        block = mine(previous, txs, time=1_300_000_000 + 600 * height)
        blocks.append(block)
        previous = block.hash
    return blocks


def raws(blocks: Sequence[Block], *, with_genesis: bool = True) -> list[bytes]:
    """Blocks as bytes, the network's first block before them."""
    return ([genesis_block(REGTEST)] if with_genesis else []) + [block.raw for block in blocks]


def trunk(count: int) -> list[Block]:
    """Mine the first blocks after the network's own."""
    return line(GENESIS_HASH, 1, count)


def grow(
    chain_dir: Path, *paths: Path, first_height: int | None = 0, memory_bytes: int = 1
) -> dict[str, Any]:
    """Do one ingest into a store, in this process."""
    chain_dir.mkdir(parents=True, exist_ok=True)
    request = ingest.Request(
        chain_dir, REGTEST, [SourcePath(path) for path in paths], first_height, memory_bytes, 2
    )
    return ingest.run(request, lambda _: None)


def digests(chain_dir: Path) -> dict[str, str]:
    """The digest of every column's counted bytes."""
    store = read_record(chain_dir).store
    assert store is not None
    return {
        column.name: hashlib.sha256(
            np.ascontiguousarray(files.map_column(chain_dir, column, store.rows)).tobytes()
        ).hexdigest()
        for column in COLUMNS
    }


def same_answers(one: Chain, other: Chain, *, is_same_file: bool = True) -> None:
    """Compare the rows of two chains that hold the same blocks."""
    names = ["tx_id", "tx_block", "input_prev_id", "input_prev_index", "input_sequence"]
    names += ["output_value", "output_script", "tx_locktime", "tx_size"]
    for name in [*names, *(["tx_offset"] if is_same_file else [])]:
        left, right = getattr(one.columns, name), getattr(other.columns, name)
        assert np.array_equal(np.asarray(left), np.asarray(right)), name
    for name in ("tx_rank", "tx_run", "tx_run_after", "tx_time", "input_source", "input_value",
                 "output_spender", "output_spendable"):  # fmt: skip
        left, right = getattr(one.graph, name), getattr(other.graph, name)
        assert np.array_equal(np.asarray(left), np.asarray(right)), name
    assert one.graph.last_block == other.graph.last_block
