"""The volumes of an image: where each begins, and what lies in it.

By the partition tables that The Sleuth Kit reads (MBR, GPT, BSD, Sun, Apple); an image without one
is one volume. What a volume holds is told by the file system's own signature; what is known and
not opened here (encrypted, or of a kind without a reader) is named, so that nobody takes it for
empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import pytsk3

from kancil.records.record import Words
from kancil.records.table import Holds

from .container import OpenImage


class VolumeState(StrEnum):
    """Whether its entries are listed."""

    LISTED = "listed"
    ENCRYPTED = "encrypted"
    NO_READER = "no-reader"
    """A file system that is known and for which there is no reader here."""
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class Volume:
    """One volume."""

    number: int
    """From 1, in the order of the partition table."""
    start_bytes: int
    size_bytes: int
    description: str
    """As the partition table has it; empty where the image is one volume."""
    holds: str
    """Name of the file system or of the encryption; empty where not known."""
    state: Annotated[VolumeState, Holds.CODE, Words("name.volume-state")]


_ENCRYPTED = ((3, b"-FVE-FS-", "BitLocker"), (0, b"LUKS\xba\xbe", "LUKS"))
_NO_READER = (
    (32, b"NXSB", "APFS"),
    (0, b"XFSB", "XFS"),
    (0x10040, b"_BHRfS_M", "Btrfs"),
    (0x10034, b"ReIsEr", "ReiserFS"),
    (3, b"ReFS\0\0\0\0", "ReFS"),
    (0x400, b"\x10\x20\xf5\xf2", "F2FS"),
    (4086, b"SWAPSPACE2", "swap"),
    *((sector * 512, b"LABELONE", "LVM2") for sector in range(4)),
)
"""Offset, signature, name: each as its own documentation has it (LVM's label stands in one of the
first four sectors; F2FS's superblock is at 1,024)."""
_FAMILIES = {
    pytsk3.TSK_FS_TYPE_NTFS: "NTFS", pytsk3.TSK_FS_TYPE_FAT12: "FAT12",
    pytsk3.TSK_FS_TYPE_FAT16: "FAT16", pytsk3.TSK_FS_TYPE_FAT32: "FAT32",
    pytsk3.TSK_FS_TYPE_EXFAT: "exFAT", pytsk3.TSK_FS_TYPE_EXT2: "ext2",
    pytsk3.TSK_FS_TYPE_EXT3: "ext3", pytsk3.TSK_FS_TYPE_EXT4: "ext4",
    pytsk3.TSK_FS_TYPE_ISO9660: "ISO 9660", pytsk3.TSK_FS_TYPE_HFS: "HFS+",
    pytsk3.TSK_FS_TYPE_FFS1: "UFS1", pytsk3.TSK_FS_TYPE_FFS2: "UFS2",
    pytsk3.TSK_FS_TYPE_YAFFS2: "YAFFS2",
}  # fmt: skip


def volumes(
    image: OpenImage, tsk: pytsk3.Img_Info
) -> Iterator[tuple[Volume, pytsk3.FS_Info | None]]:
    """Each volume, with its file system where it is opened."""
    for number, (start, size, description) in enumerate(_parts(image, tsk), 1):
        holds, state = _recognised(image, start)
        system = None
        if not holds:
            system = _opened(tsk, start)
            if system is not None:
                holds, state = _FAMILIES.get(system.info.ftype, ""), VolumeState.LISTED
        yield Volume(number, start, size, description, holds, state), system


def _parts(image: OpenImage, tsk: pytsk3.Img_Info) -> Iterator[tuple[int, int, str]]:
    try:
        table = pytsk3.Volume_Info(tsk)
        parts = [each for each in table if int(each.flags) & pytsk3.TSK_VS_PART_FLAG_ALLOC]
        sector = table.info.block_size
    except OSError:
        parts, sector = [], 512
    if not parts:
        yield 0, image.size_bytes, ""
    for part in parts:
        description = part.desc.decode("utf-8", "backslashreplace")
        yield part.start * sector, part.len * sector, description


def _recognised(image: OpenImage, start: int) -> tuple[str, VolumeState]:
    head = _head(image, start)
    for known, state in ((_ENCRYPTED, VolumeState.ENCRYPTED), (_NO_READER, VolumeState.NO_READER)):
        for offset, signature, name in known:
            if head[offset : offset + len(signature)] == signature:
                return name, state
    return "", VolumeState.NOT_KNOWN


def _head(image: OpenImage, start: int) -> bytes:
    try:
        return image.read(start, 0x10080)
    except OSError:
        return b""


def _opened(tsk: pytsk3.Img_Info, start: int) -> pytsk3.FS_Info | None:
    try:
        return pytsk3.FS_Info(tsk, offset=start)
    except OSError:
        return None
