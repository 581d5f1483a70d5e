"""A worker: one process that does one task after another until it is told to end.

What a task raises is kept in its row, to be told to whoever asked. A database that does not answer
ends the worker: whoever started it starts it again, and its task is taken over when its lease is
over.
"""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass
from typing import Any

from django.db import close_old_connections

from kancil.ground.errors import KancilError
from kancil.ground.ids import new_id
from kancil.ground.phrase import Phrase

from .actions import claim, end_cancelled, fail, give_back
from .backend import result_of
from .doing import Bench
from .errors import WorkFault
from .hold import Hold, StopWork, Why
from .job import work_named
from .models import Task
from .uploads import remove_sent, sweep_sent

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a worker goes."""

    lease_seconds: float = 30.0
    """After so long a silence a worker is taken for dead, and its task for anybody's."""
    poll_seconds: float = 0.5
    """How often it looks for work when it has none."""
    pause_seconds: float = 5.0
    """How long a task that met a busy part waits; twice as long the next time."""


class Worker:
    """One worker."""

    def __init__(self, bench: Bench[Any], pace: Pace | None = None) -> None:
        """Stand ready at the desk's parts."""
        self.name = f"{os.uname().nodename}:{os.getpid()}:{new_id()[-6:]}"
        self._bench = bench
        self._pace = pace or Pace()
        self._is_ending = False
        self._hold: Hold | None = None

    def end(self) -> None:
        """End soon: a task at hand is given back at its next word. Safe in a signal handler."""
        self._is_ending = True
        if self._hold is not None:
            self._hold.stop(Why.ENDING)

    def run(self) -> None:
        """Do what there is to do until told to end; raises what the database raises."""
        sweep_sent(self._bench.workspace)
        while not self._is_ending:
            close_old_connections()
            if not self.do_next():
                time.sleep(self._pace.poll_seconds)

    def do_next(self) -> bool:
        """Do the next task, if there is one; say whether there was."""
        task = claim(self.name, self._pace.lease_seconds)
        if task is None:
            return False
        with Hold(task, self._pace.lease_seconds) as hold:
            self._hold = hold
            if self._is_ending:
                hold.stop(Why.ENDING)
            self._do(task, hold)
            self._hold = None
        remove_sent(self._bench.workspace, task.id)
        return True

    def _do(self, task: Task, hold: Hold) -> None:
        """Run a task's function, and write how it ended unless it has done so itself."""
        try:
            work = work_named(task.name)
            doing = self._bench.doing(result_of(task, work), hold)
            doing.by()  # refused before anything is done, and asked again at the effect
            hold.check()
            work.func(doing, **task.parameters)
            if not hold.is_done:
                raise WorkFault(kind=Phrase("why.no-effect"))
        except StopWork as stop:
            if not hold.is_done:
                self._stopped(task, stop.why)
        except KancilError as error:
            self._failed(task, hold, error)
        except Exception as error:
            # One task's fault must not take the queue with it: it is logged whole, and told.
            _logger.exception("work %s (%s) has a fault", task.id, task.name)
            self._failed(task, hold, WorkFault(kind=type(error).__name__))

    def _stopped(self, task: Task, why: Why) -> None:
        if why is Why.CANCELLED:
            end_cancelled(task)
        elif why is Why.ENDING:
            give_back(task)
        else:
            _logger.warning("work %s was taken over by another worker", task.id)

    def _failed(self, task: Task, hold: Hold, error: KancilError) -> None:
        if hold.is_done:
            _logger.warning("work %s is done, and then met: %s", task.id, error)
            return
        pause = self._pace.pause_seconds * 2 ** (task.attempt - 1)
        is_worth_it = isinstance(error, (*self._bench.busy, WorkFault))
        fail(task, error, again_in_seconds=pause if is_worth_it else None)
