"""Label imports in the workspace: one Parquet file each, noticed when changed.

A file is named `<id>.<sha256 of its bytes>.parquet`. It is read from a publisher's file and can be
made again from it, so it is a convenience, but one that a trace relies on: bytes that do not fit
the name stop the work. A withdrawn one is named `….withdrawn.parquet`: no new answer looks at it,
and a recorded one still does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kancil.bitcoin.network import network_named
from kancil.ground.child import in_child
from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file, write_durably
from kancil.ground.folding import folded
from kancil.ground.ids import new_id
from kancil.ground.plain import plain
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped
from kancil.records.parquet import read_parquet

from .errors import LabelStoreBroken, UnitIsNotItsPublisher
from .label import Given, Label
from .labels import LabelImport, conflicts, read_label_file

FORMAT = 1
FOLDER = "labels"
"""Name of the folder of shared imports in a workspace."""
KEPT_SKIPS = 10_000
"""Skips that are given with their place; all are counted."""
_STORED_NAME = re.compile(r"([0-9a-f-]{36})\.([0-9a-f]{64})(\.withdrawn)?\.parquet")
_ABOUT = b"kancil.labels"

_SCHEMA = pa.schema(
    [
        ("address", pa.string()),
        ("currency", pa.dictionary(pa.int32(), pa.string())),
        ("kind", pa.int8()),
        ("payload", pa.binary()),
        ("label", pa.dictionary(pa.int32(), pa.string())),
        ("category", pa.dictionary(pa.int32(), pa.string())),
        ("published_category", pa.dictionary(pa.int32(), pa.string())),
        ("abuse", pa.dictionary(pa.int32(), pa.string())),
        ("publisher", pa.dictionary(pa.int32(), pa.string())),
        ("law", pa.dictionary(pa.int32(), pa.string())),
        ("listed_on", pa.date32()),
        ("fetched_on", pa.date32()),
        ("modified_on", pa.date32()),
        ("confidence", pa.dictionary(pa.int32(), pa.string())),
        ("licence", pa.dictionary(pa.int32(), pa.string())),
        ("source", pa.dictionary(pa.int32(), pa.string())),
        ("context", pa.dictionary(pa.int32(), pa.string())),
        ("actor", pa.dictionary(pa.int32(), pa.string())),
        ("file_sha256", pa.dictionary(pa.int32(), pa.string())),
        ("place", pa.string()),
        ("authority", pa.dictionary(pa.int32(), pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class StoredImport:
    """One import as it lies in the workspace."""

    id: str
    path: Path
    file_name: str
    file_sha256: str
    """Digest of the publisher's file."""
    format: str
    """Name of the label format."""
    network: str
    given: dict[str, str | None]
    """What the officer stated about the file."""
    label_count: int
    bitcoin_count: int
    skipped_codes: dict[str, int]
    """How many rows were left out for which reason."""
    is_new: bool = False
    """False for one that was stored before, from the same file with the same statements."""
    is_withdrawn: bool = False

    @property
    def chain(self) -> str:
        """The chain in whose folder it lies; empty: it is shared."""
        name = self.path.parent.name
        return "" if name == FOLDER else name

    @property
    def fetched_on(self) -> date | None:
        """When the file was fetched, as the officer stated it."""
        text = self.given["fetched_on"]
        return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class PackedImport:
    """A label file that was read, as it is going to be stored: no row of it is an object any more.

    What a child gives back: a list of half a million labels would cost the parent what the limits
    of the child are there to save it.
    """

    about: dict[str, Any]
    """What the Parquet file says of itself."""
    rows: bytes
    """The Parquet file."""
    label_count: int
    bitcoin_count: int
    service_count: int
    currencies: dict[str, int]
    publishers: tuple[str, ...]
    laws: tuple[str, ...]
    conflict_count: int
    """Addresses on which the file contradicts itself."""
    skipped: tuple[Skipped, ...]
    """The first of them."""
    skipped_count: int
    """How many rows were left out."""

    @property
    def file_name(self) -> str:
        """Name of the publisher's file."""
        return str(self.about["file_name"])

    @property
    def file_sha256(self) -> str:
        """Digest of the publisher's file."""
        return str(self.about["file_sha256"])


def refuse_own_name(publishers: Iterable[str], unit: str) -> None:
    """Refuse a file that speaks in the unit's name: the unit's own labels are made as tags.

    Raises UnitIsNotItsPublisher.
    """
    own = folded(unit).split()
    for publisher in publishers:
        if folded(publisher).split() == own:
            raise UnitIsNotItsPublisher(publisher=publisher[:80])


@in_child(memory_bytes=3 << 29, cpu_seconds=120)
def read_import(
    path: Path, given: Given, network: str, import_id: str, progress: Progress = SILENT
) -> PackedImport:
    """Read a publisher's file in a child of its own, ready to be stored under this id.

    `network`: name of one. Raises what `read_label_file` raises.
    """
    read = read_label_file(path, given, network=network_named(network), progress=progress)
    return pack_import(read, import_id)


def pack_import(read: LabelImport, import_id: str) -> PackedImport:
    """Make of an import what is stored of it and said of it."""
    about = {
        "bitcoin_count": read.bitcoin_count,
        "file_name": read.file_name,
        "file_sha256": read.file_sha256,
        "format": read.format,
        "given": plain(read.given),
        "id": import_id,
        "kancil_labels": FORMAT,
        "label_count": len(read.labels),
        "network": read.network,
        "skipped_codes": read.skipped_codes,
    }
    data = _to_parquet(read.labels, about)
    return PackedImport(
        about=about,
        rows=data,
        label_count=len(read.labels),
        bitcoin_count=read.bitcoin_count,
        service_count=read.service_count,
        currencies=read.currencies,
        publishers=read.publishers,
        laws=read.laws,
        conflict_count=len(conflicts(read.labels)),
        skipped=tuple(read.skipped[:KEPT_SKIPS]),
        skipped_count=len(read.skipped),
    )


def store_import(
    labels_dir: Path, read: LabelImport, *, import_id: str | None = None
) -> StoredImport:
    """Pack and store an import; see `store_packed`. `import_id`: its id, else a fresh one."""
    import_id = import_id or new_id()
    return store_packed(labels_dir, pack_import(read, import_id), import_id)


def store_packed(labels_dir: Path, packed: PackedImport, import_id: str) -> StoredImport:
    """Store an import; the same file with the same statements is stored only once.

    Raises DiskFull, LabelStoreBroken.
    """
    about = packed.about
    for stored in list_imports(labels_dir):
        same = (stored.file_sha256, stored.file_name, stored.network, stored.given)
        asked = (about["file_sha256"], about["file_name"], about["network"], about["given"])
        if same == asked and not stored.is_withdrawn:
            return stored
    path = labels_dir / f"{import_id}.{sha256_hex(packed.rows)}.parquet"
    write_durably(path, packed.rows, replace=False)
    return _stored(path, about, is_new=True)


def withdraw_import(stored: StoredImport) -> Path:
    """Keep an import for recorded answers alone; gives its new path."""
    path = stored.path.with_suffix(".withdrawn.parquet")
    stored.path.rename(path)
    return path


def list_imports(labels_dir: Path, *chains: str) -> list[StoredImport]:
    """List the stored imports, the oldest first. Raises LabelStoreBroken."""
    return [stored for stored, _ in load_imports(labels_dir, *chains)]


def import_files(labels_dir: Path, *chains: str) -> list[Path]:
    """The files of the imports that all chains share, and of those of some chains, by their ids."""
    folders = [labels_dir, *(labels_dir / chain for chain in chains if chain)]
    found = [path for folder in folders if folder.is_dir() for path in folder.glob("*.parquet")]
    return sorted(found, key=lambda path: path.name)


def load_imports(labels_dir: Path, *chains: str) -> list[tuple[StoredImport, pa.Table]]:
    """Read the stored imports with their rows, the oldest first. Raises LabelStoreBroken.

    `chains`: with those that lie in their folders, which no other chain knows.
    """
    loaded = []
    # Ids are UUIDv7: their order is the order in which they were made.
    for path in import_files(labels_dir, *chains):
        data = read_file(path)
        name = _STORED_NAME.fullmatch(path.name)
        if name is None or sha256_hex(data) != name[2]:
            raise LabelStoreBroken(path=str(path))
        try:
            table = read_parquet(data)
            about = json.loads(table.schema.metadata[_ABOUT])
        except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
            raise LabelStoreBroken(path=str(path)) from error
        if about["id"] != name[1] or about["kancil_labels"] != FORMAT:
            raise LabelStoreBroken(path=str(path))
        loaded.append((_stored(path, about), table))
    return loaded


def _stored(path: Path, about: dict[str, Any], *, is_new: bool = False) -> StoredImport:
    return StoredImport(
        id=about["id"],
        path=path,
        file_name=about["file_name"],
        file_sha256=about["file_sha256"],
        format=about["format"],
        network=about["network"],
        given=about["given"],
        label_count=about["label_count"],
        bitcoin_count=about["bitcoin_count"],
        skipped_codes=about["skipped_codes"],
        is_new=is_new,
        is_withdrawn=path.name.endswith(".withdrawn.parquet"),
    )


def _to_parquet(labels: Sequence[Label], about: dict[str, Any]) -> bytes:
    columns = {
        name: [getattr(label, name) for label in labels] for name in _SCHEMA.names if name != "kind"
    }
    columns["kind"] = [None if label.kind is None else int(label.kind) for label in labels]
    metadata = {_ABOUT: json.dumps(about, sort_keys=True).encode()}
    table = pa.table(columns, schema=_SCHEMA.with_metadata(metadata))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())
