"""Two chains with their exports, made once: a generated one, and the real blocks of the sample."""

from __future__ import annotations

from tests.bitcoin.export.worlds import made_world, real_world

__all__ = ["made_world", "real_world"]
