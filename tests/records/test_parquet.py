"""Parquet in memory is read on one thread, so that a command ends as its work did."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import kancil
from kancil.records.parquet import open_parquet, read_parquet

SOURCE = Path(kancil.__file__).parent
TABLE = pa.table({f"c{n}": pa.array([f"x{row % 7}" for row in range(500)]) for n in range(20)})
COUNTING = """
import os, sys
import numpy
from kancil.records.parquet import open_parquet, read_parquet
before = len(os.listdir("/proc/self/task"))
data = sys.stdin.buffer.read()
tables = [read_parquet(data), open_parquet(data).read_row_group(0, use_threads=False)]
tables += list(open_parquet(data).iter_batches(100, use_threads=False))
print(sum(len(table) for table in tables), len(os.listdir("/proc/self/task")) - before)
"""


def packed() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(TABLE, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def test_what_was_written_is_read_whole() -> None:
    assert read_parquet(packed()).equals(TABLE)
    assert open_parquet(packed()).metadata.num_rows == 500
    with pytest.raises(pa.ArrowException):
        read_parquet(b"no parquet")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_no_thread_is_begun_that_could_outlive_the_interpreter() -> None:
    paths = os.pathsep.join([str(SOURCE.parent), os.environ.get("PYTHONPATH", "")])
    found = subprocess.run(
        [sys.executable, "-c", COUNTING],
        input=packed(), capture_output=True, check=True, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert found.stdout.split() == [b"1500", b"0"]


def test_bytes_in_memory_are_read_by_this_room_alone() -> None:
    users = [path for path in SOURCE.rglob("*.py") if "BufferReader" in path.read_text("utf-8")]
    assert users == [SOURCE / "records" / "parquet.py"]
