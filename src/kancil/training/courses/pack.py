"""A course as one signed file: a ZIP whose first member lists all others with their digests.

    pack.json       one signed line (`ground.signedfile`), format `kancil-course-pack/1`
    course.yaml, …  the files of the course, by their path

The signature says that the holder of a key wrote this pack; whose key it is, the receiver says,
by a fingerprint that was compared.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kancil.ground import canonical
from kancil.ground.child import in_child
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import FormatTooNew, NotCanonical, SignatureWrong
from kancil.ground.phrase import Phrase
from kancil.ground.signedfile import read_signed, write_signed
from kancil.ground.signing import Signer, fingerprint
from kancil.ground.zips import DAMAGED_ZIP
from kancil.training.errors import CoursePackBroken, CoursePackNotReadable

from .course import Course, Outline
from .reading import MAX_BYTES, MAX_FILE_BYTES, MOST_FILES, course_of, is_course_file

VERSION = 1
FORMAT = f"kancil-course-pack/{VERSION}"
SUFFIX = ".kancil-course"
LIST = "pack.json"
_FORMAT = re.compile(r"kancil-course-pack/([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class OpenedPack:
    """A pack that was read and checked."""

    course: Course
    fingerprint: str
    """Of the key that signed it; whether that is trusted, nobody said."""
    sha256: str
    """Of the whole file."""


def write_pack(files: Mapping[str, bytes], signer: Signer) -> tuple[bytes, Outline]:
    """The pack of a course's files, and its outline; the same files and key make the same bytes.

    Raises CourseNotReadable for a course with a fault.
    """
    outline = read_outline(dict(files))
    listed = [
        {"path": path, "sha256": sha256_hex(content), "size": len(content)}
        for path, content in sorted(files.items())
    ]
    statement = {
        "format": FORMAT, "course": outline.id, "version": outline.version, "files": listed,
    }  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        _add(archive, LIST, write_signed(statement, signer))
        for path, content in sorted(files.items()):
            _add(archive, path, content)
    return stream.getvalue(), outline


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def read_outline(files: dict[str, bytes]) -> Outline:
    """The outline of a course without a fault; raises CourseNotReadable."""
    return course_of(files).outline


def _add(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    member = zipfile.ZipInfo(path)  # of a fixed time, so that the bytes are the same again
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    archive.writestr(member, content)


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def open_pack(data: bytes, path: str) -> OpenedPack:
    """Read a pack; the signature is checked before any file of it is believed.

    Raises CoursePackNotReadable, CoursePackBroken, FormatTooNew, CourseNotReadable,
    ParserStopped, ParserLimitReached.
    """
    files, key = unpacked(data, path)
    return OpenedPack(course_of(files), fingerprint(key), sha256_hex(data))


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def pack_files(data: bytes, path: str) -> dict[str, bytes]:
    """The files of a pack by their path; raises what `open_pack` raises."""
    return unpacked(data, path)[0]


def unpacked(data: bytes, path: str) -> tuple[dict[str, bytes], bytes]:
    """The files of a pack and the public key that signed it, where it is; raises as `open_pack`."""
    members = _members(data, path)
    statement = _statement(members.pop(LIST, b""), path)
    listed = _listed(statement["files"], path)
    for name in sorted(members.keys() ^ listed.keys()):
        raise CoursePackBroken(path=path, file=name[:80])
    for name, digest in listed.items():
        if sha256_hex(members[name]) != digest:
            raise CoursePackBroken(path=path, file=name)
    return members, base64.b64decode(statement["public_key"])


def _refused(path: str, why: str, **params: str | int) -> CoursePackNotReadable:
    return CoursePackNotReadable(path=path, why=Phrase(f"why.course-pack-{why}", params))


def _members(data: bytes, path: str) -> dict[str, bytes]:
    """All members by name; none is read beyond what a course may have."""
    found, size = dict[str, bytes](), 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES + 1:
                raise _refused(path, "too-large")
            for entry in entries:
                name = entry.filename
                if name != LIST and not is_course_file(name):
                    raise _refused(path, "path", file=name[:80])
                if name in found:
                    raise _refused(path, "twice", file=name)
                with archive.open(entry) as member:
                    found[name] = member.read(MAX_FILE_BYTES + 1)
                size += len(found[name])
                if len(found[name]) > MAX_FILE_BYTES or size > MAX_BYTES:
                    raise _refused(path, "too-large")
    except DAMAGED_ZIP as error:
        raise _refused(path, "other-file") from error
    return found


def _statement(line: bytes, path: str) -> dict[str, Any]:
    """The signed list; a newer format is told from a broken signature."""
    try:
        whole = canonical.loads(line)
        stated = whole.get("statement") if isinstance(whole, dict) else None
        name = stated.get("format") if isinstance(stated, dict) else None
        found = _FORMAT.fullmatch(name) if isinstance(name, str) else None
        if found is None:
            raise _refused(path, "other-file")
        if int(found[1]) > VERSION:
            raise FormatTooNew(what=path, found=int(found[1]), known=VERSION)
        return read_signed(line, format_name=FORMAT, path=path)
    except SignatureWrong as error:
        raise CoursePackBroken(path=path, file=LIST) from error
    except NotCanonical as error:
        raise _refused(path, "other-file") from error


def _listed(files: Any, path: str) -> dict[str, str]:
    try:
        return {str(each["path"]): str(each["sha256"]) for each in files}
    except (KeyError, TypeError) as error:
        raise _refused(path, "other-file") from error
