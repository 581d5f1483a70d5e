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
_INGEST = ("kernels", "blockread", "sha256", "sha256lanes", "memory")
"""Modules whose text goes into what the first ingest compiles; the first holds its kernels."""


def must_compile() -> bool:
    """Whether the kernels that ingest needs are not kept, or are older than their text."""
    newest = max((_PACKAGE / f"{name}.py").stat().st_mtime for name in _INGEST)
    return all(path.stat().st_mtime < newest for path in _kept(f"{_INGEST[0]}.*.nbi"))


def _kept(pattern: str) -> Iterator[Path]:
    """Give kept files from where Numba may have put them, as it looks for a folder to write."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        yield from Path(chosen).rglob(pattern)
        return
    yield from (_PACKAGE / "__pycache__").glob(pattern)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    yield from (Path(cache) / "numba").rglob(pattern)
