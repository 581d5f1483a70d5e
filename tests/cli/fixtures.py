"""Fixtures that the tests of the doors and of whole trips share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import built, copied

_FOLDER: list[Path] = []


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """The sample unit, which nobody may change."""
    if not _FOLDER:
        _FOLDER.append(tmp_path_factory.mktemp("sample"))
    return built(_FOLDER[0])


@pytest.fixture
def unit(sample: Unit, tmp_path: Path) -> Unit:
    """A copy of the sample unit, to be changed."""
    return copied(sample, tmp_path)
