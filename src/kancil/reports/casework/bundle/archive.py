"""The ZIP file of a bundle, written and read to the byte as `docs/formats/bundle.md` says.

There is one way only to write a set of members, so that equal members make equal files, and
whatever lies outside that one way is a problem, never an option. Python's own zipfile is not used:
it follows the central directory and overlooks bytes that stand between members.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from kancil.reports.errors import BundleTooLarge

from .remark import Remark

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"

_VERSION = 20
_MADE_BY = 3 << 8 | _VERSION
_DATE = 1 << 5 | 1
_ATTRIBUTES = 0x81A40000

MAX_SIZE_BYTES = 2**32 - 2
MAX_MEMBERS = 2**16 - 2
_NAME = re.compile(rb"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")


def is_member_name(name: str) -> bool:
    """Whether a name may stand in a bundle: plain ASCII, no empty, `.` or `..` part."""
    return _NAME.fullmatch(name.encode("utf-8")) is not None and not {".", ".."} & set(
        name.split("/")
    )


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """The bytes of the ZIP file that holds these members, in the one form allowed.

    Raises BundleTooLarge when sizes pass what a ZIP file without ZIP64 can hold.
    """
    names = sorted(members)
    for name in names:
        if not is_member_name(name):
            raise AssertionError(f"member name {name!r}")
    if len(names) > MAX_MEMBERS or sum(map(len, members.values())) > MAX_SIZE_BYTES - 2**20:
        raise BundleTooLarge(members=len(names))
    body, directory = bytearray(), bytearray()
    for name in names:
        raw_name, data = name.encode("ascii"), members[name]
        shared = (_VERSION, 0, 0, 0, _DATE, zlib.crc32(data), len(data), len(data), len(raw_name))
        directory += _CENTRAL.pack(
            _CENTRAL_MARK, _MADE_BY, *shared, 0, 0, 0, 0, _ATTRIBUTES, len(body)
        )
        directory += raw_name
        body += _LOCAL.pack(_LOCAL_MARK, *shared, 0)
        body += raw_name
        body += data
    if len(body) + len(directory) > MAX_SIZE_BYTES:
        raise BundleTooLarge(members=len(names))
    end = _END.pack(_END_MARK, 0, 0, len(names), len(names), len(directory), len(body), 0)
    return bytes(body + directory + end)


@dataclass(frozen=True, slots=True)
class Archive:
    """What was read: the members as far as they could be told apart, and all that is wrong."""

    members: dict[str, bytes]
    problems: tuple[Remark, ...]


def read_archive(data: bytes) -> Archive:
    """Read a ZIP file strictly; every deviation from the one allowed form is a problem.

    Members stand in the answer in the order of the file. After a problem that makes the rest
    untellable the reading stops. Never raises for any bytes.
    """
    reader = _Reader(data)
    reader.read()
    return Archive(reader.members, tuple(reader.problems))


class _Reader:
    """One pass over the file: local headers with their data, directory, end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.members: dict[str, bytes] = {}
        self.problems: list[Remark] = []
        self.offset = 0
        self.found: list[tuple[bytes, int, int, int]] = []

    def say(self, code: str, place: str = "") -> None:
        self.problems.append(Remark(code, place, {"offset": self.offset}))

    def read(self) -> None:
        """Read all; stops at the first place where the file can no longer be told apart."""
        if len(self.data) > MAX_SIZE_BYTES + 1:
            self.say("zip-too-large")
            return
        while self.data[self.offset : self.offset + 4] == _LOCAL_MARK:
            if not self._read_member():
                return
        start_of_directory = self.offset
        count = 0
        while self.data[self.offset : self.offset + 4] == _CENTRAL_MARK:
            if not self._read_directory_line(count):
                return
            count += 1
        if count != len(self.found):
            self.say("zip-directory-count")
        self._read_end(start_of_directory)

    def _read_member(self) -> bool:
        fixed = self.data[self.offset : self.offset + _LOCAL.size]
        if len(fixed) < _LOCAL.size:
            self.say("zip-truncated")
            return False
        _, version, flags, method, time, date, crc, packed, size, name_size, extra_size = (
            _LOCAL.unpack(fixed)
        )
        name_start = self.offset + _LOCAL.size
        raw_name = self.data[name_start : name_start + name_size]
        place = raw_name.decode("ascii", "backslashreplace")[:200]
        if (version, flags, method, time, date, extra_size) != (_VERSION, 0, 0, 0, _DATE, 0):
            self.say("zip-header-form", place)
            return False
        if packed != size:
            self.say("zip-size", place)
            return False
        start = name_start + name_size
        content = self.data[start : start + size]
        if len(raw_name) != name_size or len(content) != size:
            self.say("zip-truncated", place)
            return False
        if zlib.crc32(content) != crc:
            self.say("zip-crc", place)
        self._keep(raw_name, place, content)
        self.found.append((raw_name, crc, size, self.offset))
        self.offset = start + size
        return True

    def _keep(self, raw_name: bytes, place: str, content: bytes) -> None:
        if not _NAME.fullmatch(raw_name) or not is_member_name(raw_name.decode("ascii")):
            self.say("zip-name", place)
            return
        name = raw_name.decode("ascii")
        if name in self.members:
            self.say("zip-name-doubled", place)
            return
        if self.found and self.found[-1][0] > raw_name:
            self.say("zip-order", place)
        self.members[name] = content

    def _read_directory_line(self, number: int) -> bool:
        fixed = self.data[self.offset : self.offset + _CENTRAL.size]
        if len(fixed) < _CENTRAL.size:
            self.say("zip-truncated")
            return False
        name_size = _CENTRAL.unpack(fixed)[10]
        name_start = self.offset + _CENTRAL.size
        raw_name = self.data[name_start : name_start + name_size]
        place = raw_name.decode("ascii", "backslashreplace")[:200]
        if number >= len(self.found):
            self.say("zip-directory-count", place)
            return False
        name, crc, size, offset = self.found[number]
        shared = (_VERSION, 0, 0, 0, _DATE, crc, size, size, len(name))
        expected = _CENTRAL.pack(_CENTRAL_MARK, _MADE_BY, *shared, 0, 0, 0, 0, _ATTRIBUTES, offset)
        if fixed != expected or raw_name != name:
            self.say("zip-directory-differs", place)
            return False
        self.offset = name_start + name_size
        return True

    def _read_end(self, start_of_directory: int) -> None:
        expected = _END.pack(
            _END_MARK,
            0,
            0,
            min(len(self.found), 0xFFFF),
            min(len(self.found), 0xFFFF),
            self.offset - start_of_directory,
            start_of_directory,
            0,
        )
        rest = self.data[self.offset :]
        if rest[: _END.size] != expected:
            self.say("zip-gap" if rest.rfind(_END_MARK) > 0 else "zip-end")
        elif len(rest) != _END.size:
            self.say("zip-trailing-bytes")
        elif not self.found:
            self.say("zip-empty")
