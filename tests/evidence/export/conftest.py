"""One image, examined once for all tests of exports."""

from __future__ import annotations

import pytest

from kancil.evidence.export.examined import Examined
from tests.evidence.export.making import examined
from tests.evidence.images.known import SMALL


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Examined:
    return examined(SMALL / "ext2-deleted.E01", tmp_path_factory.mktemp("export"))
