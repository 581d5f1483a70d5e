"""Checking a bundle that somebody else made, in a child of its own (`ground.child`).

Doors call this and never `verify` itself: a bundle is an archive, JSON, tables and raw
transactions from a stranger.
"""

from __future__ import annotations

from pathlib import Path

from kancil.bitcoin.compiled.kept import folders
from kancil.custody.checkpoint import Checkpoint
from kancil.custody.consistency import Consistency
from kancil.ground.child import in_child
from kancil.ground.files import read_file
from kancil.reports.casework.bundle.archive import read_archive
from kancil.reports.casework.bundle.seal import CHECKPOINT

from .verdict import BundleVerdict
from .verify import verify_bundle

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 600


@in_child(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, prepare=folders)
def check_bundle(
    path: Path,
    *,
    against: Checkpoint | None = None,
    key: str | None = None,
    timestamp_chain: bytes | None = None,
    consistency: Consistency | None = None,
) -> BundleVerdict:
    """Check a bundle file as `verify_bundle` does; raises FileNotReadable."""
    return verify_bundle(
        path,
        against=against,
        key=key,
        timestamp_chain=timestamp_chain,
        consistency=consistency,
    )


@in_child(memory_bytes=MEMORY_BYTES, cpu_seconds=60)
def checkpoint_inside(path: Path) -> bytes | None:
    """The checkpoint note that lies in a bundle; None for a file that is no bundle.

    Raises FileNotReadable.
    """
    return read_archive(read_file(path)).members.get(CHECKPOINT)
