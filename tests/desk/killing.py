"""Run an act in a child of this process and kill it: before its k-th step, or at some moment.

A step is whatever reaches the database or the disk: each statement, each commit, each fsync, link,
rename and removal of a file.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from kancil.desk.base.opening import close_desk

_ON_DISK = ("fsync", "link", "rename", "replace", "unlink", "mkdir", "fchmod")


class _Steps:
    """Counts steps, and kills this process before the one that is named."""

    def __init__(self, last: int | None) -> None:
        self.last = last
        self.done = 0

    def step(self) -> None:
        self.done += 1
        if self.done == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Stand before every step of this process."""
        for name in _ON_DISK:
            setattr(os, name, self._before(getattr(os, name)))
        for owner, name in (
            (CursorWrapper, "execute"),
            (CursorWrapper, "executemany"),
            (BaseDatabaseWrapper, "_commit"),
        ):
            setattr(owner, name, self._before(getattr(owner, name)))

    def _before(self, do: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(do)
        def stepped(*given: Any, **named: Any) -> Any:
            self.step()
            return do(*given, **named)

        return stepped


def run_and_kill(
    act: Callable[[], object], *, before: int | None = None, after_seconds: float | None = None
) -> bool:
    """Run an act in a child; says whether it was killed. `before`: the step, from 1.

    A child that fails by itself is a fault of the test.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            # A browser's event loop of this process is none of the child's, where Django would
            # find the connections that were made before there was a loop.
            close_desk()
            if before is not None:
                _Steps(before).watch()
            act()
        except BaseException:  # noqa: BLE001  # the child must never go on as a second test run
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if after_seconds is not None:
        time.sleep(after_seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
