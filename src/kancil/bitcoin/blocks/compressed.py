"""Source files that were compressed with gzip or bzip2, in the clear again and never too much.

Bytes come from `file`; what they unpack to goes to `holdings.read`, and again to whoever opens
raw bytes later: places in a source count bytes of what was unpacked, while size and digest of the
source stay those of the file as it is. Only what unpacks whole, checksums and all, counts as
compressed, so that a block which begins like a compressed file is still read as a block. Sources:
RFC 1952 (gzip); bzip2 1.0.8, "bzip2 and libbzip2", section 2 (several streams in one file).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from .file import Bytes, open_bytes

MOST_BYTES = 160_000_000
"""What a file may unpack to: a block file of Bitcoin Core (128 MiB) has room."""
MOST_RATIO = 200
"""How many times its own size a file may unpack to, beyond `FREE_BYTES`."""
FREE_BYTES = 20_000_000
"""Has room for the 16 MiB of zeros that Bitcoin Core keeps ready in its last block file."""
BROKEN, TOO_LARGE = "source-unpacks-not", "source-unpacks-large"
"""Codes of the skips."""
_STEP_BYTES = 1 << 16
_GZIP = b"\x1f\x8b\x08"
_BZIP2, _BZIP2_BLOCK, _BZIP2_EMPTY = b"BZh", b"1AY&SY", b"\x17rE8P\x90"


def looks_compressed(head: bytes) -> bool:
    """Whether a file that begins with these bytes (ten are enough) may be compressed."""
    is_bzip2 = head[:3] == _BZIP2 and head[3:4].isdigit()
    return head[:3] == _GZIP or (is_bzip2 and head[4:10] in (_BZIP2_BLOCK, _BZIP2_EMPTY))


def unpacked(data: Bytes) -> tuple[Bytes, str]:
    """Unpack a file's bytes; the bytes as they are, if they are not compressed.

    Also gives the code of a skip, with the bytes as they are, if they begin as a compressed file
    but are cut, damaged or followed by something else (`BROKEN`), or are over a limit
    (`TOO_LARGE`). No more than a limit is ever held.
    """
    head = data[:10].tobytes()
    if not looks_compressed(head):
        return data, ""
    limit = min(MOST_BYTES, max(FREE_BYTES, MOST_RATIO * len(data)))
    if len(data) > MOST_BYTES:
        return data, TOO_LARGE
    parts = _gzip_parts if head[:3] == _GZIP else _bzip2_parts
    whole = bytearray()
    try:
        for part in parts(io.BytesIO(data.data)):
            whole += part
            if len(whole) > limit:
                return data, TOO_LARGE
    except (EOFError, OSError, zlib.error):
        return data, BROKEN
    plain = np.frombuffer(whole, np.uint8)
    plain.flags.writeable = False
    return plain, ""


def _gzip_parts(file: io.BytesIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=file) as stream:
        while part := stream.read(_STEP_BYTES):
            yield part


def _bzip2_parts(file: io.BytesIO) -> Iterator[bytes]:
    """Unpack one stream after another; `bz2.BZ2File` would leave out what follows them unsaid."""
    stream, more = BZ2Decompressor(), file.read(_STEP_BYTES)
    while more or not stream.needs_input:
        yield stream.decompress(more, _STEP_BYTES)
        more = b""
        if stream.eof:
            more = stream.unused_data or file.read(_STEP_BYTES)
            if not more:
                return
            stream = BZ2Decompressor()
        elif stream.needs_input:
            more = file.read(_STEP_BYTES)
    raise EOFError


def open_plain(path: Path, sha256: str) -> Bytes:
    """Open a source as `open_bytes` does, unpacked as it was when it was read.

    `sha256`: of the file as it was read; nothing else is unpacked, so that what is opened outside a
    child has been unpacked whole inside one before. Empty for files that are never compressed (of a
    store). Raises OSError, also for other bytes. What was unpacked last is kept, for as long as its
    file stays as it is.
    """
    data = open_bytes(path)
    if not sha256 or not looks_compressed(data[:10].tobytes()):
        return data
    found = path.stat()
    return _kept(path, sha256, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=1)
def _kept(path: Path, sha256: str, *_state: int) -> Bytes:
    data = open_bytes(path)
    if hashlib.sha256(data.data).hexdigest() != sha256:
        raise OSError(path)
    return unpacked(data)[0]


__all__ = [
    "BROKEN",
    "FREE_BYTES",
    "MOST_BYTES",
    "MOST_RATIO",
    "TOO_LARGE",
    "looks_compressed",
    "open_plain",
    "unpacked",
]
