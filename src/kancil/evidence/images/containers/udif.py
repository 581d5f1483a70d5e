"""UDIF, known as DMG: Apple's compressed disk image (libyal/libmodi, documentation)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import pymodi

from kancil.evidence.images.container import OpenImage, of_library


class Udif:
    """Apple's universal disk image format."""

    name = "udif"

    def recognises(self, head: bytes, tail: bytes) -> bool:
        """By the signature of its last 512 bytes; a DMG without it is a raw image."""
        return tail.startswith(b"koly")

    def open(self, files: Sequence[BinaryIO]) -> OpenImage:
        """Open one file."""
        handle = pymodi.handle()
        handle.open_file_object(files[0])
        return of_library(self.name, handle)


UDIF = Udif()
