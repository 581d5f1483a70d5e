"""Block files as Bitcoin Core writes them: `blk00000.dat` and on, each of at most 128 MiB.

Before each block stand the network's magic and the block's length (node/blockstorage.cpp,
MAX_BLOCKFILE_SIZE). Core makes files longer in steps, with zeros behind the last block; these are
as long as what is in them.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from kancil.bitcoin.network import Network
from kancil.ground.files import translated

MAX_FILE_BYTES = 0x8000000


class BlockFiles:
    """Writes blocks one after another into the files of a folder, and hashes the files."""

    def __init__(self, folder: Path, network: Network, *, most: int = MAX_FILE_BYTES) -> None:
        """Begin with no file; `most` is another size only in tests."""
        self._folder, self._magic, self._most = folder, network.magic, most
        self._open: BinaryIO | None = None
        self._size = 0
        self._digest = hashlib.sha256()
        self.files: list[dict[str, object]] = []
        """Name, size in bytes and SHA-256 of each file that is whole."""

    def add(self, block: bytes) -> None:
        """Write one block; raises DiskFull, FileNotReadable."""
        record = self._magic + len(block).to_bytes(4, "little")
        needed = len(record) + len(block)
        if self._open is not None and self._size + needed > self._most:
            self.close()
        path = self._folder / f"blk{len(self.files):05d}.dat"
        try:
            if self._open is None:
                self._open = path.open("xb")
                self._size, self._digest = 0, hashlib.sha256()
            self._open.write(record)
            self._open.write(block)
        except OSError as error:
            raise translated(error, path) from error
        self._digest.update(record)
        self._digest.update(block)
        self._size += needed

    def close(self) -> None:
        """Make the file in hand durable and note what it is; raises DiskFull, FileNotReadable."""
        if self._open is None:
            return
        path = self._folder / f"blk{len(self.files):05d}.dat"
        try:
            with self._open as file:
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise translated(error, path) from error
        self._open = None
        self.files.append(
            {"name": path.name, "size_bytes": self._size, "sha256": self._digest.hexdigest()}
        )
