"""Blocks fetched from a node, kept as block files of Bitcoin Core's form that become sources.

`blk00000.dat` and on: magic, length, block; finished, read-only, never touched again. The one that
is being written is `unfinished.part`; killed at any moment, what of it is whole is kept and the
rest cut off. `fetched.jsonl` says, a line each, which node was asked when and what each file holds.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from kancil.bitcoin.blocks import file as blockfile
from kancil.bitcoin.blocks.headers import HEADER_BYTES
from kancil.bitcoin.blocks.merkle_proof import sha256d
from kancil.bitcoin.blocks.plain import fault_of
from kancil.bitcoin.holdings.errors import ChainBusy
from kancil.bitcoin.network import Network
from kancil.ground import clock
from kancil.ground.files import held_folder, sha256_of, sync_folder, translated

PART_NAME = "unfinished.part"
JOURNAL_NAME = "fetched.jsonl"
MOST_FILE_BYTES = 0x8000000
"""As Bitcoin Core's MAX_BLOCKFILE_SIZE (node/blockstorage.h)."""
_SYNC_BYTES = 1 << 24
_FINISHED = re.compile(r"blk(\d{5,})\.dat")
_FRAME_BYTES = 8


@dataclass(slots=True)
class Fetched:
    """The folder of one chain's fetched blocks, held for writing; made by `held`."""

    folder: Path
    network: Network
    kept: list[bytes] = field(default_factory=list)
    """Hashes (internal byte order) of the blocks of the unfinished file, in its order."""
    _file: IO[bytes] | None = None
    _size: int = 0
    _unsynced: int = 0

    # --- what is there ------------------------------------------------------------------------

    def finished(self) -> list[Path]:
        """The finished files, in order."""
        found = [path for path in self.folder.iterdir() if _FINISHED.fullmatch(path.name)]
        return sorted(found, key=lambda path: (len(path.name), path.name))

    def take_up(self) -> None:
        """Keep what of an unfinished file is whole, cut off the rest, and open it for more."""
        path = self.folder / PART_NAME
        end = self._whole(path) if path.exists() else 0
        try:
            self._file = path.open("ab")
            if self._file.tell() > end:
                self._file.truncate(end)
                os.fsync(self._file.fileno())
        except OSError as error:
            raise translated(error, path) from error
        self._size = end
        self._tell_of_finished()

    def _whole(self, path: Path) -> int:
        """Read the unfinished file's blocks; give the byte behind the last that is whole."""
        try:
            data = blockfile.open_bytes(path)
        except OSError as error:
            raise translated(error, path) from error
        at = 0
        while True:
            head = data[at : at + _FRAME_BYTES].tobytes()
            size = int.from_bytes(head[4:], "little")
            raw = data[at + _FRAME_BYTES : at + _FRAME_BYTES + size].tobytes()
            if head[:4] != self.network.magic or len(raw) != size or size < HEADER_BYTES:
                return at
            block_hash = sha256d(raw[:HEADER_BYTES])
            if fault_of(raw, block_hash, self.network) is not None:
                return at
            self.kept.append(block_hash)
            at += _FRAME_BYTES + size

    # --- what comes ---------------------------------------------------------------------------

    def add(self, raw: bytes) -> None:
        """Write a checked block behind the others. Raises DiskFull, FileNotReadable."""
        file = self._open_file()
        if self._size and self._size + _FRAME_BYTES + len(raw) > MOST_FILE_BYTES:
            self.finish()
            file = self._open_file()
        try:
            file.write(self.network.magic + len(raw).to_bytes(4, "little") + raw)
            file.flush()
            self._unsynced += len(raw)
            if self._unsynced >= _SYNC_BYTES:
                self._sync(file)
        except OSError as error:
            raise translated(error, self.folder / PART_NAME) from error
        self._size += _FRAME_BYTES + len(raw)
        self.kept.append(sha256d(raw[:HEADER_BYTES]))

    def finish(self) -> None:
        """Make a finished file of the unfinished one, if it holds anything."""
        path, file = self.folder / PART_NAME, self._open_file()
        try:
            self._sync(file)
            file.close()
            self._file = None
            if self.kept:
                path.chmod(0o400)
                path.rename(self.folder / f"blk{self._next_number():05}.dat")
            else:
                path.unlink()
            sync_folder(self.folder)
        except OSError as error:
            raise translated(error, path) from error
        self.kept, self._size = [], 0
        self._tell_of_finished()

    def close(self) -> None:
        """Leave the unfinished file for another time, on disk."""
        if self._file is not None:
            try:
                self._sync(self._file)
            finally:
                self._file.close()
                self._file = None

    def _open_file(self) -> IO[bytes]:
        if self._file is None:
            self._file = (self.folder / PART_NAME).open("ab")
        return self._file

    def _sync(self, file: IO[bytes]) -> None:
        file.flush()
        os.fsync(file.fileno())
        self._unsynced = 0

    def _next_number(self) -> int:
        numbers = [int(path.name[3:-4]) for path in self.finished()]
        return max(numbers, default=-1) + 1

    # --- the journal --------------------------------------------------------------------------

    def tell(self, event: str, **facts: Any) -> None:
        """Write a line into the journal and make it durable. Raises DiskFull, FileNotReadable."""
        path = self.folder / JOURNAL_NAME
        line = {"event": event, "at": clock.to_text(clock.now()), **facts}
        try:
            with path.open("a+b") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - 1))
                torn = end > 0 and file.read(1) != b"\n"
                file.write((b"\n" if torn else b"") + json.dumps(line).encode("ascii") + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise translated(error, path) from error

    def told(self) -> list[dict[str, Any]]:
        """The journal's lines; one that a kill tore is left out."""
        try:
            lines = (self.folder / JOURNAL_NAME).read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise translated(error, self.folder / JOURNAL_NAME) from error
        found = []
        for line in lines:
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if isinstance(told, dict):
                found.append(told)
        return found

    def _tell_of_finished(self) -> None:
        """Write the line of each finished file that has none, as after a kill."""
        known = {line.get("name") for line in self.told() if line.get("event") == "file"}
        for path in self.finished():
            if path.name in known:
                continue
            digest = sha256_of(path)
            self.tell("file", name=path.name, size_bytes=path.stat().st_size, sha256=digest)


@contextmanager
def held(folder: Path, network: Network) -> Iterator[Fetched]:
    """Hold a folder of fetched blocks for writing, and take up what a kill left.

    Raises ChainBusy while another process does, DiskFull, FileNotReadable.
    """
    fetched = Fetched(folder, network)
    with held_folder(folder, ChainBusy(path=str(folder))):
        try:
            fetched.take_up()
            yield fetched
        finally:
            fetched.close()
