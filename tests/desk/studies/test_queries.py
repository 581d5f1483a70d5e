"""Questions to all chains of a unit."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kancil.desk.studies.queries import held_address
from tests.bitcoin.chains import chain_of
from tests.bitcoin.regtest import GENESIS_HASH, Tx, block_file, coinbase, grow, mine, pay


def test_outputs_in_stale_blocks_are_not_counted_and_still_found(tmp_path: Path) -> None:
    base = grow(GENESIS_HASH, 1, 3)
    lost = pay(base[0].txs[0], 0, (1_000, 71), (2_000, 9_004))
    stale = mine(base[-1].hash, [coinbase(4, 4), lost], time=1_300_002_400)
    longer = grow(base[-1].hash, 4, 2, key=9)
    chain = chain_of(tmp_path, {"blk": block_file([*base, stale, *longer])})
    workspace: Any = SimpleNamespace(chains_dir=tmp_path / "chains")

    def counted(tx: Tx) -> tuple[str, list[int]]:
        address = str(chain.tx(tx.shown).outputs[0].address)
        return address, [held.outputs for held in held_address(workspace, address)]

    assert counted(lost)[1] == [0], "held, though nothing in the chain pays it"
    address, outputs = counted(longer[0].txs[0])
    both = chain.address(address)
    assert (both.outside_chain, outputs) == (1, [len(both.deposits)])
