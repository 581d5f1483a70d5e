"""Taking over a store from another disk: copied, checked, and tied to block files that are here."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from kancil import __version__
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.store_layout import COLUMNS
from kancil.ground.errors import FileExists
from kancil.ground.files import sync_folder, translated
from kancil.ground.progress import SILENT, Progress
from kancil.ground.units import bytes_text

from .errors import ChainNotStore, StoreNoRoom
from .files import FOLDER, column_path, take_back
from .verify import Verified, Verifier, sources_at


def copied(
    theirs: Path, chain_dir: Path, *, blocks: Path | None = None, progress: Progress = SILENT
) -> Verified:
    """Copy the store of a chain's folder to this one, and check it.

    `blocks`: folder with block files of the same names; every block is then read again from them.
    Without it the rows are as their own record says and *not re-provable here*. Killed half-way
    there is no chain; the same command begins again. Raises ChainNotFound, ChainNotStore,
    FileExists, StoreNoRoom, DiskFull, FileNotReadable.
    """
    kept = chain_store.read_record(theirs)
    if kept.store is None:
        raise ChainNotStore(path=str(theirs))
    if chain_store.exists(chain_dir):
        raise FileExists(path=str(chain_dir))
    with chain_store.held(chain_dir):
        try:
            _copy(theirs, chain_dir, kept, progress)
        except BaseException:
            shutil.rmtree(chain_dir / FOLDER, ignore_errors=True)
            raise
        sources = kept.sources if blocks is None else sources_at(kept.sources, blocks)
        chain_store.write_record(chain_dir, replace(kept, sources=sources, kancil=__version__))
        take_back(chain_dir, kept.store.rows)
        return Verifier(chain_dir, progress).check(blocks=blocks is not None)


def _copy(theirs: Path, chain_dir: Path, kept: chain_store.Record, progress: Progress) -> None:
    store = kept.store
    if store is None:
        raise ChainNotStore(path=str(theirs))
    names = [column_path(theirs, column.name).name for column in COLUMNS]
    names += [run.name for run in (*store.id_runs, *store.script_runs)]
    names += [store.tree] if store.tree else []
    sizes = {name: (theirs / FOLDER / name).stat().st_size for name in names}
    free = shutil.disk_usage(chain_dir).free
    if sum(sizes.values()) > free:
        needed = bytes_text(sum(sizes.values()))
        raise StoreNoRoom(
            path=str(chain_dir), blocks="0 bytes", needed=needed, free=bytes_text(free)
        )
    target = chain_dir / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    progress.start(sum(sizes.values()), "bytes", "progress.bitcoin-copy")
    for name in names:
        try:
            shutil.copyfile(theirs / FOLDER / name, target / name)
            with (target / name).open("rb") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise translated(error, target / name) from error
        progress.advance(sizes[name])
    sync_folder(target)
    progress.finish()
