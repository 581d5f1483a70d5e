"""A workspace is its owner's alone: what is written, and what earlier versions left open to others.

Modes are POSIX's (`chmod`(2)): nothing here sees access lists of the file system, or root.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from .errors import WorkspaceExposed

OWN_FILE = 0o600
_UMASK = 0o077
_OTHERS = 0o077
_DESK = "desk"
_OWN = (
    "kancil.toml", _DESK, "vault", "incoming", "chains", "fetched", "labels", "prices", "transfers",
    "triage", "traces", "studies", "views", "requests", "directory", "law", "packages",
    "checkpoints", "ledger",
)  # fmt: skip
"""What Kancil itself writes into a workspace. `keys/` is refused where others may read it, not
mended: whoever could read a key may have it. `intake/` is its administrator's."""


def write_for_owner_only() -> None:
    """Let nobody but the owner read what this process and its children write from now on."""
    os.umask(_UMASK)


def open_for_owner(name: str, flags: int) -> int:
    """Open a new file that only its owner may read, from the moment it is there: an `opener`."""
    return os.open(name, flags, OWN_FILE)


def tighten(root: Path) -> int:
    """Take from others what they may do with a workspace; gives how many files and folders.

    The root comes first, which shuts all below it. Of what Kancil wrote, a folder that is open is
    shut after everything in it, so that what was interrupted is done at the next opening; the
    desk's files (database, `-wal`, `-shm`) are looked at each time.

    Raises WorkspaceExposed where that is not allowed, or where the file system keeps no modes.
    """
    shut = int(_shut(root))
    for path in (root / name for name in _OWN):
        if _is_open(path):
            shut += sum(map(_shut, _below(path)))
    desk = root / _DESK
    if desk.is_dir():
        shut += sum(map(_shut, desk.iterdir()))
    return shut


def _below(path: Path) -> Iterator[Path]:
    """All below a path, and it itself as the last; links are not followed."""
    if path.is_dir():
        for folder, folders, files in os.walk(path, topdown=False):
            yield from (Path(folder, name) for name in (*files, *folders))
    yield path


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False  # it was there a moment ago, such as SQLite's -wal
    return not stat.S_ISLNK(mode) and bool(mode & _OTHERS)


def _shut(path: Path) -> bool:
    """Shut a file or folder to others; says whether it was open."""
    if not _is_open(path):
        return False
    try:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise WorkspaceExposed(path=str(path)) from error
    if _is_open(path):
        raise WorkspaceExposed(path=str(path))
    return True
