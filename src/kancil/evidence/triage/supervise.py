"""The supervisor of a pass: it lists an image, shares its entries out, and outlives its children.

It stands outside of the confinement and reads no byte of the image. A child that dies is started
again after the last row that reached the disk, row by row until the entry is known at which it dies
again; that entry is listed and left out, and the rest goes on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kancil.evidence.images.entry import FileEntry
from kancil.evidence.images.volume import VolumeState
from kancil.ground.confine import Grants
from kancil.ground.errors import ParserLimitReached, ParserStopped
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped
from kancil.records.record import schema_of

from .child import ENTRIES, Listed, examine, has_content, list_image
from .content import FORMAT, FileContent
from .segments import batches, committed

WORKERS = 2
_VOLUMES = {
    VolumeState.ENCRYPTED: "volume-encrypted",
    VolumeState.NO_READER: "volume-no-reader",
    VolumeState.NOT_KNOWN: "volume-not-known",
}


@dataclass(frozen=True, slots=True)
class _Share:
    """The entries that one child reads: those after `first`, up to `last`."""

    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Triaged:
    """An image that went through the pass."""

    listed: Listed
    entries: pa.Table
    """Rows of `FileEntry`."""
    contents: pa.Table
    """Rows of `FileContent`, by number."""
    not_examined: tuple[Skipped, ...]


def triage(
    files: Sequence[Path], folder: Path, *, workers: int = WORKERS, progress: Progress = SILENT
) -> Triaged:
    """Take an image through the pass, or go on with one that was stopped; `folder`: its own.

    `files`: of the image, in their order. Raises ImageNotReadable, and ParserStopped where it
    cannot even be listed.
    """
    names = tuple(str(each) for each in files)
    grants = Grants(reads=names, writes=(str(folder),))
    listed = list_image.within(list_image.limits, grants)(names, str(folder))
    entries = pa.Table.from_batches(batches(folder / ENTRIES), schema_of(FileEntry))
    shares = _shares(entries, workers)
    progress.start(None, "bytes", "progress.triage")
    with ThreadPoolExecutor(max_workers=workers) as pool:
        stopped = list(
            pool.map(lambda share: _work(names, folder, grants, share, progress), shares)
        )
    progress.finish()
    found = [batch for path in sorted(folder.glob("???-*.arrows")) for batch in batches(path)]
    contents = pa.Table.from_batches(found, schema_of(FileContent, FORMAT)).sort_by("number")
    numbers = frozenset(number for each in stopped for number in each)
    left = (*listed.skipped, *_not_examined(listed, entries, contents, numbers))
    return Triaged(listed, entries, contents, left)


def _shares(entries: pa.Table, workers: int) -> list[_Share]:
    """The entries cut into shares of equal bytes; an entry costs what 4 KiB cost."""
    sizes = pc.fill_null(entries["size_bytes"], 0).to_numpy() + 4096
    done = np.cumsum(sizes)
    total = int(done[-1]) if len(done) else 0
    ends = [int(np.searchsorted(done, total * each // workers, "right")) for each in range(workers)]
    return [
        _Share(number, first, last)
        for number, (first, last) in enumerate(itertools.pairwise([*ends, len(done)]))
    ]


def _work(
    names: tuple[str, ...], folder: Path, grants: Grants, share: _Share, progress: Progress
) -> list[int]:
    """Have a share read; gives the entries at which a child stopped."""
    stopped: list[int] = []
    asked = examine.within(examine.limits, grants)
    is_careful = False
    while True:
        after = _done(folder, share, stopped)
        try:
            asked(
                names, str(folder), share.number, after, share.last, is_careful, progress=progress
            )
        except (ParserStopped, ParserLimitReached):
            if is_careful:
                stopped.append(_next_with_content(folder, _done(folder, share, stopped)))
            is_careful = not is_careful
        else:
            return stopped


def _done(folder: Path, share: _Share, stopped: list[int]) -> int:
    """Number of the last entry of a share that is done with."""
    return max(share.first, committed(folder, share.number), *stopped)


def _next_with_content(folder: Path, after: int) -> int:
    """The entry at which a child stopped that had committed those up to `after`."""
    for batch in batches(folder / ENTRIES):
        for row in batch.select(["number", "kind", "state"]).to_pylist():
            if row["number"] > after and has_content(row["kind"], row["state"]):
                return int(row["number"])
    raise ParserStopped(how=Phrase("why.child-answer"))


def _not_examined(
    listed: Listed, entries: pa.Table, contents: pa.Table, stopped: frozenset[int]
) -> Iterator[Skipped]:
    for volume in listed.volumes:
        code = _VOLUMES.get(volume.state)
        if code is not None:
            yield Skipped(code, f"{volume.number}:", {"holds": volume.holds})
    read = dict(
        zip(contents["number"].to_pylist(), contents["read_bytes"].to_pylist(), strict=True)
    )
    for row in entries.select(["number", "path", "kind", "state", "size_bytes"]).to_pylist():
        number = row["number"]
        if number in stopped:
            yield Skipped("entry-stopped-the-reader", row["path"])
        elif row["state"] == "name-only":
            yield Skipped("entry-name-only", row["path"])
        elif number in read and read[number] < (row["size_bytes"] or 0):
            sizes = {"read": read[number], "size": row["size_bytes"]}
            yield Skipped("entry-ends-early", row["path"], sizes)
