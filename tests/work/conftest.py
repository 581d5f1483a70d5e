"""The sample unit on SQLite and on PostgreSQL, with people who ask for work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from kancil.cli.desk import DATABASE_VARIABLE, begin_desk
from kancil.ground.workspace import open_workspace
from tests.cli.fixtures import sample, unit
from tests.cli.running import Unit
from tests.web.site import Site, site_of
from tests.work import postgres
from tests.work.launch import load
from tests.work.shop import Shop

__all__ = ["sample", "unit"]
_numbers = count()


@pytest.fixture(scope="session")
def socket_folder() -> Iterator[Path]:
    """Give the folder of a running PostgreSQL's socket."""
    if postgres.programs() is None:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.server() as folder:
        yield folder


def _shop(site: Site, database_url: str) -> Shop:
    load()
    return Shop(site, database_url)


@pytest.fixture
def shop(unit: Unit) -> Shop:
    """Give the sample unit on SQLite."""
    return _shop(site_of(unit), "")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_shop(
    request: pytest.FixtureRequest, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    """Give the sample unit on each database."""
    if request.param == "sqlite":
        yield _shop(site_of(unit), "")
        return
    url = postgres.new_database(request.getfixturevalue("socket_folder"), f"work{next(_numbers)}")
    lines = list(site_of(unit).ledger.lines())[:]
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    workspace = open_workspace(Path(unit.root))
    begin_desk(workspace)
    from kancil.desk.base.opening import close_desk
    from kancil.desk.cases.index import open_ledger

    open_ledger(workspace).import_lines(iter(lines))
    yield _shop(site_of(unit), url)
    close_desk()
