"""What machine the figures come from, and how fast its two hard limits are.

SHA-256 bounds everything that hashes, fsync bounds everything that must be durable; a figure from
another machine can be read beside these two.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

ROUNDS = 5
PACKAGES = ("kancil", "numpy", "numba", "pyarrow", "cryptography")


def sha256_mb_per_s(size_bytes: int = 64_000_000) -> float:
    """Hash one large buffer; the best of five, in 10^6 bytes a second."""
    buffer = bytes(size_bytes)
    best_s = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        hashlib.sha256(buffer).digest()
        best_s = min(best_s, time.perf_counter() - started)
    return size_bytes / best_s / 1e6


def fsyncs_per_s(folder: Path, count: int = 200) -> float:
    """Append 512 bytes and make them durable, again and again; how often in a second."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as stream:
        started = time.perf_counter()
        for _ in range(count):
            stream.write(bytes(512))
            os.fsync(stream.fileno())
        return count / (time.perf_counter() - started)


def processor() -> str:
    """Name the processor, as the system does."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def measure(folder: Path) -> dict[str, str | int | float]:
    """Calibrate this machine; `folder` lies on the disk that the benchmarks write to."""
    return {
        "processor": processor(),
        "architecture": platform.machine(),
        "cores": os.cpu_count() or 0,
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "sha256_mb_per_s": round(sha256_mb_per_s(), 1),
        "fsyncs_per_s": round(fsyncs_per_s(folder), 1),
    }


@contextmanager
def pinned() -> Iterator[None]:
    """Keep this process on one core, the last that it may use, until the block ends."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
