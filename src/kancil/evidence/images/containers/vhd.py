"""VHD and VHDX: disks of Hyper-V and of Windows' own backups (Microsoft, MS-VHDX)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import pyvhdi

from kancil.evidence.images.container import OpenImage, of_library


class Vhd:
    """Microsoft's virtual hard disk."""

    name = "vhd"

    def recognises(self, head: bytes, tail: bytes) -> bool:
        """By the signature at its beginning, or, of a fixed disk, at its end."""
        return head.startswith((b"conectix", b"vhdxfile")) or tail.startswith(b"conectix")

    def open(self, files: Sequence[BinaryIO]) -> OpenImage:
        """Open one file; one that only holds what differs from another is refused."""
        handle = pyvhdi.file()
        handle.open_file_object(files[0])
        if handle.get_parent_identifier():
            raise OSError("parent")
        return of_library(self.name, handle)


VHD = Vhd()
