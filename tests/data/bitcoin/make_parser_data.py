"""Cut the small real blocks and transactions of this folder out of the wider test data.

Run from the repository's root: python tests/data/bitcoin/make_parser_data.py
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SHARED = ROOT.parent / "shared" / "data" / "bitcoin"
MOST_BYTES = 700
EACH = 3


def blocks_of(raw: bytes) -> list[bytes]:
    """Cut a block file into its blocks."""
    found, at = [], 0
    while at < len(raw):
        size = int.from_bytes(raw[at + 4 : at + 8], "little")
        found.append(raw[at + 8 : at + 8 + size])
        at += 8 + size
    return found


def main() -> None:
    """Write blocks/*.raw and transactions.txt."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    from tests.bitcoin.slow_parser import classify, read_block

    folder = HERE / "blocks"
    folder.mkdir(exist_ok=True)
    early = blocks_of((SHARED / "blk" / "blk00000.dat").read_bytes())
    for height in (0, 170):
        (folder / f"mainnet-{height}.raw").write_bytes(early[height])
    raw = (SHARED / "blocks" / "mainnet" / "227836.raw").read_bytes()
    (folder / "mainnet-227836.raw").write_bytes(raw)
    kept: dict[tuple[object, ...], list[str]] = {}
    for path in sorted((SHARED / "blocks").glob("*/*.raw")):
        if not path.stem.isdigit():
            continue
        raw = path.read_bytes()
        for number, tx in enumerate(read_block(raw, 0, len(raw)).txs):
            kinds = sorted({classify(script)[0] for _, script in tx.outputs})
            form = (number == 0, tx.segwit, *kinds)
            if tx.size <= MOST_BYTES and len(kept.setdefault(form, [])) < EACH:
                kept[form].append(raw[tx.offset : tx.offset + tx.size].hex())
    lines = [line for form in sorted(kept, key=str) for line in kept[form]]
    (HERE / "transactions.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
