"""An E01 with one bit changed: what a reader must refuse by the digest that the acquisition stored.

The bit lies in the first chunk, where a superblock or boot code is. A chunk of zeros would not do:
libewf gives zeros for a chunk that cannot be unpacked, and the disk would be the same.
Source: libewf, *Expert Witness Compression Format*, section descriptors.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from kancil.evidence.errors import ImageNotReadable
from kancil.ground.phrase import Phrase

_FIRST_SECTION, _DESCRIPTOR_BYTES = 13, 76
_WITHIN_CHUNK = 16
"""Fewer bytes than the shortest chunk has, packed or not."""


def alter(image: Path, copy: Path) -> None:
    """Copy an image, and change one bit in the copy; raises ImageNotReadable where it is no E01."""
    shutil.copyfile(image, copy)
    size_bytes = copy.stat().st_size
    with copy.open("r+b") as file:
        at = _FIRST_SECTION
        while True:
            file.seek(at)
            section = file.read(_DESCRIPTOR_BYTES)
            if section.startswith(b"sectors\0"):
                break
            following = int.from_bytes(section[16:24], "little")
            if not at < following < size_bytes:
                why = Phrase("why.image-damaged", {"container": Phrase("name.container-ewf")})
                raise ImageNotReadable(path=image.name, why=why)
            at = following
        file.seek(at + _DESCRIPTOR_BYTES + _WITHIN_CHUNK)
        (byte,) = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))
