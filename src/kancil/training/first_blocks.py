"""The first 600 real blocks, with which a class begins: public, and shipped with Kancil.

Block 170 holds the first payment between two people; until block 496 its change can be followed
from hand to hand. The block files stand in `first-blocks`; their source in its SOURCES.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file

from .errors import FirstBlocksChanged

CHAIN = "first-blocks"
"""Name of the blockchain; in a classroom no case's own, so that everybody reads it."""
FOLDER = Path(__file__).parent / "first-blocks"
SHA256 = {
    "blk00000.dat": "20d191d6a2c489e18600fd207c3462ce96f858301d7c07437aff0456f05aad41",
    "blk00001.dat": "e28f542ffa6df63009738776084055b9cf5d9969f367a9b77efac08d5b5d9e89",
}
"""Of each block file, by its name, in the order of heights."""
BLOCKS = 600


def first_blocks(folder: Path = FOLDER) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each block file, compared with its SHA-256.

    Raises FirstBlocksChanged, FileNotReadable.
    """
    for name, sha256 in SHA256.items():
        data = read_file(folder / name)
        if sha256_hex(data) != sha256:
            raise FirstBlocksChanged(name=name)
        yield name, data
