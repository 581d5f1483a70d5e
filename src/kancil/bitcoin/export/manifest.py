"""The manifest of an export: what its files hold, of what and by which methods they were made.

`manifest.json` is written last: a folder without it is not finished. While an export is being
written, `unfinished.json` lists in the same form the files that are done, so that one that was
killed goes on from there. Neither holds a time, a machine's name or a path outside the folder.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from kancil.ground.errors import FormatTooNew
from kancil.ground.files import write_durably
from kancil.ground.phrase import Phrase

from .errors import ExportNotReadable
from .schema import SCHEMAS, VERSION

MANIFEST, UNFINISHED = "manifest.json", "unfinished.json"
FORMAT = "kancil chain export"
_PATH = re.compile(r"([a-z]+)/[a-z0-9-]+\.parquet", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class File:
    """One Parquet file of an export."""

    table: str
    path: str
    """Relative to the folder: `outputs/part-00000000-00000999.parquet`."""
    from_height: int | None
    """First height of its range; None for a file that is cut by none."""
    until_height: int | None
    rows: int
    size_bytes: int
    sha256: str
    """Of the file's bytes, hex."""
    content: str
    """SHA-256 over the rows that its part was made of: tells an unchanged part without writing."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds."""

    about: dict[str, Any]
    """All that is said of the whole: network, heights, sources, methods, counts."""
    files: tuple[File, ...]

    @property
    def has_clusters(self) -> bool:
        """Whether the clusters table was asked for."""
        return any(file.table == "clusters" for file in self.files)

    def files_of(self, table: str) -> tuple[File, ...]:
        """The files of one table."""
        return tuple(file for file in self.files if file.table == table)

    def as_bytes(self) -> bytes:
        """Write it, always in the same bytes."""
        value = {
            "format": FORMAT,
            "version": VERSION,
            **self.about,
            "files": [asdict(file) for file in self.files],
        }
        return json.dumps(value, indent=1, sort_keys=True).encode() + b"\n"

    def write(self, path: Path) -> None:
        """Write it whole or not at all. Raises DiskFull, FileNotReadable."""
        write_durably(path, self.as_bytes())


def read_manifest(folder: Path, name: str = MANIFEST) -> Manifest:
    """Read a folder's manifest. Raises ExportNotReadable, FormatTooNew.

    Whoever gives us a folder may have written anything into it: names that leave the folder and
    values of another form are refused.
    """
    path = folder / name
    if not folder.is_dir() or not path.is_file():
        is_begun = (folder / UNFINISHED).is_file()
        why = Phrase("note.export-unfinished" if is_begun else "note.export-no-manifest")
        raise ExportNotReadable(path=str(folder), why=why)
    try:
        value = json.loads(path.read_bytes())
        is_ours = value["format"] == FORMAT and isinstance(value["version"], int)
        if is_ours and value["version"] > VERSION:
            raise FormatTooNew(what=str(path), found=str(value["version"]), known=str(VERSION))
        files = tuple(File(**{each.name: row[each.name] for each in fields(File)})
                      for row in value["files"])  # fmt: skip
        is_ours = is_ours and all(_is_right(file) for file in files)
        is_ours = is_ours and (name != MANIFEST or _says_all(value))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        why = Phrase("note.export-manifest-broken")
        raise ExportNotReadable(path=str(folder), why=why) from error
    if not is_ours:
        raise ExportNotReadable(path=str(folder), why=Phrase("note.export-manifest-broken"))
    left = ("format", "version", "files")
    return Manifest({key: item for key, item in value.items() if key not in left}, files)


def _is_right(file: File) -> bool:
    """Whether a file has a name of ours, and digests and numbers that can be ones."""
    found = _PATH.fullmatch(file.path)
    return (
        found is not None
        and found[1] == file.table
        and file.table in SCHEMAS
        and all(_DIGEST.fullmatch(each) for each in (file.sha256, file.content))
        and min(int(file.rows), int(file.size_bytes)) >= 0
    )


def _says_all(about: dict[str, Any]) -> bool:
    """Whether all is there that every manifest says."""
    kinds = {"network": str, "is_real_money": bool, "whole": bool, "scope": str, "rows": dict}
    return (
        all(isinstance(about[name], kind) for name, kind in kinds.items())
        and "coinjoins_excluded_by" in about["methods"]["clusters"]
        and all(set(each) == {"name", "sha256", "size_bytes"} for each in about["sources"])
    )
