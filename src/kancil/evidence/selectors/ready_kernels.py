"""The finder's kernels, made ready before a process is confined: they cannot be compiled then."""

from __future__ import annotations

from collections.abc import Iterable


def ready_to_find() -> Iterable[str]:
    """Have the kernels loaded, or compiled; a confined process may start no thread: nor does it."""
    from .finder import Finder  # Numba is slow to import

    Finder().ready()
    return ()
