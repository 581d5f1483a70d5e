"""Price tables in the workspace: one Parquet file each, noticed when changed.

A file is named `<id>.<sha256 of its bytes>.parquet`. The publisher's table itself is not kept here;
it can be, as an exhibit. Bytes that do not fit the name stop the work, since values in reports rest
on them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kancil.evidence.errors import PricesBroken
from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file, write_durably
from kancil.ground.ids import new_id
from kancil.records.parquet import read_parquet
from kancil.records.price import Price, PriceBook
from kancil.records.record import batch_of, records_of

from .price_table import PriceRead

FORMAT = "kancil-prices/1"
_STORED_NAME = re.compile(r"([0-9a-f-]{36})\.([0-9a-f]{64})\.parquet")
_ABOUT = b"kancil.prices"


@dataclass(frozen=True, slots=True)
class StoredPrices:
    """One price table as it lies in the workspace."""

    id: str
    path: Path
    file_name: str
    file_sha256: str
    stated: dict[str, str | None]
    """What the officer stated about the table."""
    rows: int
    skipped_codes: dict[str, int]
    is_new: bool = False
    """False for one that was stored before, from the same file with the same statements."""


def store_prices(prices_dir: Path, read: PriceRead) -> StoredPrices:
    """Store a price table; the same file with the same statements is stored only once.

    Raises DiskFull, PricesBroken.
    """
    stated = read.stated.as_dict()
    for stored, _ in _load(prices_dir):
        if (stored.file_sha256, stored.stated) == (read.file_sha256, stated):
            return stored
    about = {
        "file_name": read.file_name,
        "file_sha256": read.file_sha256,
        "format": FORMAT,
        "id": new_id(),
        "rows": len(read.prices),
        "skipped_codes": read.skipped_codes,
        "stated": stated,
    }
    metadata = {_ABOUT: json.dumps(about, sort_keys=True).encode()}
    sink = pa.BufferOutputStream()
    table = pa.Table.from_batches([batch_of(Price, read.prices)])
    pq.write_table(table.replace_schema_metadata(metadata), sink, compression="zstd")
    data = bytes(sink.getvalue().to_pybytes())
    path = prices_dir / f"{about['id']}.{sha256_hex(data)}.parquet"
    write_durably(path, data, replace=False)
    return _stored(path, about, is_new=True)


def list_prices(prices_dir: Path) -> list[StoredPrices]:
    """List the stored tables, the oldest first. Raises PricesBroken."""
    return [stored for stored, _ in _load(prices_dir)]


def load_prices(prices_dir: Path) -> PriceBook:
    """Load all stored tables, the oldest first. Raises PricesBroken."""
    return PriceBook(row for _, table in _load(prices_dir) for row in records_of(Price, table))


def price_rows(prices_dir: Path, table_id: str) -> list[Price]:
    """The rows of one stored table, as they stand in it. Raises PricesBroken."""
    return [
        row
        for stored, table in _load(prices_dir)
        if stored.id == table_id
        for row in records_of(Price, table)
    ]


def _load(prices_dir: Path) -> list[tuple[StoredPrices, pa.Table]]:
    loaded = []
    # Ids are UUIDv7: their order is the order in which they were made.
    for path in sorted(prices_dir.glob("*.parquet")) if prices_dir.is_dir() else []:
        data = read_file(path)
        name = _STORED_NAME.fullmatch(path.name)
        if name is None or sha256_hex(data) != name[2]:
            raise PricesBroken(path=str(path))
        try:
            table = read_parquet(data)
            about = json.loads(table.schema.metadata[_ABOUT])
        except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
            raise PricesBroken(path=str(path)) from error
        if about.get("id") != name[1] or about.get("format") != FORMAT:
            raise PricesBroken(path=str(path))
        loaded.append((_stored(path, about), table))
    return loaded


def _stored(path: Path, about: dict[str, Any], *, is_new: bool = False) -> StoredPrices:
    return StoredPrices(
        id=about["id"],
        path=path,
        file_name=about["file_name"],
        file_sha256=about["file_sha256"],
        stated=about["stated"],
        rows=about["rows"],
        skipped_codes=about["skipped_codes"],
        is_new=is_new,
    )
