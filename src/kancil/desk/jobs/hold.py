"""A worker's hold on a task: the lease renewed, progress told, and word of when to stop.

A thread of its own does this, so that a task in a long silent stretch is not taken for dead and
the work itself never waits for the database. The thread writes at most once a second.
"""

from __future__ import annotations

import logging
import threading
import time
from enum import Enum
from types import TracebackType

from django.db import close_old_connections, connection

from kancil.ground.errors import KancilError

from .actions import Told, is_to_stop, renew
from .models import Task

BEAT_SECONDS = 1.0
_logger = logging.getLogger(__name__)


class Why(Enum):
    """Why a task is to stop before its end."""

    CANCELLED = "cancelled"
    """Somebody asked for it."""
    LOST = "lost"
    """Another worker has taken it over, or may have."""
    ENDING = "ending"
    """This worker is to end."""


class StopWork(BaseException):
    """The task is to stop here. Not an error, and not to be caught by who catches errors."""

    def __init__(self, why: Why) -> None:
        """Why."""
        super().__init__(why.value)
        self.why = why


class Hold:
    """The hold; also the `Progress` that the task's work is given."""

    def __init__(self, task: Task, lease_seconds: float) -> None:
        """Hold a task that was just claimed."""
        self.task = task
        self.is_done = False
        """Whether effect and *done* are written."""
        self._lease_seconds = lease_seconds
        self._told = Told()
        self._stop: Why | None = None
        self._over = threading.Event()
        self._beating = threading.Thread(target=self._beat, name="hold", daemon=True)

    def __enter__(self) -> Hold:
        """Begin to beat."""
        self._beating.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cease to beat."""
        self._over.set()
        self._beating.join()

    # --- what the work tells ---

    def start(self, total: int | None, unit: str, label: str) -> None:
        """Begin a stage; raises StopWork."""
        self.check()
        self._told = Told(label, unit, 0, total)

    def advance(self, amount: int) -> None:
        """That this many more units are done; raises StopWork."""
        self.check()
        before = self._told
        self._told = Told(before.stage, before.unit, before.done + amount, before.total)

    def finish(self) -> None:
        """End a stage."""

    def check(self) -> None:
        """Stop here if the task is to stop; raises StopWork."""
        if self._stop is not None:
            raise StopWork(self._stop)

    def tell(self) -> None:
        """Write at once how far it is, as before a long transaction; raises StopWork, DeskBusy."""
        if not renew(self.task, self._lease_seconds, self._told):
            self.stop(Why.LOST)
        self.check()

    def stop(self, why: Why) -> None:
        """Have the task stop at its next word; the first reason stays."""
        self._stop = self._stop or why

    # --- the thread ---

    def _beat(self) -> None:
        """Renew until it is over; whatever ends this thread early also ends the hold."""
        try:
            self._renew_until_over()
        finally:
            self.stop(Why.LOST)
            connection.close()

    def _renew_until_over(self) -> None:
        written, renewed = self._told, time.monotonic()
        while not self._over.wait(min(BEAT_SECONDS, self._lease_seconds / 3)):
            told, now = self._told, time.monotonic()
            try:
                close_old_connections()
                if told != written or now - renewed > self._lease_seconds / 3:
                    if not renew(self.task, self._lease_seconds, told):
                        return
                    written, renewed = told, now
                wanted = is_to_stop(self.task)
            except KancilError as error:
                # A database that is away for a moment is no reason to stop within the lease.
                _logger.warning("work %s: %s", self.task.id, error)
                if time.monotonic() - renewed > self._lease_seconds:
                    return
                continue
            if wanted is None:
                return
            if wanted:
                self.stop(Why.CANCELLED)
