"""File systems by The Sleuth Kit: every name that leads to content, deleted ones included.

The order is that of its own `fls -r`: by directory, in the order in which each lists its names. On
NTFS a file has an entry for each of its data streams.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytsk3

from kancil.ground.skipped import Skipped

from .entry import Allocation, EntryKind, Zone

MOST_DEEP = 400
"""Folders within folders; more are a loop, or made to break a reader."""
_BLOCK = 4 << 20
_LAST_SECOND = (1 << 63) // 1_000_000_000 - 1
"""In April 2262: nanoseconds of 64 bits end there, times of ext4 in 2446."""
_WITHOUT_ZONE = {
    pytsk3.TSK_FS_TYPE_FAT12, pytsk3.TSK_FS_TYPE_FAT16, pytsk3.TSK_FS_TYPE_FAT32,
    pytsk3.TSK_FS_TYPE_EXFAT,
}  # fmt: skip
_KINDS = {
    pytsk3.TSK_FS_META_TYPE_REG: EntryKind.FILE, pytsk3.TSK_FS_META_TYPE_DIR: EntryKind.FOLDER,
    pytsk3.TSK_FS_META_TYPE_LNK: EntryKind.LINK, pytsk3.TSK_FS_META_TYPE_CHR: EntryKind.DEVICE,
    pytsk3.TSK_FS_META_TYPE_BLK: EntryKind.DEVICE, pytsk3.TSK_FS_META_TYPE_FIFO: EntryKind.DEVICE,
    pytsk3.TSK_FS_META_TYPE_SOCK: EntryKind.DEVICE, pytsk3.TSK_FS_META_TYPE_VIRT: EntryKind.SYSTEM,
    pytsk3.TSK_FS_META_TYPE_VIRT_DIR: EntryKind.FOLDER,
}  # fmt: skip
_NAME_KINDS = {
    pytsk3.TSK_FS_NAME_TYPE_REG: EntryKind.FILE, pytsk3.TSK_FS_NAME_TYPE_DIR: EntryKind.FOLDER,
    pytsk3.TSK_FS_NAME_TYPE_LNK: EntryKind.LINK,
}  # fmt: skip
_STREAMS = (pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA, pytsk3.TSK_FS_ATTR_TYPE_NTFS_IDXROOT)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as the library has it, and how its content is read."""

    path: str
    address: str
    kind: EntryKind
    state: Allocation
    size_bytes: int | None
    times_ns: tuple[int | None, int | None, int | None, int | None]
    """Modified, accessed, changed, created."""
    zone: Zone
    file: pytsk3.File
    attribute: tuple[int, ...]
    """Type and id of its data stream, on NTFS; else empty."""

    def blocks(self) -> Iterator[bytes]:
        """Its content in blocks, as far as it can be read: they may end before its size."""
        at, size = 0, self.size_bytes or 0
        while at < size:
            try:
                data = self.file.read_random(at, min(_BLOCK, size - at), *self.attribute)
            except OSError:
                return
            if not data:
                return
            yield data
            at += len(data)


def entries(system: pytsk3.FS_Info) -> Iterator[Found | Skipped]:
    """Every entry of a file system; a folder that cannot be read is a Skipped."""
    zone = Zone.NOT_STORED if system.info.ftype in _WITHOUT_ZONE else Zone.UTC
    waiting: list[tuple[str, Iterator[pytsk3.File]]] = []
    above: list[int] = [system.info.root_inum]
    try:
        waiting.append(("", iter(system.open_dir(inode=system.info.root_inum))))
    except OSError:
        yield Skipped("folder-not-readable", "/")
    while waiting:
        folder, names = waiting[-1]
        try:
            file = next(names)
        except StopIteration:
            waiting.pop()
            above.pop()
            continue
        except OSError:
            yield Skipped("folder-not-readable", folder or "/")
            waiting.pop()
            above.pop()
            continue
        name = file.info.name.name
        if name in (b".", b".."):
            continue
        path = folder + name.decode("utf-8", "backslashreplace")
        meta = file.info.meta
        yield from _streams(system, file, path, zone)
        if meta is None or _KINDS.get(meta.type) is not EntryKind.FOLDER:
            continue
        if meta.addr in above or not _is_own(file):
            continue
        if len(above) >= MOST_DEEP:
            yield Skipped("folder-too-deep", path, {"most": MOST_DEEP})
            continue
        try:
            waiting.append((path + "/", iter(file.as_directory())))
            above.append(meta.addr)
        except OSError:
            yield Skipped("folder-not-readable", path)


def _is_own(file: pytsk3.File) -> bool:
    """Whether a name still leads to its own metadata: a deleted one may lead to another file's."""
    is_gone = int(file.info.name.flags) & pytsk3.TSK_FS_NAME_FLAG_UNALLOC
    return not (is_gone and int(file.info.meta.flags) & pytsk3.TSK_FS_META_FLAG_ALLOC)


def _streams(
    system: pytsk3.FS_Info, file: pytsk3.File, path: str, zone: Zone
) -> Iterator[Found | Skipped]:
    name = file.info.name
    is_ntfs = system.info.ftype == pytsk3.TSK_FS_TYPE_NTFS
    if file.info.meta is None and name.meta_addr:
        # What no name leads to any more is listed with its address alone.
        with suppress(OSError):
            file = system.open_meta(inode=name.meta_addr)
    meta = file.info.meta
    if meta is None or not (name.meta_addr or is_ntfs):
        kind = _NAME_KINDS.get(name.type, EntryKind.OTHER)
        yield Found(path, "", kind, Allocation.NAME_ONLY, None, (None,) * 4, zone, file, ())
        return
    kind = _KINDS.get(meta.type, EntryKind.OTHER)
    is_gone = int(name.flags) & pytsk3.TSK_FS_NAME_FLAG_UNALLOC
    state = Allocation.DELETED if is_gone else Allocation.ALLOCATED
    if max(meta.mtime, meta.atime, meta.ctime, meta.crtime) > _LAST_SECOND:
        yield Skipped("time-too-late", path)
    times = (
        _time(meta.mtime, meta.mtime_nano), _time(meta.atime, meta.atime_nano),
        _time(meta.ctime, meta.ctime_nano), _time(meta.crtime, meta.crtime_nano),
    )  # fmt: skip
    found = []
    if is_ntfs:
        found = [each for each in file if each.info.type in _STREAMS]
    for each in found:
        info = each.info
        # `$I30` is the list of a folder's own names, and no stream that anybody wrote.
        label = (info.name or b"").decode("utf-8", "backslashreplace")
        full = f"{path}:{label}" if label and label not in ("$Data", "$I30") else path
        address = f"{meta.addr}-{int(info.type)}-{info.id}"
        stream = int(info.type), info.id
        is_data = info.type == pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA
        part = EntryKind.FILE if is_data and kind is EntryKind.FOLDER else kind
        yield Found(full, address, part, state, info.size, times, zone, file, stream)
    if not found:
        yield Found(path, str(meta.addr), kind, state, meta.size, times, zone, file, ())


def _time(seconds: int, nanoseconds: int) -> int | None:
    if not seconds or seconds > _LAST_SECOND:
        return None
    return seconds * 1_000_000_000 + nanoseconds
