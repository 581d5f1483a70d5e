"""Raw images: the disk byte for byte, in one file or split into several that follow each other."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from kancil.evidence.images.container import OpenImage


class Raw:
    """What no other container recognises: the bytes as they are."""

    name = "raw"

    def recognises(self, head: bytes, tail: bytes) -> bool:
        """Whatever it is."""
        return True

    def open(self, files: Sequence[BinaryIO]) -> OpenImage:
        """Lay the files one after the other."""
        sizes = [each.seek(0, io.SEEK_END) for each in files]
        starts = [0, *accumulate(sizes)]

        def read(offset: int, size: int) -> bytes:
            found = b""
            while size and offset < starts[-1]:
                number = bisect_right(starts, offset) - 1
                files[number].seek(offset - starts[number])
                part = files[number].read(min(size, starts[number + 1] - offset))
                if not part:
                    raise OSError("the file became shorter")
                found, offset, size = found + part, offset + len(part), size - len(part)
            return found

        path = Path(files[0].name) if len(files) == 1 else None
        return OpenImage(self.name, starts[-1], read, path=path)


RAW = Raw()
