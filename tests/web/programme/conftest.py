"""The sample programme, built once for all workers of a run; whoever changes it has a copy."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.programme.served import ProgrammeSite, copied, made, opened


@pytest.fixture(scope="session")
def sample_programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample programme's folder, which nobody may change."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    root = shared / "sample-programme"
    with (shared / "sample-programme.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "built").is_file():
            shutil.rmtree(root, ignore_errors=True)
            made(root / "programme")
            (root / "built").touch()
    return root / "programme"


@pytest.fixture
def programme(sample_programme: Path, tmp_path: Path) -> Iterator[ProgrammeSite]:
    """A copy of the sample programme, served."""
    with opened(copied(sample_programme, tmp_path)) as site:
        yield site
