"""The decorators of the generator's kernels: compiled by Numba, kept on disk, found again.

As in `kancil.bitcoin.compiled.memory`, with a stamp of their own, so that a change here never has
the parser compiled anew.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from typing import Any

import numba

from kancil.bitcoin.compiled.memory import CHECKED, OPTIONS, kernels_of, stamp_of
from kancil.bitcoin.compiled.sha256 import AVAILABLE

_SOURCES = tuple(
    f"generator/{name}"
    for name in ("compiled", "counter", "hashing", "form", "rows", "economy", "payments", "write")
)
"""The modules whose text goes into the kernels."""

kernel = kernels_of(stamp_of(_SOURCES, f"checked {CHECKED}", f"libcrypto {AVAILABLE}"))


def part(function: Any) -> Any:
    """Compile a piece of a kernel; whether it is set into its callers is left to LLVM."""
    return numba.njit(inline="never", **OPTIONS)(function)
