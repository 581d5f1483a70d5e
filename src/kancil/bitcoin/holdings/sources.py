"""What `ingest` is pointed at: which files there are, and how to find their bytes again.

A source is a folder of `blk*.dat` and `rev*.dat` files (also with Bitcoin Core's `xor.dat`), one
such file, a block, a transaction, a Merkle proof (`gettxoutproof`) or headers, each raw or as hex,
in JSON (`blocks.json_answers`) or compressed (`compressed`).
Paths come from the officer or from the vault; files go to `read`, which finds out what they
hold. Whatever cannot be used is a `Skipped` with its reason.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from kancil.bitcoin.blocks import compressed
from kancil.bitcoin.blocks import file as blockfile
from kancil.bitcoin.blocks.undo import UNDO_NAME
from kancil.ground.skipped import Skipped

from .errors import SourceNotFound

BLOCK_FILE_NAME = re.compile(r"blk\d+\.dat")
INDEX_NAME = "index"
"""Folder beside the block files in which Bitcoin Core keeps its own database."""
_ALL_DIGITS = re.compile(r"[0-9]{1,8}")


class SourceForm(StrEnum):
    """What a file was found to be."""

    BLOCK_FILE = "block file"
    BLOCK = "block"
    TRANSACTION = "transaction"
    PROOF = "merkle proof"
    HEADERS = "headers"
    SPENT_OUTPUTS = "spent outputs"
    UNDO_FILE = "undo file"


@dataclass(frozen=True, slots=True)
class SourcePath:
    """A file or folder to be read, and what was said of it where it came from."""

    path: Path
    name: str = ""
    """What it was called, if the path (as in the vault) does not say; may hold folders."""
    origin: str = ""
    """Id of the exhibit it is, if it is one."""
    xor_key: str = ""
    """Hex of the key that a file is XORed with, where it is known already."""


@dataclass(frozen=True, slots=True)
class Found:
    """One regular file that is to be read."""

    path: Path
    name: str
    origin: str
    size_bytes: int
    xor_key: bytes = b""
    is_named: bool = True
    """The officer named it; it was not met in a folder or an exhibit."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file (or one line of a hex file) from which something was read, as the chain keeps it."""

    path: str
    name: str
    origin: str
    size_bytes: int
    sha256: str
    form: SourceForm
    is_hex: bool = False
    piece: int = 0
    """Which piece of a hex file, as `blocks.file.hex_pieces` numbers them."""
    xor_key: str = ""
    """Hex of the 8 bytes the file is XORed with, or nothing."""

    def as_dict(self) -> dict[str, Any]:
        """The form that the chain's file keeps."""
        return {**asdict(self), "form": self.form.value}

    @property
    def stated_height(self) -> int:
        """Height that the name of a single block's file states: a stem of digits alone, else -1."""
        stem = Path(self.name).name.split(".", 1)[0]
        is_stated = self.form is SourceForm.BLOCK and _ALL_DIGITS.fullmatch(stem)
        return int(stem) if is_stated else -1


# --- which files there are ------------------------------------------------------------------------


def list_files(sources: Sequence[SourcePath]) -> tuple[list[Found], list[Skipped]]:
    """Every regular file of the sources, folders walked in the order of their names.

    A link that the officer names is followed; a link met inside a folder is not, whether it
    stays inside or leads out. Raises SourceNotFound when nothing has the name that was given.
    """
    found: list[Found] = []
    skipped: list[Skipped] = []
    for source in sources:
        try:
            mode = source.path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError) as error:
            raise SourceNotFound(path=str(source.path)) from error
        except OSError:
            skipped.append(Skipped("source-unreadable", str(source.path)))
            continue
        name = source.name or source.path.name
        if stat.S_ISDIR(mode):
            _walk(source, name, found, skipped)
        elif stat.S_ISREG(mode):
            size_bytes = source.path.stat().st_size
            key = bytes.fromhex(source.xor_key)
            is_named = not source.origin
            found.append(Found(source.path, name, source.origin, size_bytes, key, is_named))
        else:
            skipped.append(Skipped("source-device", str(source.path)))
    return _with_keys(found, skipped), skipped


def _walk(source: SourcePath, name: str, found: list[Found], skipped: list[Skipped]) -> None:
    root = source.path.resolve()
    waiting = [(source.path, name)]
    while waiting:
        folder, shown = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            skipped.append(Skipped("source-unreadable", str(folder)))
            continue
        below: list[tuple[Path, str]] = []
        for entry in entries:
            path = folder / entry.name
            code = _refusal(entry, root)
            if code:
                skipped.append(Skipped(code, str(path)))
            elif entry.is_dir(follow_symlinks=False):
                below.append((path, f"{shown}/{entry.name}"))
            else:
                size_bytes = entry.stat(follow_symlinks=False).st_size
                name = f"{shown}/{entry.name}"
                found.append(Found(path, name, source.origin, size_bytes, is_named=False))
        waiting.extend(reversed(below))


def _refusal(entry: os.DirEntry[str], root: Path) -> str:
    """Why an entry of a folder is not read; empty if it is."""
    if entry.is_symlink():
        try:
            is_inside = Path(entry.path).resolve().is_relative_to(root)
        except (OSError, RuntimeError):
            is_inside = False
        return "source-link-inside" if is_inside else "source-link-outside"
    if entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False):
        return ""
    return "source-device"


def _with_keys(found: list[Found], skipped: list[Skipped]) -> list[Found]:
    """Take the key files out and give their keys to the files of the same folder.

    A file of the vault has no folder of its own: its stated name tells.
    """
    keys: dict[str, bytes] = {}
    others: list[Found] = []
    for file in found:
        if Path(file.name).name == blockfile.KEY_NAME:
            _take_key(file, keys, skipped)
        else:
            others.append(file)
    result = []
    for file in others:
        key = file.xor_key or keys.get(_folder_of(file))
        if key is None:
            key = _key_beside(file, keys, skipped)
        result.append(replace(file, xor_key=key))
    return result


def _folder_of(file: Found) -> str:
    return f"{file.origin}\0{Path(file.name).parent}"


def without_others(
    found: Sequence[Found], *, blocks_only: bool
) -> tuple[list[Found], list[Skipped]]:
    """Leave out what lies beside `blk*.dat` files and is of no use.

    That is the folder `index`; with `blocks_only` also all that is called neither `blk*.dat` nor
    `rev*.dat`, unless the officer named it. One skip for each folder says how many files.
    """
    folders = {_folder_of(file) for file in found if is_block_name(file)}
    kept: list[Found] = []
    left: Counter[tuple[str, Path]] = Counter()
    for file in found:
        folder = file.path.parent if not file.origin else Path(file.name).parent
        if not file.is_named and _is_index_of(file, folders):
            left["source-index", folder] += 1
        elif (
            blocks_only
            and not file.is_named
            and _folder_of(file) in folders
            and not (is_block_name(file) or is_undo_name(file))
        ):
            left["source-others", folder] += 1
        else:
            kept.append(file)
    skipped = [Skipped(code, str(place), {"count": n}) for (code, place), n in left.items()]
    return kept, skipped


def is_block_name(file: Found) -> bool:
    """Whether a file is called as Bitcoin Core calls its block files, also if compressed."""
    return _is_called(file, BLOCK_FILE_NAME)


def is_undo_name(file: Found) -> bool:
    """Whether a file is called as Bitcoin Core calls its undo files, also if compressed."""
    return _is_called(file, UNDO_NAME)


def _is_called(file: Found, pattern: re.Pattern[str]) -> bool:
    name = Path(file.name).name.removesuffix(".gz").removesuffix(".bz2")
    return pattern.fullmatch(name) is not None


def _is_index_of(file: Found, folders: set[str]) -> bool:
    """Whether a file lies in the folder `index` of one of these folders of block files."""
    parent = Path(file.name).parent
    return parent.name == INDEX_NAME and f"{file.origin}\0{parent.parent}" in folders


def _take_key(file: Found, keys: dict[str, bytes], skipped: list[Skipped]) -> None:
    try:
        key = blockfile.read_key(file.path)
    except OSError:
        key = None
    if key is None:
        skipped.append(Skipped("source-key-wrong", str(file.path)))
    keys[_folder_of(file)] = key or b""


def _key_beside(file: Found, keys: dict[str, bytes], skipped: list[Skipped]) -> bytes:
    """Look for a key file that lies beside a block or undo file which was named alone."""
    if not (is_block_name(file) or is_undo_name(file)):
        return b""
    path = file.path.parent / blockfile.KEY_NAME
    if path.is_file():
        _take_key(Found(path, file.name, file.origin, 0), keys, skipped)
    return keys.setdefault(_folder_of(file), b"")


# --- the bytes again ------------------------------------------------------------------------------


def read_back(source: Source, offset: int, size_bytes: int) -> bytes:
    """Bytes of a source again, unpacked and in the clear, as the columns count them.

    Raises OSError when the file is gone or shorter than it was.
    """
    data = compressed.open_plain(Path(source.path), source.sha256)
    if source.is_hex:
        pieces = blockfile.json_pieces(data)
        if not pieces and blockfile.looks_like_hex(data):
            pieces = blockfile.hex_pieces(data)
        if source.piece >= len(pieces):
            raise OSError(source.path)
        cut = pieces[source.piece][offset : offset + size_bytes]
    else:
        raw = data[offset : offset + size_bytes]
        cut = blockfile.without_xor(raw, bytes.fromhex(source.xor_key), offset).tobytes()
    if len(cut) != size_bytes:
        raise OSError(source.path)
    return cut
