"""Running pyHanko in a thread of its own: it starts an event loop, and a thread has room for one.

Whoever calls from within a loop, such as a server or a test in a browser, would be refused else.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

R = TypeVar("R")


def apart(work: Callable[[], R]) -> R:
    """Do some work in a thread without a loop, and give what it gives or raise what it raises."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()
