"""Fixtures that the tests of the doors and of whole trips share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.built_once import built_once
from tests.cli.running import Unit
from tests.cli.sample_unit import built, copied

_OWN: list[Unit] = []


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """The sample unit, which nobody may change; each process has a copy, which it may open."""
    if not _OWN:
        kept = built_once(tmp_path_factory, "sample-unit", built)
        _OWN.append(copied(Unit(kept / "unit"), tmp_path_factory.mktemp("sample")))
    return _OWN[0]


@pytest.fixture
def unit(sample: Unit, tmp_path: Path) -> Unit:
    """A copy of the sample unit, to be changed."""
    return copied(sample, tmp_path)
