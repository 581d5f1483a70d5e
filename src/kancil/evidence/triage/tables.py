"""What a pass found, as tables: for commands, pages, CSV and reports."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc

from kancil.evidence.images.entry import time_text
from kancil.evidence.images.volume import Volume
from kancil.ground.cells import plain_cell, write_table
from kancil.records.record import table_of_records
from kancil.records.table import Column, Holds, Table, count, phrase, table_of, text

from .content import KIND, reason_of
from .outcome import Outcome

KINDS = (Column("kind", Holds.CODE, KIND), *count("files", "read_bytes"))
NOT_EXAMINED = (*text("place"), *phrase("reason"))
FILES = (
    "number", "volume", "path", "address", "kind", "state", "size_bytes", "modified", "accessed",
    "changed", "created", "zone", "inside", "read_bytes", "content", "md5", "sha1", "sha256",
)  # fmt: skip
"""Columns of the CSV. Times to the second or finer, UTC where `zone` is `utc`, else as the clock
on the wall stood."""


def volumes_table(found: Outcome) -> Table:
    """The volumes of the image."""
    return table_of_records("volumes", Volume, found.listed.volumes)


def kinds_table(found: Outcome) -> Table:
    """How many files were read of each kind, the most frequent first; not what lies in them."""
    own = found.contents.filter(pc.equal(found.contents["member"], 0))
    grouped = own.group_by("kind").aggregate([("kind", "count"), ("read_bytes", "sum")])
    rows = [
        {"kind": row["kind"], "files": row["kind_count"], "read_bytes": row["read_bytes_sum"]}
        for row in grouped.to_pylist()
    ]
    rows.sort(key=lambda row: (-row["files"], row["kind"]))
    return table_of("kinds", KINDS, rows)


def not_examined_table(found: Outcome) -> Table:
    """What was not examined, and why."""
    rows = (
        {"place": row["place"], "reason": reason_of(row["code"], row["params"])}
        for row in found.left_out.to_pylist()
    )
    return table_of("not-examined", NOT_EXAMINED, rows)


def files_csv(found: Outcome) -> bytes:
    """Every entry, with the digests of those that were read, and what lies in archives."""
    renamed = found.contents.rename_columns({"kind": "content"})
    joined = found.entries.join(renamed, "number", join_type="left outer")
    rows = (
        [_cell(row, name) for name in FILES]
        for batch in joined.sort_by([("number", "ascending"), ("member", "ascending")]).to_batches(
            max_chunksize=1 << 14
        )
        for row in batch.to_pylist()
    )
    return write_table(FILES, rows)


def _cell(row: dict[str, Any], name: str) -> Any:
    if name in ("modified", "accessed", "changed", "created"):
        time = row[f"{name}_ns"]
        return "" if time is None else time_text(time, row["zone"])
    value = row[name]
    if isinstance(value, bytes):
        return value.hex()
    return plain_cell(value) if isinstance(value, str) else value
