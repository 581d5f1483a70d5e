"""Parquet files that are read whole from bytes in memory.

Arrow is kept to the thread that asks. Left to itself it reads ahead on threads of its own, and one
of them may let go of the bytes last, when the interpreter is already ending. A thread that then
asks for the interpreter is ended inside Arrow's code: the process aborts though its work is done.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq


def open_parquet(data: bytes) -> pq.ParquetFile:
    """Open a file; rows are to be read with `use_threads=False`. Raises pa.ArrowException."""
    return pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)


def read_parquet(data: bytes) -> pa.Table:
    """Read all rows. Raises pa.ArrowException."""
    return open_parquet(data).read(use_threads=False)
