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


def _kept(pattern: str) -> Iterator[Path]:
    """Give kept files from where Numba may have put them, as it looks for a folder to write."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        yield from Path(chosen).rglob(pattern)
        return
    yield from (_PACKAGE / "__pycache__").glob(pattern)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    yield from (Path(cache) / "numba").rglob(pattern)
