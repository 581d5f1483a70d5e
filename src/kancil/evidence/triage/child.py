"""What runs in the limited children: an image listed, and a share of its entries read.

Called by `supervise` alone. Both walk the image in the same order, so that an entry's number is the
same for each.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa

from kancil.evidence.images.container import OpenImage
from kancil.evidence.images.entry import Allocation, FileEntry
from kancil.evidence.images.opening import open_image, tsk_image
from kancil.evidence.images.tsk import Found, entries
from kancil.evidence.images.volume import Volume, volumes
from kancil.evidence.search.index import Document, SearchIndex
from kancil.evidence.selectors.ready_kernels import ready_to_find
from kancil.ground.child import in_child
from kancil.ground.digests import Digests, digest_blocks
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped
from kancil.records.record import batch_of, schema_of

from .content import WITH_CONTENT
from .outcome import INDEX, Listed, form_of
from .segments import SegmentWriter, rows_of

ENTRIES = "entries.arrows"
_BATCH_ROWS = 1 << 14
_HASHED = 4 << 20


def _begin() -> None:
    # FAT stores the clock on the wall, which the library reads in the zone of the process: the
    # examiner's own zone must not change what an image says.
    os.environ["TZ"] = "UTC"
    time.tzset()


def _walk(image: OpenImage) -> Iterator[Volume | Found | Skipped]:
    for volume, system in volumes(image, tsk_image(image)):
        yield volume
        if system is not None:
            yield from entries(system)


@in_child(memory_bytes=1 << 30, cpu_seconds=3600)
def list_image(files: tuple[str, ...], folder: str) -> Listed:
    """List every entry of an image into a folder; raises ImageNotReadable."""
    _begin()
    skipped: list[Skipped] = []
    found_volumes: list[Volume] = []
    waiting: list[FileEntry] = []
    number = 0
    path = Path(folder, ENTRIES + ".part")
    schema = schema_of(FileEntry, form_of("entries"))
    with ExitStack() as stack:
        image = open_image([Path(each) for each in files], stack)
        writer = stack.enter_context(pa.ipc.new_stream(str(path), schema))
        for each in _walk(image):
            if isinstance(each, Skipped):
                skipped.append(each)
            elif isinstance(each, Volume):
                found_volumes.append(each)
            else:
                number += 1
                waiting.append(_entry(number, found_volumes[-1].number, each))
                if len(waiting) == _BATCH_ROWS:
                    writer.write_batch(batch_of(FileEntry, waiting, form_of("entries")))
                    waiting.clear()
        if waiting:
            writer.write_batch(batch_of(FileEntry, waiting, form_of("entries")))
    path.rename(Path(folder, ENTRIES))
    return Listed(
        image.container, image.size_bytes, dict(image.stored), dict(image.stated),
        tuple(found_volumes), number, tuple(skipped),
    )  # fmt: skip


def _entry(number: int, volume: int, found: Found) -> FileEntry:
    return FileEntry(
        number, volume, found.path, found.address, found.kind, found.state, found.size_bytes,
        *found.times_ns, found.zone,
    )  # fmt: skip


@in_child(memory_bytes=1 << 30, cpu_seconds=24 * 3600, prepare=ready_to_find)
def examine(
    files: tuple[str, ...],
    folder: str,
    share: str,
    after: int,
    last: int,
    is_careful: bool,
    progress: Progress = SILENT,
) -> int:
    """Read the entries from `after` (not it) to `last`; gives how many bytes.

    `is_careful`: each entry reaches the disk before the next is read. Raises ImageNotReadable.
    """
    from .examiner import Examiner  # Numba is slow to import

    _begin()
    number, read = 0, 0
    with ExitStack() as stack:
        image = open_image([Path(each) for each in files], stack)
        writer = stack.enter_context(SegmentWriter(Path(folder), share))
        examiner = Examiner(writer, is_careful=is_careful)
        for each in _walk(image):
            if not isinstance(each, Found):
                continue
            number += 1
            if number > last:
                break
            if number <= after or not has_content(each.kind, each.state):
                continue
            size = examiner.read(number, each)
            read += size
            progress.advance(size)
        examiner.commit()
    return read


def has_content(kind: str, state: str) -> bool:
    """Whether an entry is read: a file whose metadata is still there."""
    return kind in WITH_CONTENT and state != Allocation.NAME_ONLY


@in_child(memory_bytes=1 << 30, cpu_seconds=24 * 3600)
def index_texts(folder: str, shares: tuple[str, ...], progress: Progress = SILENT) -> int:
    """Build the index of the texts that the shares of a pass wrote; gives how many there are."""
    progress.start(None, "texts", "progress.index")
    count = 0

    def documents() -> Iterator[Document]:
        nonlocal count
        for batch in rows_of(Path(folder), "texts", shares):
            for row in batch.to_pylist():
                count += 1
                progress.advance(1)
                yield Document(**row)

    SearchIndex.build(Path(folder, INDEX), documents())
    progress.finish()
    return count


@in_child(memory_bytes=1 << 30, cpu_seconds=24 * 3600)
def digests_of_image(files: tuple[str, ...], progress: Progress = SILENT) -> Digests:
    """Digests of the disk's bytes. Raises ImageNotReadable."""
    with ExitStack() as stack:
        image = open_image([Path(each) for each in files], stack)
        progress.start(image.size_bytes, "bytes", "progress.image")
        blocks = (
            image.read(offset, min(_HASHED, image.size_bytes - offset))
            for offset in range(0, image.size_bytes, _HASHED)
        )
        found = digest_blocks(blocks, lambda block: progress.advance(len(block)))
    progress.finish()
    return found
