"""The first real blocks that ship with Kancil: whole, as published, and refused when changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.network import MAINNET
from kancil.training.courses.library import course_named
from kancil.training.errors import FirstBlocksChanged
from kancil.training.first_blocks import BLOCKS, CHAIN, FOLDER, SHA256, first_blocks

FIRST_PAYMENT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
"""Satoshi Nakamoto's ten bitcoin to Hal Finney, as Finney told."""
JOINED = "a3b0e9e7cddbbe78270fa4182a7675ff00b92872d8df7d14265a2b1e379a9d33"
"""Three coins of three keys, two of them from the first payment's change."""


def test_the_files_are_those_of_the_sample_and_its_sources_name_their_digests() -> None:
    sample = Path(__file__).parents[2] / "sample" / "blocks"
    written = (FOLDER / "SOURCES.md").read_text("utf-8")
    for name, data in first_blocks():
        assert data == (sample / name).read_bytes()
        assert SHA256[name] in written


def test_the_blocks_are_one_chain_from_the_first_and_hold_the_first_payment(
    tmp_path: Path,
) -> None:
    report = ingest(tmp_path / CHAIN, [FOLDER / name for name in SHA256], network=MAINNET)
    assert (report.held["blocks"], report.skipped) == (BLOCKS, ())
    chain = Chain.open(tmp_path / CHAIN)
    status = chain.status()
    (island,) = status.islands
    assert (island["first_height"], island["last_height"]) == (0, BLOCKS - 1)
    assert not status.conflicts
    assert not status.unknown_inputs
    block = chain.block("170")
    assert block.merkle_ok
    view = chain.tx(FIRST_PAYMENT)
    assert (view.height, view.fee_sat) == (170, 0)
    assert [each.value_sat for each in view.inputs] == [5_000_000_000]
    assert [each.value_sat for each in view.outputs] == [1_000_000_000, 4_000_000_000]


def test_what_the_course_says_of_the_real_blocks_stands_on_them(tmp_path: Path) -> None:
    ingest(tmp_path / CHAIN, [FOLDER / name for name in SHA256], network=MAINNET)
    chain = Chain.open(tmp_path / CHAIN)
    lesson = course_named("bitcoin-tracing").own.lessons["01-transaction.md"]
    txid, rows = FIRST_PAYMENT, list[tuple[str, ...]]()
    while len(rows) < 5:
        view = chain.tx(txid)
        paid, back = (each.value_sat // 100_000_000 for each in view.outputs)
        rows.append((str(view.height), f"`{txid[:8]}…`", str(paid + back), str(paid), str(back)))
        assert view.inputs[0].same_key_as == view.outputs[1].same_key_as
        spent = view.outputs[1].spent_by
        txid = spent["txid"] if spent else ""
    assert not txid, "the last rest is unspent in these blocks"
    for row in rows:
        assert f"| {' | '.join(row)} |" in lesson
    joined = chain.tx(JOINED)
    assert joined.height == 496
    assert [each.value_sat for each in joined.inputs] == [one * 100_000_000 for one in (50, 1, 10)]
    assert [each.value_sat // 100_000_000 for each in joined.outputs] == [61]
    cluster = course_named("bitcoin-tracing").own.lessons["03-clusters.md"]
    for name in ("18SH9vwx", "15NUwyBY", "1ByLSV2g"):
        assert name in cluster
        assert any(key.startswith(name) for each in joined.inputs for key in each.same_key_as)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "blocks")
    changed = bytearray((folder / "blk00001.dat").read_bytes())
    changed[-1] ^= 1
    (folder / "blk00001.dat").write_bytes(changed)
    with pytest.raises(FirstBlocksChanged) as raised:
        list(first_blocks(folder))
    assert raised.value.params["name"] == "blk00001.dat"
