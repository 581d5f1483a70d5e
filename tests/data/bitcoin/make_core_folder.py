"""Makes `core_blocks.tar.xz`: a `blocks` folder as Bitcoin Core's own library writes it.

The library validates and stores regtest blocks that are made here: 240 on the chain, three
branches that were overtaken, and in each block from 102 on payments made of new coins. There are
no keys: outputs that are spent pay `OP_TRUE`, bare or behind a script hash. Run from the root of
the tree with py-bitcoinkernel (0.1.0a5, MIT licence) installed:

    python -m tests.data.bitcoin.make_core_folder

The library makes its XOR key at random, so the bytes differ from run to run; what the blocks say
does not.
"""

from __future__ import annotations

import io
import tarfile
import tempfile
from pathlib import Path

from tests.bitcoin.regtest import GENESIS_HASH, Block, Tx, coinbase, mine, p2pkh, subsidy_sat

TARGET_FILE = Path(__file__).parent / "core_blocks.tar.xz"
LAST_HEIGHT = 240
MATURITY = 100
BRANCHES = {110: 1, 155: 2, 200: 3}
"""Height at which a branch begins that is overtaken, and its blocks."""
ANYONE = b"\x51"
BEHIND_HASH = bytes.fromhex("a914da1745e9b549bd0bfa1a569971c77eba30cd5a4b87")
"""Pays the script `OP_TRUE` by its hash."""
FEE_SAT = 1_000


def reward(height: int, branch: int, fees: int) -> Tx:
    """New coins anyone may spend; they differ from branch to branch."""
    value = subsidy_sat(height) + fees
    made = coinbase(height, 1, value, bytes([branch]))
    return Tx(made.inputs, ((value, ANYONE),), made.signature)


def spends(source: Tx, height: int) -> list[Tx]:
    """Three payments, each spending the one before; the first spends new coins."""
    value = source.outputs[0][0]
    parts = ((value // 2, BEHIND_HASH), (value - value // 2 - FEE_SAT, p2pkh(height)))
    first = Tx(((source.txid, 0),), parts, b"")
    second = Tx(((first.txid, 0),), ((value // 2 - FEE_SAT, ANYONE), (0, b"\x6a\x02hi")), b"\x01\x51")
    third = Tx(((second.txid, 0),), ((value // 2 - 2 * FEE_SAT, p2pkh(height + 1)),), b"")
    return [first, second, third]


def block_at(chain: list[Block], height: int, branch: int) -> Block:
    """Mine the block of this height on the chain so far (its first block has height 1)."""
    previous = chain[-1].hash if chain else GENESIS_HASH
    paid = spends(chain[height - MATURITY - 2].txs[0], height) if height > MATURITY + 1 else []
    new = reward(height, branch, FEE_SAT * len(paid))
    return mine(previous, [new, *paid], time=1_300_000_000 + 600 * height)


def all_blocks() -> tuple[list[Block], list[Block]]:
    """Every block in the order in which it reaches the node, and those of the chain in the end."""
    chain: list[Block] = []
    seen: list[Block] = []
    for height in range(1, LAST_HEIGHT + 1):
        if height in BRANCHES:
            branch = list(chain)
            for more in range(BRANCHES[height]):
                branch.append(block_at(branch, height + more, 1))
                seen.append(branch[-1])
        chain.append(block_at(chain, height, 0))
        seen.append(chain[-1])
    return seen, chain


def main() -> None:
    """Have the library store the blocks, and pack what it wrote."""
    import pbk  # type: ignore[import-not-found]

    seen, chain = all_blocks()
    with tempfile.TemporaryDirectory() as folder:
        node = pbk.load_chainman(folder)
        for block in seen:
            node.process_block(pbk.Block(block.raw))
        tip = node.get_active_chain()
        if tip.height != len(chain):
            raise SystemExit(f"The library stands at height {tip.height}, not {len(chain)}.")
        del tip, node
        blocks = Path(folder, "blocks")
        with tarfile.open(TARGET_FILE, "w:xz", preset=9) as packed:
            for path in sorted(blocks.rglob("*")):
                entry = tarfile.TarInfo(f"blocks/{path.relative_to(blocks)}")
                if path.is_dir():
                    entry.type = tarfile.DIRTYPE
                    entry.mode = 0o755
                    packed.addfile(entry)
                else:
                    entry.size = path.stat().st_size
                    packed.addfile(entry, io.BytesIO(path.read_bytes()))
    print(f"{len(seen)} blocks stored, {len(chain)} on the chain, tip {chain[-1].shown}")


if __name__ == "__main__":
    main()
