"""A classroom, founded once, and a copy of it for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.classroom.room import copied, founded
from tests.cli.fixtures import sample, unit
from tests.cli.running import Unit

__all__ = ["room", "sample", "unit"]


@pytest.fixture(scope="session")
def founded_room(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """The classroom as it was founded, which nobody may change."""
    return founded(tmp_path_factory.mktemp("classroom") / "room")


@pytest.fixture
def room(founded_room: Unit, tmp_path: Path) -> Unit:
    """A classroom of one's own."""
    return copied(founded_room, tmp_path)
