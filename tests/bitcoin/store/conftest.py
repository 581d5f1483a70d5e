"""One generated chain for all tests of stores: small, and every kind of script in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.store import ingest

SMALL_PIECE = 60_000


@pytest.fixture(scope="session")
def blocks_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "chain"
    generate(folder, Wishes(seed=5, transactions=1_500, coinjoins={"joinmarket": 5_000}))
    return folder / "blocks"


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "LEAST_PIECE_BYTES", SMALL_PIECE)
