"""One block's bytes walked plainly, without a kernel: its transaction ids, and whether they fit.

For bytes that come from elsewhere one block at a time, before they are written down; whole files
go through `parse`. Raises nothing but EOFError, whatever the bytes are.
"""

from __future__ import annotations

from enum import StrEnum

from kancil.bitcoin.network import Network

from .headers import HEADER_BYTES
from .merkle_proof import merkle_root, sha256d
from .raw import SEGWIT_MARK, after_outputs, compact_size, count_of, piece_of
from .work import meets_own_target

MIN_TRANSACTION_BYTES = 60


class BlockFault(StrEnum):
    """Why bytes are not the block that was asked for; the words are `why.block-<value>`."""

    HASH = "hash"
    WORK = "work"
    UNREADABLE = "unreadable"
    MERKLE = "merkle"


def fault_of(raw: bytes, asked: bytes, network: Network) -> BlockFault | None:
    """What is wrong with bytes that should be the block of a hash (internal order).

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
    """The ids of a block's transactions, internal order. Raises EOFError."""
    count, at = compact_size(raw, HEADER_BYTES)
    if not 0 < count * MIN_TRANSACTION_BYTES <= len(raw) - at:
        raise EOFError
    txids = []
    for _ in range(count):
        base, at = _transaction(raw, at)
        txids.append(sha256d(base))
    if at != len(raw):
        raise EOFError
    return txids


def _transaction(raw: bytes, at: int) -> tuple[bytes, int]:
    """What a transaction's id is the hash of, and the next place (see `raw.base_of`)."""
    is_segwit = raw[at + 4 : at + 6] == SEGWIT_MARK
    start = at + (6 if is_segwit else 4)
    inputs, place = count_of(raw, start)
    for _ in range(inputs):
        _, after = piece_of(raw, place + 36)
        place = after + 4
    end = place = after_outputs(raw, place)
    for _ in range(inputs if is_segwit else 0):
        items, place = count_of(raw, place)
        for _ in range(items):
            _, place = piece_of(raw, place)
    if place + 4 > len(raw):
        raise EOFError
    return raw[at : at + 4] + raw[start:end] + raw[place : place + 4], place + 4
