"""The files of a store: columns that only grow, and the record that says how far they count.

A change writes beyond the rows that `chain.json` counts, makes that durable, and then replaces
`chain.json`: the one step that counts. What lies beyond is cut off by the next writer. Two columns
change in place (`layout.Column.is_mutable`); what is written there for rows not yet counted is at
or over the counted rows, which every reader takes for *none*, and a list of the places stands in
`pending.arrays` until the step is done, so that the next writer can take it back.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import mmap
import os
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.holdings.store_layout import BY_NAME, COLUMNS, Column, Rows
from kancil.ground.files import sync_folder, translated, write_durably
from kancil.ground.owner import OWN_FILE

from .errors import ChainBeingChanged, ChainBeingRead

Array = NDArray[Any]
FOLDER = "store"
"""Folder of the columns, within the chain's."""
_COLUMN_SUFFIX = ".column"
_PENDING = "pending.arrays"
_READING = ".reading"
_WANTED = ".wanted"
PATIENCE_SECONDS = 30.0
"""So long a writer waits for those who have the store open."""
READER_PATIENCE_SECONDS = 3.0
"""So long a reader waits for a writer: a request of a site, which waits meanwhile, as a command."""
_TRY_SECONDS = 0.2
_REBUILDING = "rebuilding"
_SYNCS = 8
"""Columns that are made durable at a time."""


# --- columns --------------------------------------------------------------------------------------


def column_path(chain_dir: Path, name: str) -> Path:
    """The file of a column."""
    return chain_dir / FOLDER / f"{name}{_COLUMN_SUFFIX}"


def map_column(chain_dir: Path, column: Column, rows: Rows, *, to_write: bool = False) -> Array:
    """Map the counted entries of a column. Raises ChainBroken for a file that is too short."""
    path = column_path(chain_dir, column.name)
    entries = rows.entries(column)
    shape = (entries, column.width) if column.width else (entries,)
    if not entries:
        return np.zeros(shape, column.dtype)
    size_bytes = entries * column.row_bytes
    access = mmap.PROT_READ | (mmap.PROT_WRITE if to_write else 0)
    try:
        with path.open("r+b" if to_write else "rb") as file:
            if os.fstat(file.fileno()).st_size < size_bytes:
                raise ChainBroken(path=str(path))
            mapped = mmap.mmap(file.fileno(), size_bytes, prot=access)
    except FileNotFoundError as error:
        raise ChainBroken(path=str(path)) from error
    return np.frombuffer(mapped, column.dtype).reshape(shape)


def map_columns(chain_dir: Path, rows: Rows) -> dict[str, Array]:
    """Map the counted entries of every column."""
    return {column.name: map_column(chain_dir, column, rows) for column in COLUMNS}


class Writer:
    """Adds rows to the end of the columns; nothing counts until the record says so."""

    def __init__(self, chain_dir: Path, rows: Rows) -> None:
        """Cut off what lies beyond the counted rows."""
        self.chain_dir = chain_dir
        self.rows = rows
        self._digests: dict[str, Any] = {}
        (chain_dir / FOLDER).mkdir(exist_ok=True)
        for column in COLUMNS:
            _cut(column_path(chain_dir, column.name), column, rows)

    def add(self, name: str, values: Array) -> None:
        """Add rows to one column. Raises DiskFull, FileNotReadable."""
        column = BY_NAME[name]
        data = np.ascontiguousarray(values, column.dtype)
        raw: Any = data.reshape(-1).view(np.uint8)
        if not column.is_mutable:
            self._digests.setdefault(name, hashlib.sha256()).update(raw)
        path = column_path(self.chain_dir, name)
        try:
            with path.open("ab") as file:
                file.write(raw)
        except OSError as error:
            raise translated(error, path) from error

    def finish(self) -> dict[str, str]:
        """Make everything durable; gives the digest of what was added to each column."""
        with ThreadPoolExecutor(_SYNCS) as pool:
            list(pool.map(self._sync, COLUMNS))
        sync_folder(self.chain_dir / FOLDER)
        empty = hashlib.sha256().hexdigest()
        return {
            column.name: self._digests[column.name].hexdigest()
            if column.name in self._digests
            else empty
            for column in COLUMNS
            if not column.is_mutable
        }

    def _sync(self, column: Column) -> None:
        path = column_path(self.chain_dir, column.name)
        try:
            with path.open("rb") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise translated(error, path) from error


def _cut(path: Path, column: Column, rows: Rows) -> None:
    size_bytes = rows.entries(column) * column.row_bytes
    try:
        with path.open("ab") as file:
            found = file.tell()
            if found < size_bytes and rows.of(column.table):
                raise ChainBroken(path=str(path))
            if found < size_bytes:  # a column of starts begins with 0
                file.write(bytes(size_bytes - found))
            elif found > size_bytes:
                file.truncate(size_bytes)
    except OSError as error:
        raise translated(error, path) from error


# --- what is changed in place ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pending:
    """Places of the mutable columns that a step changes."""

    outputs: Array
    """Outputs whose spender is written, int64 ascending."""
    scripts: Array
    """Scripts whose last output is written, int64 ascending."""
    last: Array
    """int64: what stood there before."""

    def save(self, chain_dir: Path) -> None:
        """Write it down, before anything is changed. Raises DiskFull."""
        from kancil.bitcoin.holdings import store as chain_store

        path = chain_dir / FOLDER / _PENDING
        path.unlink(missing_ok=True)
        names = ("outputs", "scripts", "last")
        chain_store.write_arrays(path, {name: getattr(self, name) for name in names})
        sync_folder(path.parent)

    @staticmethod
    def done(chain_dir: Path) -> None:
        """Forget it: the step is done."""
        path = chain_dir / FOLDER / _PENDING
        path.unlink(missing_ok=True)


def take_back(chain_dir: Path, rows: Rows) -> None:
    """Take back what a killed step wrote in place beyond the counted rows."""
    from kancil.bitcoin.holdings import store as chain_store

    if is_rebuilding(chain_dir):
        rebuild(chain_dir, rows)
        return
    path = chain_dir / FOLDER / _PENDING
    if not path.is_file():
        return
    try:
        found = chain_store.map_arrays(path)
    except ChainBroken:
        path.unlink()  # killed while it was written: nothing was changed yet
        return
    spender = map_column(chain_dir, BY_NAME["output_spender"], rows, to_write=True)
    outputs = found["outputs"][found["outputs"] < rows.outputs]
    open_spends = outputs[spender[outputs] >= rows.inputs]
    spender[open_spends] = -1
    last = map_column(chain_dir, BY_NAME["script_last"], rows, to_write=True)
    inside = found["scripts"] < rows.scripts
    scripts, before = found["scripts"][inside], found["last"][inside]
    is_open = last[scripts] >= rows.outputs
    last[scripts[is_open]] = before[is_open]
    flush(spender)
    flush(last)
    Pending.done(chain_dir)


def mark_rebuilding(chain_dir: Path) -> None:
    """That the columns kept in place are being made anew; until `rebuild` nobody reads."""
    write_durably(chain_dir / FOLDER / _REBUILDING, b"")


def is_rebuilding(chain_dir: Path) -> bool:
    """Whether making the columns anew began and did not end."""
    return (chain_dir / FOLDER / _REBUILDING).exists()


def rebuild(chain_dir: Path, rows: Rows) -> None:
    """Make the columns that follow from others anew, whatever they hold. Raises DiskFull."""
    from . import check_kernels

    source = map_column(chain_dir, BY_NAME["input_source"], rows)
    script = map_column(chain_dir, BY_NAME["output_script_id"], rows)
    for name, fill, of in (
        ("output_spender", check_kernels.fill_spenders, source),
        ("script_last", check_kernels.fill_last, script),
    ):
        _with_length(column_path(chain_dir, name), rows.entries(BY_NAME[name]) * 8)
        column = map_column(chain_dir, BY_NAME[name], rows, to_write=True)
        fill(of, column)
        flush(column)
    Pending.done(chain_dir)
    (chain_dir / FOLDER / _REBUILDING).unlink(missing_ok=True)


def _with_length(path: Path, size_bytes: int) -> None:
    try:
        with path.open("ab") as file:
            if size_bytes:
                os.posix_fallocate(file.fileno(), 0, size_bytes)
            os.ftruncate(file.fileno(), size_bytes)
    except OSError as error:
        raise translated(error, path) from error


def flush(array: Array) -> None:
    """Make a column that was mapped for writing durable."""
    base: Any = array
    while isinstance(base, np.ndarray) and base.base is not None:
        base = base.base
    held = base.obj if isinstance(base, memoryview) else base
    if isinstance(held, mmap.mmap):
        held.flush()


# --- readers --------------------------------------------------------------------------------------


class Reading:
    """Held by whoever has a store open, so that no row is taken back under their eyes."""

    def __init__(self, chain_dir: Path) -> None:
        """Take the lock that many may hold, while this object lives, or to the `with`'s end.

        A folder that cannot be written needs none. Raises ChainBeingChanged where a writer holds
        the store longer than `READER_PATIENCE_SECONDS`, and FileNotReadable.
        """
        self._end: Callable[[], object] | None = None
        path = chain_dir / _READING
        try:
            lock = _lock_file(path)
        except OSError:
            return
        self._end = weakref.finalize(self, os.close, lock)
        try:
            _hold(lock, fcntl.LOCK_SH, monotonic() + READER_PATIENCE_SECONDS)
        except OSError as error:
            self._end()
            if isinstance(error, BlockingIOError):
                raise ChainBeingChanged(path=str(chain_dir)) from error
            raise translated(error, path) from error

    def __enter__(self) -> Self:
        """Hold it for a while."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """Let go."""
        if self._end is not None:
            self._end()


@contextmanager
def unread(chain_dir: Path) -> Iterator[None]:
    """Hold the store so that nobody reads it.

    Whoever keeps it open is asked to let go (`is_wanted`), and waited for. The caller holds the
    chain, so that one writer at most is here. Raises ChainBeingRead, FileNotReadable.
    """
    gc.collect()  # chains that this process itself no longer uses
    until = monotonic() + PATIENCE_SECONDS
    wanted = chain_dir / _WANTED
    with _alone(wanted, until):
        try:
            with _alone(chain_dir / _READING, until):
                yield
        finally:
            wanted.unlink(missing_ok=True)


@contextmanager
def _alone(path: Path, until: float) -> Iterator[None]:
    try:
        lock = _lock_file(path)
    except OSError as error:
        raise translated(error, path) from error
    try:
        try:
            _hold(lock, fcntl.LOCK_EX, until)
        except BlockingIOError as error:
            raise ChainBeingRead(path=str(path.parent)) from error
        except OSError as error:
            raise translated(error, path) from error
        yield
    finally:
        os.close(lock)


def _lock_file(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWN_FILE)


def _hold(lock: int, way: int, until: float) -> None:
    """Lock a file by a time of `monotonic`, or raise BlockingIOError."""
    while True:
        try:
            fcntl.flock(lock, way | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() >= until:
                raise
            sleep(_TRY_SECONDS)
        else:
            return


def is_wanted(chain_dir: Path) -> bool:
    """Whether a writer waits until nobody has the store open, or holds it.

    The writer's lock on a file says so, not the file: the lock ends with the writer in any case.
    """
    try:
        lock = os.open(chain_dir / _WANTED, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def swept(chain_dir: Path, kept: Iterable[str]) -> None:
    """Delete files of the store that the record does not name."""
    names = set(kept) | {f"{column.name}{_COLUMN_SUFFIX}" for column in COLUMNS}
    names |= {_PENDING, _REBUILDING}
    folder = chain_dir / FOLDER
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in names:
                path.unlink(missing_ok=True)


__all__ = [
    "FOLDER",
    "Pending",
    "Reading",
    "Writer",
    "column_path",
    "flush",
    "is_wanted",
    "map_column",
    "map_columns",
    "swept",
    "take_back",
    "unread",
]
