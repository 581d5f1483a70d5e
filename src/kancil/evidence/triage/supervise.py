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

from kancil.evidence.errors import ExaminationRuns, StoredDigestDiffers
from kancil.evidence.images.entry import Allocation
from kancil.evidence.images.volume import VolumeState
from kancil.ground.confine import Grants
from kancil.ground.errors import ParserLimitReached, ParserStopped
from kancil.ground.files import held_folder
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped
from kancil.records.record import batch_of

from .child import ENTRIES, digests_of_image, examine, has_content, index_texts, list_image
from .content import LeftOut, left_out
from .outcome import (
    ENDS_EARLY,
    Listed,
    Outcome,
    finish,
    in_order,
    open_outcome,
    table_of_folder,
    write_rows,
)  # fmt: skip
from .segments import batches, committed, remove_segments, rows_of
from .selector_rows import write_order

WORKERS = 2
_VOLUMES = {
    VolumeState.ENCRYPTED: "volume-encrypted",
    VolumeState.NO_READER: "volume-no-reader",
    VolumeState.NOT_KNOWN: "volume-not-known",
}


@dataclass(frozen=True, slots=True)
class _Share:
    """The entries that one child reads: those after `first`, up to `last`."""

    name: str
    first: int
    last: int


def triage(
    files: Sequence[Path],
    folder: Path,
    *,
    called: str = "",
    workers: int = WORKERS,
    progress: Progress = SILENT,
) -> Outcome:
    """Take an image through the pass, or go on with one that was stopped; `folder`: its own.

    `files`: of the image, in their order. `called`: its name for people. The digests that the
    acquisition stored are compared first. Raises ExaminationRuns, ImageNotReadable,
    StoredDigestDiffers, and ParserStopped where it cannot even be listed.
    """
    with held_folder(folder, ExaminationRuns(path=called)):
        return open_outcome(folder) or _pass(files, folder, called, workers, progress)


def _pass(
    files: Sequence[Path], folder: Path, called: str, workers: int, progress: Progress
) -> Outcome:
    names = tuple(str(each) for each in files)
    grants = Grants(reads=names, writes=(str(folder),))
    listed = list_image.within(list_image.limits, grants)(names, str(folder))
    image = _compared(names, listed, called, progress)
    entries = table_of_folder(folder, "entries")
    shares = _shares(entries, workers)
    progress.start(None, "bytes", "progress.triage")
    with ThreadPoolExecutor(max_workers=workers) as pool:
        stopped = list(
            pool.map(lambda share: _work(names, folder, grants, share, progress), shares)
        )
    progress.finish()
    names_of_shares = tuple(each.name for each in shares)
    indexed = index_texts.within(index_texts.limits, Grants(writes=(str(folder),)))
    indexed(str(folder), names_of_shares, progress=progress)
    for name in ("contents", "selectors", "secrets"):
        write_rows(folder, name, in_order(rows_of(folder, name, names_of_shares)))
    write_order(folder, table_of_folder(folder, "selectors"))
    stopped_at = frozenset(itertools.chain(*stopped))
    left = (batch_of(LeftOut, _left_out(folder, listed, entries, stopped_at)),
            *rows_of(folder, "left-out", names_of_shares))  # fmt: skip
    write_rows(folder, "left-out", in_order(left))
    outcome = finish(folder, listed, image)
    remove_segments(folder)
    return outcome


def _compared(
    names: tuple[str, ...], listed: Listed, called: str, progress: Progress
) -> dict[str, str]:
    """The image's digests, where the acquisition stored some."""
    if not listed.stored:
        return {}
    asked = digests_of_image.within(digests_of_image.limits, Grants(reads=names))
    made = asked(names, progress=progress)
    for name, value in listed.stored.items():
        found = getattr(made, name)
        if found != value:
            raise StoredDigestDiffers(path=called, digest=name, stored=value, found=found)
    return {name: getattr(made, name) for name in ("md5", "sha1", "sha256")}


def _shares(entries: pa.Table, workers: int) -> list[_Share]:
    """The entries cut into shares of equal bytes; an entry costs what 4 KiB cost."""
    sizes = pc.fill_null(entries["size_bytes"], 0).to_numpy() + 4096
    done = np.cumsum(sizes)
    total = int(done[-1]) if len(done) else 0
    ends = [int(np.searchsorted(done, total * each // workers, "right")) for each in range(workers)]
    return [
        _Share(f"{number}of{workers}", first, last)
        for number, (first, last) in enumerate(itertools.pairwise([*ends, len(done)]), 1)
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
            asked(names, str(folder), share.name, after, share.last, is_careful, progress=progress)
        except (ParserStopped, ParserLimitReached):
            if is_careful:
                stopped.append(_next_with_content(folder, _done(folder, share, stopped)))
            is_careful = not is_careful
        else:
            return stopped


def _done(folder: Path, share: _Share, stopped: list[int]) -> int:
    """Number of the last entry of a share that is done with."""
    return max(share.first, committed(folder, share.name), *stopped)


def _next_with_content(folder: Path, after: int) -> int:
    """The entry at which a child stopped that had committed those up to `after`."""
    for batch in batches(folder / ENTRIES):
        for row in batch.select(["number", "kind", "state"]).to_pylist():
            if row["number"] > after and has_content(row["kind"], row["state"]):
                return int(row["number"])
    raise ParserStopped(how=Phrase("why.child-answer"))


def _left_out(
    folder: Path, listed: Listed, entries: pa.Table, stopped: frozenset[int]
) -> Iterator[LeftOut]:
    """What no child said: volumes and folders without a reader, names alone, early ends."""
    for volume in listed.volumes:
        code = _VOLUMES.get(volume.state)
        if code is not None:
            yield left_out(0, Skipped(code, f"{volume.number}:", {"holds": volume.holds}))
    yield from (left_out(0, each) for each in listed.skipped)
    read = np.full(len(entries) + 1, -1, dtype=np.int64)
    for batch in table_of_folder(folder, "contents").to_batches():
        own = batch.filter(pc.equal(batch.column("member"), 0))
        read[own.column("number").to_numpy()] = own.column("read_bytes").to_numpy()
    sizes = pc.fill_null(entries["size_bytes"], 0).to_numpy()
    names_only = pc.equal(entries["state"], Allocation.NAME_ONLY.value).to_numpy()
    short = (read[1:] >= 0) & (read[1:] < sizes)
    for row in np.flatnonzero(short | names_only | np.isin(entries["number"], list(stopped))):
        number, path = int(row) + 1, entries["path"][row].as_py()
        if number in stopped:
            yield left_out(number, Skipped("entry-stopped-the-reader", path))
        elif names_only[row]:
            yield left_out(number, Skipped("entry-name-only", path))
        else:
            told = {"read": int(read[number]), "size": int(sizes[row])}
            yield left_out(number, Skipped(ENDS_EARLY, path, told))
