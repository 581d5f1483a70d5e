"""ZIP files that no packer writes."""

from __future__ import annotations

import io
import struct
import zipfile

_END = b"PK\x05\x06"


def negative_offset(*names: str, shift: int = 10) -> bytes:
    """A ZIP whose first member begins, by its directory, `shift` bytes before the file does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"content")
    data = bytearray(out.getvalue())
    at = data.rindex(_END) + 16
    struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] + shift)
    return bytes(data)
