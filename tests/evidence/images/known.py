"""Images whose entries an independent tool listed, and how ours are laid beside them."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kancil.evidence.images.entry import Allocation, EntryKind
from kancil.evidence.images.opening import open_image, tsk_image
from kancil.evidence.images.tsk import Found, entries
from kancil.evidence.images.volume import Volume, volumes
from kancil.evidence.validation.validate import REFERENCE
from tools.tree import ROOT

SMALL = REFERENCE
DMG = ROOT / "tests" / "data" / "images" / "hfsplus.dmg"
Row = tuple[str, str, str, int | None, str | None]
"""Path, metadata address, `alloc` or `deleted`, size as read, SHA-256."""


@dataclass(frozen=True)
class Seen:
    """An image as it was opened and walked."""

    container: str
    md5: str
    stored: dict[str, str]
    volumes: list[tuple[Volume, list[Found], set[Row]]]


def expected(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names of images and what is known of each."""
    for name, known in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
        image = known if "raw_md5" in known else known.get("image")
        if image:
            yield name, image


def seen(paths: list[Path]) -> Seen:
    """Open and walk an image in this process."""
    with ExitStack() as stack:
        image = open_image(paths, stack)
        md5 = hashlib.md5(usedforsecurity=False)
        for offset in range(0, image.size_bytes, 1 << 20):
            md5.update(image.read(offset, min(1 << 20, image.size_bytes - offset)))
        found = []
        for volume, system in volumes(image, tsk_image(image)):
            listed = [each for each in entries(system) if isinstance(each, Found)] if system else []
            found.append((volume, listed, {_row(each) for each in listed if _is_file(each)}))
        return Seen(image.container, md5.hexdigest(), dict(image.stored), found)


def _is_file(found: Found) -> bool:
    return found.kind in (EntryKind.FILE, EntryKind.OTHER)


def _row(found: Found) -> Row:
    state = "alloc" if found.state is Allocation.ALLOCATED else "deleted"
    if found.state is Allocation.NAME_ONLY:
        return found.path, "0", state, None, None
    content = b"".join(found.blocks())
    return found.path, found.address, state, len(content), hashlib.sha256(content).hexdigest()


def compare(paths: list[Path], known: dict[str, Any]) -> Seen:
    """Hold an image against what is known of it; gives what was seen."""
    got = seen(paths)
    assert got.md5 == known["raw_md5"]
    assert got.stored.get("md5", got.md5) == got.md5
    by_start = {volume.start_bytes: (listed, rows) for volume, listed, rows in got.volumes}
    for each in known["volumes"]:
        listed, rows = by_start[each["offset_sectors"] * 512]
        gone = [found for found in listed if found.state is not Allocation.ALLOCATED]
        assert len(listed) == each["fls_entries"]
        assert len(gone) == each["deleted_entries"]
        wanted = {tuple(row) for row in each["regular_files"]}
        # `$MBR` and the like are the reader's names for parts of the volume.
        assert rows == wanted
    return got


def unpacked(path: Path, folder: Path) -> Path:
    """An image as it lies, or taken out of xz."""
    if path.suffix != ".xz":
        return path
    plain = folder / path.stem
    plain.write_bytes(lzma.decompress(path.read_bytes()))
    return plain
