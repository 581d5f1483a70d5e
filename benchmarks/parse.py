"""Benchmark rows of the parser: bytes of blocks to columns, by the call that `ingest` makes.

At least 100 MB of real mainnet blocks, repeated in their order, on one core; best of some rounds,
ours and the peer's in turn. The peers:

- `parse-vs-embit`, `parse-vs-blockchain-parser`: a kept library in plain Python on one round of
  the same blocks (a byte costs it the same each time): txid, Merkle root, work, and the columns of
  transactions, inputs and outputs, which are compared with ours after the clock has stopped. Forms
  of scripts are told by a few plain lines, as the libraries' own ways are slower.
- `parse-vs-sha256d`, `parse-full-vs-sha256d`: libcrypto's SHA256_Init, _Update and _Final, twice,
  over the bytes of each transaction one by one, in a compiled loop that does nothing else. Full is
  with wtxid and witness commitment.
"""

from __future__ import annotations

import ctypes
import hashlib
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
from kancil.bitcoin.columns import Columns
from kancil.bitcoin.parse import parse_blocks

NAMES = (
    "parse-vs-embit",
    "parse-vs-blockchain-parser",
    "parse-vs-sha256d",
    "parse-full-vs-sha256d",
)
GOALS = dict(zip(NAMES, (60, 60, 0.65, 0.45), strict=True))
Lists = dict[str, list[Any]]
ReadBlock = Callable[[bytes, Lists], list[bytes]]
TYPES: dict[str, Any] = {
    "version": np.int64, "locktime": np.uint32, "segwit": np.uint8, "size": np.uint32,
    "inputs": np.int64, "outputs": np.int64, "index": np.uint32, "sequence": np.uint32,
    "value": np.int64, "form": np.uint8, "payload_bytes": np.int64,
}  # fmt: skip
BYTES = ("txid", "prev", "payload")
OURS = {
    "locktime": "tx_locktime", "segwit": "tx_segwit", "size": "tx_size", "txid": "tx_id",
    "inputs": "tx_input_start", "outputs": "tx_output_start", "prev": "input_prev_id",
    "index": "input_prev_index", "sequence": "input_sequence", "value": "output_value",
    "form": "output_script", "payload_bytes": "output_payload_start", "payload": "payload",
}  # fmt: skip
"""The peers' columns and ours; the libraries read the version without its sign."""
LEAST_BYTES = 100_000_000
ROUNDS = 5
PEER_ROUNDS = 3

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
    peers: dict[str, tuple[str, Callable[[], float]]] = {
        "parse-vs-embit": ("embit", lambda: plain_rate(embit_block)),
        "parse-vs-blockchain-parser": (
            "blockchain-parser-2",
            lambda: plain_rate(blockchain_parser_block),
        ),
        "parse-vs-sha256d": ("libcrypto sha256d of each tx", sha256d_rate(buffer, columns)),
        "parse-full-vs-sha256d": ("libcrypto sha256d of each tx", sha256d_rate(buffer, columns)),
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
    """Give the best rates of ours and of the peer, in MB/s."""
    ours = peer = 0.0
    for number in range(ROUNDS):
        started = time.perf_counter()
        columns, _ = parse_blocks(buffer, spans, with_witness=full)
        ours = max(ours, len(buffer) / (time.perf_counter() - started) / 1e6)
        del columns
        if number < PEER_ROUNDS or peer > 100:
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


def plain_rate(read_block: ReadBlock) -> float:
    """Read each block of the folder once with a peer, to columns; give MB/s."""
    raws = [path.read_bytes() for path in blocks.block_files(blocks.mainnet_folder())]
    started = time.perf_counter()
    columns = plain_columns(read_block, raws)
    rate = sum(map(len, raws)) / (time.perf_counter() - started) / 1e6
    _compare(columns, raws)
    return rate


def plain_columns(read_block: ReadBlock, raws: list[bytes]) -> dict[str, NDArray[Any]]:
    """Read blocks with a peer, check Merkle root and work, give the columns as arrays."""
    lists: Lists = {name: [] for name in (*TYPES, *BYTES)}
    for raw in raws:
        root = merkle_root(read_block(raw, lists))
        digest = double_sha256(raw[:80])
        if root != raw[36:68] or int.from_bytes(digest, "little") > target_of(raw):
            raise AssertionError("the peer read something else")
    columns = {name: np.array(lists[name], dtype=dtype) for name, dtype in TYPES.items()}
    return columns | {name: np.frombuffer(b"".join(lists[name]), np.uint8) for name in BYTES}


def _compare(found: dict[str, NDArray[Any]], raws: list[bytes]) -> None:
    """Refuse figures of a peer whose columns are not ours."""
    sizes = np.array([len(raw) for raw in raws])
    spans = np.column_stack((np.cumsum(sizes) - sizes, sizes))
    ours, _ = parse_blocks(b"".join(raws), spans, with_witness=False)
    starts = {"inputs": "tx_input_start", "outputs": "tx_output_start"}
    starts |= {"payload_bytes": "output_payload_start"}
    for name, column in OURS.items():
        expected = getattr(ours, column).reshape(-1)
        if name in starts:
            expected = np.diff(expected)
        if not np.array_equal(found[name], expected):
            raise AssertionError(f"the peer read something else: {name}")


def form_of(script: bytes) -> tuple[int, bytes]:
    """Give form and payload of an output script, as fast as plain Python can."""
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
        lists["size"].append(stream.tell() - at)
        lists["version"].append(tx.version)
        lists["locktime"].append(tx.locktime)
        lists["segwit"].append(tx.is_segwit)
        lists["inputs"].append(len(tx.vin))
        lists["outputs"].append(len(tx.vout))
        for each in tx.vin:
            lists["prev"].append(each.txid[::-1])
            lists["index"].append(each.vout)
            lists["sequence"].append(each.sequence)
        for paid in tx.vout:
            _add_output(lists, paid.value, paid.script_pubkey.data)
    lists["txid"] += ids
    return ids


def _add_output(lists: Lists, value: int, script: bytes) -> None:
    form, payload = form_of(script)
    lists["value"].append(value)
    lists["form"].append(form)
    lists["payload"].append(payload)
    lists["payload_bytes"].append(len(payload))


def blockchain_parser_block(raw: bytes, lists: Lists) -> list[bytes]:
    """Read a block with blockchain-parser; give the txids in wire order."""
    ids = []
    for tx in Block.from_hex(raw).transactions:
        ids.append(bytes.fromhex(tx.txid)[::-1])
        lists["size"].append(tx.size)
        lists["version"].append(tx.version)
        lists["locktime"].append(tx.locktime)
        lists["segwit"].append(tx.is_segwit)
        lists["inputs"].append(tx.n_inputs)
        lists["outputs"].append(tx.n_outputs)
        for each in tx.inputs:
            lists["prev"].append(bytes.fromhex(each.transaction_hash)[::-1])
            lists["index"].append(each.transaction_index)
            lists["sequence"].append(each.sequence_number)
        for paid in tx.outputs:
            _add_output(lists, paid.value, paid.script.hex)
    lists["txid"] += ids
    return ids


def double_sha256(data: bytes) -> bytes:
    """Give SHA-256 of SHA-256."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def merkle_root(level: list[bytes]) -> bytes:
    """Give the Merkle root of ids in wire order."""
    while len(level) > 1:
        if len(level) % 2:
            level = [*level, level[-1]]
        level = [double_sha256(a + b) for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def target_of(header: bytes) -> int:
    """Give the target that a header states."""
    bits = int.from_bytes(header[72:76], "little")
    return (bits & 0x7FFFFF) << (8 * ((bits >> 24) - 3))
