"""Answers kept for a while, so that opening a fold does not follow all coins again.

A run is known by the chain's folder and sources, the label imports and the question; what is kept
is never changed, so several threads may ask.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

T = TypeVar("T")
KEPT = 64


class Runs:
    """The latest answers, each under a key that names all it depends on."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep so many."""
        self._kept = kept
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(
        self, key: Hashable, make: Callable[[], T], again: Callable[[T], bool] | None = None
    ) -> T:
        """The answer for a key, made if it is not kept; two threads may make the same.

        `again`: of which kept answers another is to be made in their place.
        """
        with self._lock:
            if key in self._answers:
                kept: T = self._answers[key]  # type: ignore[assignment]
                if again is None or not again(kept):
                    self._answers.move_to_end(key)
                    return kept
        made = make()
        with self._lock:
            self._answers[key] = made
            self._answers.move_to_end(key)
            while len(self._answers) > self._kept:
                self._answers.popitem(last=False)
        return made
