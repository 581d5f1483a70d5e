"""One chain with every pattern and every CoinJoin, made once for all tests of this folder."""

from __future__ import annotations

import pytest

from tests.bitcoin.generator.reading import WISHES, Made, make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("generated") / "chain", WISHES)
