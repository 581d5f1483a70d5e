"""One small generated chain with every pattern planted, ingested, with its truth."""

from __future__ import annotations

import pytest

from kancil.bitcoin.evaluate_patterns import Generated, open_generated
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.patterns import PATTERNS

COINJOINS = {"whirlpool": 20_000, "wasabi-1": 2_000, "wasabi-2": 2_000, "joinmarket": 5_000}
WISHES = Wishes(
    seed=1,
    transactions=6_000,
    patterns=dict.fromkeys((one.name for one in PATTERNS), 30_000),
    coinjoins=COINJOINS,
)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    folder = tmp_path_factory.mktemp("planted")
    generate(folder / "made", WISHES)
    return open_generated(folder / "made", folder / "chain")
