"""A classroom of one's own with the tiny lab among its labs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kancil.desk.base.opening import close_desk
from kancil.training import labs
from tests.classroom.conftest import founded_room, room, sample, unit
from tests.cli.running import Unit
from tests.desk.training.school import School, school_of
from tests.training.tiny_lab import LAB

__all__ = ["founded_room", "room", "sample", "unit"]


@pytest.fixture
def school(room: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    """A class that nobody has joined."""
    monkeypatch.setattr(labs, "LABS", (LAB,))
    yield school_of(room)
    close_desk()
