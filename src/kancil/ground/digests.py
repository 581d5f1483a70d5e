"""Digests of byte streams in one pass: SHA-256, SHA-1 and MD5.

SHA-256 identifies; SHA-1 and MD5 are kept only because other tools and lists still speak them
(both have known collisions, so neither proves sameness).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

CHUNK_BYTES = 1 << 20


class Readable(Protocol):
    """What `digest_stream` reads from: a binary stream."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; empty at the end."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Size and digests of one run of bytes; digests are lower-case hex."""

    size_bytes: int
    sha256: str
    sha1: str
    md5: str


def digest_stream(stream: Readable, *sinks: Callable[[bytes], object]) -> Digests:
    """Read a stream to its end once, giving each chunk to every sink; memory stays at 1 MiB."""
    return digest_blocks(iter(partial(stream.read, CHUNK_BYTES), b""), *sinks)


def digest_blocks(blocks: Iterable[bytes], *sinks: Callable[[bytes], object]) -> Digests:
    """Take blocks that follow each other, giving each to every sink."""
    sha256 = hashlib.sha256()
    sha1 = hashlib.sha1(usedforsecurity=False)
    md5 = hashlib.md5(usedforsecurity=False)
    size_bytes = 0
    for block in blocks:
        size_bytes += len(block)
        sha256.update(block)
        sha1.update(block)
        md5.update(block)
        for sink in sinks:
            sink(block)
    return Digests(size_bytes, sha256.hexdigest(), sha1.hexdigest(), md5.hexdigest())


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of some bytes as lower-case hex."""
    return hashlib.sha256(data).hexdigest()
