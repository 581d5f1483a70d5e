"""The kept workspace, with jobs in its queue, is upgraded on either database, killed midway too."""

from __future__ import annotations

import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.desk.killing import run_and_kill
from tests.desk.postgres import running
from tests.flows.kept import ARCHIVE, Kept

pytestmark = pytest.mark.thorough

STEPS = (1, 2, 9, 30)
"""Steps of the change of the tables before which it is killed."""
KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.thorough))


@pytest.fixture
def before(tmp_path: Path) -> Kept:
    """The workspace as the older Kancil left it."""
    with tarfile.open(ARCHIVE) as packed:
        packed.extractall(tmp_path, filter="tar")
    return Kept(tmp_path)


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, before: Kept) -> Iterator[str | None]:
    """Where its tables stand: in its own SQLite file, or the same rows on PostgreSQL."""
    if request.param == "sqlite":
        yield None
        return
    with running() as cluster:
        found = cluster.url(cluster.create())
        _move(before, found)
        yield found


def _move(kept: Kept, url: str) -> None:
    """Make the tables of then on PostgreSQL, and copy every row."""
    from django.apps import apps
    from django.core.management import call_command

    from kancil.desk.base.opening import close_desk, open_desk
    from kancil.ground.workspace import open_workspace

    workspace = open_workspace(kept.unit.root)
    old = sqlite3.connect(workspace.desk_path)
    last = dict(old.execute("SELECT app, max(name) FROM django_migrations GROUP BY app"))
    open_desk(workspace, url)
    for app, name in last.items():
        if app in apps.app_configs:  # not the tables of the other site, which are empty
            call_command("migrate", app, name, interactive=False, verbosity=0)
    close_desk()
    with psycopg.connect(url) as new:
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = [str(name) for (name,) in new.execute(named).fetchall()]
        for table in tables:
            new.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table in tables:
            _copy(old, new, table)
    old.close()


def _copy(old: sqlite3.Connection, new: psycopg.Connection[Any], table: str) -> None:
    asked = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
    kinds = {str(name): str(kind) for name, kind in new.execute(asked, (table,)).fetchall()}
    rows = old.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in rows.description]
    assert set(names) == set(kinds), table
    into = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(sql.Placeholder() * len(names)),
    )
    for row in rows.fetchall():
        cells = zip(names, row, strict=True)
        new.execute(into, [_as_kept(kinds[name], cell) for name, cell in cells])
    if kinds.get("id") in ("bigint", "integer"):
        new.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM "
            f'"{table}" HAVING max(id) IS NOT NULL',
            (f'"{table}"',),
        )


def _as_kept(kind: str, cell: Any) -> Any:
    if cell is None:
        return None
    to: dict[str, Callable[[Any], Any]] = {
        "boolean": bool,
        "timestamp with time zone": lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
    }
    return to.get(kind, lambda same: same)(cell)


def test_it_is_upgraded_killed_midway_and_its_jobs_are_done(before: Kept, url: str | None) -> None:
    from kancil.desk.base.opening import bring_up_to_date, open_desk
    from kancil.ground.workspace import open_workspace

    workspace = open_workspace(before.unit.root)

    def change() -> None:
        open_desk(workspace, url)
        bring_up_to_date()

    open_desk(workspace, url)
    killed = [run_and_kill(change, before=step) for step in STEPS]
    assert any(killed)
    change()
    from kancil.custody.verify import verify_ledger
    from kancil.desk.cases.doing import CaseBench
    from kancil.desk.cases.index import open_ledger, row_faults
    from kancil.desk.jobs.models import State, Task
    from kancil.desk.jobs.worker import Pace, Worker
    from kancil.desk.studies.jobs import JOBS

    assert JOBS
    ledger = open_ledger(workspace)
    assert verify_ledger(ledger).problems == []
    assert list(row_faults(ledger)) == []
    waiting = Task.objects.filter(state=State.WAITING).values_list("name", flat=True)
    assert sorted(waiting) == before.about["tasks"]
    traces = len(before.about["traces"])
    worker = Worker(CaseBench(workspace, ledger), Pace(pause_seconds=0.0, poll_seconds=0.01))
    while worker.do_next():
        pass
    left = Task.objects.exclude(state=State.DONE).values_list("name", "error")
    assert list(left) == []
    assert sum(entry.kind == "trace.run" for entry in ledger.entries()) > traces
