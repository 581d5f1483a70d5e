"""Set an export against its manifest: every file there, whole, and no other beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kancil.ground.files import sha256_of
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress

from .errors import ExportBroken
from .manifest import MANIFEST, File, Manifest, read_manifest
from .schema import SCHEMAS


@dataclass(frozen=True, slots=True)
class Checked:
    """An export of which every byte fits its manifest."""

    folder: Path
    manifest: Manifest
    sha256: str
    """Of the manifest's own bytes, so that a result can name what it was made of."""

    def paths(self, table: str) -> list[str]:
        """The files of one table."""
        return [str(self.folder / file.path) for file in self.manifest.files_of(table)]


def check_export(folder: Path, progress: Progress = SILENT) -> Checked:
    """Read every file of an export; raises ExportNotReadable, FormatTooNew, ExportBroken."""
    folder = folder.absolute()
    manifest = read_manifest(folder)
    progress.start(
        sum(file.size_bytes for file in manifest.files), "bytes", "progress.export-check"
    )
    for file in manifest.files:
        _check(folder, file)
        progress.advance(file.size_bytes)
    progress.finish()
    listed = {file.path for file in manifest.files}
    for table in SCHEMAS:
        for path in sorted((folder / table).glob("*")):
            if f"{table}/{path.name}" not in listed:
                raise ExportBroken(path=str(path), why=Phrase("note.export-not-listed"))
    return Checked(folder, manifest, sha256_of(folder / MANIFEST))


def _check(folder: Path, file: File) -> None:
    path = folder / file.path
    if path.is_symlink() or not path.is_file():
        raise ExportBroken(path=str(path), why=Phrase("note.export-file-missing"))
    if path.stat().st_size != file.size_bytes or sha256_of(path) != file.sha256:
        raise ExportBroken(path=str(path), why=Phrase("note.export-digest-wrong"))
    try:
        told = pq.read_metadata(path)
        is_right = told.num_rows == file.rows
        is_right = is_right and told.schema.to_arrow_schema().equals(SCHEMAS[file.table])
    except (OSError, pa.ArrowException) as error:
        raise ExportBroken(path=str(path), why=Phrase("note.export-rows-wrong")) from error
    if not is_right:
        raise ExportBroken(path=str(path), why=Phrase("note.export-rows-wrong"))
