"""A task, from asking to its end, by a worker in this process: on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kancil.desk.jobs.errors import WorkNotYours, WorkUnknown
from kancil.ground import clock
from kancil.ground.ids import new_id
from kancil.ground.words import render
from tests.work.shop import Shop


def test_work_is_done_once_and_its_entry_is_signed_for_whoever_asked(any_shop: Shop) -> None:
    task_id = any_shop.ask("toy-record", mark="a")
    assert any_shop.task(task_id).state == "waiting"
    assert any_shop.work_off() == 1
    task = any_shop.task(task_id)
    assert (task.state, task.attempt, task.error) == ("done", 1, None)
    assert task.ended_at is not None
    assert any_shop.marks("a") == 1
    entry = any_shop.site.entries("backup.made")[-1]
    assert task.result == {"entry": entry.n}
    assert entry.body["on_behalf"] == {
        "account": "officer",
        "authenticated_by": "password",
        "officer": None,
    }


def test_the_interface_of_django_tells_how_a_task_stands(any_shop: Shop) -> None:
    from django_tasks import TaskResultStatus, default_task_backend
    from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist

    from kancil.desk.jobs.job import work_named

    task_id = any_shop.ask("toy-record", mark="a")
    assert default_task_backend.get_result(task_id).status == TaskResultStatus.READY
    any_shop.work_off()
    result = default_task_backend.get_result(task_id)
    assert result.status == TaskResultStatus.SUCCESSFUL
    assert result.return_value == any_shop.task(task_id).result
    assert (result.attempts, result.kwargs) == (1, {"mark": "a"})
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result(new_id())
    with pytest.raises(InvalidTaskError, match="Somebody must ask"):
        work_named("toy-record").enqueue(mark="a")


def test_asked_twice_under_one_id_it_is_one_task(any_shop: Shop) -> None:
    task_id = new_id()
    assert any_shop.ask("toy-record", mark="a", id=task_id) == task_id
    assert any_shop.ask("toy-record", mark="b", id=task_id) == task_id
    assert any_shop.work_off() == 1
    assert any_shop.ask("toy-record", mark="c", id=task_id) == task_id
    assert any_shop.work_off() == 0
    assert [any_shop.marks(mark) for mark in "abc"] == [1, 0, 0]


def test_work_that_is_asked_for_in_a_transaction_taken_back_is_not_there(any_shop: Shop) -> None:
    from kancil.desk.custody.store import one_transaction

    def ask_and_fail() -> None:
        with one_transaction():
            any_shop.ask("toy-record", mark="a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    assert any_shop.work_off() == 0


def test_a_second_effect_is_refused(any_shop: Shop) -> None:
    task_id = any_shop.ask("toy-twice", mark="a")
    any_shop.work_off()
    assert any_shop.marks("a") == 1
    assert any_shop.task(task_id).state == "done"


def test_a_fault_in_the_effect_takes_the_entry_back_and_is_tried_three_times(
    any_shop: Shop,
) -> None:
    task_id = any_shop.ask("toy-faulty", mark="a")
    assert any_shop.work_off() == 3
    task = any_shop.task(task_id)
    assert (task.state, task.attempt, len(task.workers)) == ("failed", 3, 3)
    assert task.error == {"code": "work-fault", "params": {"kind": "ZeroDivisionError"}}
    assert any_shop.marks("a") == 0
    assert "ZeroDivisionError" in render("error.work-fault.sentence", kind="ZeroDivisionError")


def test_a_refusal_is_told_at_once_and_a_busy_part_is_tried_again(any_shop: Shop) -> None:
    refused, busy = any_shop.ask("toy-refused"), any_shop.ask("toy-busy")
    assert any_shop.work_off() == 4
    task = any_shop.task(refused)
    assert (task.state, task.attempt) == ("failed", 1)
    assert task.error == {"code": "disk-full", "params": {"path": "/a/full/disk"}}
    task = any_shop.task(busy)
    assert (task.state, task.attempt, any_shop.met(busy)) == ("failed", 3, "chain-busy")


def test_a_task_that_met_a_busy_part_waits_longer_each_time(shop: Shop) -> None:
    task_id = shop.ask("toy-busy")
    worker = shop.worker(pause_seconds=100.0)
    assert worker.do_next()
    first = shop.task(task_id)
    assert first.state == "waiting"
    assert 90 < (first.run_after - clock.now()).total_seconds() <= 100
    assert not worker.do_next(), "its time has not come"
    first.run_after = clock.now()
    first.save()
    assert worker.do_next()
    assert 190 < (shop.task(task_id).run_after - clock.now()).total_seconds() <= 200


def test_work_without_an_effect_or_with_wrong_parameters_is_a_fault(shop: Shop) -> None:
    idle, wrong = shop.ask("toy-idle"), shop.ask("toy-record", no_such_parameter=1)
    shop.work_off()
    kind = {"key": "why.no-effect", "params": {}}
    assert shop.task(idle).error == {"code": "work-fault", "params": {"kind": kind}}
    assert shop.task(wrong).error == {"code": "work-fault", "params": {"kind": "TypeError"}}


def test_work_of_an_unknown_name_is_told_and_not_tried_again(any_shop: Shop) -> None:
    from kancil.desk.jobs.job import work_named

    with pytest.raises(WorkUnknown):
        work_named("no-such-work")
    task_id = any_shop.ask("toy-record", mark="a")
    task = any_shop.task(task_id)
    task.name = "no-such-work"
    task.save()
    assert any_shop.work_off() == 1
    task = any_shop.task(task_id)
    assert task.state == "failed"
    assert task.error == {"code": "work-unknown", "params": {"name": "no-such-work"}}


def test_who_lost_their_account_or_their_case_since_gets_nothing_done(any_shop: Shop) -> None:
    from kancil.desk.access.actions import remove_member

    site = any_shop.site
    of_case = any_shop.ask("toy-record", mark="a", case="C1")
    closed = any_shop.ask("toy-record", mark="b", person="examiner")
    reader = any_shop.ask("toy-record", mark="c", person="reader")
    remove_member(site.ledger, case=site.case("C1"), username="officer", reason="moved", by=site.by)
    site.people["examiner"].is_active = False
    site.people["examiner"].save()
    assert any_shop.work_off() == 3
    for task_id in (of_case, closed, reader):
        assert any_shop.met(task_id) == "work-no-longer-allowed"
    assert not any(any_shop.marks(mark) for mark in "abc")


def test_their_access_is_looked_at_again_when_the_effect_is_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.cases import doing

    answers = iter([True, False])
    monkeypatch.setattr(doing, "is_member", lambda _person, _case: next(answers))
    task_id = shop.ask("toy-record", mark="a", case="C1")
    shop.work_off()
    assert shop.met(task_id) == "work-no-longer-allowed"
    assert shop.marks("a") == 0


def test_a_waiting_task_is_cancelled_by_who_asked_or_a_head_and_nobody_else(
    any_shop: Shop,
) -> None:
    from kancil.desk.jobs.actions import cancel_task

    people = any_shop.site.people
    first, second = any_shop.ask("toy-record", mark="a"), any_shop.ask("toy-record", mark="b")
    with pytest.raises(WorkNotYours):
        cancel_task(first, person=people["examiner"], is_head=False)
    cancel_task(first, person=people["officer"], is_head=False)
    cancel_task(second, person=people["supervisor"], is_head=True)
    assert any_shop.work_off() == 0
    assert {any_shop.task(each).state for each in (first, second)} == {"cancelled"}
    assert any_shop.marks("a") + any_shop.marks("b") == 0


def test_a_worker_whose_task_was_taken_over_writes_nothing(any_shop: Shop) -> None:
    """The lease of the first runs out while it computes: only the second one may write."""
    from kancil.desk.jobs.actions import Told, claim, fail, finishing, give_back, renew

    task_id = any_shop.ask("toy-record", mark="a")
    first = claim("first", 30)
    assert first is not None
    assert claim("second", 30) is None
    row = any_shop.task(task_id)
    row.lease_until = clock.now() - timedelta(seconds=1)
    row.save()
    second = claim("second", 30)
    assert second is not None
    assert (second.attempt, second.workers) == (2, ["first", "second"])
    with finishing(first) as held:
        assert held is None
    assert not renew(first, 30, Told())
    assert not fail(first, WorkUnknown(name="x"), again_in_seconds=None)
    assert not give_back(first)
    with finishing(second) as held:
        assert held is not None


def test_cancelling_a_task_that_has_ended_changes_nothing(shop: Shop) -> None:
    from kancil.desk.jobs.actions import cancel_task

    task_id = shop.ask("toy-record", mark="a")
    shop.work_off()
    cancel_task(task_id, person=shop.site.people["officer"], is_head=False)
    assert shop.task(task_id).state == "done"


def test_progress_is_seen_while_the_work_goes_on_and_a_cancel_stops_it(any_shop: Shop) -> None:
    from django.db import connection

    from kancil.desk.jobs.actions import cancel_task

    task_id = any_shop.ask("toy-slow", mark="a", steps=2000)
    worker = any_shop.worker()

    def run() -> None:
        worker.do_next()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    any_shop.wait(lambda: any_shop.task(task_id).done_units > 0, "no progress is seen")
    task = any_shop.task(task_id)
    assert (task.state, task.stage, task.unit) == ("running", "progress.trace", "steps")
    assert task.total_units == 2000
    assert 0 < task.done_units < 2000
    cancel_task(task_id, person=any_shop.site.people["officer"], is_head=False)
    thread.join(10)
    assert not thread.is_alive(), "it did not stop"
    task = any_shop.task(task_id)
    assert (task.state, task.error) == ("cancelled", None)
    assert any_shop.marks("a") == 0


def test_a_worker_that_is_told_to_end_gives_its_task_back_whole(shop: Shop) -> None:
    from django.db import connection

    task_id = shop.ask("toy-slow", mark="a", steps=2000)
    worker = shop.worker()

    def run() -> None:
        worker.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    shop.wait(lambda: shop.task(task_id).state == "running", "it does not begin")
    worker.end()
    thread.join(10)
    assert not thread.is_alive()
    task = shop.task(task_id)
    assert (task.state, task.tries_left, task.lease_until) == ("waiting", 3, None)


def test_the_lease_of_a_task_that_says_nothing_is_renewed(shop: Shop) -> None:
    """A silent stretch thrice as long as the lease: nobody takes the task over."""
    from django.db import connection

    task_id = shop.ask("toy-deaf", mark="a", seconds=3.0)
    worker = shop.worker(lease_seconds=1.0)

    def run() -> None:
        worker.do_next()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    other = shop.worker(lease_seconds=1.0)
    shop.wait(lambda: shop.task(task_id).state == "running", "it does not begin")
    while thread.is_alive():
        assert not other.do_next(), "it was taken over"
        thread.join(0.1)
    assert (shop.task(task_id).attempt, shop.marks("a")) == (1, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_parameters_come_back_as_they_were_given(shop: Shop, value: object) -> None:
    from kancil.desk.jobs.models import Task

    task_id = shop.ask("toy-record", mark=value)
    assert Task.objects.get(id=task_id).parameters == {"mark": value}


def test_the_tables_are_what_the_migrations_make(shop: Shop) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "work", check=True, dry_run=True, verbosity=0)
