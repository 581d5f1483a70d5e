"""The whole ingest: a fresh process, the child it starts, reading, linking, indexes, safe on disk.

At least 100 MB: the real mainnet blocks, repeated. Blocks that repeat to the byte would be counted
and dropped, so each repetition is made different: every lock time is changed, and each block is
given its new witness commitment and Merkle root, the block before, and work on the easiest network.
Sources outside the repetition stay unknown, as they are in any slice of the chain.

*warm*: kernels compiled by an earlier run, file in memory. *cold*: nothing compiled yet, and the
system asked to drop the file from memory. Both are printed; neither has a goal.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.blocks import block_files, mainnet_folder
from kancil.bitcoin.blocks import parse
from kancil.bitcoin.blocks.merkle_proof import merkle_root
from kancil.bitcoin.blocks.work import target_of_bits
from kancil.bitcoin.network import REGTEST

NAMES = ("ingest",)
LEAST_BYTES = 100_000_000
WARM_RUNS = 3
_COMMITMENT = bytes.fromhex("6a24aa21a9ed")
_COMMAND = """
import sys
from pathlib import Path
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.network import REGTEST
report = ingest(Path(sys.argv[1]), [Path(sys.argv[2])], network=REGTEST)
assert not report.skipped and report.added["blocks"] == int(sys.argv[3]), report
"""


def made_blocks(least_bytes: int) -> tuple[bytes, int]:
    """A block file of that many bytes at least, no two blocks the same, and their number."""
    blocks = [path.read_bytes() for path in block_files(mainnet_folder())]
    target = target_of_bits(REGTEST.genesis_bits) or 0
    previous, parts, size_bytes, count = bytes(32), list[bytes](), 0, 0
    while size_bytes < least_bytes:
        for raw in blocks:
            made = _changed(raw, count, previous, target)
            previous = _sha256d(made[:80])
            parts.append(REGTEST.magic + len(made).to_bytes(4, "little") + made)
            size_bytes += len(parts[-1])
            count += 1
    return b"".join(parts), count


def _changed(raw: bytes, number: int, previous: bytes, target: int) -> bytes:
    buffer = np.frombuffer(raw, np.uint8).copy()
    spans = np.array([[0, len(raw)]], np.int64)
    rows, _ = parse.parse_blocks(buffer, spans, with_witness=False)
    ends = rows.tx_offset.astype(np.int64) + rows.tx_size
    for place, value in enumerate(number.to_bytes(4, "little")):
        buffer[ends - 4 + place] = value
    _commit(buffer, spans)
    rows, _ = parse.parse_blocks(buffer, spans, with_witness=False)
    root = merkle_root([bytes(row) for row in rows.tx_id])
    head = raw[:4] + previous + root + raw[68:72] + REGTEST.genesis_bits.to_bytes(4, "little")
    for nonce in range(1 << 32):
        header = head + nonce.to_bytes(4, "little")
        if int.from_bytes(_sha256d(header), "little") <= target:
            break
    return header + buffer[80:].tobytes()


def _commit(buffer: NDArray[np.uint8], spans: NDArray[np.int64]) -> None:
    """Write the witness commitment that fits the changed block (BIP 141) into its coinbase."""
    rows, _ = parse.parse_blocks(buffer, spans, with_witness=True)
    start = int(rows.tx_offset[0])
    end = start + int(rows.tx_size[0])
    place = buffer[start:end].tobytes().rfind(_COMMITMENT)
    if place < 0 or not rows.tx_segwit[0]:
        return
    root = merkle_root([bytes(row) for row in rows.tx_wid])
    reserved = buffer[end - 36 : end - 4].tobytes()
    at = start + place + len(_COMMITMENT)
    buffer[at : at + 32] = np.frombuffer(_sha256d(root + reserved), np.uint8)


def _sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def _run(folder: Path, source: Path, count: int, environment: dict[str, str]) -> float:
    """Ingest into a new chain by a new process; gives the seconds it took."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", _COMMAND, str(folder), str(source), str(count)],
        check=True,
        env=environment,
    )
    return time.perf_counter() - started


def _forget(path: Path) -> None:
    """Ask the system to drop a file from memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def rows(_machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Time the whole command, cold once and warm at its best."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, count = made_blocks(LEAST_BYTES)
        source = folder / "blk00000.dat"
        source.write_bytes(data)
        megabytes = len(data) / 1e6
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        _forget(source)
        uncompiled = environment | {"NUMBA_CACHE_DIR": str(folder / "kernels")}
        cold = _run(folder / "chains" / "cold", source, count, uncompiled)
        warm = min(
            _run(folder / "chains" / f"warm{number}", source, count, environment)
            for number in range(WARM_RUNS)
        )
    return [
        {
            "name": "ingest",
            "ours": round(megabytes / seconds, 1),
            "unit": f"MB/s, {state} ({seconds:.2f} s for {megabytes:.0f} MB)",
            "peer": None,
            "peer_figure": None,
            "ratio": None,
            "goal": None,
            "met": None,
        }
        for state, seconds in (("warm", warm), ("cold", cold))
    ]
