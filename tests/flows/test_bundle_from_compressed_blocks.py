"""Block files that came compressed, from exhibit to bundle: raw transactions still come out."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import BASIS, FIRST_COINS, block_files, found

pytestmark = pytest.mark.thorough


def test_a_bundle_made_from_compressed_exhibits_verifies(tmp_path: Path) -> None:
    unit = found(tmp_path / "unit")
    unit.say("case", "new", "The first payment", "--legal-basis", BASIS)
    packed = []
    for path in block_files():
        if path.suffix == ".dat":
            packed.append(tmp_path / f"{path.name}.gz")
            packed[-1].write_bytes(gzip.compress(path.read_bytes()))
    assert packed
    unit.say("exhibit", "add", "C1", *packed, "--title", "Blocks")
    unit.say("bitcoin", "ingest", "main", "E1")
    unit.say("bitcoin", "trace", "main", FIRST_COINS, "--case", "C1", "--why", "sample")
    unit.ask("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    out = tmp_path / "C1.zip"
    made = unit.ask("bundle", "C1", "-o", out)
    verdict = Unit(tmp_path).ask("verify", out, "--key", made["key"])
    assert (verdict["intact"], verdict["exit_status"]) == (True, 0)
