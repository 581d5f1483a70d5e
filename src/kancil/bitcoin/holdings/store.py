"""How a chain lies on disk: `chain.json`, and one file of arrays that it names.

A change writes a new file of arrays beside the old one and then replaces `chain.json`, which is
the one step that counts: killed at any moment, the folder holds the old chain or the new one. The
format is a cache of Kancil's own (docs/reference/chain.md); the sources are the truth.

The array file: 8 bytes magic, u64 length of the directory, the directory (JSON: name to dtype,
shape, offset), then the arrays, each at a multiple of 64 bytes.
"""

from __future__ import annotations

import json
import math
import mmap
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from kancil.ground.errors import FormatTooNew, FormatTooOld
from kancil.ground.files import held_folder, sync_folder, translated, write_durably
from kancil.ground.ids import new_id

from .errors import ChainBroken, ChainBusy, ChainNotFound
from .sources import Source, SourceForm
from .store_record import StoreRecord

FORMAT = 1
RECORD_NAME = "chain.json"
_ARRAYS_SUFFIX = ".arrays"
_TEMPORARY = ".tmp-"
_MAGIC = b"KANCIL\x00\x01"
_ALIGNMENT = 64
_HEAD = len(_MAGIC) + 8

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Record:
    """What `chain.json` says: which network, which array file, what was read and when."""

    network: str
    arrays: str
    """Name of the array file."""
    sources: tuple[Source, ...]
    proofs: tuple[dict[str, Any], ...] = ()
    """Merkle proofs of loose transactions: `txid`, `header` (hex), `raw` (hex), `source`."""
    ingests: tuple[dict[str, Any], ...] = ()
    """Each ingest's own record: id, time, counts, skips by code."""
    kancil: str = field(default="")
    """Version that wrote the arrays."""
    store: StoreRecord | None = None
    """What is kept of it, where it is a store (`kancil.bitcoin.store`); `arrays` is then empty."""


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write an array file and make it durable. Raises DiskFull, FileNotReadable."""
    file = ArrayFile(path, {name: (array.dtype, array.shape) for name, array in arrays.items()})
    for name, array in arrays.items():
        file.add(name, array)
    file.close()


class ArrayFile:
    """An array file that is written part by part, for arrays that may be larger than memory."""

    def __init__(self, path: Path, kinds: Mapping[str, tuple[DTypeLike, tuple[int, ...]]]) -> None:
        """Make the file, with all of its room. `kinds`: type and shape of each array.

        Raises DiskFull, FileNotReadable.
        """
        self.path = path
        directory: dict[str, Any] = {}
        at = 0
        for name, (kind, shape) in kinds.items():
            at = -(-at // _ALIGNMENT) * _ALIGNMENT
            directory[name] = [np.dtype(kind).str, list(shape), at]
            at += math.prod(shape) * np.dtype(kind).itemsize
        text = json.dumps(directory).encode("ascii")
        first = -(-(_HEAD + len(text)) // _ALIGNMENT) * _ALIGNMENT
        self._next = {name: first + place for name, (_, _, place) in directory.items()}
        try:
            self._file = path.open("xb")
            os.posix_fallocate(self._file.fileno(), 0, first + at)
            self._file.write(_MAGIC + len(text).to_bytes(8, "little") + text)
        except OSError as error:
            raise translated(error, path) from error

    def add(self, name: str, part: NDArray[Any]) -> None:
        """Write the next part of an array. Raises DiskFull, FileNotReadable."""
        if not part.size:
            return
        try:
            self._file.seek(self._next[name])
            self._file.write(np.ascontiguousarray(part).data.cast("B"))
        except OSError as error:
            raise translated(error, self.path) from error
        self._next[name] += part.nbytes

    def close(self) -> None:
        """Make it durable. Raises DiskFull, FileNotReadable."""
        try:
            with self._file:
                self._file.flush()
                os.fsync(self._file.fileno())
        except OSError as error:
            raise translated(error, self.path) from error


def map_arrays(path: Path) -> Arrays:
    """Map an array file read-only. Raises ChainBroken, FileNotFoundError."""
    with path.open("rb") as file:
        size_bytes = os.fstat(file.fileno()).st_size
        if size_bytes < _HEAD:
            raise ChainBroken(path=str(path))
        mapped = mmap.mmap(file.fileno(), size_bytes, prot=mmap.PROT_READ)
    length = int.from_bytes(mapped[len(_MAGIC) : _HEAD], "little")
    if mapped[: len(_MAGIC)] != _MAGIC or _HEAD + length > size_bytes:
        raise ChainBroken(path=str(path))
    first = -(-(_HEAD + length) // _ALIGNMENT) * _ALIGNMENT
    try:
        directory = json.loads(mapped[_HEAD : _HEAD + length])
        return {
            name: np.ndarray(shape, np.dtype(kind), mapped, first + at)
            for name, (kind, shape, at) in directory.items()
        }
    except (ValueError, TypeError) as error:
        raise ChainBroken(path=str(path)) from error


def exists(chain_dir: Path) -> bool:
    """Whether the folder holds a chain."""
    return (chain_dir / RECORD_NAME).is_file()


def read_record(chain_dir: Path, *, accept_older: bool = False) -> Record:
    """Read `chain.json`; `accept_older` is for building a chain anew.

    Raises ChainNotFound, ChainBroken, FormatTooNew, FormatTooOld.
    """
    path = chain_dir / RECORD_NAME
    try:
        found = json.loads(path.read_bytes())
        number = found["format"]
    except FileNotFoundError as error:
        raise ChainNotFound(path=str(chain_dir)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChainBroken(path=str(path)) from error
    if number > FORMAT:
        raise FormatTooNew(what=str(path), found=number, known=FORMAT)
    if number < FORMAT and not accept_older:
        raise FormatTooOld(what=str(path), found=number, known=FORMAT)
    try:
        return Record(
            network=found["network"],
            arrays=found["arrays"],
            sources=tuple(_source_from(row, chain_dir) for row in found["sources"]),
            proofs=tuple(found["proofs"]),
            ingests=tuple(found["ingests"]),
            kancil=found["kancil"],
            store=StoreRecord.read(found["store"], str(path)) if "store" in found else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ChainBroken(path=str(path)) from error


def write_record(chain_dir: Path, record: Record) -> None:
    """Replace `chain.json`: from here on the chain is the new one."""
    sources = [_source_row(source, chain_dir) for source in record.sources]
    found = {
        "format": FORMAT,
        "network": record.network,
        "arrays": record.arrays,
        "sources": sources,
        "proofs": list(record.proofs),
        "ingests": list(record.ingests),
        "kancil": record.kancil,
    }
    if record.store is not None:
        found["store"] = record.store.as_dict()
    write_durably(chain_dir / RECORD_NAME, json.dumps(found, indent=1).encode("utf-8") + b"\n")


def _source_row(source: Source, chain_dir: Path) -> dict[str, Any]:
    """Write paths inside the workspace as seen from the chain, so that both can move together."""
    row = source.as_dict()
    path = Path(source.path)
    if path.is_relative_to(_home(chain_dir)):
        row["path"] = os.path.relpath(path, chain_dir.absolute())
    return row


def _source_from(row: dict[str, Any], chain_dir: Path) -> Source:
    path = os.path.normpath(chain_dir.absolute() / row["path"])
    return Source(**{**row, "path": path, "form": SourceForm(row["form"])})


def _home(chain_dir: Path) -> Path:
    """The workspace of a chain, which lies in its `chains` folder."""
    return chain_dir.absolute().parent.parent


# --- writing, one at a time -----------------------------------------------------------------------


@contextmanager
def held(chain_dir: Path) -> Iterator[int]:
    """Hold the chain for writing; gives the lock's file descriptor. Raises ChainBusy.

    Whoever holds it sweeps what a killed writer left.
    """
    with held_folder(chain_dir, ChainBusy(path=str(chain_dir))) as lock:
        sweep(chain_dir)
        yield lock


def sweep(chain_dir: Path) -> None:
    """Delete array files that `chain.json` does not name, and unfinished ones."""
    kept = read_record(chain_dir, accept_older=True).arrays if exists(chain_dir) else ""
    for path in chain_dir.iterdir():
        is_ours = path.name.endswith(_ARRAYS_SUFFIX) or path.name.startswith(_TEMPORARY)
        if is_ours and path.name != kept:
            path.unlink(missing_ok=True)


def new_temporary(chain_dir: Path) -> Path:
    """A name for an array file that is not yet part of the chain."""
    return chain_dir / f"{_TEMPORARY}{new_id()}"


def commit(chain_dir: Path, temporary: Path, record: Record) -> None:
    """Make a written array file and its record the chain. Raises DiskFull, FileNotReadable."""
    target = chain_dir / record.arrays
    try:
        temporary.rename(target)
        sync_folder(chain_dir)
    except OSError as error:
        raise translated(error, target) from error
    try:
        write_record(chain_dir, record)
    finally:
        # Whatever happened, `chain.json` says which arrays count: only the others are deleted.
        sweep(chain_dir)


def new_arrays_name() -> str:
    """A name that no array file has had."""
    return new_id() + _ARRAYS_SUFFIX


def open_chain_files(chain_dir: Path) -> tuple[Record, Arrays]:
    """Read the record and map its arrays; a chain replaced in between is read again.

    A store has no array file: `kancil.bitcoin.store.opened` maps its columns.

    Raises ChainNotFound, ChainBroken, FormatTooNew, FormatTooOld.
    """
    record = read_record(chain_dir)
    if record.store is not None:
        return record, {}
    for _ in range(8):
        try:
            return record, map_arrays(chain_dir / record.arrays)
        except FileNotFoundError as error:
            again = read_record(chain_dir)
            if again.arrays == record.arrays:
                raise ChainBroken(path=str(chain_dir / record.arrays)) from error
            record = again
    raise ChainBroken(path=str(chain_dir))
