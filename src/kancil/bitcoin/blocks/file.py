"""The bytes of one source file: opened safely, mapped, freed of Bitcoin Core's XOR, or of hex.

Paths come from `sources`; arrays of bytes go to the parser, and later to whoever needs the raw
bytes of one transaction or block. Nothing here knows what the bytes mean.
"""

from __future__ import annotations

import mmap
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .json_answers import MOST_BYTES, looks_like_json, raw_pieces

Bytes = NDArray[np.uint8]

KEY_BYTES = 8
KEY_NAME = "xor.dat"
"""Bitcoin Core 28 and later keep a blocks folder's key in this file (node/blockstorage.cpp)."""
SMALL_BYTES = 1 << 20
"""Files up to this size are read at once; larger ones are mapped."""
_HEX = b"0123456789abcdefABCDEF"
_SPACE = b" \t\r\n\v\f"
_MARK = b"\xef\xbb\xbf"
_HEAD_BYTES = 128


class NotAFile(OSError):
    """The path is a device, a pipe, a socket or a folder."""


def open_bytes(path: Path) -> Bytes:
    """A file's bytes, read-only: uint8 `[size]`.

    Opens without waiting, so that a pipe put in place of a file cannot hang the work. Raises
    NotAFile for what is not a regular file, OSError for what cannot be read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise NotAFile(path)
        if found.st_size <= SMALL_BYTES:
            with os.fdopen(os.dup(handle), "rb") as file:
                return np.frombuffer(file.read(), np.uint8)
        mapped = mmap.mmap(handle, found.st_size, prot=mmap.PROT_READ)
        if hasattr(mmap, "MADV_SEQUENTIAL"):
            mapped.madvise(mmap.MADV_SEQUENTIAL)
        return np.frombuffer(mapped, np.uint8)
    finally:
        os.close(handle)


def without_xor(data: Bytes, key: bytes, offset: int = 0) -> Bytes:
    """A decoded copy of bytes that stood at that offset of a file XORed with an 8-byte key."""
    if not any(key) or not len(data):
        return data
    shift = offset % KEY_BYTES
    turned = np.frombuffer(key[shift:] + key[:shift], np.uint8)
    plain = np.empty(len(data), np.uint8)
    whole = len(data) // KEY_BYTES * KEY_BYTES
    words: Any = data[:whole].view(np.uint64)
    np.bitwise_xor(words, turned.view(np.uint64)[0], out=plain[:whole].view(np.uint64))
    plain[whole:] = data[whole:] ^ turned[: len(data) - whole]
    return plain


def read_key(path: Path) -> bytes | None:
    """The 8 bytes of a key file; None if it does not hold exactly 8.

    Raises OSError. Source: Bitcoin Core node/blockstorage.cpp, InitBlocksdirXorKey.
    """
    data = open_bytes(path)
    return data.tobytes() if len(data) == KEY_BYTES else None


def looks_like_hex(data: Bytes) -> bool:
    """Whether bytes are hex digits and white space, and nothing else."""
    head = data[:_HEAD_BYTES].tobytes().removeprefix(_MARK)
    if head.translate(None, _HEX + _SPACE) or not head.strip():
        return False
    return not data.tobytes().removeprefix(_MARK).translate(None, _HEX + _SPACE)


def json_pieces(data: Bytes) -> list[bytes]:
    """Blocks and transactions of a JSON answer behind an empty first piece, as `hex_pieces`."""
    if not looks_like_json(data[:_HEAD_BYTES].tobytes()) or len(data) > MOST_BYTES:
        return []
    return [b"", *raw_pieces(data.tobytes())]


def hex_pieces(data: Bytes) -> list[bytes]:
    """The hex text of a file as bytes: whole if it is one piece, else line by line.

    The first piece is always the whole text, white space left out; then, if there is more than
    one line, each line that is not empty. Odd numbers of digits give no piece.
    """
    text = data.tobytes().removeprefix(_MARK)
    lines = [line for line in (b"".join(row.split()) for row in text.splitlines()) if line]
    whole = b"".join(lines)
    pieces = [whole, *lines] if len(lines) > 1 else [whole]
    return [
        bytes.fromhex(piece.decode("ascii")) if len(piece) % 2 == 0 else b"" for piece in pieces
    ]
