"""The bytes that the parser is timed on: the real blocks of a folder, repeated in their order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def mainnet_folder() -> Path:
    """The folder of real blocks beside the repository, else the modern ones of the sample."""
    root = Path(__file__).parents[1]
    beside = root.parent / "shared" / "data" / "bitcoin" / "blocks" / "mainnet"
    return beside if any(beside.glob("*.raw")) else root / "sample" / "blocks"


def block_files(folder: Path) -> list[Path]:
    """The files that hold one raw block each, by height; not their spent outputs."""
    paths = (path for path in folder.glob("*.raw") if path.stem.isdigit())
    return sorted(paths, key=lambda path: int(path.stem))


def repeated(folder: Path, least_bytes: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Repeat all blocks of the folder whole, until there are at least that many bytes.

    Gives the buffer, uint8, and the first byte and size of each block, int64 `[n, 2]`.
    """
    blocks = [path.read_bytes() for path in block_files(folder)]
    once = b"".join(blocks)
    times = -(-least_bytes // len(once))
    sizes = np.array([len(block) for block in blocks] * times, dtype=np.int64)
    offsets = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    return np.frombuffer(once * times, dtype=np.uint8), np.column_stack((offsets, sizes))
