"""What a finished pass left in its folder: tables that are opened without being read.

Each is an Arrow stream that is mapped into memory. `outcome.json` is written
last and names the SHA-256 of each table: without it the pass is not finished.

| file | rows of |
|---|---|
| `entries.arrows` | `images.entry.FileEntry` |
| `contents.arrows` | `content.FileContent` |
| `left-out.arrows` | `content.LeftOut` |
| `selectors.arrows` | `content.SeenSelector` |
| `secrets.arrows` | `content.SeenSecret` |

Beside them stands `text.sqlite`, the index of their texts (`evidence.search`). It is no table: its
bytes depend on the version of SQLite.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kancil.evidence.images.entry import FileEntry
from kancil.evidence.images.volume import Volume
from kancil.ground.crossing import pack, unpack
from kancil.ground.digests import sha256_hex
from kancil.ground.files import sha256_of, write_durably
from kancil.ground.skipped import Skipped
from kancil.records.record import schema_of

from .content import (
    BAD_CLUSTERS,
    FileContent,
    LeftOut,
    SeenSecret,
    SeenSelector,
    is_sparse,
)  # fmt: skip

VERSION = "2"
"""Of the pass: another one may find more, and what an earlier one found is made again. By 1 no
archive was opened, no text taken and no selector found."""
ENDS_EARLY, SPARSE = "entry-ends-early", "entry-sparse"
"""Codes of a stream that could not be read to its end, and of one that holds nothing by design."""
_FORM = "1"
"""Of the tables."""
TABLES: dict[str, type] = {
    "entries": FileEntry,
    "contents": FileContent,
    "left-out": LeftOut,
    "selectors": SeenSelector,
    "secrets": SeenSecret,
}
TOOLS = (
    "kancil", "pytsk3", "libewf-python", "libqcow-python", "libvmdk-python", "libvhdi-python",
    "libmodi-python",
)  # fmt: skip
INDEX = "text.sqlite"
_NAME = "outcome.json"
_ROWS = 1 << 14


@dataclass(frozen=True, slots=True)
class Listed:
    """An image as it was listed."""

    container: str
    size_bytes: int
    stored: dict[str, str]
    """Digests that the acquisition stored."""
    stated: dict[str, str]
    volumes: tuple[Volume, ...]
    entries: int
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An image that went through the pass."""

    folder: Path
    listed: Listed
    image: dict[str, str]
    """Digests made of the image where the acquisition stored some; else empty."""
    digests: dict[str, str]
    """SHA-256 (hex) of each table's file, by its name: the same wherever the pass was made."""
    tools: dict[str, str]
    """Versions of what read it, by the name under which each is published."""

    @property
    def entries(self) -> pa.Table:
        """Rows of `FileEntry`; the entry with number n is row n - 1."""
        return self._table("entries")

    @property
    def contents(self) -> pa.Table:
        """Rows of `FileContent`, by number and member."""
        return self._table("contents")

    @property
    def left_out(self) -> pa.Table:
        """Rows of `LeftOut`, by number.

        What is sparse by design is told apart when rows are read: a pass by this version has no
        code for it, and its tables stay as they are.
        """
        rows = self._table("left-out")
        may_be = pc.and_(pc.equal(rows["place"], BAD_CLUSTERS), pc.equal(rows["code"], ENDS_EARLY))
        listed = self.entries["address"]
        sparse = [
            each["number"] for each in rows.filter(may_be).to_pylist()
            if is_sparse(each["place"], listed[each["number"] - 1].as_py(),
                         json.loads(each["params"])["read"])
        ]  # fmt: skip
        is_so = pc.and_(may_be, pc.is_in(rows["number"], pa.array(sparse, pa.int32())))
        at = rows.column_names.index("code")
        return rows.set_column(
            at, rows.schema.field(at), pc.if_else(is_so, SPARSE, rows["code"])
        )  # fmt: skip

    @property
    def selectors(self) -> pa.Table:
        """Rows of `SeenSelector`, by number, member and offset."""
        return self._table("selectors")

    @property
    def secrets(self) -> pa.Table:
        """Rows of `SeenSecret`, by number, member and offset."""
        return self._table("secrets")

    @property
    def members(self) -> int:
        """How many contents lie in other files."""
        return int(pc.sum(pc.greater(self.contents["member"], 0)).as_py() or 0)

    @property
    def index(self) -> Path:
        """The index of the texts (`search.index.SearchIndex`)."""
        return self.folder / INDEX

    def _table(self, name: str) -> pa.Table:
        return table_of_folder(self.folder, name)


def form_of(name: str) -> str:
    """Name and version of a table's format."""
    return f"kancil-{name}/{_FORM}"


def table_of_folder(folder: Path, name: str) -> pa.Table:
    """A table as it lies in the folder, mapped into memory."""
    return pa.ipc.open_stream(pa.memory_map(str(folder / f"{name}.arrows"))).read_all()


def write_rows(folder: Path, name: str, batches: Iterable[pa.RecordBatch]) -> None:
    """Write a table, in batches of equal length, so that equal rows are equal bytes."""
    schema = schema_of(TABLES[name], form_of(name))
    with pa.ipc.new_stream(str(folder / f"{name}.arrows"), schema) as writer:
        for each in _even(batches, schema):
            writer.write_table(each, _ROWS)


def in_order(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows that come by number, sorted within each number by all that they say."""
    waiting: list[pa.RecordBatch] = []
    last = -1
    for batch in batches:
        if not len(batch):
            continue
        if waiting and batch.column("number")[0].as_py() != last:
            yield from _sorted(waiting)
            waiting = []
        waiting.append(batch)
        last = batch.column("number")[-1].as_py()
    if waiting:
        yield from _sorted(waiting)


def _sorted(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    table = pa.Table.from_batches(batches)
    first = [name for name in ("number", "member", "offset") if name in table.column_names]
    rest = [name for name in table.column_names if name not in first]
    found = table.sort_by([(name, "ascending") for name in (*first, *rest)])
    sorted_rows: list[pa.RecordBatch] = found.combine_chunks().to_batches()
    return sorted_rows


def _even(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    waiting = schema.empty_table()
    for batch in batches:
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
        if len(waiting) >= _ROWS:
            whole = len(waiting) - len(waiting) % _ROWS
            yield waiting.slice(0, whole).combine_chunks()
            waiting = waiting.slice(whole)
    yield waiting.combine_chunks()


def files_sha256(digests: Iterable[str]) -> str:
    """What an image is named by: SHA-256 (hex) over those of its files, in their order."""
    return sha256_hex("\n".join(digests).encode())


def folder_of(triages: Path, digests: Iterable[str]) -> Path:
    """Where the outcome of an image lies, by the SHA-256 of its files, in their order."""
    return triages / f"{files_sha256(digests)}-{VERSION}"


def versions() -> dict[str, str]:
    """Versions of what reads an image here, by the name under which each is published."""
    return {name: version(name) for name in TOOLS}


def finish(folder: Path, listed: Listed, image: dict[str, str]) -> Outcome:
    """End a pass whose tables all stand in its folder."""
    digests = {name: sha256_of(folder / f"{name}.arrows") for name in TABLES}
    tools = versions()
    value = {
        "digests": digests, "image": image, "listed": pack(Listed, listed, []), "tools": tools,
        "version": VERSION,
    }  # fmt: skip
    write_durably(folder / _NAME, json.dumps(value, ensure_ascii=False).encode())
    return Outcome(folder, listed, image, digests, tools)


def open_outcome(folder: Path) -> Outcome | None:
    """The outcome of a finished pass; None where there is none of this version."""
    try:
        value: Any = json.loads((folder / _NAME).read_bytes())
    except FileNotFoundError:
        return None
    if value["version"] != VERSION:
        return None
    listed = unpack(Listed, value["listed"], [])
    return Outcome(folder, listed, value["image"], value["digests"], value["tools"])
