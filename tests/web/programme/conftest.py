"""The sample programme, built once for all workers of a run; whoever changes it has a copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.built_once import built_once
from tests.web.programme.served import ProgrammeSite, copied, made, opened


@pytest.fixture(scope="session")
def sample_programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample programme's folder, which nobody may change."""
    root = built_once(tmp_path_factory, "sample-programme", lambda root: made(root / "programme"))
    return root / "programme"


@pytest.fixture
def programme(sample_programme: Path, tmp_path: Path) -> Iterator[ProgrammeSite]:
    """A copy of the sample programme, served."""
    with opened(copied(sample_programme, tmp_path)) as site:
        yield site
