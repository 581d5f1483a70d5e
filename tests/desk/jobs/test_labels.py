"""Label import behind the pages: stored once, recorded once, gone where that failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.bitcoin.labels.store import list_imports
from kancil.ground.ids import new_id
from tests.cli.sample_unit import LABELS
from tests.work.shop import Shop

TABLE = b"address,label,category\n12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX,Somebody,exchange\n"


def send(shop: Shop, data: bytes, name: str = "labels.csv") -> str:
    """Lay a file ready for a task; give the task's id."""
    from kancil.desk.jobs.uploads import sent_for

    task_id = new_id()
    folder = sent_for(shop.site.workspace, task_id)
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data)
    return task_id


def ask(shop: Shop, task_id: str, **given: str) -> None:
    shop.ask("import-labels", id=task_id, **{"file": "labels.csv", "publisher": "Tests", **given})


def test_a_file_that_was_sent_is_stored_and_recorded_and_what_was_sent_is_gone(
    any_shop: Shop,
) -> None:
    from kancil.desk.jobs.uploads import sent_for

    task_id = send(any_shop, TABLE)
    ask(any_shop, task_id, fetched_on="2024-09-27")
    any_shop.work_off()
    gave = any_shop.gave(task_id)
    entry = any_shop.site.entries("labels.imported")[-1]
    assert (entry.body["labels"], entry.body["fetched_on"]) == (1, "2024-09-27")
    stored = [each.id for each in list_imports(any_shop.site.workspace.labels_dir)]
    assert stored[-1] == task_id == gave["import"]
    assert not sent_for(any_shop.site.workspace, task_id).exists()


def test_the_same_file_with_the_same_statements_is_stored_and_recorded_once(shop: Shop) -> None:
    for _ in range(2):
        ask(shop, send(shop, TABLE))
    before = len(shop.site.entries("labels.imported"))
    shop.work_off()
    assert len(shop.site.entries("labels.imported")) == before + 1


def test_a_second_try_finds_the_file_of_the_first_and_records_it(shop: Shop) -> None:
    """A worker died after the file was stored: the entry is still to be written."""
    from kancil.bitcoin.labels.label import Given
    from kancil.bitcoin.labels.labels import read_label_file
    from kancil.bitcoin.labels.store import store_import
    from kancil.desk.jobs.uploads import sent_for

    task_id = send(shop, TABLE)
    ask(shop, task_id)
    path = sent_for(shop.site.workspace, task_id) / "labels.csv"
    given = Given(fetched_on=None, publisher="Tests", law="", licence="", source="")
    labels_dir = shop.site.workspace.labels_dir
    store_import(labels_dir, read_label_file(path, given), import_id=task_id)
    before = len(shop.site.entries("labels.imported"))
    shop.work_off()
    assert shop.task(task_id).state == "done"
    assert len(shop.site.entries("labels.imported")) == before + 1
    assert [each.id for each in list_imports(labels_dir)].count(task_id) == 1


def test_labels_that_cannot_be_recorded_do_not_stay(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.custody.errors import OfficerRetired
    from kancil.desk.studies.jobs import labels

    def refuse(*_: object, **__: object) -> None:
        raise OfficerRetired(officer="Server")

    monkeypatch.setattr(labels, "record_labels", refuse)
    before = [each.id for each in list_imports(shop.site.workspace.labels_dir)]
    task_id = send(shop, TABLE)
    ask(shop, task_id)
    shop.work_off()
    assert shop.met(task_id) == "officer-retired"
    assert [each.id for each in list_imports(shop.site.workspace.labels_dir)] == before


@pytest.mark.parametrize("name", ["../../kancil.toml", "/etc/passwd", "..", "missing.csv"])
def test_nothing_but_what_was_sent_for_the_task_is_read(shop: Shop, name: str) -> None:
    task_id = send(shop, TABLE)
    ask(shop, task_id, file=name)
    shop.work_off()
    assert shop.met(task_id) == "file-not-readable"


def test_a_file_that_is_no_label_file_is_told(shop: Shop) -> None:
    task_id = send(shop, b"\x00\x01 nothing known", "labels.csv")
    ask(shop, task_id)
    shop.work_off()
    assert shop.task(task_id).state == "failed"
    assert (shop.met(task_id) or "").startswith("label-")


def test_what_was_left_for_no_task_is_swept_after_a_day_and_not_before(shop: Shop) -> None:
    import os
    import time

    from kancil.desk.jobs.uploads import sent_for, sweep_sent

    workspace = shop.site.workspace
    waiting, forgotten, fresh = (send(shop, TABLE) for _ in range(3))
    ask(shop, waiting)
    for task_id in (waiting, forgotten):
        past = time.time() - 2 * 24 * 3600
        os.utime(sent_for(workspace, task_id), (past, past))
    sweep_sent(workspace)
    there = [sent_for(workspace, task_id).exists() for task_id in (waiting, forgotten, fresh)]
    assert there == [True, False, True]


def test_the_samples_own_lists_come_in_as_by_command(shop: Shop) -> None:
    path = next(path for path in sorted(Path(LABELS).iterdir()) if path.suffix in (".yaml", ".xml"))
    task_id = send(shop, path.read_bytes(), path.name)
    ask(shop, task_id, file=path.name, publisher="", fetched_on="2024-01-01")
    shop.work_off()
    gave = shop.gave(task_id)
    by_command = next(
        each
        for each in list_imports(shop.site.workspace.labels_dir)
        if each.file_name == path.name and each.id != task_id
    )
    assert gave["labels"] == by_command.label_count
