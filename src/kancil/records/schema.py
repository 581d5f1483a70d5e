"""The Arrow schema of transfers, the rows that a trace gives; names here last for ever.

A schema is additive: a column may be added with a new number, never changed in sense. Data come
from traces and go to Parquet files, which any other tool reads.
"""

from __future__ import annotations

import pyarrow as pa

TRANSFERS_FORMAT = "kancil-transfers/1"

TRANSFERS = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("hop", pa.int32(), nullable=False),
        pa.field("txid", pa.string(), nullable=False),
        pa.field("block_hash", pa.string()),
        pa.field("block_time", pa.string()),
        pa.field("from_outputs", pa.string(), nullable=False),
        pa.field("to_output", pa.string(), nullable=False),
        pa.field("address", pa.string()),
        pa.field("value_sat", pa.int64()),
        pa.field("lower_sat", pa.int64(), nullable=False),
        pa.field("upper_sat", pa.int64(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("after_service", pa.string(), nullable=False),
        pa.field("labels", pa.string()),
    ],
    metadata={"format": TRANSFERS_FORMAT},
)
"""One row is traced coins on one output and the transaction that moved them. `value_sat` is the
whole output, `lower_sat` and `upper_sat` bound what of it is traced, all in satoshi; null means
not known. `from_outputs`, `to_output`: `txid:n`, joined by a space. `block_time`: the miner's
claim, UTC. `reason`: code of why the bounds differ."""
