"""The files of an image as one Parquet table: a row for each entry, and for each member in it."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from kancil import __version__
from kancil.evidence.images.entry import FileEntry
from kancil.evidence.triage.content import FileContent
from kancil.records.record import schema_of

from .examined import ROWS, Examined

FORMAT = "kancil-examined-files/1"
_GROUP = 16 * ROWS


def files_schema() -> pa.Schema:
    """Columns of `FileEntry`, then those of `FileContent`, null where nothing was read.

    What both call `kind` is `content_kind` of the content.
    """
    content = [each.with_nullable(True) for each in schema_of(FileContent) if each.name != "number"]
    renamed = [each.with_name("content_kind") if each.name == "kind" else each for each in content]
    return pa.schema([*schema_of(FileEntry), *renamed])


def write_parquet(found: Examined, out: BinaryIO) -> None:
    """Write the table, some ten thousand entries at a time."""
    marks = {"format": FORMAT, "kancil": __version__, "exhibit_sha256": found.digest}
    schema = files_schema().with_metadata(marks)
    numbers = found.contents["number"].to_numpy()
    renamed = ["content_kind" if each == "kind" else each for each in found.contents.column_names]
    contents = found.contents.rename_columns(renamed)
    order = [("number", "ascending"), ("member", "ascending")]
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for start in range(0, len(found.entries), _GROUP):
            entries = found.entries.slice(start, _GROUP)
            first, last = entries["number"][0].as_py(), entries["number"][-1].as_py()
            begin, end = numbers.searchsorted([first, last + 1])
            joined = entries.join(contents.slice(begin, end - begin), "number").sort_by(order)
            writer.write_table(joined.select(schema.names).cast(schema))
