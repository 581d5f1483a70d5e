"""Benchmark rows of the parser: bytes of blocks to columns, by the call that `ingest` makes.

At least 100 MB of real mainnet blocks, repeated in their order, on one core; best of some rounds,
ours and the peer's in turn. The peers:

- `parse-vs-embit`, `parse-vs-blockchain-parser`: a kept library in plain Python on the same bytes:
  txid, Merkle root, work, and the columns of headers, transactions, inputs and outputs, which are
  compared with ours after the clock has stopped. Forms of scripts are told by a few plain lines,
  as the libraries' own ways are slower. Not asked for: positions, claimed heights.
- `parse-vs-sha256d`, `parse-full-vs-sha256d`: libcrypto's SHA256_Init, _Update and _Final, twice,
  over the bytes of each transaction one by one, in a compiled loop that does nothing else. Full is
  with wtxid and witness commitment.
"""

from __future__ import annotations

import ctypes
import hashlib
import struct
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from blockchain_parser.block import Block
from embit import compact
from embit.transaction import Transaction
from numba import njit, types
from numpy.typing import NDArray

from benchmarks import blocks
from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.blocks.parse import parse_blocks

NAMES = (
    "parse-vs-embit",
    "parse-vs-blockchain-parser",
    "parse-vs-sha256d",
    "parse-full-vs-sha256d",
)
GOALS = dict(zip(NAMES, (60, 60, 0.75, 0.45), strict=True))
Lists = dict[str, list[Any]]
ReadBlock = Callable[[bytes, Lists], list[bytes]]
TYPES: dict[str, Any] = {
    "block_version": np.int32, "block_time": np.uint32, "block_bits": np.uint32,
    "block_nonce": np.uint32, "tx_size": np.uint32, "tx_segwit": np.uint8,
    "tx_version": np.uint32, "tx_locktime": np.uint32, "tx_inputs": np.int64,
    "tx_outputs": np.int64, "input_prev_index": np.uint32, "input_sequence": np.uint32,
    "output_value": np.int64, "output_script": np.uint8, "output_payload_bytes": np.int64,
}  # fmt: skip
BYTES = (
    "block_hash", "block_prev", "block_merkle_root", "tx_id", "input_prev_id", "payload",
)  # fmt: skip
HEADER = (
    "block_version", "block_prev", "block_merkle_root", "block_time", "block_bits", "block_nonce",
)  # fmt: skip
COUNTS = {
    "tx_inputs": "tx_input_start", "tx_outputs": "tx_output_start",
    "output_payload_bytes": "output_payload_start",
}  # fmt: skip
"""Columns of counts, and ours of starts that hold the same."""
LEAST_BYTES = 100_000_000
ROUNDS = 7
SLOW_ROUNDS = 2
"""Rounds of a peer that takes seconds."""

_LIBRARY = ctypes.CDLL("libcrypto.so.3")
for _name in ("SHA256_Init", "SHA256_Update", "SHA256_Final"):
    _address = ctypes.cast(getattr(_LIBRARY, _name), ctypes.c_void_p).value
    llvm.add_symbol(f"bench_{_name}", _address)
_init: Any = types.ExternalFunction("bench_SHA256_Init", types.int32(types.intp))
_update: Any = types.ExternalFunction(
    "bench_SHA256_Update", types.int32(types.intp, types.intp, types.intp)
)
_final: Any = types.ExternalFunction("bench_SHA256_Final", types.int32(types.intp, types.intp))


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure the rows, or the one named `only`."""
    buffer, spans = blocks.repeated(blocks.mainnet_folder(), LEAST_BYTES)
    columns, skipped = parse_blocks(buffer, spans)
    if skipped or (columns.block_merkle != 1).any():
        raise AssertionError("a block of the benchmark did not read")
    raws = [buffer[at : at + size].tobytes() for at, size in spans.tolist()]
    sha256d = ("libcrypto sha256d of each tx", sha256d_rate(buffer, columns))
    peers: dict[str, tuple[str, Callable[[], float]]] = {
        "parse-vs-embit": ("embit", lambda: plain_rate(embit_block, raws, columns)),
        "parse-vs-blockchain-parser": (
            "blockchain-parser-2",
            lambda: plain_rate(blockchain_parser_block, raws, columns),
        ),
        "parse-vs-sha256d": sha256d,
        "parse-full-vs-sha256d": sha256d,
    }
    found = []
    for name in NAMES:
        if not only or only == name:
            peer, measure = peers[name]
            full = name == "parse-full-vs-sha256d"
            found.append(_row(name, peer, *_in_turn(buffer, spans, measure, full=full)))
    return [{**row, "machine": machine} for row in found]


def _in_turn(
    buffer: NDArray[np.uint8], spans: Any, measure: Callable[[], float], *, full: bool
) -> tuple[float, float]:
    """The best rates of ours and of the peer, in MB/s."""
    ours = peer = 0.0
    for number in range(ROUNDS):
        started = time.perf_counter()
        columns, _ = parse_blocks(buffer, spans, with_witness=full)
        ours = max(ours, len(buffer) / (time.perf_counter() - started) / 1e6)
        del columns
        if number < SLOW_ROUNDS or peer > 100:
            peer = max(peer, measure())
    return ours, peer


def _row(name: str, peer: str, ours: float, figure: float) -> dict[str, Any]:
    goal = GOALS[name]
    return {
        "name": name,
        "ours": round(ours, 1),
        "unit": "MB/s",
        "peer": peer,
        "peer_figure": round(figure, 1),
        "ratio": round(ours / figure, 3),
        "goal": goal,
        "met": ours / figure >= goal,
    }


@njit
def _sha256d_each(
    buffer: Any, offsets: Any, sizes: Any, state: Any, digests: Any
) -> None:  # pragma: no cover - compiled
    context, base, out = state.ctypes.data, buffer.ctypes.data, digests.ctypes.data
    for i in range(len(offsets)):
        digest = out + 32 * i
        _init(context)
        _update(context, base + offsets[i], sizes[i])
        _final(digest, context)
        _init(context)
        _update(context, digest, 32)
        _final(digest, context)


def sha256d_rate(buffer: NDArray[np.uint8], columns: Columns) -> Callable[[], float]:
    """Prepare the hashing of each transaction's bytes; each call gives MB/s of the buffer."""
    offsets, sizes = columns.tx_offset.astype(np.int64), columns.tx_size.astype(np.int64)
    digests, state = np.empty((len(offsets), 32), dtype=np.uint8), np.zeros(256, dtype=np.uint8)
    _sha256d_each(buffer, offsets, sizes, state, digests)
    plain = columns.tx_segwit == 0
    if not np.array_equal(digests[plain], columns.tx_id[plain]):
        raise AssertionError("the peer hashes something else")

    def measure() -> float:
        started = time.perf_counter()
        _sha256d_each(buffer, offsets, sizes, state, digests)
        return float(len(buffer) / (time.perf_counter() - started) / 1e6)

    return measure


def plain_rate(read_block: ReadBlock, raws: list[bytes], ours: Columns) -> float:
    """Read the blocks with a peer, to columns; give MB/s."""
    started = time.perf_counter()
    columns = plain_columns(read_block, raws)
    rate = sum(map(len, raws)) / (time.perf_counter() - started) / 1e6
    _compare(columns, ours)
    return rate


def plain_columns(read_block: ReadBlock, raws: list[bytes]) -> dict[str, NDArray[Any]]:
    """Read blocks with a peer, check Merkle root and work, give the columns as arrays."""
    lists: Lists = {name: [] for name in (*TYPES, *BYTES)}
    for raw in raws:
        header = struct.unpack("<i32s32sIII", raw[:80])
        for name, value in zip(HEADER, header, strict=True):
            lists[name].append(value)
        digest = double_sha256(raw[:80])
        lists["block_hash"].append(digest)
        root = merkle_root(read_block(raw, lists))
        if root != header[2] or int.from_bytes(digest, "little") > target_of(header[4]):
            raise AssertionError("the peer read something else")
    columns = {name: np.array(lists[name], dtype=dtype) for name, dtype in TYPES.items()}
    return columns | {name: np.frombuffer(b"".join(lists[name]), np.uint8) for name in BYTES}


def _compare(found: dict[str, NDArray[Any]], ours: Columns) -> None:
    """Refuse figures of a peer whose columns are not ours."""
    for name, array in found.items():
        expected = getattr(ours, COUNTS.get(name, name)).reshape(-1)
        if name in COUNTS:
            expected = np.diff(expected)
        if not np.array_equal(array, expected.view(array.dtype)):
            raise AssertionError(f"the peer read something else: {name}")


def form_of(script: bytes) -> tuple[int, bytes]:
    """Form and payload of an output script, as fast as plain Python can."""
    size = len(script)
    if size == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return 2, script[3:23]
    if size == 23 and script[:2] == b"\xa9\x14" and script[22] == 0x87:
        return 3, script[2:22]
    if size == 22 and script[:2] == b"\0\x14":
        return 4, script[2:]
    if size == 34 and script[:2] == b"\0\x20":
        return 5, script[2:]
    if script[:1] == b"\x6a":
        return 10, script[1:]
    if size in (35, 67) and script[-1] == 0xAC and script[0] == size - 2:
        return 1, script[1:-1]
    if script and script[-1] == 0xAE and are_keys(script[1:-2]):
        return 9, bytes([script[0] - 80, script[-2] - 80]) + script[1:-2]
    return 0, b""


def are_keys(pushes: bytes) -> bool:
    """Whether pushes of 33 or 65 bytes follow each other, each the beginning of a key."""
    while pushes and (pushes[0], pushes[1]) in {(33, 2), (33, 3), (65, 4), (65, 6), (65, 7)}:
        pushes = pushes[1 + pushes[0] :]
    return not pushes


def embit_block(raw: bytes, lists: Lists) -> list[bytes]:
    """Read a block with embit; give the txids in wire order."""
    stream = BytesIO(raw)
    stream.seek(80)
    ids = []
    for _ in range(compact.read_from(stream)):
        at = stream.tell()
        tx = Transaction.read_from(stream)
        ids.append(tx.hash())
        lists["tx_size"].append(stream.tell() - at)
        lists["tx_version"].append(tx.version)
        lists["tx_locktime"].append(tx.locktime)
        lists["tx_segwit"].append(tx.is_segwit)
        lists["tx_inputs"].append(len(tx.vin))
        lists["tx_outputs"].append(len(tx.vout))
        for each in tx.vin:
            lists["input_prev_id"].append(each.txid[::-1])
            lists["input_prev_index"].append(each.vout)
            lists["input_sequence"].append(each.sequence)
        for paid in tx.vout:
            _add_output(lists, paid.value, paid.script_pubkey.data)
    lists["tx_id"] += ids
    return ids


def _add_output(lists: Lists, value: int, script: bytes) -> None:
    form, payload = form_of(script)
    lists["output_value"].append(value)
    lists["output_script"].append(form)
    lists["payload"].append(payload)
    lists["output_payload_bytes"].append(len(payload))


def blockchain_parser_block(raw: bytes, lists: Lists) -> list[bytes]:
    """Read a block with blockchain-parser; give the txids in wire order."""
    ids = []
    for tx in Block.from_hex(raw).transactions:
        ids.append(bytes.fromhex(tx.txid)[::-1])
        lists["tx_size"].append(tx.size)
        lists["tx_version"].append(tx.version)
        lists["tx_locktime"].append(tx.locktime)
        lists["tx_segwit"].append(tx.is_segwit)
        lists["tx_inputs"].append(tx.n_inputs)
        lists["tx_outputs"].append(tx.n_outputs)
        for each in tx.inputs:
            lists["input_prev_id"].append(bytes.fromhex(each.transaction_hash)[::-1])
            lists["input_prev_index"].append(each.transaction_index)
            lists["input_sequence"].append(each.sequence_number)
        for paid in tx.outputs:
            _add_output(lists, paid.value, paid.script.hex)
    lists["tx_id"] += ids
    return ids


def double_sha256(data: bytes) -> bytes:
    """SHA-256 of SHA-256."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def merkle_root(level: list[bytes]) -> bytes:
    """The Merkle root of ids in wire order."""
    while len(level) > 1:
        if len(level) % 2:
            level = [*level, level[-1]]
        level = [double_sha256(a + b) for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def target_of(bits: int) -> int:
    """The target of compact bits, for the sizes that real blocks have."""
    return (bits & 0x7FFFFF) << (8 * ((bits >> 24) - 3))
