"""One person's many tasks hold up nobody else: there is a limit, and people are served in turn."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from kancil.desk.jobs.errors import WorkTooMuch
from tests.work.shop import Shop


def queue(shop: Shop, person: str, count: int) -> list[str]:
    """Have a person ask for so many tasks."""
    return [
        shop.ask("toy-record", person=person, mark=f"{person}-{place}") for place in range(count)
    ]


def order(shop: Shop) -> list[str]:
    """List whose tasks were done, in the order in which they were."""
    bodies = [entry.body["sha256"] for entry in shop.site.entries("backup.made")]
    return [body.rpartition("-")[0] for body in bodies]


def test_a_colleagues_task_goes_before_the_rest_of_a_long_line(any_shop: Shop) -> None:
    queue(any_shop, "officer", 6)
    worker = any_shop.worker()
    for _ in range(2):
        assert worker.do_next()
    queue(any_shop, "examiner", 2)
    queue(any_shop, "supervisor", 1)
    any_shop.work_off()
    assert order(any_shop) == [
        "officer", "officer", "examiner", "supervisor", "officer", "examiner",
        "officer", "officer", "officer",
    ]  # fmt: skip
    marks = [entry.body["sha256"] for entry in any_shop.site.entries("backup.made")]
    own = [mark for mark in marks if mark.startswith("officer-")]
    assert own == [f"officer-{place}" for place in range(6)], "their own in the order of asking"


def test_turns_are_kept_when_a_worker_dies_with_a_task(any_shop: Shop) -> None:
    from kancil.desk.jobs.actions import claim

    queue(any_shop, "officer", 3)
    lost = claim("killed", lease_seconds=-1)
    assert lost is not None
    queue(any_shop, "examiner", 1)
    any_shop.work_off()
    assert order(any_shop) == ["examiner", "officer", "officer", "officer"]
    assert any_shop.task(lost.id).attempt == 2


def test_a_person_whose_tasks_are_all_locked_holds_up_no_other_worker(any_shop: Shop) -> None:
    from django.db import connection, transaction

    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, who locks everything")
    (held,) = queue(any_shop, "officer", 1)
    queue(any_shop, "examiner", 1)
    locked, let = threading.Event(), threading.Event()

    def hold() -> None:
        from kancil.desk.jobs.models import Task

        with transaction.atomic():
            Task.objects.select_for_update().get(id=held)
            locked.set()
            assert let.wait(60)
        connection.close()

    holding = threading.Thread(target=hold)
    holding.start()
    assert locked.wait(60)
    try:
        assert any_shop.worker().do_next()
        assert order(any_shop) == ["examiner"]
    finally:
        let.set()
        holding.join()


def test_one_person_has_so_many_open_tasks_and_no_more(
    any_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.desk.jobs.actions.MOST_OPEN", 3)
    first, *_ = queue(any_shop, "officer", 3)
    with pytest.raises(WorkTooMuch) as caught:
        queue(any_shop, "officer", 1)
    assert caught.value.params == {"most": 3}
    again = any_shop.ask("toy-record", mark="again", id=first)
    assert again == first, "what was asked for already is no new task"
    queue(any_shop, "examiner", 1)
    any_shop.work_off()
    queue(any_shop, "officer", 3)


def test_whoever_asks_many_times_at_once_has_no_more_either(
    any_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    from kancil.desk.jobs.models import Task

    monkeypatch.setattr("kancil.desk.jobs.actions.MOST_OPEN", 3)
    begin, met = threading.Barrier(8), list[Any]()

    def ask(place: int) -> None:
        begin.wait()
        try:
            any_shop.ask("toy-record", mark=str(place))
        except WorkTooMuch as error:
            met.append(error)
        connection.close()

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (Task.objects.count(), len(met)) == (3, 5)


def test_the_limit_is_told_on_a_page_with_where_the_tasks_are(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.desk.jobs.actions.MOST_OPEN", 2)
    queue(shop, "officer", 2)
    folder = shop.site.workspace.intake_dir / "disk"
    folder.mkdir(parents=True)
    asked = {
        "folder-offered_folder": "disk", "folder-exhibit_title": "A", "folder-stated_source": "B",
    }  # fmt: skip
    answer = shop.site.client("officer").post("/cases/1/intake/folder/", asked)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "You have 2 jobs waiting or running" in text
    assert "Open Background jobs" in text
