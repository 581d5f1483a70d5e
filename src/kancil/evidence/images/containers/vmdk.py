"""VMDK: disks of VMware, one sparse file each (VMware, *Virtual Disk Format 5.0*)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import pyvmdk

from kancil.evidence.images.container import OpenImage, of_library


class Vmdk:
    """VMware's disk, its description and its data in the same file, or the description first."""

    name = "vmdk"

    def recognises(self, head: bytes, tail: bytes) -> bool:
        """By its signature, or by how its description begins."""
        return head.startswith((b"KDMV", b"COWD", b"# Disk DescriptorFile"))

    def open(self, files: Sequence[BinaryIO]) -> OpenImage:
        """Open it; the extents follow their description in the order that it names them."""
        handle = pyvmdk.handle()
        handle.open_file_object(files[0])
        if handle.get_parent_filename():
            raise OSError("parent")
        handle.open_extent_data_files_as_file_objects(list(files[1:] or files))
        return of_library(self.name, handle)


VMDK = Vmdk()
