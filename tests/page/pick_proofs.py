"""Pick the few real transactions that the page's tests use: `pick_proofs.py SHARED_DATA OUT`.

From the first 600 mainnet blocks: the coinbase of block 9, the first payment (block 170) and the
next step (block 181), with all headers up to there. From block 702861: one transaction with
witness and with outputs of new kinds, its path and its coinbase's. Plain Python, so that nothing
here shares code with Kancil or with the page.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

MAGIC = bytes.fromhex("f9beb4d9")
WANTED_OLD = {9: 0, 170: 1, 181: 1}
LAST_HEADER = 181


def sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def varint(data: bytes, at: int) -> tuple[int, int]:
    first = data[at]
    size = {0xFD: 2, 0xFE: 4, 0xFF: 8}.get(first, 0)
    if not size:
        return first, at + 1
    return int.from_bytes(data[at + 1 : at + 1 + size], "little"), at + 1 + size


def read_transaction(data: bytes, start: int) -> tuple[bytes, bytes, int]:
    """Raw bytes, bytes without witness, and where the next transaction begins."""
    at = start + 4
    has_witness = data[at : at + 2] == b"\x00\x01"
    at += 2 * has_witness
    body = at
    inputs, at = varint(data, at)
    for _ in range(inputs):
        size, at = varint(data, at + 36)
        at += size + 4
    outputs, at = varint(data, at)
    for _ in range(outputs):
        size, at = varint(data, at + 8)
        at += size
    end = at
    for _ in range(inputs if has_witness else 0):
        items, at = varint(data, at)
        for _ in range(items):
            size, at = varint(data, at)
            at += size
    at += 4
    base = data[start : start + 4] + data[body:end] + data[at - 4 : at]
    return data[start:at], base, at


def read_block(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    count, at = varint(data, 80)
    transactions = []
    for _ in range(count):
        raw, base, at = read_transaction(data, at)
        transactions.append((raw, base))
    assert at == len(data)
    return data[:80], transactions


def merkle_path(place: int, leaves: list[bytes]) -> list[str]:
    path = []
    while len(leaves) > 1:
        leaves = [*leaves, leaves[-1]] if len(leaves) % 2 else leaves
        path.append(leaves[place ^ 1].hex())
        leaves = [sha256d(leaves[n] + leaves[n + 1]) for n in range(0, len(leaves), 2)]
        place //= 2
    return path


def proof(header: bytes, transactions: list[tuple[bytes, bytes]], place: int) -> dict[str, object]:
    leaves = [sha256d(base) for _, base in transactions]
    raw, base = transactions[place]
    return {
        "txid": leaves[place][::-1].hex(), "raw": raw.hex(), "base": base.hex(), "index": place,
        "path": merkle_path(place, leaves), "coinbase_txid": leaves[0][::-1].hex(),
        "coinbase_path": merkle_path(0, leaves), "header": header.hex(),
        "block": sha256d(header)[::-1].hex(),
    }  # fmt: skip


def old_blocks(folder: Path) -> list[bytes]:
    blocks = []
    for name in ("blk00000.dat", "blk00001.dat"):
        data, at = (folder / name).read_bytes(), 0
        while data[at : at + 4] == MAGIC:
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            blocks.append(data[at + 8 : at + 8 + size])
            at += 8 + size
    by_parent = {block[4:36]: block for block in blocks}
    ordered = [by_parent[bytes(32)]]
    while (digest := sha256d(ordered[-1][:80])) in by_parent:
        ordered.append(by_parent[digest])
    return ordered


def pick(shared: Path) -> dict[str, object]:
    blocks = old_blocks(shared / "bitcoin" / "blk")
    old = [proof(*read_block(blocks[height]), place) for height, place in WANTED_OLD.items()]
    header, transactions = read_block(
        (shared / "bitcoin" / "blocks" / "mainnet" / "702861.raw").read_bytes()
    )
    place = next(
        n for n, (raw, base) in enumerate(transactions[1:], 1)
        if raw != base and len(raw) < 600 and b"\x22\x00\x20" in base and b"\x16\x00\x14" in base
    )  # fmt: skip
    return {
        "headers": "".join(block[:80].hex() for block in blocks[: LAST_HEADER + 1]),
        "heights": [*WANTED_OLD],
        "old": old,
        "new": proof(header, transactions, place),
        "new_coinbase": proof(header, transactions, 0),
    }


if __name__ == "__main__":
    text = json.dumps(pick(Path(sys.argv[1])), indent=1, sort_keys=True)
    Path(sys.argv[2]).write_text(text + "\n", encoding="utf-8")
