"""Scratch: working arrays that may be larger than memory.

A small array stands in memory. A large one stands in a file without a name in the chain's own
folder: the machine writes its pages out when memory is wanted, and the file is gone when nobody
holds the array any more, or the process ends. All of its room on disk is taken at once: a page that
found the disk full later would end the process. Where the folder cannot be written, memory must do.
"""

from __future__ import annotations

import errno
import mmap
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from kancil.bitcoin.blocks.columns import Array
from kancil.ground.files import translated

_NOT_WRITABLE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
MEMORY_BYTES = 256 << 20
"""The largest array that stands in memory, unless said otherwise."""


class Scratch:
    """Gives working arrays, and room for those that are large."""

    def __init__(self, folder: Path | None, memory_bytes: int = MEMORY_BYTES) -> None:
        """Take the folder for files, None for none, and the largest array in memory."""
        self.folder = folder
        self.memory_bytes = memory_bytes

    def empty(self, count: int, dtype: DTypeLike) -> Array:
        """An array `[count]` that holds anything. Raises DiskFull, FileNotReadable."""
        kind = np.dtype(dtype)
        size_bytes = count * kind.itemsize
        if self.folder is None or size_bytes <= self.memory_bytes or not count:
            return np.empty(count, kind)
        try:
            with tempfile.TemporaryFile(dir=self.folder) as file:
                os.posix_fallocate(file.fileno(), 0, size_bytes)
                return np.frombuffer(mmap.mmap(file.fileno(), size_bytes), kind)
        except OSError as error:
            if error.errno in _NOT_WRITABLE:  # a chain that may only be read is answered from too
                return np.empty(count, kind)
            raise translated(error, self.folder) from error

    def kept(self, array: Array) -> Array:
        """The same array, out of memory if it is large: for what is only read from now on.

        Raises DiskFull, FileNotReadable.
        """
        if self.folder is None or array.nbytes <= self.memory_bytes:
            return array
        answer = self.empty(len(array), array.dtype)
        answer[:] = array
        return answer


__all__ = ["MEMORY_BYTES", "Scratch"]
