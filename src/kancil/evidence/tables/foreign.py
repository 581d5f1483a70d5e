"""Tables of others, read in a child of its own (`ground.child`): what doors and works call.

The same functions as in `table`, `trial` and `price_table`, which read where they are.
"""

from __future__ import annotations

from typing import BinaryIO

from kancil.ground.child import in_child
from kancil.ground.progress import SILENT, Progress

from .column_mapping import ColumnMapping
from .headings import is_heading
from .price_table import PriceRead, PricesStated, read_prices
from .table import Sniffed, TableForm, sniff_as, sniff_table
from .trial import Trial, try_mapping

_BYTES = 1 << 30
"""A table has 50 MB at most (`table.MAX_FILE_BYTES`)."""


@in_child(memory_bytes=_BYTES, cpu_seconds=60)
def sniff(stream: BinaryIO, name: str, form: TableForm | None = None) -> Sniffed:
    """Propose the form of a table, or take one that was chosen, and read its first rows.

    Raises TableTooLarge, TableIsNoText, TableNotReadable.
    """
    if form is not None:
        return sniff_as(stream, form, name)
    return sniff_table(stream, name, knows=is_heading, may_be_workbook=True)


@in_child(memory_bytes=_BYTES, cpu_seconds=300)
def try_table(
    stream: BinaryIO,
    *,
    name: str,
    exhibit_sha256: str,
    mapping: ColumnMapping,
    progress: Progress = SILENT,
) -> Trial:
    """Read a whole table by a mapping and keep nothing; raises what `try_mapping` raises."""
    return try_mapping(
        stream, name=name, exhibit_sha256=exhibit_sha256, mapping=mapping, progress=progress
    )


@in_child(memory_bytes=2 * _BYTES, cpu_seconds=300)
def read_price_table(
    stream: BinaryIO, name: str, stated: PricesStated, progress: Progress = SILENT
) -> PriceRead:
    """Read a price table; raises what `read_prices` raises."""
    return read_prices(stream, name, stated, progress)
