"""Skips for JSON answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kancil.ground.skipped import Skipped
from kancil.ground.words import render


def skipped_as_dicts(skipped: Iterable[Skipped]) -> list[dict[str, Any]]:
    """Skips for JSON, each with its sentence."""
    return [
        {
            "code": skip.code,
            "place": skip.place,
            "sentence": render(f"skip.{skip.code}", place=skip.place, **skip.params),
        }
        for skip in skipped
    ]
