"""The decorators of the generator's kernels: compiled by Numba, kept on disk, found again.

As in `kancil.bitcoin.memory`, with a stamp of their own, so that a change here never has the
parser compiled anew.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numba

from kancil.bitcoin.memory import CHECKED
from kancil.bitcoin.sha256 import AVAILABLE

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""No array is made inside a kernel: its owner is always the caller.

Under NUMBA_BOUNDSCHECK=1 every index is checked."""
_SOURCES = ("compiled", "counter", "hashing", "form", "rows", "economy", "payments", "write")
"""The modules whose text goes into the kernels; Numba itself looks only at a kernel's own file."""


def _stamp() -> str:
    digest = hashlib.sha256(f"checked {CHECKED}, libcrypto {AVAILABLE}".encode())
    for name in _SOURCES:
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return digest.hexdigest()[:12]


_STAMP = _stamp()


def kernel(function: Any) -> Any:
    """Compile a kernel; kept on disk where a folder can be written."""
    function.__qualname__ += f"_{_STAMP}"
    try:
        return numba.njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # numba found no folder that it may write
        return numba.njit(**_OPTIONS)(function)


def part(function: Any) -> Any:
    """Compile a piece of a kernel that is set into its callers."""
    return numba.njit(inline="never", **_OPTIONS)(function)
