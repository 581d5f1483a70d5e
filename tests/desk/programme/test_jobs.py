"""Large imports and IATI files as background jobs: all of one or nothing, once, for whoever asked.

The works: `try_import`, `take_import`, `publish_file`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from kancil.desk.assessment.models import Act
from kancil.desk.jobs.actions import cancel_task, claim
from kancil.desk.jobs.errors import WorkNotYours
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.models import Task
from kancil.desk.jobs.worker import Pace, Worker
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.doing import ProgrammeBench, ProgrammeDoing
from kancil.desk.programme.iati.publishing import set_reporter
from kancil.desk.programme.imports import importing as acts
from kancil.desk.programme.jobs import JOBS
from kancil.desk.programme.jobs.iati import publish_file
from kancil.desk.programme.jobs.imports import take_import, tried, try_import
from kancil.desk.programme.models import IatiFile, ImportBatch, Participant, Participation
from kancil.ground import clock
from tests.desk.desks import Desk
from tests.desk.programme import iati_books
from tests.desk.programme.people_rows import books
from tests.desk.programme.sheets_made import csv
from tests.desk.programme.test_imports import Stage

LIST = csv("name,country", "Ana Ruiz,XKA", "mei lin,XKA", "Bo,Nowhere", "Cy Ek,XKA")


class Killed(BaseException):
    """What a worker that ends without a word leaves behind is what this leaves."""


@dataclass
class Hall:
    """A programme whose jobs are done by workers in this process."""

    desk: Desk
    stage: Stage

    def __getitem__(self, name: str) -> Person:
        return self.stage.made[name]

    def handed_in(self, data: bytes = LIST) -> dict[str, Any]:
        """Hand a list in and map it; gives the parameters of its jobs."""
        batch = self.stage.sent(data, name="list.csv", activity_code="2026-SEA-014")
        return {"batch": batch, "mapping": ImportBatch.objects.get(pk=batch).mapping}

    def try_it(self, given: dict[str, Any], by: str = "olga") -> str:
        asked = Asked(self[by], "password", is_one=True)
        return try_import.by(asked).enqueue(**given).id

    def take_it(self, given: dict[str, Any], by: str = "olga", **said: Any) -> str:
        asked = Asked(self[by], "password", is_one=True)
        return take_import.by(asked).enqueue(**given, **{"same": [], "others": False, **said}).id

    def worker(self) -> Worker:
        bench = ProgrammeBench(self.desk.workspace)
        return Worker(bench, Pace(pause_seconds=0.0, poll_seconds=0.01))

    def work_off(self) -> int:
        worker, starts = self.worker(), 0
        while worker.do_next():
            starts += 1
        return starts

    def ended(self, task_id: str) -> tuple[str, str | None]:
        """The state of a task, and the code of the error that it met last."""
        row = Task.objects.get(id=task_id)
        return str(row.state), row.error["code"] if row.error else None


@pytest.fixture
def hall(desk: Desk) -> Iterator[Hall]:
    names = ("read_table", "read_table_head", "read_whole_rows")
    with patch.multiple(acts, **{name: getattr(acts, name).here for name in names}):
        yield Hall(desk, Stage(books(), ProgrammeBench(desk.workspace).store))


def written() -> tuple[int, int, int]:
    return (
        Participant.objects.count(), Participation.objects.count(),
        Act.objects.filter(kind="import.taken").count(),
    )  # fmt: skip


def test_every_work_of_the_programme_is_tried_here() -> None:
    assert set(JOBS) == {publish_file, take_import, try_import}


def test_a_dry_run_says_what_the_job_then_takes_and_its_names_go_with_the_file(
    hall: Hall,
) -> None:
    known = hall.stage.made.add("Mei Lin")
    given, before = hall.handed_in(), written()
    task_id = hall.try_it(given)
    assert hall.work_off() == 1
    assert hall.ended(task_id) == ("done", None)
    assert written() == before
    result = Task.objects.get(id=task_id).result or {}
    assert "Mei Lin" not in str(result), "the name in the books is not kept"
    found = tried(result)
    assert (found.outcome.rows, found.outcome.taken, found.refused, found.twins) == (4, 2, 1, 1)
    assert (found.outcome.twins[0].name, found.outcome.twins[0].written) == ("Mei Lin", "mei lin")
    assert found.outcome.refused == hall.stage.look(given["batch"]).refused
    Participant.objects.filter(pk=known).update(name="")
    assert tried(result).outcome.twins[0].name == "", "as it is now"
    taking = hall.take_it(given, same=[3])
    assert hall.work_off() == 1
    assert hall.ended(taking) == ("done", None)
    assert Task.objects.get(id=taking).result == {
        "batch": given["batch"], "rows": 4, "taken": 3, "refused": 1, "twins": 0,
    }  # fmt: skip
    assert Participation.objects.filter(participant=known).count() == 1
    row = ImportBatch.objects.get(pk=given["batch"])
    assert (row.rows, row.taken) == (4, 3)
    assert Task.objects.get(id=task_id).result is None, "what the file called people is gone"
    assert not hall.stage.store.holds(row.sha256)


def test_the_same_click_twice_is_one_job_and_two_people_take_a_file_once(hall: Hall) -> None:
    given = hall.handed_in()
    first = hall.take_it(given)
    assert hall.take_it(given) == first
    assert hall.take_it(given, others=True) != first, "another question is another job"
    olga = hall["olga"]
    other = Person.objects.create(username="otto", name="Otto", role=olga.role)
    hall.stage.made.people["otto"] = other
    theirs = hall.take_it(given, by="otto")
    before = written()
    assert hall.work_off() == 3
    assert hall.ended(first) == ("done", None)
    assert hall.ended(theirs) == ("failed", "record-not-found")
    assert written() == (before[0] + 3, before[1] + 3, before[2] + 1)
    again = hall.take_it(given)
    hall.work_off()
    assert hall.ended(again) == ("failed", "record-not-found")


def test_a_killed_worker_leaves_nothing_and_the_next_one_does_it_once(hall: Hall) -> None:
    given, before = hall.handed_in(), written()
    task_id = hall.take_it(given)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with patch.object(acts, "record", killed), pytest.raises(Killed):
        hall.worker().do_next()
    assert written() == before, "the rows were written and went with their transaction"
    assert hall.ended(task_id) == ("running", None)
    assert not hall.worker().do_next(), "its lease is not over"
    Task.objects.filter(id=task_id).update(lease_until=clock.now() - timedelta(seconds=1))
    assert hall.work_off() == 1
    assert hall.ended(task_id) == ("done", None)
    assert Task.objects.get(id=task_id).attempt == 2
    assert written() == (before[0] + 3, before[1] + 3, before[2] + 1)


def test_a_worker_that_was_taken_over_writes_nothing(hall: Hall) -> None:
    given, before = hall.handed_in(), written()
    task_id = hall.take_it(given)
    plan_rows = acts.plan_rows

    def overtaken(**given: Any) -> Any:
        planned = plan_rows(**given)
        Task.objects.filter(id=task_id).update(lease_until=clock.now() - timedelta(seconds=1))
        assert claim("other", 30) is not None
        return planned

    with patch("kancil.desk.programme.jobs.imports.plan_rows", overtaken):
        assert hall.worker().do_next()
    assert written() == before
    assert hall.ended(task_id) == ("running", None), "the other one has it"


def test_a_cancel_stops_a_job_before_it_writes_and_only_its_own_person_may(hall: Hall) -> None:
    given, before = hall.handed_in(), written()
    waiting = hall.take_it(given)
    with pytest.raises(WorkNotYours):
        cancel_task(waiting, person=hall["fin"], is_head=False)
    cancel_task(waiting, person=hall["olga"], is_head=False)
    assert hall.work_off() == 0
    running = hall.take_it(given)
    once = ProgrammeDoing.once

    def asked_to_stop(self: ProgrammeDoing, *parts: Any) -> Any:
        from kancil.desk.jobs.hold import Why

        self.hold.stop(Why.CANCELLED)
        self.hold.check()
        return once(self, *parts)

    with patch.object(ProgrammeDoing, "once", asked_to_stop):
        hall.work_off()
    assert (hall.ended(waiting)[0], hall.ended(running)[0]) == ("cancelled", "cancelled")
    assert written() == before


def test_rows_are_planned_anew_if_somebody_has_acted_since(hall: Hall) -> None:
    given = hall.handed_in()
    rows = acts.read_rows(by=hall["olga"], store=hall.stage.store, batch=given["batch"])
    today = clock.now().date()
    planned = acts.plan_rows(by=hall["olga"], rows=rows, today=today)
    hall.stage.made.add("Ana Ruiz")
    done = acts.take_rows(by=hall["olga"], planned=planned)
    assert (planned.plan.taken, done.taken, len(done.twins)) == (3, 2, 1)
    assert Participant.objects.filter(name="Ana Ruiz").count() == 1


def test_columns_that_were_mapped_anew_are_not_taken_as_they_were(hall: Hall) -> None:
    given, before = hall.handed_in(), written()
    trying, taking = hall.try_it(given), hall.take_it(given)
    row = ImportBatch.objects.get(pk=given["batch"])
    row.mapping = {**row.mapping, "day_order": "mdy"}
    row.save()
    assert hall.work_off() == 2
    for task_id in (trying, taking):
        assert hall.ended(task_id) == ("failed", "columns-changed")
    assert written() == before
    trying = hall.try_it({**given, "mapping": row.mapping})
    acts.give_up(by=hall["olga"], store=hall.stage.store, batch=row.id)
    hall.work_off()
    assert hall.ended(trying) == ("failed", "record-not-found")


def test_whoever_may_not_any_more_has_nothing_done_for_them(hall: Hall) -> None:
    given, before, olga = hall.handed_in(), written(), hall["olga"]
    taking = hall.take_it(given)
    Person.objects.filter(pk=olga.pk).update(role=Role.DONOR_READER)
    hall.work_off()
    assert hall.ended(taking) == ("failed", "work-account-ended")
    Person.objects.filter(pk=olga.pk).update(role=Role.FINANCE)
    taking = hall.take_it(given)
    hall.work_off()
    assert hall.ended(taking) == ("failed", "record-not-found"), "lists of people are not theirs"
    assert written() == before


def test_an_iati_file_is_published_once_or_not_at_all(hall: Hall) -> None:
    olga = hall["olga"]
    asked = publish_file.by(Asked(olga, "password", is_one=True))
    without = asked.enqueue(is_practice=False).id
    hall.work_off()
    assert hall.ended(without) == ("failed", "iati-reporter-missing")
    set_reporter(by=olga, reporter=iati_books.REPORTER)
    task_id = asked.enqueue(is_practice=True).id
    assert asked.enqueue(is_practice=True).id == task_id
    kept = IatiFile.objects.count()

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with (
        patch("kancil.desk.programme.iati.publishing.record", killed),
        pytest.raises(Killed),
    ):
        hall.worker().do_next()
    assert IatiFile.objects.count() == kept
    Task.objects.filter(id=task_id).update(lease_until=clock.now() - timedelta(seconds=1))
    assert hall.work_off() == 1
    row = IatiFile.objects.get()
    assert hall.ended(task_id) == ("done", None)
    assert Task.objects.get(id=task_id).result == {
        "iati_file": row.id, "activities": row.activities, "left": len(row.left_out),
    }  # fmt: skip
    assert hall.stage.store.holds(row.sha256)
    assert list(hall.desk.workspace.incoming_dir.glob("*.intake")) == [], "what was killed is swept"
