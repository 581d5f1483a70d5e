"""The header tree of a store, and the blocks that are known but not in its chain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks.headers import HEADER_BYTES, NO_HEIGHT, Headers, HeaderTree, build_tree
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.build import chain_order, islands_of, tree_arrays
from kancil.bitcoin.holdings.merge import as_bytes
from kancil.bitcoin.holdings.store_layout import BY_NAME
from kancil.bitcoin.holdings.store_record import StoreRecord
from kancil.bitcoin.network import Network
from kancil.ground.ids import new_id

from .feed import Places
from .files import FOLDER, map_column

Array = NDArray[Any]
Arrays = dict[str, Array]
_SUFFIX = ".tree"


def stored_headers(chain_dir: Path, store: StoreRecord) -> Array:
    """Write the 80-byte header of every block of the store: uint8 `[blocks, 80]`."""
    rows = store.rows
    raw = np.empty((rows.blocks, HEADER_BYTES), np.uint8)

    def column(name: str) -> Array:
        return map_column(chain_dir, BY_NAME[name], rows)

    raw[:, 0:4] = as_bytes(column("block_version"), "<i4")
    raw[:, 4:36] = column("block_prev")
    raw[:, 36:68] = column("block_merkle_root")
    raw[:, 68:72] = as_bytes(column("block_time"), "<u4")
    raw[:, 72:76] = as_bytes(column("block_bits"), "<u4")
    raw[:, 76:80] = as_bytes(column("block_nonce"), "<u4")
    return raw


def made_tree(chain_dir: Path, store: StoreRecord, others: Places, network: Network) -> HeaderTree:
    """Link the headers of the store and those others: rows of blocks, then of the others."""
    raw = np.concatenate((stored_headers(chain_dir, store), others.header))
    headers = Headers.from_raw(raw.tobytes())
    claimed = headers.claimed_height
    claimed[: store.rows.blocks] = map_column(
        chain_dir, BY_NAME["block_height_claimed"], store.rows
    )
    if store.rows.blocks and not store.is_whole:
        claimed[:] = NO_HEIGHT
        claimed[0] = store.first_height
    return build_tree(headers, network)


def arrays_of(tree: HeaderTree, others: Places, blocks: int, times: Array) -> Arrays:
    """The arrays that a chain answers from."""
    arrays: Arrays = dict(tree_arrays(tree))
    arrays["x.header_raw"] = others.header
    arrays["o.source"] = others.source
    arrays["o.offset"] = others.offset
    arrays["o.size"] = others.size
    arrays["x.block_placed"] = chain_order(tree, islands_of(tree, times, blocks), blocks)[0]
    return arrays


def save_tree(chain_dir: Path, store: StoreRecord, others: Places, network: Network) -> str:
    """Write the tree; gives the name of its file."""
    arrays = tree_of_store(chain_dir, store, others, network)
    name = new_id() + _SUFFIX
    chain_store.write_arrays(chain_dir / FOLDER / name, arrays)
    return name


def tree_of_store(chain_dir: Path, store: StoreRecord, others: Places, network: Network) -> Arrays:
    """Make the arrays of the tree anew."""
    tree = made_tree(chain_dir, store, others, network)
    raw = np.concatenate((stored_headers(chain_dir, store), others.header))
    times = np.ascontiguousarray(raw[:, 68:72]).view("<u4").reshape(-1)
    return arrays_of(tree, others, store.rows.blocks, times)


def read_others(chain_dir: Path, store: StoreRecord) -> Places:
    """The blocks that are known and not in the chain: stale, or taken back."""
    if not store.tree:
        return Places()
    arrays = chain_store.map_arrays(chain_dir / FOLDER / store.tree)
    return Places(
        np.array(arrays["x.header_raw"]),
        np.array(arrays["o.source"]),
        np.array(arrays["o.offset"]),
        np.array(arrays["o.size"]),
    )


def read_tree(chain_dir: Path, store: StoreRecord, network: Network) -> Arrays:
    """The tree's arrays; made anew where the last ingest was killed before it wrote them."""
    if store.tree:
        arrays = chain_store.map_arrays(chain_dir / FOLDER / store.tree)
        if len(arrays["t.height"]) - len(arrays["x.header_raw"]) == store.rows.blocks:
            return arrays
    return tree_of_store(chain_dir, store, read_others(chain_dir, store), network)


__all__ = [
    "made_tree",
    "read_others",
    "read_tree",
    "save_tree",
    "stored_headers",
    "tree_of_store",
]
