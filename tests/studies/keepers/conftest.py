"""The sample unit, for traces on real blocks."""

from __future__ import annotations

from tests.cli.fixtures import sample

__all__ = ["sample"]
