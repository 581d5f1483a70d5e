"""One block's bytes walked plainly, without a kernel: its transaction ids, and whether they fit.

For bytes that come from elsewhere one block at a time, before they are written down; whole files
go through `parse`. Raises nothing but EOFError, whatever the bytes are.
"""

from __future__ import annotations

from enum import StrEnum

from .chain_raw import base_of, compact_size
from .headers import HEADER_BYTES
from .merkleproof import merkle_root, sha256d
from .network import Network
from .work import meets_own_target

MIN_TRANSACTION_BYTES = 60
_SEGWIT_MARK = b"\x00\x01"


class BlockFault(StrEnum):
    """Why bytes are not the block that was asked for; the words are `why.block-<value>`."""

    HASH = "hash"
    WORK = "work"
    UNREADABLE = "unreadable"
    MERKLE = "merkle"


def fault_of(raw: bytes, asked: bytes, network: Network) -> BlockFault | None:
    """Say what is wrong with bytes that should be the block of a hash (internal order).

    Compared: the hash itself, its work against the target in its own header, and the Merkle root
    of the transactions, which must end where the bytes end.
    """
    header = raw[:HEADER_BYTES]
    if len(header) != HEADER_BYTES or sha256d(header) != asked:
        return BlockFault.HASH
    if not meets_own_target(asked, int.from_bytes(header[72:76], "little"), network):
        return BlockFault.WORK
    try:
        txids = txids_of(raw)
    except EOFError:
        return BlockFault.UNREADABLE
    return None if merkle_root(txids) == header[36:68] else BlockFault.MERKLE


def txids_of(raw: bytes) -> list[bytes]:
    """Give the ids of a block's transactions, internal order. Raises EOFError."""
    count, at = compact_size(raw, HEADER_BYTES)
    if not 0 < count * MIN_TRANSACTION_BYTES <= len(raw) - at:
        raise EOFError
    txids = []
    for _ in range(count):
        end = _after_transaction(raw, at)
        txids.append(sha256d(base_of(raw[at:end])))
        at = end
    if at != len(raw):
        raise EOFError
    return txids


def _after_transaction(raw: bytes, at: int) -> int:
    is_segwit = raw[at + 4 : at + 6] == _SEGWIT_MARK
    inputs, at = _count(raw, at + (6 if is_segwit else 4))
    for _ in range(inputs):
        at = _after_piece(raw, at + 36) + 4
    outputs, at = _count(raw, at)
    for _ in range(outputs):
        at = _after_piece(raw, at + 8)
    for _ in range(inputs if is_segwit else 0):
        items, at = _count(raw, at)
        for _ in range(items):
            at = _after_piece(raw, at)
    if at + 4 > len(raw):
        raise EOFError
    return at + 4


def _count(raw: bytes, at: int) -> tuple[int, int]:
    count, after = compact_size(raw, at)
    if not 0 <= count <= len(raw) - after:
        raise EOFError
    return count, after


def _after_piece(raw: bytes, at: int) -> int:
    length, start = _count(raw, at)
    return start + length
