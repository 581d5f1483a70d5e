"""A lab's folder as one file, to carry to another machine, and back: `.kancil-lab`, a ZIP file.

Form: docs/formats/lab.md, "Packed". Reading is done in a child; what it hands back is checked
against the manifest before the first byte is written. Source: PKWARE APPNOTE.TXT 6.3.10.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kancil.ground.child import in_child
from kancil.ground.errors import FileExists
from kancil.ground.files import read_file, translated, write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.zips import DAMAGED_ZIP

from .errors import LabFileChanged, LabNotReadable
from .lab import FILES, KEY, MANIFEST
from .making import MOST_FILES, Manifest, check_files, manifest_of, read_manifest

SUFFIX = ".kancil-lab"
MOST_BYTES = 100_000_000
"""Of a packed lab, and of all that comes out of it."""
_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = (stat.S_IFREG | 0o600) << 16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a packed lab holds, whole and compared with its manifest."""

    manifest: Manifest
    members: Mapping[str, bytes]
    """By name: `lab.json`, `files/…`, and `key.age` where it came along."""


def pack_lab(folder: Path, *, with_key: bool = True) -> bytes:
    """The packed file of a lab's folder; the same folder gives the same bytes.

    `with_key`: the sealed key goes along, where the folder has it. Raises what `read_manifest` and
    `check_files` raise, LabNotReadable for a folder that is too large.
    """
    manifest = read_manifest(folder)
    check_files(manifest, folder)
    names = [MANIFEST, *(f"{FILES}/{each.name}" for each in manifest.evidence)]
    if with_key and (folder / KEY).is_file():
        names.append(KEY)
    if sum(each.size_bytes for each in manifest.evidence) > MOST_BYTES // 10 * 9:
        raise LabNotReadable(path=str(folder), why=_too_large())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(names):
            member = zipfile.ZipInfo(name, _DATE)
            member.create_system, member.external_attr = 3, _MODE
            packed.writestr(member, read_file(folder / name))
    return out.getvalue()


def unpack_lab(path: Path, folder: Path) -> Manifest:
    """Write a packed lab out into `folder`, new or empty.

    Raises LabNotReadable, LabFileChanged, FormatTooNew, FileExists, DiskFull, FileNotReadable,
    ParserStopped, ParserLimitReached. Nothing is written of a file that is refused.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LabNotReadable(path=str(path), why=_too_large())
        if folder.exists() and any(folder.iterdir()):
            raise FileExists(path=str(folder))
    except OSError as error:
        raise translated(error, path) from error
    found = _read(read_file(path), str(path))
    for name, data in found.members.items():
        write_durably(folder / name, data)
    return found.manifest


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def _read(data: bytes, path: str) -> Unpacked:
    members = _members(data, path)
    if MANIFEST not in members:
        raise _no(path, "why.lab-pack-manifest")
    manifest = manifest_of(members[MANIFEST], path)
    named = {f"{FILES}/{each.name}": each for each in manifest.evidence}
    strangers = sorted(members.keys() - named.keys() - {MANIFEST, KEY})
    if strangers:
        raise LabFileChanged(name=strangers[0][:200], why=Phrase("why.lab-file-unlisted"))
    for name, each in named.items():
        if name not in members:
            raise LabFileChanged(name=each.name, why=Phrase("why.lab-file-missing"))
        content = members[name]
        if len(content) != each.size_bytes or hashlib.sha256(content).hexdigest() != each.sha256:
            raise LabFileChanged(name=each.name, why=Phrase("why.lab-file-bytes"))
    return Unpacked(manifest, members)


def _members(data: bytes, path: str) -> dict[str, bytes]:
    """All members by name, each plain; no name is trusted before the manifest names it."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            infos = packed.infolist()
            if len(infos) > MOST_FILES + 2:
                raise _no(path, "why.lab-pack-large", megabytes=MOST_BYTES // 1_000_000)
            for each in infos:
                _check_member(each, path)
                if each.filename in found:
                    raise _no(path, "why.lab-pack-twice", name=each.filename[:80])
                with packed.open(each) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise LabNotReadable(path=path, why=_too_large())
                found[each.filename] = content
    except DAMAGED_ZIP as error:
        raise _no(path, "why.lab-pack-zip") from error
    return found


def _check_member(member: zipfile.ZipInfo, path: str) -> None:
    mode = member.external_attr >> 16
    is_other = mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG)
    if is_other or member.is_dir() or member.flag_bits & _ENCRYPTED:
        raise _no(path, "why.lab-pack-member", name=member.filename[:80])
    if member.compress_type not in _METHODS:
        raise _no(path, "why.lab-pack-member", name=member.filename[:80])


def _too_large() -> Phrase:
    return Phrase("why.lab-pack-large", {"megabytes": MOST_BYTES // 1_000_000})


def _no(path: str, why: str, **params: str | int) -> LabNotReadable:
    return LabNotReadable(path=path, why=Phrase(why, params))
