"""Write what an independent tool finds on the reference images: `reference_rows.py`.

The images of `kancil.evidence.validation` are unpacked here by zlib alone and held to the MD5 that
their acquisition stored, listed by `fls` and read by `icat` of The Sleuth Kit. `debugfs` of
e2fsprogs, which shares no code with it, reads each live file too; where the two differ, nothing is
written. Nothing of Kancil takes part.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Any

from tools.tree import ROOT

REFERENCE = ROOT / "src" / "kancil" / "evidence" / "validation" / "reference"
_DESCRIPTOR, _TABLE_HEADER = 76, 24
_LINE = re.compile(r"(.)/(.) (\* )?(\d+)(?:\(realloc\))?:\t(.*)")


def unpacked(image: bytes) -> tuple[bytes, str]:
    """The disk of an E01 in one segment, and the MD5 that its acquisition stored."""
    at, disk, md5, size, end = 13, b"", "", 0, 0
    while True:
        kind = image[at : at + 16].rstrip(b"\0")
        following, length = (
            int.from_bytes(image[at + start : at + start + 8], "little") for start in (16, 24)
        )
        body = image[at + _DESCRIPTOR : at + length]
        if kind == b"volume":
            size = int.from_bytes(body[12:16], "little") * int.from_bytes(body[16:24], "little")
        elif kind == b"sectors":
            end = at + length
        elif kind == b"table":
            disk += b"".join(_chunks(image, body, end))
        elif kind == b"hash":
            md5 = body[:16].hex()
        if following <= at:
            return disk[:size], md5
        at = following


def _chunks(image: bytes, table: bytes, end: int) -> list[bytes]:
    count, base = int.from_bytes(table[:4], "little"), int.from_bytes(table[8:16], "little")
    entries = [
        int.from_bytes(table[_TABLE_HEADER + 4 * each :][:4], "little") for each in range(count)
    ]
    starts = [base + (each & 0x7FFFFFFF) for each in entries] + [end]
    return [
        zlib.decompress(image[starts[each] : starts[each + 1]])
        if entry >> 31
        else image[starts[each] : starts[each + 1] - 4]
        for each, entry in enumerate(entries)
    ]


def _asked(*words: str) -> bytes:
    return subprocess.run(words, check=True, capture_output=True).stdout


def rows_of(image: Path, folder: Path) -> dict[str, Any]:
    """What is known of an image of one ext2 volume without a partition table."""
    disk, stored = unpacked(image.read_bytes())
    md5 = hashlib.md5(disk, usedforsecurity=False).hexdigest()
    if md5 != stored:
        raise SystemExit(f"{image.name}: unpacked to {md5}, its acquisition stored {stored}")
    raw = folder / "disk.raw"
    raw.write_bytes(disk)
    lines = [
        _LINE.fullmatch(line) for line in _asked("fls", "-r", "-p", str(raw)).decode().split("\n")
    ]
    found = [each.groups() for each in lines if each is not None]
    files, names_only = [], []
    for name_kind, kind, gone, address, path in found:
        if address == "0":
            names_only.append([path, "entry-name-only"])
            files += [[path, address, "deleted", None, None]] if name_kind == "r" else []
        elif kind == "r":
            data = _asked("icat", str(raw), address)
            if not gone and _asked("debugfs", "-R", f'cat "/{path}"', str(raw)) != data:
                raise SystemExit(f"{image.name}: icat and debugfs differ on {path}")
            state = "deleted" if gone else "alloc"
            files.append([path, address, state, len(data), hashlib.sha256(data).hexdigest()])
    volume = {
        "deleted_entries": sum(gone is not None for _, _, gone, _, _ in found),
        "desc": "whole", "fls_entries": len(found), "fs": "Ext2", "offset_sectors": 0,
        "regular_files": files,
    }  # fmt: skip
    return {
        "not_examined": names_only, "raw_md5": md5,
        "raw_sha256": hashlib.sha256(disk).hexdigest(), "raw_size": len(disk), "volumes": [volume],
    }  # fmt: skip


def main() -> None:
    """Write the rows of every image beside it."""
    with tempfile.TemporaryDirectory() as folder:
        known = {each.name: rows_of(each, Path(folder)) for each in sorted(REFERENCE.glob("*.E01"))}
    (REFERENCE / "expected.json").write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
