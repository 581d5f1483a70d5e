"""The generated chain on which patterns are tried, made once for all tests of this folder."""

from __future__ import annotations

from tests.bitcoin.planted import generated

__all__ = ["generated"]
