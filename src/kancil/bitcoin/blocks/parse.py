"""From bytes to columns: blocks, block files, single transactions.

Bytes come from exhibits, as buffers that the caller has opened; columns go to storage and to the
spend graph. Checked here: Merkle root, witness commitment, the block hash against the target in
its own header. Not checked: scripts, signatures, amounts against what was spent, the rules of
any network. What cannot be read is left out and told as a `Skipped`.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.compiled import sha256
from kancil.ground.skipped import Skipped

from .columns import (
    BLOCK,
    BLOCK_1,
    INPUT,
    LAYOUT,
    LOOSE,
    OUTPUT,
    OUTPUT_1,
    POOL,
    TX,
    TX_1,
    Columns,
    concat,
)
from .errors import TransactionNotReadable
from .kernels import ARENA_BYTES, Gap, Work, fill_blocks, fill_loose, scan_blocks
from .plain_hash import hash_blocks, hash_loose
from .read import COPY_SLACK, MAX_SIZE, MIN_INPUT, MIN_OUTPUT, MIN_TX, Fault, Rows

Buffer: TypeAlias = bytes | bytearray | memoryview | NDArray[np.uint8]
Spans: TypeAlias = NDArray[np.int64]
Sizes: TypeAlias = NDArray[np.int64]

_DENSITY = {BLOCK: 0, TX: 500, INPUT: 190, OUTPUT: 220, POOL: 9}
"""Bytes of real blocks a row, for the first guess at room; where they are denser, arrays grow."""
_LEAST = {BLOCK: 0, TX: MIN_TX, INPUT: MIN_INPUT, OUTPUT: MIN_OUTPUT, POOL: 1}
_TABLE = {BLOCK_1: BLOCK, TX_1: TX, OUTPUT_1: OUTPUT}
_TABLES = (BLOCK, TX, INPUT, OUTPUT, POOL)
_SPARE = 2 + COPY_SLACK
_TOGETHER_BYTES = 1 << 25
"""From this size on all columns stand in one allocation."""
_LINE = 64
"""Columns begin at such places, so that no two share a line of the cache."""
_SPANS_AT_ONCE = 1 << 16
_RESCANS = 8
"""How often the inside of a failed record is searched for more."""
_ARENA_END = 4 * sha256.SLACK


def parse_blocks(
    buffer: Buffer, spans: Any, *, with_witness: bool = True, source: int = 0
) -> tuple[Columns, list[Skipped]]:
    """Read the blocks at `spans` of the buffer into columns; those that cannot be read are skips.

    `spans`: integers `[n, 2]`, first byte of the 80-byte header and size. `source`: number of
    the buffer, kept in `block_source`. Without `with_witness` the columns `tx_wid` and
    `block_witness` are not computed. Skips are `block-<fault>`, at the byte where reading stopped.
    """
    columns, places, faults = _parse(buffer, spans, with_witness=with_witness, source=source)
    return columns, _skips(places, faults, source)


def parse_transaction(raw: Buffer) -> Columns:
    """Read one transaction that came without its block; its `tx_block` is -1.

    Raises TransactionNotReadable if the bytes are not exactly one transaction.
    """
    data = _bytes(raw)
    rows = _room(np.array([data.size], dtype=np.int64), data.size, with_witness=True)
    counts = np.array([0, 1, 0, 0, 0, 0], dtype=np.int64)
    work = _work(data.size)
    fault, stopped = fill_loose(data, rows, counts, work, sha256.AVAILABLE)
    if fault != Fault.NONE:
        raise TransactionNotReadable(fault=Fault(fault).name.lower(), offset=int(stopped))
    rows.tx_block[0] = LOOSE
    columns = _finish(rows, counts)
    if not sha256.AVAILABLE:
        hash_loose(data, columns)
    return columns


def find_blocks(buffer: Buffer, magic: bytes, *, source: int = 0) -> tuple[Spans, list[Skipped]]:
    """Find the records of a `blk*.dat` file: magic, length, block.

    Gives spans for `parse_blocks`. Zeros up to the end are the room that Bitcoin Core keeps
    ready. All else that is no record is a skip: `block-file-garbage`, `block-file-truncated`
    (the last record is longer than the file), `block-file-length` (a length that no block has).
    """
    data = _bytes(buffer)
    word = int.from_bytes(magic, "little")
    state = np.zeros(3, dtype=np.int64)
    found: list[NDArray[np.int64]] = []
    gaps: list[Skipped] = []
    while state[0] < data.size:
        spans = np.empty((_SPANS_AT_ONCE, 2), dtype=np.int64)
        holes = np.empty((_SPANS_AT_ONCE, 3), dtype=np.int64)
        scan_blocks(data, word, state, spans, holes)
        found.append(spans[: state[1]])
        for kind, at, size in holes[: state[2]].tolist():
            code = f"block-file-{Gap(kind).name.lower()}"
            params: dict[str, str | int] = {"source": source, "offset": at, "size_bytes": size}
            gaps.append(Skipped(code, f"byte {at}", params))
    return (np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)), gaps


def without_room(skipped: list[Skipped], raw: NDArray[np.uint8]) -> list[Skipped]:
    """Take out of the skips of a file what is no fault: room kept ready under an XOR key.

    `raw`: uint8, the file as on disk. Bitcoin Core sets zeros aside on disk, which a key turns
    into its own bytes over and over (node/blockstorage.cpp, FindNextBlockPos).
    """
    return [
        skip
        for skip in skipped
        if skip.code != "block-file-garbage" or raw[int(str(skip.params["offset"])) :].any()
    ]


def parse_block_file(
    buffer: Buffer, magic: bytes, *, with_witness: bool = True, source: int = 0
) -> tuple[Columns, list[Skipped]]:
    """Read all blocks of a `blk*.dat` file; look for records inside those that failed, too.

    A record whose length lies may swallow the ones behind it; as Bitcoin Core does, reading
    goes on inside it. Raises nothing; see `find_blocks` and `parse_blocks` for the skips.
    """
    data = _bytes(buffer)
    spans, skipped = find_blocks(data, magic, source=source)
    columns, spans, faults = _parse(data, spans, with_witness=with_witness, source=source)
    skipped += _skips(spans, faults, source)
    parts, end = [columns], np.full(len(spans), data.size)
    for _ in range(_RESCANS):
        spans, end = _inner_spans(data, magic, spans, end, faults[:, 0] != Fault.NONE)
        if not len(spans):
            break
        columns, spans, faults = _parse(data, spans, with_witness=with_witness, source=source)
        parts.append(columns)
        skipped += _skips(spans, faults, source)
    return concat([part for part in parts if part.block_count] or parts[:1]), skipped


def _inner_spans(
    data: NDArray[np.uint8],
    magic: bytes,
    spans: Spans,
    end: NDArray[np.int64],
    failed: NDArray[np.bool_],
) -> tuple[Spans, NDArray[np.int64]]:
    """Find records from inside each failed one up to the next that was found, or to its `end`.

    Gives their spans, and for each where the search had to end.
    """
    following = np.append(spans[1:, 0] - 8, data.size)
    limits = np.where(following > spans[:, 0], np.minimum(following, end), end)
    found, ends = [np.empty((0, 2), dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for row in np.flatnonzero(failed).tolist():
        at, limit = int(spans[row, 0]), int(limits[row])
        inner, _gaps = find_blocks(data[at:limit], magic)
        found.append(inner + np.array([at, 0]))
        ends.append(np.full(len(inner), limit))
    return np.concatenate(found), np.concatenate(ends)


def _parse(
    buffer: Buffer, spans: Any, *, with_witness: bool, source: int
) -> tuple[Columns, Spans, NDArray[np.int64]]:
    data = _bytes(buffer)
    places = np.ascontiguousarray(spans, dtype=np.int64).reshape(-1, 2)
    sizes = places[:, 1].clip(0, min(MAX_SIZE, data.size))
    rows = _room(sizes, data.size, with_witness=with_witness)
    faults = np.zeros((len(places), 2), dtype=np.int64)
    counts = np.zeros(6, dtype=np.int64)
    work = _work(int(sizes.max(initial=0)))
    hashing = 0 if not sha256.AVAILABLE else 2 if with_witness else 1
    while True:
        fill_blocks(data, places, rows, counts, faults, work, hashing)
        if counts[5] == len(places):
            break
        rows = _grown(rows, counts, sizes)
    rows.block_source[: counts[0]] = source
    columns = _finish(rows, counts)
    if not sha256.AVAILABLE:
        hash_blocks(data, columns, with_witness=with_witness)
    return columns, places, faults


def _bytes(buffer: Buffer) -> NDArray[np.uint8]:
    """See the buffer as read-only uint8 `[n]`, so that each kernel is compiled once."""
    if isinstance(buffer, np.ndarray):
        data = np.ascontiguousarray(buffer).reshape(-1).view(np.uint8).view()
    else:
        data = np.frombuffer(buffer, dtype=np.uint8) if len(buffer) else np.empty(0, np.uint8)
    data.flags.writeable = False
    return data


def _room(sizes: Sizes, held: int, *, with_witness: bool) -> Rows:
    """Make the arrays to fill: a guess at all blocks, and the most that the largest can hold.

    `sizes`: int64 `[n]`, as the spans state them; they may overlap, so `held`, the bytes of the
    buffer, bounds the guess.
    """
    total, largest = min(int(sizes.sum()), held), int(sizes.max(initial=0))
    room = {BLOCK: len(sizes) + 1}
    for table in _TABLES[1:]:
        guess = min(total // _DENSITY[table], total // _LEAST[table])
        room[table] = guess + largest // _LEAST[table] + _SPARE
    rows = _allocate(room, with_witness=with_witness)
    rows.block_tx_start[0] = rows.tx_input_start[0] = rows.tx_output_start[0] = 0
    return rows


def _allocate(room: dict[int, int], *, with_witness: bool) -> Rows:
    """Make arrays with that much room in each table.

    Many rows stand in one allocation, which the system then gives in large pages: many small
    pages take it a tenth of the time that the kernels need.
    """
    forms: dict[str, tuple[tuple[int, ...], Any]] = {}
    for name, (table, dtype, width) in LAYOUT.items():
        count = room[_TABLE.get(table, table)] if with_witness or name != "tx_wid" else 0
        word = np.dtype(_word(name, dtype, width))
        forms[name] = ((count, width // word.itemsize) if width else (count,), word)
    sizes = {name: math.prod(shape) * word.itemsize for name, (shape, word) in forms.items()}
    if sum(sizes.values()) < _TOGETHER_BYTES:
        return Rows(**{name: np.empty(shape, word) for name, (shape, word) in forms.items()})
    whole = np.empty(sum(size + _LINE for size in sizes.values()), dtype=np.uint8)
    arrays, at = {}, 0
    for name, (shape, word) in forms.items():
        arrays[name] = whole[at : at + sizes[name]].view(word).reshape(shape)
        at += -(-sizes[name] // _LINE) * _LINE
    return Rows(**arrays)


def _word(name: str, dtype: type[np.generic], width: int) -> type[np.generic]:
    """The type that the kernels write a column as."""
    if not width:
        return dtype
    return np.uint64 if name == "input_prev_id" else np.uint32


def _grown(rows: Rows, counts: NDArray[np.int64], sizes: Sizes) -> Rows:
    """Larger arrays with the same rows in them, by what a byte held so far."""
    share = 1.05 * int(sizes.sum()) / max(int(sizes[: counts[5]].sum()), 1)
    room = {}
    for table in _TABLES:
        most = int(sizes.max()) // _LEAST[table] if _LEAST[table] else 0
        room[table] = int(counts[table] * max(share, 1.5)) + most + _SPARE
    room[BLOCK] = len(sizes) + 1
    return _moved(rows, counts, room)


def _moved(rows: Rows, counts: NDArray[np.int64], room: dict[int, int]) -> Rows:
    """Arrays with that much room, the rows filled so far in them."""
    larger = _allocate(room, with_witness=len(rows.tx_wid) > 0)
    for name, (table, _, _) in LAYOUT.items():
        old, new = getattr(rows, name), getattr(larger, name)
        filled = int(counts[_TABLE.get(table, table)]) + (table in _TABLE)
        new[:filled] = old[:filled]
    return larger


def _finish(rows: Rows, counts: NDArray[np.int64]) -> Columns:
    """The room that was not needed back, and show hashes as bytes."""
    rows.output_payload_start[counts[OUTPUT]] = counts[POOL]
    arrays = {}
    for name, (table, _, width) in LAYOUT.items():
        array = getattr(rows, name)
        filled = int(counts[_TABLE.get(table, table)]) + (table in _TABLE)
        if name == "tx_wid" and not len(array):
            array = np.zeros((filled, 8), dtype=np.uint32)
        if array.base is None:  # a part would keep all of its memory for as long as it lives
            array.resize((filled, *array.shape[1:]), refcheck=False)
        array = array[:filled]
        arrays[name] = array.view(np.uint8) if width else array
    return Columns(**arrays)


def _work(largest: int) -> Work:
    most = largest // MIN_TX
    hashes = sha256.new_work(ARENA_BYTES + 2 * largest + _ARENA_END)
    owners = np.empty(sha256.BATCH, dtype=np.int64)
    tree = np.empty((most + 2, 8), dtype=np.uint32)
    witness_at = np.empty(most + 1, dtype=np.int64)
    return Work(hashes, owners, tree, witness_at)


def _skips(spans: Spans, faults: NDArray[np.int64], source: int) -> list[Skipped]:
    skipped = []
    for row in np.flatnonzero(faults[:, 0]).tolist():
        at, size = spans[row].tolist()
        fault, stopped = faults[row].tolist()
        code = "block-" + Fault(fault).name.lower().replace("_", "-")
        params: dict[str, str | int] = {
            "source": source, "block_offset": at, "size_bytes": size, "offset": stopped,
        }  # fmt: skip
        skipped.append(Skipped(code, f"byte {stopped}", params))
    return skipped
