"""Intake: files, folders or standard input become an exhibit's content, in one pass.

From where the officer says; to the vault (or only to digests, for what stays in place), and to a
listing that names every file. What cannot or must not be taken is a `Skipped`, counted.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from kancil.ground import canonical
from kancil.ground.clock import from_unix, to_text
from kancil.ground.digests import Digests, digest_stream
from kancil.ground.errors import FileNotReadable
from kancil.ground.plain import FLAT, plain
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped

from .errors import NotAdmitted, NothingTaken
from .vault import Gate, Vault, open_regular

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """One file that was taken."""

    path: str
    """Path as stated: under the source as given, never resolved."""
    digests: Digests = field(metadata=FLAT)
    modified_at: str | None
    """Time of last change as the file system has it (a claim); None where there is none to be had:
    for standard input, and for what was sent and only lies here while it is taken in."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What one intake took and left."""

    files: tuple[TakenFile, ...]
    skipped: tuple[Skipped, ...]
    listing_sha256: str
    in_place: bool

    @property
    def size_bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file.digests.size_bytes for file in self.files)

    def content(self) -> dict[str, Any]:
        """The `content` of a ledger entry (docs/formats/ledger.md)."""
        only = self.files[0].digests if len(self.files) == 1 else None
        return {
            "files": len(self.files),
            "in_place": self.in_place,
            "listing_sha256": self.listing_sha256,
            "md5": only.md5 if only else None,
            "sha1": only.sha1 if only else None,
            "sha256": only.sha256 if only else None,
            "size_bytes": str(self.size_bytes),
        }


def take_in(
    vault: Vault,
    sources: Iterable[Path | str],
    *,
    in_place: bool = False,
    standard_input: BinaryIO | None = None,
    stated: Mapping[Path, str] | None = None,
    admitted: Callable[[str], bool] | None = None,
    progress: Progress = SILENT,
) -> Intake:
    """Take sources into the vault and give their content; the caller writes the ledger entry.

    `sources`: files, folders, or `-` for `standard_input`. `stated`: names under which files are
    listed that were sent, and lie here under others. `admitted`: whether a file of this SHA-256 may
    come in; None: all may. Call it inside `vault.intake_open`. Raises NothingTaken when not one
    file could be taken, NotAdmitted for the first that may not be, DiskFull.
    """
    files: list[TakenFile] = []
    skipped: list[Skipped] = []
    progress.start(None, "bytes", "progress.intake")
    names = stated or {}
    watch: Callable[[bytes], object] = lambda chunk: progress.advance(len(chunk))  # noqa: E731
    for source in sources:
        if str(source) == STANDARD_INPUT and standard_input is not None:
            gate = _gate(admitted, STANDARD_INPUT)
            digests = vault.take(standard_input, watch, gate)
            files.append(TakenFile(STANDARD_INPUT, digests, None))
            continue
        for found in _walk(Path(source)):
            if isinstance(found, Skipped):
                skipped.append(found)
                continue
            gate = _gate(admitted, names.get(found, found.name))
            result = _take(vault, found, watch, gate, in_place=in_place)
            if isinstance(result, TakenFile) and found in names:
                result = replace(result, path=names[found], modified_at=None)
            if isinstance(result, Skipped):
                skipped.append(result)
            else:
                files.append(result)
    progress.finish()
    if not files:
        raise NothingTaken(
            source=", ".join(str(source) for source in sources) or "-", skipped=len(skipped)
        )
    files.sort(key=lambda file: file.path)
    return Intake(tuple(files), tuple(skipped), _write_listing(vault, files), in_place)


def _gate(admitted: Callable[[str], bool] | None, name: str) -> Gate:
    """What refuses a file that may not come in, once its digests are known."""

    def judge(digests: Digests) -> None:
        if admitted is not None and not admitted(digests.sha256):
            raise NotAdmitted(name=name)

    return judge


def _write_listing(vault: Vault, files: list[TakenFile]) -> str:
    lines = (canonical.dumps(plain(file)) + b"\n" for file in files)
    return vault.take(_Lines(lines)).sha256


class _Lines:
    """A stream over lines, so that a listing of a million files is never whole in memory."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines

    def read(self, size: int, /) -> bytes:
        """Lines until `size` bytes are reached; empty at the end."""
        block = bytearray()
        for line in self._lines:
            block += line
            if len(block) >= size:
                break
        return bytes(block)


def read_listing(vault: Vault, listing_sha256: str) -> Iterator[dict[str, Any]]:
    """Read a listing's lines; raises VaultBytesMissing, NotCanonical."""
    with vault.open(listing_sha256) as file:
        for line in file:
            yield canonical.loads(line.removesuffix(b"\n"))


def _walk(source: Path) -> Iterator[Path | Skipped]:
    """Go through a source in name order; links are never followed."""
    try:
        kind = source.lstat().st_mode
    except OSError as error:
        raise FileNotReadable(path=str(source)) from error
    if not stat.S_ISDIR(kind):
        yield source
        return
    root = source.resolve()
    pending = [source]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: os.fsencode(entry.name))
        except OSError:
            yield Skipped("folder-unreadable", _text(folder))
            continue
        below: list[Path] = []
        for entry in entries:
            if entry.is_symlink():
                yield _link_skipped(entry, root)
            elif entry.is_dir():
                below.append(entry)
            else:
                yield entry
        pending.extend(reversed(below))


def _link_skipped(entry: Path, root: Path) -> Skipped:
    try:
        inside = entry.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return Skipped("link-broken", _text(entry))
    # What a link inside the tree points to is met on its own; one that leads out is refused.
    return Skipped("link-inside" if inside else "link-out-of-tree", _text(entry))


def _take(
    vault: Vault, path: Path, watch: Callable[[bytes], object], gate: Gate, *, in_place: bool
) -> TakenFile | Skipped:
    """Take one file, or say why not; raises NotAdmitted.

    A name that is not UTF-8 cannot be written down so that the file is found again, so such a file
    is not left in place.
    """
    if in_place and not _is_text(path):
        return Skipped("name-not-text", _text(path))
    try:
        with open_regular(path) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                return Skipped("not-a-regular-file", _text(path))
            if in_place:
                digests = digest_stream(file, watch)
                gate(digests)
            else:
                digests = vault.take(file, watch, gate)
            after = os.fstat(file.fileno())
    except (FileNotReadable, IsADirectoryError, PermissionError):
        return Skipped("file-unreadable", _text(path))
    except OSError as error:
        return Skipped("file-unreadable", _text(path), {"why": error.strerror or "I/O"})
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        return Skipped("file-changed", _text(path))
    return TakenFile(_text(path), digests, to_text(from_unix(int(before.st_mtime))))


def _is_text(path: Path) -> bool:
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text(path: Path) -> str:
    """A path as text; bytes that are not UTF-8 are shown with a backslash and hex."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
