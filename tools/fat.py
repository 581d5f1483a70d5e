"""A small disk with a FAT12 file system, written to the same bytes wherever it is made.

For the sample's memory stick and for tests: files in the root folder and in folders of one level,
long names, times, and deleted entries, as Microsoft's FAT32 File System Specification (1.03)
lays them out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_SECTOR, _PER_CLUSTER, _ROOT_ENTRIES, _FAT_SECTORS = 512, 4, 512, 12
_CLUSTER = _SECTOR * _PER_CLUSTER
_DATA = 1 + 2 * _FAT_SECTORS + _ROOT_ENTRIES * 32 // _SECTOR
"""First sector of the clusters."""
_LAST, _ARCHIVE, _FOLDER, _LONG = 0xFFF, 0x20, 0x10, 0x0F


@dataclass(frozen=True, slots=True)
class File:
    """A file to be written."""

    path: str
    """`name`, or `folder/name`."""
    data: bytes
    modified: datetime
    """As the clock on the wall stood; even seconds."""
    is_deleted: bool = False


def fat_image(files: Iterable[File], *, label: str, sectors: int = 4096) -> bytes:
    """The bytes of a disk without a partition table; raises ValueError where it is too small."""
    disk = _Disk(sectors)
    folders: dict[str, list[bytes]] = {"": [_entry(_short(label), 0x08, 0, 0, _EPOCH)]}
    made: dict[str, datetime] = {}
    for each in files:
        folder, _, name = each.path.rpartition("/")
        made.setdefault(folder, each.modified)
        cluster = disk.put(each.data, is_freed=each.is_deleted)
        rows = _rows(name, _ARCHIVE, cluster, len(each.data), each.modified, each.is_deleted)
        folders.setdefault(folder, []).extend(rows)
    for name in [each for each in folders if each]:
        at, when = disk.next, made[name]
        own = [_entry(b".".ljust(11), _FOLDER, at, 0, when),
               _entry(b"..".ljust(11), _FOLDER, 0, 0, when)]  # fmt: skip
        disk.put(b"".join(own + folders[name]))
        folders[""].extend(_rows(name, _FOLDER, at, 0, when, False))
    return disk.bytes(_short(label), b"".join(folders[""]))


_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)


class _Disk:
    def __init__(self, sectors: int) -> None:
        self._sectors = sectors
        self._fat = [0xFF8, _LAST]
        self._data = bytearray()

    @property
    def next(self) -> int:
        """The cluster that is filled next."""
        return len(self._fat)

    def put(self, data: bytes, *, is_freed: bool = False) -> int:
        """Lay bytes into clusters that follow each other; gives the first, 0 of none."""
        count = -(-len(data) // _CLUSTER)
        first = self.next
        if is_freed:
            self._fat += [0] * count
        else:
            self._fat += [*range(first + 1, first + count), _LAST][:count] if count else []
        self._data += data.ljust(count * _CLUSTER, b"\0")
        return first if count else 0

    def bytes(self, label: bytes, root: bytes) -> bytes:
        size = (self._sectors - _DATA) * _SECTOR
        if len(self._data) > size or len(root) > _ROOT_ENTRIES * 32:
            raise ValueError("the disk is too small for its files")
        boot = struct.pack(
            "<3s8sHBHBHHBHHHIIBBBI11s8s", b"\xeb\x3c\x90", b"KANCIL  ", _SECTOR, _PER_CLUSTER, 1, 2,
            _ROOT_ENTRIES, self._sectors, 0xF8, _FAT_SECTORS, 32, 64, 0, 0, 0x80, 0, 0x29,
            0x4B414E43, label, b"FAT12   ",
        ).ljust(510, b"\0") + b"\x55\xaa"  # fmt: skip
        table = bytearray()
        fat = self._fat + [0] * (len(self._fat) % 2)
        for low, high in zip(fat[::2], fat[1::2], strict=True):
            table += (low | high << 12).to_bytes(3, "little")
        one = bytes(table).ljust(_FAT_SECTORS * _SECTOR, b"\0")
        return (
            boot + one + one + root.ljust(_ROOT_ENTRIES * 32, b"\0") + self._data.ljust(size, b"\0")
        )


def _rows(
    name: str, kind: int, cluster: int, size: int, at: datetime, is_deleted: bool
) -> list[bytes]:
    """The long name's entries, last first, and the short one."""
    short = _short(name)
    check = 0
    for each in short:
        check = ((check & 1) << 7) + (check >> 1) + each & 0xFF
    wide = (name + "\0").encode("utf-16-le")
    wide += b"\xff" * (-len(wide) % 26)
    parts = [wide[place : place + 26] for place in range(0, len(wide), 26)]
    rows = [
        struct.pack("<B10sBBB12sH4s", number | (0x40 if number == len(parts) else 0), part[:10],
                    _LONG, 0, check, part[10:22], 0, part[22:])
        for number, part in reversed(list(enumerate(parts, 1)))
    ]  # fmt: skip
    rows.append(_entry(short, kind, cluster, size, at))
    return [b"\xe5" + each[1:] for each in rows] if is_deleted else rows


def _entry(short: bytes, kind: int, cluster: int, size: int, at: datetime) -> bytes:
    day = (at.year - 1980) << 9 | at.month << 5 | at.day
    time = at.hour << 11 | at.minute << 5 | at.second // 2
    return struct.pack(
        "<11sBBBHHHHHHHI", short, kind, 0, 0, time, day, day, 0, time, day, cluster, size
    )  # fmt: skip


def _short(name: str) -> bytes:
    """The 8.3 name: Latin letters and digits of both parts in capitals; else `FILE`."""
    stem, _, ending = name.upper().rpartition(".") if "." in name else (name.upper(), "", "")
    kept = ["".join(each for each in part if each.isascii() and each.isalnum())
            for part in (stem, ending)]  # fmt: skip
    return ((kept[0] or "FILE")[:8].ljust(8) + kept[1][:3].ljust(3)).encode("ascii")
