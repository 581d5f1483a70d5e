"""Workers as processes of their own: killed, ended, many at once, kept by `kancil serve`."""

from __future__ import annotations

import os
import random
import signal
import socket  # noqa: TID251  # takes a port of this very machine
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kancil.ground import clock
from tests.cli.running import spawn
from tests.web.test_serving import ask, begun
from tests.work.launch import worker as launched
from tests.work.shop import Shop

pytestmark = pytest.mark.thorough

LEASE_SECONDS = 2
TASKS, WORKERS = 200, 3
KILLS = 10
SLACK_SECONDS = 10
"""For a machine that has other things to do."""


@contextmanager
def workers(shop: Shop, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run workers; whatever is left of them is ended, and has said nothing unexpected."""
    root = shop.site.workspace.root
    started = [
        launched(root, lease=LEASE_SECONDS, database_url=shop.database_url) for _ in range(count)
    ]
    try:
        yield started
    finally:
        for child in started:
            if child.poll() is None:
                child.terminate()
        for child in started:
            _, err = child.communicate(timeout=30)
            assert b"Traceback" not in err, err.decode()
            # One that is told to end before it has begun is ended by the system.
            assert child.returncode in (0, -signal.SIGKILL, -signal.SIGTERM), err.decode()


def starts(shop: Shop, mark: str) -> list[int]:
    """List the processes that began a slow task."""
    path = shop.site.workspace.root / f"{mark}.starts"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.mark.thorough
def test_a_dead_workers_task_is_taken_over_when_its_lease_is_over(any_shop: Shop) -> None:
    task_id = any_shop.ask("toy-slow", mark="a", steps=60)
    with workers(any_shop, 2) as (one, other):
        any_shop.wait(lambda: any_shop.task(task_id).done_units > 10, "it does not go on")
        (pid,) = starts(any_shop, "a")
        victim, heir = (one, other) if one.pid == pid else (other, one)
        victim.kill()
        any_shop.wait(lambda: len(starts(any_shop, "a")) == 2, "nobody took it over")
        any_shop.wait(lambda: any_shop.task(task_id).state == "done", "it is not done")
    assert starts(any_shop, "a") == [victim.pid, heir.pid]
    assert any_shop.task(task_id).attempt == 2
    assert any_shop.marks("a") == 1


def test_by_default_a_dead_workers_task_is_resumed_within_a_minute(shop: Shop) -> None:
    from kancil.desk.jobs.worker import Pace

    assert Pace().lease_seconds + Pace().poll_seconds < 60 - SLACK_SECONDS


@pytest.mark.thorough
def test_two_hundred_tasks_and_three_workers_run_each_once(
    any_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.desk.jobs.actions.MOST_OPEN", TASKS)
    ids = [any_shop.ask("toy-record", mark=f"m{place}") for place in range(TASKS)]
    with workers(any_shop, WORKERS):
        from kancil.desk.jobs.queries import load

        any_shop.wait(lambda: not load().waiting + load().running, "they are not done")
    tasks = [any_shop.task(each) for each in ids]
    assert {(task.state, task.attempt) for task in tasks} == {("done", 1)}
    assert len({name for task in tasks for name in task.workers}) == WORKERS, "one did nothing"
    marks = [entry.body["sha256"] for entry in any_shop.site.entries("backup.made")]
    assert sorted(marks) == sorted(f"m{place}" for place in range(TASKS))
    assert any_shop.site.ledger.derived_faults() == []


def at_hand(shop: Shop, child: subprocess.Popen[bytes]) -> bool:
    """Whether a worker has a task at hand."""
    from kancil.desk.jobs.models import Task

    running = Task.objects.filter(state="running").values_list("workers", flat=True)
    return any(f":{child.pid}:" in names[-1] for names in running)


@pytest.mark.thorough
def test_workers_killed_at_any_moment_lose_and_double_nothing(any_shop: Shop) -> None:
    """Ten times a worker is killed somewhere in its work, and another begins in its place."""
    from kancil.desk.jobs.models import Task

    chance, ids = random.Random(11), list[str]()
    root, url = any_shop.site.workspace.root, any_shop.database_url

    def has_work(child: subprocess.Popen[bytes]) -> bool:
        while Task.objects.filter(state="waiting").count() < 4:
            ids.append(any_shop.ask("toy-slow", mark=f"m{len(ids)}", steps=6, seconds=0.03))
        return at_hand(any_shop, child)

    with workers(any_shop, 2) as running:
        for _ in range(KILLS):
            any_shop.wait(lambda: has_work(running[-1]), "it has no work")
            time.sleep(chance.uniform(0.0, 0.3))
            running[-1].kill()
            running[-1].communicate()
            running[-1] = launched(root, lease=LEASE_SECONDS, database_url=url)
        ended = Task.objects.filter(state__in=("done", "failed"))
        any_shop.wait(lambda: ended.count() == len(ids), "they do not end")
    tasks = [any_shop.task(each) for each in ids]
    for place, task in enumerate(tasks):
        # One that was at hand at three kills is given up, and told so.
        assert any_shop.marks(f"m{place}") == (task.state == "done"), task.error
        assert task.state == "done" or any_shop.met(task.id) == "worker-died"
    assert sum(task.attempt for task in tasks) > len(ids), "no kill hit a task"
    assert any_shop.site.ledger.derived_faults() == []


@pytest.mark.thorough
def test_a_task_that_kills_its_workers_is_given_up_and_told(shop: Shop) -> None:
    killer, innocent = shop.ask("toy-killer"), shop.ask("toy-record", mark="a")
    for _ in range(3):
        with workers(shop, 1) as (child,):
            child.wait(60)
    assert shop.task(killer).attempt == 3
    with workers(shop, 1):
        shop.wait(lambda: shop.task(killer).state == "failed", "it is not given up")
        shop.wait(lambda: shop.task(innocent).state == "done", "the next one waits for ever")
    assert shop.task(killer).error == {"code": "worker-died", "params": {"tries": 3}}


def test_a_worker_that_is_terminated_leaves_its_task_to_the_next_at_once(shop: Shop) -> None:
    task_id = shop.ask("toy-slow", mark="a", steps=600)
    with workers(shop, 1) as (child,):
        shop.wait(lambda: shop.task(task_id).done_units > 0, "it does not go on")
        child.terminate()
        assert child.wait(20) == 0
    task = shop.task(task_id)
    assert (task.state, task.tries_left) == ("waiting", 3)
    assert task.run_after <= clock.now()


def test_a_lease_that_is_none_is_refused(shop: Shop) -> None:
    assert shop.site.unit.refused("work", "--lease", "0")["code"] == "option-not-usable"
    assert shop.site.unit.refused("serve", "--workers", "99")["code"] == "option-not-usable"


def children(pid: int) -> list[int]:
    """List the living children of a process."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(each) for each in task.read_text().split()]
    return found


def is_alive(pid: int) -> bool:
    """Whether a process lives; one that only waits to be looked at does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.thorough
def test_serve_keeps_a_worker_running_and_takes_it_along_when_it_is_killed(shop: Shop) -> None:
    root = shop.site.workspace.root
    server = spawn(
        "--workspace", root, "--as", "O1", "serve", "--port", "0",
        env={"DATABASE_URL": shop.database_url},
    )  # fmt: skip
    try:
        port, _ = begun(server)
        assert ask(port, "/sign-in/").status == 200
        shop.wait(lambda: bool(children(server.pid)), "no worker was started")
        (first,) = children(server.pid)
        os.kill(first, signal.SIGKILL)

        def has_another() -> bool:
            assert server.poll() is None, server.communicate()
            now = children(server.pid)
            return first not in now and bool(now)

        shop.wait(has_another, "no worker in its place")
        (second,) = children(server.pid)
        task_id = shop.ask("ingest", case="C1", chain="..", exhibits=[])
        shop.wait(lambda: shop.task(task_id).state == "failed", "the second one does nothing")
        assert shop.met(task_id) == "chain-name-wrong"
    finally:
        server.kill()
        server.communicate()
    shop.wait(lambda: not is_alive(second), "the worker outlives its server")


def test_a_port_that_is_taken_is_said_before_any_worker_is_started(shop: Shop) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = shop.site.unit.process("serve", "--port", str(port))
    assert (ran.status, ran.out) == (15, "")
    assert str(port) in ran.err
