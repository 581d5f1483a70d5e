"""What works tell pages of what they left out: how many, and the first ones whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kancil.ground.plain import plain
from kancil.ground.skipped import Skipped

KEPT_SKIPS = 50
"""How many skips a task's row keeps whole; all are counted."""


def kept_skips(skipped: Sequence[Skipped]) -> dict[str, Any]:
    """`skipped`, how many were left out, and `skips`, the first of them."""
    return {"skipped": len(skipped), "skips": plain(skipped[:KEPT_SKIPS])}
