"""Room on a disk: what comes in leaves a reserve, which the ledger's own writes may use.

A full disk stops the ledger for everybody; a refused upload stops one person, with a sentence.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from .errors import UploadNoRoom
from .units import bytes_text

RESERVE_BYTES = 2_000_000_000
"""What must stay free where `kancil.toml` says nothing of it."""


def require_room(folder: Path, size_bytes: int, reserve_bytes: int) -> None:
    """Refuse what would leave the disk of a folder less than the reserve; raises UploadNoRoom.

    `reserve_bytes`: 0 where none is kept, and the disk may be filled.
    """
    if not reserve_bytes:
        return
    free = shutil.disk_usage(folder).free
    if free - size_bytes < reserve_bytes:
        raise UploadNoRoom(
            size=bytes_text(max(0, size_bytes)),
            free=bytes_text(free),
            reserve=bytes_text(reserve_bytes),
        )
