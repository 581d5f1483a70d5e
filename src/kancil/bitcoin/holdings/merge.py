"""Joining what is held with what was read: each block once, each loose transaction once.

Rows come from `read` and from the chain as it was; one set of columns goes to
`build`. A block that cannot be what its header says (wrong work, wrong Merkle root, a
doubled list of transactions) is set aside: its header and place are kept, its transactions are
not. A good copy of the same block takes the place of a bad one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks import columns as column_rows
from kancil.bitcoin.blocks.columns import (
    BLOCK,
    BLOCK_1,
    LAYOUT,
    LOOSE,
    NO_OUTPUT,
    Columns,
    MerkleState,
    WitnessState,
)
from kancil.bitcoin.blocks.headers import HEADER_BYTES
from kancil.bitcoin.blocks.work import meets_own_target
from kancil.bitcoin.network import Network

Array = NDArray[Any]
ASIDE_NAMES = (
    "aside_header",
    "aside_reason",
    "aside_counts",
    "aside_claimed",
    "aside_source",
    "aside_offset",
    "aside_size",
)


class Aside(IntEnum):
    """Why the transactions of a block are not taken."""

    WORK_FAILED = 1
    MERKLE_WRONG = 2
    MERKLE_MUTATED = 3
    NO_COINBASE = 4
    WITNESS_WRONG = 5
    """Its witness data are not those that its coinbase commits to (BIP 141)."""
    AMOUNTS_WRONG = 6
    """A transaction pays out more than it takes in, or than there is."""
    REWARD_WRONG = 7
    """Its coinbase takes more than new coins and fees."""

    @property
    def code(self) -> str:
        """Name for records."""
        return self.name.lower().replace("_", "-")

    @property
    def skip_code(self) -> str:
        """Code of the skip that tells of it."""
        return _ASIDE_SKIPS[self]


_ASIDE_SKIPS = {
    Aside.WORK_FAILED: "block-aside-work-failed",
    Aside.MERKLE_WRONG: "block-aside-merkle-wrong",
    Aside.MERKLE_MUTATED: "block-aside-merkle-mutated",
    Aside.NO_COINBASE: "block-aside-no-coinbase",
    Aside.WITNESS_WRONG: "block-aside-witness-wrong",
    Aside.AMOUNTS_WRONG: "block-aside-amounts-wrong",
    Aside.REWARD_WRONG: "block-aside-reward-wrong",
}


def no_aside() -> dict[str, Array]:
    """The arrays of no block set aside."""
    return {
        "aside_header": np.zeros((0, HEADER_BYTES), np.uint8),
        "aside_reason": np.zeros(0, np.uint8),
        "aside_counts": np.zeros((0, 3), np.int64),
        "aside_claimed": np.zeros(0, np.int32),
        "aside_source": np.zeros(0, np.int32),
        "aside_offset": np.zeros(0, np.uint64),
        "aside_size": np.zeros(0, np.uint32),
    }


@dataclass(slots=True)
class Holdings:
    """What a chain holds before anything is computed from it."""

    rows: Columns = field(default_factory=column_rows.empty)
    """Good blocks, then loose transactions."""
    loose_source: Array = field(default_factory=lambda: np.zeros(0, np.int32))
    """int32 `[loose]`: source of each loose transaction."""
    header_raw: Array = field(default_factory=lambda: np.zeros((0, HEADER_BYTES), np.uint8))
    """uint8 `[nh, 80]`: headers that came without their block."""
    aside: dict[str, Array] = field(default_factory=no_aside)
    """Blocks set aside, one row each."""


@dataclass(slots=True)
class MergeCounts:
    """What a merge did with the rows that were new."""

    blocks: int = 0
    txs: int = 0
    inputs: int = 0
    outputs: int = 0
    loose: int = 0
    headers: int = 0
    duplicate_blocks: int = 0
    duplicate_loose: int = 0
    aside: list[tuple[Aside, int, int]] = field(default_factory=list)
    """Reason, source and offset of each block newly set aside."""


def taken_out(
    held: Holdings, reasons: Array, loose: Array, counts: MergeCounts
) -> tuple[Holdings, MergeCounts]:
    """Set blocks aside that only the others show to be wrong, and leave loose transactions out.

    `reasons`: uint8 `[nb]`, `Aside` or 0; `loose`: bool `[loose]`, those that stay. `counts` is of
    the merge before, and tells which blocks were new.
    """
    rows = held.rows
    kept, gone = np.flatnonzero(reasons == 0), np.flatnonzero(reasons)
    aside = _aside_rows(rows, reasons, kept, gone, held, counts)
    first_new = rows.block_count - counts.blocks
    _count_new(rows, kept[kept >= first_new], counts)
    counts.loose -= int((~loose).sum())
    all_loose = np.flatnonzero(rows.tx_block == LOOSE)
    left = _taken(rows, kept, all_loose[loose])
    return Holdings(left, held.loose_source[loose], held.header_raw, aside), counts


def headers_of(rows: Columns) -> Array:
    """Write the 80-byte header of every block: uint8 `[nb, 80]`."""
    raw = np.empty((rows.block_count, HEADER_BYTES), np.uint8)
    raw[:, 0:4] = as_bytes(rows.block_version, "<i4")
    raw[:, 4:36] = rows.block_prev
    raw[:, 36:68] = rows.block_merkle_root
    raw[:, 68:72] = as_bytes(rows.block_time, "<u4")
    raw[:, 72:76] = as_bytes(rows.block_bits, "<u4")
    raw[:, 76:80] = as_bytes(rows.block_nonce, "<u4")
    return raw


def header_of(rows: Columns, block: int) -> bytes:
    """Write the 80-byte header of one block."""
    return (
        int(rows.block_version[block]).to_bytes(4, "little", signed=True)
        + bytes(rows.block_prev[block])
        + bytes(rows.block_merkle_root[block])
        + int(rows.block_time[block]).to_bytes(4, "little")
        + int(rows.block_bits[block]).to_bytes(4, "little")
        + int(rows.block_nonce[block]).to_bytes(4, "little")
    )


def as_bytes(numbers: Array, kind: str) -> Array:
    """Write numbers of 4 bytes as such: uint8 `[n, 4]`."""
    return np.ascontiguousarray(numbers, dtype=kind).view(np.uint8).reshape(len(numbers), 4)


def merge(
    old: Holdings,
    new: Sequence[tuple[Columns, int]],
    headers: bytes,
    network: Network,
) -> tuple[Holdings, MergeCounts]:
    """Join old holdings with new columns, each with the number of its source, and new headers."""
    pool, pool_loose_source = _pool(old, new)
    counts = MergeCounts()
    reasons = _reasons(pool, old.rows.block_count, network)
    kept, set_aside = _best_copies(pool, reasons, old, counts)
    loose = _loose_kept(pool, kept, counts)
    rows = _taken(pool, kept, loose)
    aside = _aside_rows(pool, reasons, kept, set_aside, old, counts)
    is_new = kept >= old.rows.block_count
    _count_new(pool, kept[is_new], counts)
    counts.loose = max(0, len(loose) - len(old.loose_source))
    all_loose = np.flatnonzero(pool.tx_block == LOOSE)
    sources = pool_loose_source[np.searchsorted(all_loose, loose)]
    merged = Holdings(rows, sources, old.header_raw, aside)
    merged.header_raw = _headers_kept(merged, headers, counts)
    return merged, counts


def _pool(old: Holdings, new: Sequence[tuple[Columns, int]]) -> tuple[Columns, Array]:
    """Put all rows into one set of columns, old before new, and all loose transactions last.

    Also gives the source of each loose transaction. (`block_tx_start` leaves no room for loose
    transactions between blocks.)
    """
    blocks, loose = [old.rows], []
    loose_source = [old.loose_source]
    if len(old.loose_source):
        first = old.rows.tx_count - len(old.loose_source)
        blocks = [old.rows.slice_blocks(0, old.rows.block_count)]
        loose = [_loose_slice(old.rows, first, old.rows.tx_count)]
    for rows, source in new:
        if rows.block_count:
            numbers = np.full(rows.block_count, source, np.int32)
            blocks.append(replace(rows, block_source=numbers))
        else:
            loose.append(rows)
            loose_source.append(np.full(rows.tx_count, source, np.int32))
    parts = [part for part in (*blocks, *loose) if part.tx_count]
    return column_rows.concat(parts), np.concatenate(loose_source)


def _count_new(pool: Columns, blocks: Array, counts: MergeCounts) -> None:
    first, last = pool.block_tx_start[blocks], pool.block_tx_start[blocks + 1]
    counts.blocks = len(blocks)
    counts.txs = int((last - first).sum())
    counts.inputs = int((pool.tx_input_start[last] - pool.tx_input_start[first]).sum())
    counts.outputs = int((pool.tx_output_start[last] - pool.tx_output_start[first]).sum())


def _reasons(pool: Columns, judged: int, network: Network) -> Array:
    """The reason to set each block aside, 0 none: uint8 `[nb]`; 0 for all below `judged`."""
    reasons = body_faults(pool)
    for row in range(judged, pool.block_count):
        block_hash = pool.block_hash[row].tobytes()
        if not meets_own_target(block_hash, int(pool.block_bits[row]), network):
            reasons[row] = Aside.WORK_FAILED
    reasons[:judged] = 0
    return reasons


def body_faults(pool: Columns) -> Array:
    """Why the transactions of each block are not those of its header: uint8 `[nb]`, 0 none."""
    reasons = np.zeros(pool.block_count, np.uint8)
    is_odd = (pool.block_witness == WitnessState.WRONG) | (
        pool.block_witness == WitnessState.MISSING
    )
    reasons[is_odd] = Aside.WITNESS_WRONG
    reasons[pool.block_merkle == MerkleState.MUTATED] = Aside.MERKLE_MUTATED
    reasons[pool.block_merkle == MerkleState.WRONG] = Aside.MERKLE_WRONG
    first = pool.block_tx_start[:-1]
    is_single = pool.tx_input_start[first + 1] - pool.tx_input_start[first] == 1
    at = np.minimum(pool.tx_input_start[first], max(0, pool.input_count - 1))
    has_coinbase = is_single.copy()
    if pool.input_count:
        has_coinbase &= pool.input_prev_index[at] == NO_OUTPUT
        has_coinbase &= ~pool.input_prev_id[at].any(axis=1)
    reasons[~has_coinbase & (reasons == 0)] = Aside.NO_COINBASE
    return reasons


def _best_copies(
    pool: Columns, reasons: Array, old: Holdings, counts: MergeCounts
) -> tuple[Array, Array]:
    """Choose one copy of each block: good before bad, with witness before without, then the first.

    Gives the rows kept, in order, and the rows that are the only, bad copy of their block.
    """
    witness = pool.block_witness
    has_lost = (witness == WitnessState.WRONG) | (witness == WitnessState.MISSING)
    has_lost |= witness == WitnessState.NOT_COMPUTED
    rank = (reasons.astype(np.int64) * 2 + has_lost).tolist()
    hashes = pool.block_hash.tobytes()
    best: dict[bytes, int] = {}
    for row, own in enumerate(rank):
        key = hashes[row * 32 : row * 32 + 32]
        other = best.setdefault(key, row)
        if other != row:
            counts.duplicate_blocks += 1
            if own < rank[other]:
                best[key] = row
    chosen = np.array(sorted(best.values()), np.int64)
    is_good = reasons[chosen] == 0
    return chosen[is_good], chosen[~is_good]


def _loose_kept(pool: Columns, kept: Array, counts: MergeCounts) -> Array:
    """The loose transactions that no kept block holds, each once."""
    loose = np.flatnonzero(pool.tx_block == LOOSE)
    if not len(loose):
        return loose
    keys = np.ascontiguousarray(pool.tx_id[:, :8]).view("<u8").reshape(-1)
    near = np.flatnonzero(np.isin(keys, keys[loose]) & np.isin(pool.tx_block, kept))
    seen = {pool.tx_id[row].tobytes() for row in near.tolist()}
    result: list[int] = []
    for row in loose.tolist():
        txid = pool.tx_id[row].tobytes()
        if txid in seen:
            counts.duplicate_loose += 1
        else:
            seen.add(txid)
            result.append(row)
    return np.array(result, np.int64)


# --- cutting --------------------------------------------------------------------------------------


def _taken(pool: Columns, blocks: Array, loose: Array) -> Columns:
    """The columns of these blocks and then of these loose transactions, in this order."""
    is_all = len(blocks) == pool.block_count and not len(loose)
    if is_all and pool.tx_count == int(pool.block_tx_start[-1]):
        return pool
    pieces = [pool.slice_blocks(start, stop) for start, stop in _stretches(blocks)]
    pieces += [_loose_slice(pool, start, stop) for start, stop in _stretches(loose)]
    return column_rows.concat(pieces)


def _stretches(rows: Array) -> list[tuple[int, int]]:
    """Ascending rows as stretches from start to stop - 1."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) != 1)
    starts = rows[np.concatenate(([0], breaks + 1))].tolist()
    stops = (rows[np.concatenate((breaks, [len(rows) - 1]))] + 1).tolist()
    return list(zip(starts, stops, strict=True))


def _loose_slice(pool: Columns, start: int, stop: int) -> Columns:
    """Loose transactions start to stop - 1 as columns without blocks."""
    first_in, last_in = int(pool.tx_input_start[start]), int(pool.tx_input_start[stop])
    first_out, last_out = int(pool.tx_output_start[start]), int(pool.tx_output_start[stop])
    starts = pool.output_payload_start
    first_pay, last_pay = int(starts[first_out]), int(starts[last_out])
    arrays = {
        name: getattr(column_rows.empty(), name)
        for name, (table, _, _) in LAYOUT.items()
        if table in (BLOCK, BLOCK_1)
    }
    for name in LAYOUT:
        if name.startswith("tx_"):
            arrays[name] = getattr(pool, name)[start:stop]
        elif name.startswith("input_"):
            arrays[name] = getattr(pool, name)[first_in:last_in]
        elif name.startswith("output_"):
            arrays[name] = getattr(pool, name)[first_out:last_out]
    arrays["tx_input_start"] = pool.tx_input_start[start : stop + 1] - first_in
    arrays["tx_output_start"] = pool.tx_output_start[start : stop + 1] - first_out
    arrays["output_payload_start"] = starts[first_out : last_out + 1] - first_pay
    arrays["payload"] = pool.payload[first_pay:last_pay]
    return Columns(**arrays)


# --- set aside, and headers alone -----------------------------------------------------------------


def _aside_rows(
    pool: Columns,
    reasons: Array,
    kept: Array,
    set_aside: Array,
    old: Holdings,
    counts: MergeCounts,
) -> dict[str, Array]:
    """The rows of blocks set aside: the old ones still without a good copy, and the new."""
    raw = headers_of(pool)
    good = {raw[row].tobytes() for row in kept.tolist()}
    before = {header.tobytes() for header in old.aside["aside_header"]}
    old_kept = [
        row for row, header in enumerate(old.aside["aside_header"]) if header.tobytes() not in good
    ]
    fresh = [row for row in set_aside.tolist() if raw[row].tobytes() not in before]
    for row in fresh:
        reason, source = Aside(int(reasons[row])), int(pool.block_source[row])
        counts.aside.append((reason, source, int(pool.block_offset[row])))
    blocks = np.array(fresh, np.int64)
    first, last = pool.block_tx_start[blocks], pool.block_tx_start[blocks + 1]
    table = np.stack(
        [
            last - first,
            pool.tx_input_start[last] - pool.tx_input_start[first],
            pool.tx_output_start[last] - pool.tx_output_start[first],
        ],
        axis=1,
    ).reshape(-1, 3)
    added = {
        "aside_header": raw[blocks],
        "aside_reason": reasons[blocks],
        "aside_counts": table,
        "aside_claimed": pool.block_height_claimed[blocks],
        "aside_source": pool.block_source[blocks],
        "aside_offset": pool.block_offset[blocks],
        "aside_size": pool.block_size[blocks],
    }
    keep = np.array(old_kept, np.int64)
    return {name: np.concatenate((old.aside[name][keep], added[name])) for name in ASIDE_NAMES}


def _headers_kept(merged: Holdings, headers: bytes, counts: MergeCounts) -> Array:
    """The headers held without a block: none twice, none whose block is here."""
    rows = [row.tobytes() for row in merged.header_raw]
    before = len(rows)
    rows += [headers[at : at + HEADER_BYTES] for at in range(0, len(headers), HEADER_BYTES)]
    seen: set[bytes] = set()
    if rows:
        seen = {row.tobytes() for row in headers_of(merged.rows)}
        seen |= {row.tobytes() for row in merged.aside["aside_header"]}
    result: list[bytes] = []
    for number, row in enumerate(rows):
        if row not in seen:
            seen.add(row)
            result.append(row)
            counts.headers += number >= before
    return np.frombuffer(b"".join(result), np.uint8).reshape(-1, HEADER_BYTES)
