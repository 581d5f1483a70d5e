"""The invented chain of the sample is what its seed makes, and holds what is said to be planted."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from kancil.bitcoin.generator.generate import Wishes, generate
from tools.tree import ROOT

SAMPLE = ROOT / "sample" / "invented"


def test_the_sample_is_made_by_its_seed(tmp_path: Path) -> None:
    made = tmp_path / "made"
    generate(made, Wishes(seed=4, transactions=120, patterns={"peel-chain": 150_000}, coinjoins={}))
    assert (made / "blocks" / "blk00000.dat").read_bytes() == (SAMPLE / "blk00000.dat").read_bytes()
    peels: dict[int, list[str]] = {}
    for row in pq.read_table(made / "truth" / "plant_transactions.parquet").to_pylist():
        if row["role"] == "peel":
            peels.setdefault(row["plant"], []).append(row["txid"][::-1].hex())
    told = json.loads((SAMPLE / "planted.json").read_bytes())
    assert told["peel_chains"] == [peels[plant] for plant in sorted(peels)]
