"""The tables of an export: their columns, types and which may be null.

Normative in `docs/formats/chain-parquet.md`; a test compares the two. Amounts are satoshi in
int64. Hashes are 32 bytes in the order in which people write them. What is not known is null, and
the column named beside it says why.
"""

from __future__ import annotations

import pyarrow as pa

VERSION = 1
"""Of tables and manifest: raised when a column changes its meaning, its type or its name."""
LABELS = "labels"
CLUSTERS = "clusters"

# Why a value is null.
NO_HEIGHT = "height not known"
NO_BLOCK = "block not held"
COINBASE = "coinbase"
NOT_HELD = "source not held"
INPUT_NOT_KNOWN = "input value not known"
ANYBODYS = "anybody can spend"
NO_OWNER = "no owner in script"
BARE = "paid without an address"
NO_DATE = "not stated"

_HASH = pa.binary(32)


def _schema(*columns: tuple[str, pa.DataType, bool]) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable) for name, kind, nullable in columns])


SCHEMAS: dict[str, pa.Schema] = {
    "blocks": _schema(
        ("block_n", pa.int64(), False),
        ("block_hash", _HASH, False),
        ("previous_hash", _HASH, False),
        ("height", pa.int32(), True),
        ("height_source", pa.string(), True),
        ("height_unknown", pa.string(), True),
        ("time_s", pa.int64(), False),
        ("tx_count", pa.int32(), False),
        ("size_bytes", pa.int64(), False),
        ("version", pa.int32(), False),
        ("bits", pa.int64(), False),
    ),
    "transactions": _schema(
        ("tx_n", pa.int64(), False),
        ("txid", _HASH, False),
        ("block_n", pa.int64(), True),
        ("position", pa.int32(), True),
        ("block_unknown", pa.string(), True),
        ("height", pa.int32(), True),
        ("height_unknown", pa.string(), True),
        ("time_s", pa.int64(), True),
        ("time_unknown", pa.string(), True),
        ("chain_order", pa.int64(), False),
        ("size_bytes", pa.int64(), False),
        ("version", pa.int32(), False),
        ("locktime", pa.int64(), False),
        ("is_segwit", pa.bool_(), False),
        ("is_coinbase", pa.bool_(), False),
        ("input_count", pa.int32(), False),
        ("output_count", pa.int32(), False),
        ("input_sat", pa.int64(), True),
        ("output_sat", pa.int64(), False),
        ("fee_sat", pa.int64(), True),
        ("input_unknown", pa.string(), True),
        ("set_aside", pa.string(), True),
    ),
    "inputs": _schema(
        ("tx_n", pa.int64(), False),
        ("n", pa.int32(), False),
        ("previous_txid", _HASH, True),
        ("previous_n", pa.int64(), True),
        ("output_n", pa.int64(), True),
        ("source_unknown", pa.string(), True),
        ("value_sat", pa.int64(), True),
        ("value_unknown", pa.string(), True),
        ("by_spent_file", pa.bool_(), False),
        ("script", pa.string(), True),
        ("address_id", pa.int64(), True),
        ("address_unknown", pa.string(), True),
        ("sequence", pa.int64(), False),
    ),
    "outputs": _schema(
        ("output_n", pa.int64(), False),
        ("tx_n", pa.int64(), False),
        ("n", pa.int32(), False),
        ("value_sat", pa.int64(), False),
        ("script", pa.string(), False),
        ("address_id", pa.int64(), True),
        ("address_unknown", pa.string(), True),
    ),
    "addresses": _schema(
        ("address_id", pa.int64(), False),
        ("script", pa.string(), False),
        ("payload", pa.binary(), False),
        ("address", pa.string(), True),
        ("address_unknown", pa.string(), True),
    ),
    CLUSTERS: _schema(
        ("address_id", pa.int64(), False),
        ("cluster_id", pa.int64(), False),
        ("cluster_size", pa.int64(), False),
    ),
    LABELS: _schema(
        ("label_n", pa.int32(), False),
        ("address_id", pa.int64(), False),
        ("term", pa.string(), False),
        ("label", pa.string(), False),
        ("category", pa.string(), False),
        ("published_category", pa.string(), False),
        ("abuse", pa.string(), False),
        ("actor", pa.string(), False),
        ("publisher", pa.string(), False),
        ("law", pa.string(), False),
        ("listed_on", pa.date32(), True),
        ("listed_unknown", pa.string(), True),
        ("confidence", pa.string(), False),
        ("licence", pa.string(), False),
        ("source", pa.string(), False),
        ("file_sha256", pa.string(), False),
        ("place", pa.string(), False),
    ),
}
"""The tables in the order in which they are written."""
PART_TABLES = tuple(name for name in SCHEMAS if name != LABELS)
"""The tables that are cut by height; `CLUSTERS` only if asked for."""
