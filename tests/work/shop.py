"""A unit in which work is asked for, done by a worker in this process, and looked at."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.web.site import Site

if TYPE_CHECKING:
    from kancil.desk.jobs.models import Task
    from kancil.desk.jobs.worker import Worker

SECONDS = 60


@dataclass
class Shop:
    """The unit, and where its desk is."""

    site: Site
    database_url: str

    def ask(
        self, name: str, *, person: str = "officer", case: str | None = None, **given: Any
    ) -> str:
        """Ask for work; give the task's id."""
        from kancil.desk.jobs.job import Asked, work_named

        named = None if case is None else self.site.case(case)
        asked = Asked(self.site.people[person], "password", named, given.pop("id", None))
        return work_named(name).by(asked).enqueue(**given).id

    def task(self, task_id: str) -> Task:
        """Read a task's row."""
        from kancil.desk.jobs.models import Task

        return Task.objects.get(id=task_id)

    def met(self, task_id: str) -> str | None:
        """The code of the error that a task met last."""
        error = self.task(task_id).error
        return None if error is None else str(error["code"])

    def gave(self, task_id: str) -> dict[str, Any]:
        """What a task that is done gave."""
        task = self.task(task_id)
        assert task.state == "done", task.error
        return dict(task.result or {})

    def worker(self, **pace: float) -> Worker:
        """A worker in this process."""
        from kancil.desk.cases.doing import CaseBench
        from kancil.desk.jobs.worker import Pace, Worker

        given = {"pause_seconds": 0.0, "poll_seconds": 0.01, **pace}
        return Worker(CaseBench(self.site.workspace, self.site.ledger), Pace(**given))

    def work_off(self) -> int:
        """Do all there is to do now; give how many starts that took."""
        worker, starts = self.worker(), 0
        while worker.do_next():
            starts += 1
        return starts

    def marks(self, mark: str) -> int:
        """Count the entries that bear a mark."""
        entries = self.site.entries("backup.made")
        return sum(entry.body["sha256"] == mark for entry in entries)

    def wait(self, is_so: Callable[[], bool], what: str) -> float:
        """Wait until something is so; give how many seconds that took."""
        begun = time.monotonic()
        while not is_so():
            assert time.monotonic() - begun < SECONDS, what
            time.sleep(0.05)
        return time.monotonic() - begun
