"""`gettxoutproof` answers, written as Bitcoin Core writes them (src/merkleblock.cpp)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.bitcoin.blocks.merkle_proof import merkle_root, write_compact_size


def _levels(txids: Sequence[bytes]) -> list[list[bytes]]:
    levels = [list(txids)]
    while len(levels[-1]) > 1:
        level = levels[-1]
        pairs = (level[at : at + 2] for at in range(0, len(level), 2))
        levels.append([merkle_root(pair if len(pair) == 2 else pair * 2) for pair in pairs])
    return levels


def build_proof(header: bytes, txids: Sequence[bytes], matched: Iterable[int]) -> bytes:
    """Write what Bitcoin Core's `gettxoutproof` writes, for the matched places in a block."""
    levels = _levels(txids)
    wanted = [set(matched)]
    for _ in levels[1:]:
        wanted.append({place >> 1 for place in wanted[-1]})
    bits: list[bool] = []
    hashes: list[bytes] = []
    waiting = [(len(levels) - 1, 0)]
    while waiting:
        level, place = waiting.pop()
        is_parent_of_match = place in wanted[level]
        bits.append(is_parent_of_match)
        if level == 0 or not is_parent_of_match:
            hashes.append(levels[level][place])
            continue
        if 2 * place + 1 < len(levels[level - 1]):
            waiting.append((level - 1, 2 * place + 1))
        waiting.append((level - 1, 2 * place))
    flags = bytearray((len(bits) + 7) // 8)
    for number, bit in enumerate(bits):
        flags[number >> 3] |= bit << (number & 7)
    body = len(txids).to_bytes(4, "little") + write_compact_size(len(hashes)) + b"".join(hashes)
    return header + body + write_compact_size(len(flags)) + bytes(flags)
