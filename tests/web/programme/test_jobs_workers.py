"""Workers of a programme's site as processes: one is killed, `kancil serve` has another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.cli.running import ROOT, spawn
from tests.desk.programme.sheets_made import csv
from tests.web.programme.served import ProgrammeSite
from tests.web.test_serving import begun, ended

SECONDS = 300
ROWS = 10_000


def wait(is_so: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < ends, what
        time.sleep(0.02)


def test_a_worker_of_its_own_process_knows_every_work_of_the_programme(
    programme: ProgrammeSite,
) -> None:
    """In this process others have imported them already."""
    code = (
        "import sys\n"
        "from types import SimpleNamespace\n"
        "from kancil.cli.frame.door import Door\n"
        "from kancil.cli.workspace.jobs import bench_of\n"
        "door = Door(SimpleNamespace(obj={'shared_workspace': sys.argv[1]}), site=None)\n"
        "print(type(bench_of(door)).__name__)\n"
        "from kancil.desk.jobs.job import WORKS\n"
        "print(*sorted(WORKS))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, programme.root],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "DATABASE_URL": ""},
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "ProgrammeBench", "publish-iati take-import try-import",
    ], done.stderr  # fmt: skip


@pytest.mark.thorough
def test_a_killed_worker_takes_nothing_and_the_one_that_is_served_takes_it_once(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.stored import store_of
    from kancil.desk.jobs.job import Asked
    from kancil.desk.jobs.models import Task
    from kancil.desk.programme.entering import desk_of
    from kancil.desk.programme.imports import importing as acts
    from kancil.desk.programme.jobs.imports import take_import
    from kancil.desk.programme.models import ImportBatch, Participant
    from kancil.ground.workspace import open_workspace
    from kancil.programme.imports.fields import ImportKind

    olga, store = programme.people["olga"], store_of(open_workspace(programme.root))
    data = csv("name,country", *(f"Person {number},XKA" for number in range(ROWS)))
    batch = acts.hand_in(by=olga, store=store, kind=ImportKind.PARTICIPANTS, data=data,
                         file_name="list.csv")  # fmt: skip
    head = acts.head_of(store, acts.waiting(desk_of(olga), batch))
    acts.map_columns(by=olga, store=store, batch=batch,
                     mapping=head.guess(ImportKind.PARTICIPANTS))  # fmt: skip
    before = Participant.objects.count()
    mapping = ImportBatch.objects.get(pk=batch).mapping
    task_id = take_import.by(Asked(olga, "password")).enqueue(
        batch=batch, mapping=mapping, same=[], others=False
    ).id  # fmt: skip

    def state() -> str:
        return str(Task.objects.values_list("state", flat=True).get(id=task_id))

    victim = spawn("--workspace", programme.root, "work", "--lease", "2")
    try:
        wait(lambda: state() == "running", "nobody begins it")
        victim.kill()
    finally:
        victim.kill()
        victim.communicate()
    assert (state(), Participant.objects.count()) == ("running", before)
    server = spawn("--workspace", programme.root, "serve", "--port", "0")
    try:
        begun(server)
        wait(lambda: state() == "done", "nobody takes it over")
        ended(server, signal.SIGTERM)
    finally:
        server.kill()
        server.communicate()
    assert Task.objects.get(id=task_id).attempt == 2
    assert Participant.objects.count() == before + ROWS
    assert ImportBatch.objects.get(pk=batch).taken == ROWS
