"""A block whose witness data were changed is set aside and told, though every txid still fits."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kancil.bitcoin.blocks.parse import parse_blocks
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.network import MAINNET

BLOCK = Path(__file__).parent.parent.parent / "sample" / "blocks" / "574200.raw"


def test_a_flipped_witness_bit_sets_the_block_aside(tmp_path: Path) -> None:
    data = np.fromfile(BLOCK, np.uint8)
    columns, _ = parse_blocks(data, np.array([[0, len(data)]]))
    tx = int(np.flatnonzero(columns.tx_segwit)[1])
    # The last witness byte stands right before the four bytes of the lock time (BIP 144).
    place = int(columns.tx_offset[tx]) + int(columns.tx_size[tx]) - 5
    data[place] ^= 1
    changed = tmp_path / "574200.raw"
    data.tofile(changed)
    report = ingest(tmp_path / "chain", [changed], network=MAINNET)
    assert report.skipped_by_code == {"block-aside-witness-wrong": 1}
    assert report.added["blocks_set_aside"] == 1
    assert Chain.open(tmp_path / "chain").block("574200").set_aside == "witness-wrong"


def test_the_same_block_unchanged_is_taken(tmp_path: Path) -> None:
    report = ingest(tmp_path / "chain", [BLOCK], network=MAINNET)
    assert (report.skipped, report.held["blocks"]) == ((), 1)
    assert Chain.open(tmp_path / "chain").block("574200").witness == "right"
