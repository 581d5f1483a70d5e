"""Write a chain as Parquet files, the manifest last.

Parts come from `rows`, one height range after another. A part whose rows are those of the files
that are there is left as it is; any other is written under a temporary name and renamed when it is
whole. Killed at any moment, the folder holds a finished export with its manifest, or none that
looks finished; the next run goes on with the parts that were done.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kancil import __version__
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import HEURISTIC, Clusters
from kancil.bitcoin.clusters.clusters import VERSION as CLUSTERS_VERSION
from kancil.bitcoin.clusters.views import KNOWN_ERROR
from kancil.bitcoin.labels.index import LabelIndex
from kancil.ground.files import LOCK_NAME, held_folder, sha256_of, sync_folder, translated
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress

from .errors import ExportFolderTaken, ExportNotReadable
from .labels import label_rows
from .manifest import MANIFEST, UNFINISHED, File, Manifest, read_manifest
from .rows import PART_BLOCKS, Bounds, Part, RowMaker, plan_parts
from .schema import CLUSTERS, LABELS, PART_TABLES, SCHEMAS, VERSION

_TEMPORARY = ".tmp-"
_OURS = re.compile(r"(part-[a-z0-9-]+|labels)\.parquet|\.tmp-[a-z0-9-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did."""

    manifest: Manifest
    written: int
    """Files written."""
    kept: int
    """Files that were there already, unchanged and whole."""
    removed: int


def export_chain(
    chain: Chain,
    clusters: Clusters,
    labels: LabelIndex,
    folder: Path,
    bounds: Bounds | None = None,
    *,
    with_clusters: bool = False,
    width: int = PART_BLOCKS,
    progress: Progress = SILENT,
    training: str = "",
) -> Exported:
    """Write a chain, or a range of its heights, into a folder.

    `training`: the word with which a classroom marks the manifest and each file.

    Raises ExportFolderTaken where the folder holds something else or another export writes there,
    DiskFull, FileNotReadable.
    """
    bounds = bounds or Bounds()
    maker = RowMaker(chain, clusters, with_clusters=with_clusters)
    taken = ExportFolderTaken(path=str(folder), why=Phrase("note.export-running"))
    with held_folder(folder, taken):
        writing = _Writing(folder, _known(folder, chain.network.name), maker, training)
        parts = plan_parts(chain, bounds, width)
        progress.start(sum(len(part.first) for part in parts), "blocks", "progress.export")
        for part in parts:
            writing.part(part)
            progress.advance(len(part.first))
        left_out = writing.labels(label_rows(chain, clusters, labels, maker.seen))
        progress.finish()
        about = _about(chain, clusters, labels, bounds, writing.done, left_out)
        return writing.close({**about, **writing.marks})


def _known(folder: Path, network: str) -> Manifest | None:
    """What an earlier run wrote here; None in an empty folder. Raises ExportFolderTaken."""
    for name in (UNFINISHED, MANIFEST):
        if (folder / name).is_file():
            try:
                known = read_manifest(folder, name)
            except ExportNotReadable as error:
                why = Phrase("note.export-manifest-broken")
                raise ExportFolderTaken(path=str(folder), why=why) from error
            belongs = str(known.about.get("network"))
            if belongs != network:
                why = Phrase("note.export-other-network", {"network": belongs})
                raise ExportFolderTaken(path=str(folder), why=why)
            return known
    if any(path.name != LOCK_NAME for path in folder.iterdir()):
        (folder / LOCK_NAME).unlink(missing_ok=True)
        raise ExportFolderTaken(path=str(folder), why=Phrase("note.export-not-empty"))
    return None


class _Writing:
    """A folder while it is written."""

    def __init__(
        self, folder: Path, known: Manifest | None, maker: RowMaker, training: str
    ) -> None:
        self.folder, self.maker = folder, maker
        self.marks = {"training": training} if training else {}
        self.network = maker.chain.network.name
        self.known = {file.path: file for file in known.files} if known else {}
        self.done: list[File] = []
        self.written = self.kept = 0
        self.is_open = False

    def part(self, part: Part) -> None:
        """Write the tables of one height range, unless they are there already."""
        names = [name for name in PART_TABLES if name != CLUSTERS or self.maker.with_clusters]
        known = [self.known.get(f"{name}/{part.name}.parquet") for name in names]
        files = [file for file in known if file is not None]
        if len(files) == len(names):
            before = self.maker.seen.copy()
            digest = self._begun()
            for tables in self.maker.slices(part):
                _add(digest, tables.values())
            if self._stand(files, digest.hexdigest()):
                return
            self.maker.seen = before
        about = (part.name, part.from_height, part.until_height)
        self._write(names, about, self.maker.slices(part))

    def labels(self, rows: tuple[pa.Table, int]) -> int:
        """Write the labels of the addresses exported; give how many labels were left out."""
        table, left_out = rows
        digest = self._begun()
        _add(digest, [table])
        known = self.known.get(f"{LABELS}/{LABELS}.parquet")
        if known is None or not self._stand([known], digest.hexdigest()):
            self._write([LABELS], (LABELS, None, None), [{LABELS: table}])
        return left_out

    def close(self, about: Mapping[str, Any]) -> Exported:
        """Take away files of other ranges, then write the manifest, last of all."""
        manifest = Manifest(dict(about), tuple(self.done))
        listed = {file.path for file in self.done}
        strays = [
            path
            for table in SCHEMAS
            for path in sorted((self.folder / table).glob("*"))
            if _OURS.fullmatch(path.name) and f"{table}/{path.name}" not in listed
        ]
        try:
            if strays:
                self._open()
            for path in strays:
                path.unlink()
            for table in SCHEMAS:
                if (self.folder / table).is_dir() and not any((self.folder / table).iterdir()):
                    (self.folder / table).rmdir()
            path = self.folder / MANIFEST
            if not path.is_file() or path.read_bytes() != manifest.as_bytes():
                manifest.write(path)
            (self.folder / UNFINISHED).unlink(missing_ok=True)
            sync_folder(self.folder)
        except OSError as error:
            raise translated(error, self.folder) from error
        return Exported(manifest, self.written, self.kept, len(strays))

    def _stand(self, files: list[File], content: str) -> bool:
        """Keep files whose rows and bytes are still the same; say whether they were."""
        for file in files:
            path = self.folder / file.path
            if file.content != content or not path.is_file() or path.is_symlink():
                return False
            if path.stat().st_size != file.size_bytes or sha256_of(path) != file.sha256:
                return False
        self.done += files
        self.kept += len(files)
        return True

    def _open(self) -> None:
        """Make the folder one that is not finished, before the first file changes."""
        if self.is_open:
            return
        self.is_open = True
        kept = tuple(self.known.values())
        Manifest({"network": self.network}, kept).write(self.folder / UNFINISHED)
        (self.folder / MANIFEST).unlink(missing_ok=True)
        sync_folder(self.folder)

    def _write(
        self,
        names: list[str],
        about: tuple[str, int | None, int | None],
        slices: Iterable[dict[str, pa.Table]],
    ) -> None:
        name, low, high = about
        digest = self._begun()
        try:
            self._open()
            with ExitStack() as stack:
                files = {each: stack.enter_context(_New(self.folder / each)) for each in names}
                for new in files.values() if self.marks else ():
                    new.writer.add_key_value_metadata(self.marks)
                for tables in slices:
                    _add(digest, tables.values())
                    for each, table in tables.items():
                        files[each].add(self._finished(each, table))
                for each, new in files.items():
                    path = f"{each}/{name}.parquet"
                    made = (new.rows, *new.close(self.folder / path), digest.hexdigest())
                    self.done.append(File(each, path, low, high, *made))
            self.written += len(names)
            for file in self.done:
                self.known[file.path] = file
            kept = tuple(self.known.values())
            Manifest({"network": self.network}, kept).write(self.folder / UNFINISHED)
        except OSError as error:
            raise translated(error, self.folder) from error

    def _begun(self) -> Any:
        """Begin a digest over rows with all else that their files' bytes depend on."""
        told = (self.network, str(VERSION), __version__, pa.__version__, *self.marks.values())
        return hashlib.sha256("\n".join(told).encode())

    def _finished(self, name: str, table: pa.Table) -> pa.Table:
        return self.maker.with_text(table) if name == "addresses" else table


class _New:
    """A Parquet file under a temporary name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.path = folder / f"{_TEMPORARY}{os.getpid()}"
        kinds = SCHEMAS[folder.name]
        self.rows = 0
        self.stream = self.path.open("wb")
        self.writer = pq.ParquetWriter(
            self.stream,
            kinds,
            version="2.6",
            data_page_version="1.0",
            compression="zstd",
            compression_level=3,
            use_dictionary=[each.name for each in kinds if pa.types.is_string(each.type)],
            store_schema=False,
        )

    def __enter__(self) -> _New:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError, ValueError):  # a full disk was told already
            self.writer.close()
        with suppress(OSError):
            self.stream.close()
        self.path.unlink(missing_ok=True)

    def add(self, table: pa.Table) -> None:
        """Write a slice as a row group of its own."""
        if table.num_rows:
            self.writer.write_table(table, row_group_size=table.num_rows)
            self.rows += table.num_rows

    def close(self, path: Path) -> tuple[int, str]:
        """The file its name; gives its size and SHA-256."""
        self.writer.close()
        self.stream.flush()
        os.fsync(self.stream.fileno())
        size_bytes = self.stream.tell()
        self.stream.close()
        digest = sha256_of(self.path)
        self.path.replace(path)
        sync_folder(path.parent)
        return size_bytes, digest


def _add(digest: Any, tables: Iterable[pa.Table]) -> None:
    """Add rows to a digest: their schema, then Arrow's own encoding of them."""
    for table in tables:
        digest.update(table.schema.serialize())
        for batch in table.to_batches():
            digest.update(batch.serialize())


def _about(
    chain: Chain,
    clusters: Clusters,
    labels: LabelIndex,
    bounds: Bounds,
    files: list[File],
    labels_left_out: int,
) -> dict[str, Any]:
    """Of what, and by which methods, an export was made."""
    rows: dict[str, int] = {}
    for file in files:
        rows[file.table] = rows.get(file.table, 0) + file.rows
    told = clusters.told
    return {
        "network": chain.network.name,
        "is_real_money": chain.network.is_real_money,
        "whole": bounds.is_whole,
        "from_height": bounds.from_height,
        "until_height": bounds.until_height,
        "last_height_held": chain.last_height,
        "scope": chain.scope,
        "rows": rows,
        "sources": [
            {"name": name, "sha256": digest, "size_bytes": size}
            for name, digest, size in sorted(
                {(each.name, each.sha256, each.size_bytes) for each in chain.sources}
            )
        ],
        "labels": sorted(stored.file_sha256 for stored in labels.imports),
        "methods": {
            "clusters": {
                "heuristic": HEURISTIC,
                "version": CLUSTERS_VERSION,
                "coinjoins_excluded_by": told["method"],
                "guard_from_addresses": told["large"],
                "known_error": KNOWN_ERROR,
            },
            "arrow": pa.__version__,
            "kancil": __version__,
        },
        "not_checked": list(chain.not_checked),
        "left_out": {
            "labels_of_other_addresses": labels_left_out,
            "transactions": chain.columns.tx_count - rows.get("transactions", 0),
        },
    }
