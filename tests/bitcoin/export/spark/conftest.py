"""The chains with their exports that the tests of exports use, too."""

from __future__ import annotations

from tests.bitcoin.export.worlds import made_world, real_world

__all__ = ["made_world", "real_world"]
