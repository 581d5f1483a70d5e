"""One generated chain with every pattern planted, made once: that of the page of patterns."""

from __future__ import annotations

import pytest

from kancil.bitcoin.evaluation.patterns import Generated
from tools import build_patterns


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return build_patterns.generated(tmp_path_factory.mktemp("planted"))
