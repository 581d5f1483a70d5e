"""QCOW and QCOW2: disks of QEMU and KVM (qemu.org, docs/interop/qcow2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import pyqcow

from kancil.evidence.images.container import OpenImage, of_library


class Qcow:
    """QEMU's copy-on-write image."""

    name = "qcow"

    def recognises(self, head: bytes, tail: bytes) -> bool:
        """By its signature."""
        return head.startswith(b"QFI\xfb")

    def open(self, files: Sequence[BinaryIO]) -> OpenImage:
        """Open one file; one that only holds what differs from another is refused."""
        handle = pyqcow.file()
        handle.open_file_object(files[0])
        if handle.is_locked():
            raise OSError("encrypted")
        if handle.get_backing_filename():
            raise OSError("backing file")
        return of_library(self.name, handle)


QCOW = Qcow()
