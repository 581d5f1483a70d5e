"""One desk a test, on each database; PostgreSQL is started once a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kancil.desk.base.opening import close_desk
from tests.desk.desks import QUICK_AND_THOROUGH, Desk, Maker
from tests.desk.postgres import Cluster, running


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The session's PostgreSQL."""
    with running() as found:
        yield found


@pytest.fixture(scope="session")
def maker(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Maker:
    """What makes desks."""
    cluster: Callable[[], Cluster] = lambda: request.getfixturevalue("cluster")  # noqa: E731
    return Maker(tmp_path_factory.mktemp("desks"), cluster, {})


@pytest.fixture(params=QUICK_AND_THOROUGH)
def kind(request: pytest.FixtureRequest) -> str:
    """Name a database."""
    return str(request.param)


@pytest.fixture
def desk(kind: str, maker: Maker, tmp_path: Path) -> Iterator[Desk]:
    """An empty desk, opened."""
    made = maker.make(kind, tmp_path / "unit")
    yield made
    close_desk()
    maker.drop(made.url)


@pytest.fixture
def sqlite_desk(maker: Maker, tmp_path: Path) -> Iterator[Desk]:
    """An empty desk on SQLite, opened."""
    yield maker.make("sqlite", tmp_path / "unit")
    close_desk()
