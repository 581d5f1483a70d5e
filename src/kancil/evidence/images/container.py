"""The promise of a container: the bytes of a disk, whatever file format they are kept in.

A container is told by its bytes, never by its name: in the vault every file is named by its digest.
What its maker wrote beside the bytes (digests, who acquired it, with what) is a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

HEAD_BYTES = 4096
"""How much of the first file's beginning tells a container; its last `TAIL_BYTES` too."""
TAIL_BYTES = 512


@dataclass(frozen=True, slots=True)
class OpenImage:
    """A disk's bytes, at any offset."""

    container: str
    """Name of the container's kind."""
    size_bytes: int
    """Of the disk, not of the files."""
    read: Callable[[int, int], bytes]
    """From an offset so many bytes; fewer at the end. Raises OSError where they cannot be read."""
    stored: Mapping[str, str] = field(default_factory=dict)
    """Digests that the acquisition stored: `md5`, `sha1`; lower-case hex."""
    stated: Mapping[str, str] = field(default_factory=dict)
    """What the acquisition states besides, by the container's own names."""
    path: Path | None = None
    """Of a file that is the disk byte for byte, which libraries may read themselves."""


class Container(Protocol):
    """What a kind of container must do."""

    @property
    def name(self) -> str:
        """Its name: small letters and hyphens. Its words are `name.container-<name>`."""
        ...

    def recognises(self, head: bytes, tail: bytes) -> bool:
        """Whether a file that begins and ends so is one."""
        ...

    def open(self, files: Sequence[BinaryIO]) -> OpenImage:
        """Open it of its files, the first one first; raises OSError where it cannot be read."""
        ...


def of_library(name: str, handle: Any, **known: Any) -> OpenImage:
    """An image that a handle of the libyal libraries reads."""
    return OpenImage(
        name,
        handle.get_media_size(),
        lambda offset, size: handle.read_buffer_at_offset(size, offset),
        **known,
    )
