"""The transfers of a trace as Parquet: the same rows as the CSV, for other tools.

Every setting that could vary is fixed, so that equal rows make equal bytes; the version of the
Arrow library, which stands in the file's footer, is fixed by Kancil's locked requirements.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from kancil.ground.training_mark import MEMBER
from kancil.records.parquet import read_parquet
from kancil.records.schema import TRANSFERS
from kancil.studies.trace.table import Row

_NUMBERS = {"row", "hop", "value_sat", "lower_sat", "upper_sat"}
_ROW_GROUP_ROWS = 1 << 16


def write_transfers(rows: Sequence[Row], mark: str = "") -> bytes:
    """The bytes of the Parquet file of these rows, in the columns of the CSV.

    `mark`: what a classroom's file says in its own metadata, under `training`; readers of rows
    and older checkers pass over it.
    """
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(TRANSFERS)
    arrays = [
        pa.array([None if cell == "" else cell for cell in column], type=field.type)
        for column, field in zip(columns, TRANSFERS, strict=True)
    ]
    filled = [
        array if field.nullable or pa.types.is_integer(field.type) else array.fill_null("")
        for array, field in zip(arrays, TRANSFERS, strict=True)
    ]
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink,
        TRANSFERS,
        version="2.6",
        compression="none",
        use_dictionary=False,
        write_statistics=False,
        data_page_version="1.0",
        store_schema=False,
        write_page_index=False,
        use_content_defined_chunking=False,
    ) as writer:
        table = pa.Table.from_arrays(filled, schema=TRANSFERS)
        writer.write_table(table, row_group_size=_ROW_GROUP_ROWS)
        if mark:
            writer.add_key_value_metadata({MEMBER: mark})
    return sink.getvalue()


def read_transfers(data: bytes) -> list[tuple[str, ...]] | None:
    """Read the rows as the cells of a CSV table; None if the file is not one of these."""
    try:
        table = read_parquet(data)
    except (pa.ArrowException, OSError, ValueError):
        return None
    if table.schema.names != TRANSFERS.names or table.schema.types != TRANSFERS.types:
        return None
    cells = [
        ["" if cell is None else str(cell) for cell in column.to_pylist()]
        for column in table.columns
    ]
    return list(zip(*cells, strict=True)) if table.num_rows else []
