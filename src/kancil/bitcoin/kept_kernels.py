"""Whether Numba's kernels are kept on disk, or have to be compiled by whoever needs them first.

Numba keeps each kernel in a file beside its module, or else in the user's cache folder
(`kancil.bitcoin.memory`), for all later processes. This only looks at files, since Numba itself is
slow to import; `tools/compile_kernels.py` compiles when Kancil is installed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).parent
_INGEST = "kernels"
"""The module of the kernels that every ingest needs."""


def must_compile() -> bool:
    """Whether the kernels that ingest needs are not kept, or are older than their module.

    Numba asks the same of the module's own file. That another module's text has changed, which
    goes into a kernel too, only a developer meets, and is not told.
    """
    written = (_PACKAGE / f"{_INGEST}.py").stat().st_mtime
    return all(path.stat().st_mtime < written for path in _kept(f"{_INGEST}.*.nbi"))


def folders() -> list[str]:
    """Folders outside the package in which Numba may keep kernels: a confined child reads them."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return [chosen]
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return [str(Path(cache) / "numba")]


def _kept(pattern: str) -> Iterator[Path]:
    """Kept files from where Numba may have put them, as it looks for a folder to write."""
    if not os.environ.get("NUMBA_CACHE_DIR"):
        yield from (_PACKAGE / "__pycache__").glob(pattern)
    for folder in folders():
        yield from Path(folder).rglob(pattern)
