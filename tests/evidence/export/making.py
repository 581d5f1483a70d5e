"""Images that were examined, for tests of what is exported of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from kancil.evidence.export.examined import Examined, ImageFile
from kancil.evidence.images.entry import FileEntry
from kancil.evidence.images.volume import Volume, VolumeState
from kancil.evidence.triage.content import FileContent
from kancil.evidence.triage.supervise import triage
from kancil.ground.files import sha256_of
from kancil.records.record import batch_of, records_of


def examined(image: Path, folder: Path, *, workers: int = 2) -> Examined:
    """An image after the real pass."""
    found = triage([image], folder, workers=workers)
    file = ImageFile(image.name, sha256_of(image), image.stat().st_size)
    return Examined.of("C1", "E4", (file,), found)


def renamed(found: Examined, path: str) -> Examined:
    """The same, but for the first entry's path."""
    first, *rest = records_of(FileEntry, found.entries)
    rows = [replace(first, path=path), *rest]
    return replace(found, entries=pa.Table.from_batches([batch_of(FileEntry, rows)]))


def with_member(found: Examined) -> Examined:
    """The same, as if the first file that was read were an archive with a letter in it."""
    first, *rest = records_of(FileContent, found.contents)
    rows = [first, replace(first, member=1, inside="old.zip/letter.txt"), *rest]
    return replace(found, contents=pa.Table.from_batches([batch_of(FileContent, rows)]))


def with_encrypted_volume(found: Examined) -> Examined:
    """The same, with a volume after the first that nobody could list."""
    volume = Volume(2, 1 << 30, 4096, "Linux (0x83)", "LUKS", VolumeState.ENCRYPTED)
    listed = replace(found.listed, volumes=(*found.listed.volumes, volume))
    return replace(found, listed=listed)


def written(write: Callable[[Examined, BinaryIO], None], found: Examined) -> bytes:
    """What a writer makes of it."""
    out = io.BytesIO()
    write(found, out)
    return out.getvalue()
