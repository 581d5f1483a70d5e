"""Who may read what lies in a folder, for the tests."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def mode(path: Path) -> int:
    """A file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(root: Path) -> set[str]:
    """List what group or others may read, write or enter, below a folder and it itself."""
    found = (path for path in (root, *root.rglob("*")) if not path.is_symlink())
    return {path.relative_to(root).as_posix() for path in found if mode(path) & 0o077}


@contextmanager
def usual_umask() -> Iterator[None]:
    """Be the account that most systems make: what it writes others may read (022)."""
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)
