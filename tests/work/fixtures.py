"""Fixtures for work: the sample unit on SQLite and on PostgreSQL, with people who ask for work.

People are added once a session; each test gets a copy of the folder, or of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from kancil.cli.frame.desk import DATABASE_VARIABLE, begin_desk, desk_ledger
from kancil.custody.acting import ActingOfficer
from kancil.custody.keys import KeyRing
from kancil.custody.roll import Roll
from kancil.ground.workspace import open_workspace
from tests.cli.fixtures import sample
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import Site, site_of
from tests.work import postgres
from tests.work.launch import load
from tests.work.shop import Shop

__all__ = ["sample"]
TEMPLATE = "staffed"
_numbers = count()


@pytest.fixture(scope="session")
def staffed(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """The sample unit with people of every role, which nobody may change."""
    unit = copied(sample, tmp_path_factory.mktemp("staffed"))
    site_of(unit)
    from kancil.desk.base.opening import close_desk

    close_desk()
    return unit


@pytest.fixture(scope="session")
def on_postgresql(
    sample: Unit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Unit]]:
    """A running PostgreSQL's socket folder and the unit whose desk is its template database.

    The server's key was made beside that database: both are copied together.
    """
    if postgres.programs() is None:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.server() as folder, pytest.MonkeyPatch.context() as patch:
        unit = copied(sample, tmp_path_factory.mktemp("template"))
        workspace = open_workspace(unit.root)
        lines = list(desk_ledger(workspace).lines())
        patch.setenv(DATABASE_VARIABLE, postgres.new_database(folder, TEMPLATE))
        begin_desk(workspace)
        from kancil.desk.base.opening import close_desk

        desk_ledger(workspace).import_lines(iter(lines))
        site_of(unit)
        close_desk()
        patch.delenv(DATABASE_VARIABLE)
        yield folder, unit


def _shop(unit: Unit, database_url: str) -> Shop:
    """Open a copy of a unit with people in it."""
    workspace = open_workspace(unit.root)
    ledger = desk_ledger(workspace)
    from kancil.desk.people.queries import people

    load()
    keys = KeyRing(workspace.keys_dir)
    officer = ledger.folded(Roll).officer("O1")
    by = ActingOfficer(officer.id, keys.officer_signer(officer.id))
    site = Site(unit, workspace, ledger, by, {person.username: person for person in people()})
    return Shop(site, database_url)


@pytest.fixture
def shop(staffed: Unit, tmp_path: Path) -> Iterator[Shop]:
    """A unit with people on SQLite."""
    yield _shop(copied(staffed, tmp_path), "")
    from kancil.desk.base.opening import close_desk

    close_desk()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)])
def any_shop(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    """A unit with people on each database; on PostgreSQL, the tests are thorough."""
    from kancil.desk.base.opening import close_desk

    if request.param == "sqlite":
        yield _shop(copied(request.getfixturevalue("staffed"), tmp_path), "")
    else:
        folder, unit = request.getfixturevalue("on_postgresql")
        url = postgres.new_database(folder, f"work{next(_numbers)}", template=TEMPLATE)
        monkeypatch.setenv(DATABASE_VARIABLE, url)
        yield _shop(copied(unit, tmp_path), url)
    close_desk()
