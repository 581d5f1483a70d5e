"""Whether Numba's kernels are kept on disk, or have to be compiled by whoever needs them first.

Numba keeps each kernel in a file beside its module, or else in the user's cache folder
(`kancil.bitcoin.compiled.memory`), for all later processes. This only looks at files, since Numba
itself is slow to import; `tools/compile_kernels.py` compiles when Kancil is installed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_INGEST = Path(__file__).parents[1] / "blocks" / "kernels.py"
"""The module of the kernels that every ingest needs."""


def must_compile() -> bool:
    """Whether the kernels that ingest needs are not kept, or are older than their module.

    Numba asks the same of the module's own file. That another module's text has changed, which
    goes into a kernel too, only a developer meets, and is not told.
    """
    written = _INGEST.stat().st_mtime
    return all(path.stat().st_mtime < written for path in _kept(_INGEST))


def folders() -> list[str]:
    """Folders outside the package in which Numba may keep kernels: a confined child reads them."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return [chosen]
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return [str(Path(cache) / "numba")]


def _kept(module: Path) -> Iterator[Path]:
    """Kept files of a module from where Numba may have put them, as it looks for a folder."""
    pattern = f"{module.stem}.*.nbi"
    if not os.environ.get("NUMBA_CACHE_DIR"):
        yield from (module.parent / "__pycache__").glob(pattern)
    for folder in folders():
        yield from Path(folder).rglob(f"{module.parent.name}_*/{pattern}")
