"""Compiled kernels in a process that may soon write nothing: made ready before, read after.

Numba keeps what it compiled in a folder, and asks of that folder that it can be written. A
confined child may not: bytes that took it over could else leave compiled code there for the next
process to run. So it runs the kernels on one known block first, by which those that are not kept
yet are compiled and kept, and from then on only reads.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kancil.bitcoin.compiled.kept import folders
from kancil.bitcoin.network import MAINNET

GENESIS_BLOCK = bytes.fromhex(
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e"
    "67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c01010000000100000000000000000000"
    "00000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f"
    "4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f75742066"
    "6f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a6"
    "7962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000"
)
"""The first block of mainnet, as every node has it."""
_ITS_TRANSACTION = 81
"""Where its one transaction begins: after header and count."""


def ready_to_read() -> Iterable[str]:
    """Have the kernels compiled and kept that read blocks and single transactions.

    Gives the folders in which they are. After it this process keeps no more: what is compiled later
    is its own.
    """
    return _ready({"spent": [], "fresh": True})


def ready_to_add() -> Iterable[str]:
    """Have the kernels compiled and kept that add blocks to a store; else as `ready_to_read`."""
    return _ready({"store": {"first_height": 0, "threads": 1, "memory_bytes": 1 << 30}})


def _ready(how: dict[str, Any]) -> Iterable[str]:
    from kancil.bitcoin.compiled.memory import keep_no_more

    from . import ingest_child  # which names these functions

    with tempfile.TemporaryDirectory() as name:
        block = Path(name) / "blk00000.dat"
        frame = MAINNET.magic + len(GENESIS_BLOCK).to_bytes(4, "little")
        block.write_bytes(frame + GENESIS_BLOCK)
        sources = [block]
        if "store" not in how:  # into a store only blocks go
            sources.append(Path(name) / "transaction")
            sources[-1].write_bytes(GENESIS_BLOCK[_ITS_TRANSACTION:])
        asked = {
            "chain_dir": name,
            "temporary": f"{name}/arrays",
            "network": MAINNET.name,
            "network_named": True,
            "sources": [[str(source), "", "", ""] for source in sources],
        }
        ingest_child.run({**asked, **how}, lambda _message: None)
    keep_no_more()
    return folders()
