"""Merkle paths: that a transaction is in a block, shown with some hashes and the header alone.

Paths are made from a block's txids for bundles, and read from Bitcoin Core's `gettxoutproof` when
another machine answers a fetch list. Hashes are in internal byte order throughout.

A path alone does not prove all it seems to. A block's maker can craft a 64-byte transaction that is
at once a pair of hashes, and so hang a transaction that is not there below it (CVE-2017-12842).
Therefore a path is *whole* only beside the coinbase's path of equal depth, and no transaction of 64
bytes is accepted. Without the coinbase's path the answer says that the depth is open.

Sources: Bitcoin Core src/merkleblock.cpp (CPartialMerkleTree), src/consensus/merkle.cpp; BIP 37;
S. Lerner, "Leaf-Node weakness in Bitcoin Merkle Tree Design" (2018).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from .errors import (
    MerkleProofDepthWrong,
    MerkleProofNotReadable,
    MerkleProofUnsafe,
    MerkleProofWrong,
)

HEADER_BYTES = 80
HASH_BYTES = 32
UNSAFE_SIZE_BYTES = 64
MAX_TRANSACTIONS = 4_000_000 // 240
"""Most transactions a block can hold: 4,000,000 weight units, 240 for the smallest (Core)."""
MAX_PROOF_BYTES = 1 << 20
DEPTH_OPEN = "note.merkle-depth-open"


class Depth(IntEnum):
    """Whether it is shown that the path starts at a transaction and not above or below one."""

    OPEN = 0
    """The coinbase's path is not here; words `DEPTH_OPEN`."""
    SHOWN = 1
    """The coinbase's path is here and has the same length."""


@dataclass(frozen=True, slots=True)
class MerklePath:
    """The way from one transaction up to the Merkle root."""

    txid: bytes
    index: int
    """Place of the transaction in the block, from 0 (the coinbase)."""
    siblings: tuple[bytes, ...]
    """The other hash at each step, from the leaf up."""

    def root(self) -> bytes:
        """Compute the root this path leads to."""
        node = self.txid
        for level, sibling in enumerate(self.siblings):
            is_right = (self.index >> level) & 1
            node = _joined(sibling, node) if is_right else _joined(node, sibling)
        return node

    def is_sound(self) -> bool:
        """Whether index and siblings fit together.

        The index must lie within the depth, and no right-hand node may equal its left sibling:
        such a place exists only in a mutated list of transactions (CVE-2012-2459).
        """
        if not 0 <= self.index < 1 << len(self.siblings):
            return False
        node = self.txid
        for level, sibling in enumerate(self.siblings):
            is_right = (self.index >> level) & 1
            if is_right and sibling == node:
                return False
            node = _joined(sibling, node) if is_right else _joined(node, sibling)
        return True


@dataclass(frozen=True, slots=True)
class MerkleBlock:
    """A parsed `gettxoutproof`: a header and the paths of the transactions it was asked for."""

    header: bytes
    """80 bytes; its work is judged elsewhere."""
    transaction_count: int
    """As the sender states it; nothing proves it."""
    root: bytes
    """The root that the hashes lead to."""
    paths: tuple[MerklePath, ...]
    """One path for each matched transaction, by index."""

    @property
    def block_hash(self) -> bytes:
        """Hash of the header, internal order."""
        return sha256d(self.header)

    @property
    def header_root(self) -> bytes:
        """Merkle root as the header states it."""
        return self.header[36:68]

    def path_of(self, txid: bytes) -> MerklePath | None:
        """The path of a matched transaction, or None."""
        return next((path for path in self.paths if path.txid == txid), None)

    def coinbase_path(self) -> MerklePath | None:
        """The path of the block's first transaction, if it was asked for too."""
        return self.paths[0] if self.paths and self.paths[0].index == 0 else None


def check_path(
    path: MerklePath,
    root: bytes,
    *,
    coinbase: MerklePath | None = None,
    base_size_bytes: int | None = None,
) -> Depth:
    """Check that a transaction hangs below a header's root, and say whether its depth is shown.

    `root`: the header's Merkle root. `coinbase`: path of the same block's first transaction.
    `base_size_bytes`: size of the transaction without witness data, where its bytes are held.
    Raises MerkleProofWrong, MerkleProofUnsafe, MerkleProofDepthWrong.
    """
    txid = path.txid[::-1].hex()
    if base_size_bytes == UNSAFE_SIZE_BYTES:
        raise MerkleProofUnsafe(txid=txid)
    if not path.is_sound() or path.root() != root:
        raise MerkleProofWrong(txid=txid)
    if coinbase is None:
        return Depth.SHOWN if path.index == 0 and not path.siblings else Depth.OPEN
    if coinbase.index != 0 or not coinbase.is_sound() or coinbase.root() != root:
        raise MerkleProofWrong(txid=coinbase.txid[::-1].hex())
    if len(coinbase.siblings) != len(path.siblings):
        raise MerkleProofDepthWrong(
            txid=txid, depth=len(path.siblings), coinbase_depth=len(coinbase.siblings)
        )
    return Depth.SHOWN


def paths_of(txids: Sequence[bytes], indexes: Iterable[int]) -> list[MerklePath]:
    """Make the paths of some transactions of a block.

    `txids`: all of the block's, in order, internal byte order. The tree is computed once.
    """
    levels = _levels(txids)
    paths = []
    for index in indexes:
        siblings = []
        place = index
        for level in levels[:-1]:
            other = place ^ 1
            siblings.append(level[other] if other < len(level) else level[place])
            place >>= 1
        paths.append(MerklePath(txids[index], index, tuple(siblings)))
    return paths


def path_of(txids: Sequence[bytes], index: int) -> MerklePath:
    """Make the path of one transaction of a block."""
    return paths_of(txids, [index])[0]


def merkle_root(txids: Sequence[bytes]) -> bytes:
    """Compute the Merkle root of a block's txids; each odd level repeats its last node."""
    return _levels(txids)[-1][0]


def parse_proof(raw: bytes) -> MerkleBlock:
    """Read a `gettxoutproof` answer, raw or in hex (spaces and line ends around it allowed).

    That its hashes lead to the header's own root is checked by `check_path`, not here. Raises
    MerkleProofNotReadable for anything that Bitcoin Core's reader would not accept as one.
    """
    data = _unhexed(raw)
    reader = _Reader(data)
    header = reader.take(HEADER_BYTES)
    transaction_count = int.from_bytes(reader.take(4), "little")
    if not 1 <= transaction_count <= MAX_TRANSACTIONS:
        raise MerkleProofNotReadable(offset=HEADER_BYTES)
    hash_count = reader.size()
    if hash_count > transaction_count:
        raise MerkleProofNotReadable(offset=reader.at)
    hashes = [reader.take(HASH_BYTES) for _ in range(hash_count)]
    flags = reader.take(reader.size())
    if reader.at != len(data) or len(flags) * 8 < hash_count:
        raise MerkleProofNotReadable(offset=reader.at)
    nodes, matched, root = _Walk(transaction_count, hashes, flags, reader.at).walk()
    paths = tuple(_path_in(nodes, transaction_count, index) for index in matched)
    return MerkleBlock(header, transaction_count, root, paths)


# --- parts ----------------------------------------------------------------------------------------


def sha256d(data: bytes) -> bytes:
    """Hash twice with SHA-256, as bitcoin does."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def _joined(left: bytes, right: bytes) -> bytes:
    return sha256d(left + right)


def _levels(txids: Sequence[bytes]) -> list[list[bytes]]:
    """All levels of the tree, leaves first; each as wide as it is, without the repetition."""
    levels = [list(txids)]
    while len(levels[-1]) > 1:
        level = levels[-1]
        levels.append(
            [
                _joined(level[at], level[at + 1] if at + 1 < len(level) else level[at])
                for at in range(0, len(level), 2)
            ]
        )
    return levels


def write_compact_size(size: int) -> bytes:
    """Write a count as Bitcoin does: in 1, 3 or 5 bytes (CompactSize)."""
    if size < 0xFD:
        return bytes([size])
    if size <= 0xFFFF:
        return b"\xfd" + size.to_bytes(2, "little")
    return b"\xfe" + size.to_bytes(4, "little")


def _unhexed(raw: bytes) -> bytes:
    """The bytes of hex text, or the bytes themselves where they are no hex."""
    if len(raw) > 2 * MAX_PROOF_BYTES:
        raise MerkleProofNotReadable(offset=MAX_PROOF_BYTES)
    try:
        return bytes.fromhex(raw.decode("ascii"))
    except ValueError:
        return raw


class _Reader:
    """Takes bytes from the front; raises MerkleProofNotReadable where they end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if count > len(self.data) - self.at:
            raise MerkleProofNotReadable(offset=self.at)
        self.at += count
        return self.data[self.at - count : self.at]

    def size(self) -> int:
        """Read a compact size, which must be minimally written (Core, ReadCompactSize)."""
        first = self.take(1)[0]
        if first < 0xFD:
            return first
        width = {0xFD: 2, 0xFE: 4, 0xFF: 8}[first]
        value = int.from_bytes(self.take(width), "little")
        if value < {2: 0xFD, 4: 0x10000, 8: 0x100000000}[width]:
            raise MerkleProofNotReadable(offset=self.at)
        return value


def _width(transaction_count: int, level: int) -> int:
    return (transaction_count + (1 << level) - 1) >> level


Nodes = dict[tuple[int, int], bytes]


class _Walk:
    """Walks a partial tree from the root, as CPartialMerkleTree::TraverseAndExtract does."""

    def __init__(
        self, transaction_count: int, hashes: list[bytes], flags: bytes, offset: int
    ) -> None:
        self.transaction_count = transaction_count
        self.hashes = hashes
        self.flags = flags
        self.offset = offset
        self.bits_used = 0
        self.hashes_used = 0
        self.nodes: Nodes = {}
        self.matched: list[int] = []

    def walk(self) -> tuple[Nodes, list[int], bytes]:
        """All known nodes by (level, place), the matched places, and the root."""
        level = 0
        while _width(self.transaction_count, level) > 1:
            level += 1
        root = self._node(level, 0)
        if self.hashes_used != len(self.hashes) or (self.bits_used + 7) // 8 != len(self.flags):
            raise MerkleProofNotReadable(offset=self.offset)
        return self.nodes, self.matched, root

    def _node(self, level: int, place: int) -> bytes:
        """Read one node and what is below it; levels are at most fifteen, so is the recursion."""
        is_parent_of_match = self._bit()
        if level == 0 or not is_parent_of_match:
            node = self._hash()
            if level == 0 and is_parent_of_match:
                self.matched.append(place)
        else:
            left = self._node(level - 1, 2 * place)
            right = left
            if 2 * place + 1 < _width(self.transaction_count, level - 1):
                right = self._node(level - 1, 2 * place + 1)
                if right == left:
                    # Two equal neighbours would let one list of transactions pass as another.
                    raise MerkleProofNotReadable(offset=self.offset)
            node = _joined(left, right)
        self.nodes[level, place] = node
        return node

    def _bit(self) -> bool:
        if self.bits_used >= 8 * len(self.flags):
            raise MerkleProofNotReadable(offset=self.offset)
        bit = self.flags[self.bits_used >> 3] >> (self.bits_used & 7) & 1
        self.bits_used += 1
        return bool(bit)

    def _hash(self) -> bytes:
        if self.hashes_used >= len(self.hashes):
            raise MerkleProofNotReadable(offset=self.offset)
        self.hashes_used += 1
        return self.hashes[self.hashes_used - 1]


def _path_in(nodes: Nodes, transaction_count: int, index: int) -> MerklePath:
    siblings = []
    level, place = 0, index
    while _width(transaction_count, level) > 1:
        other = place ^ 1
        is_there = other < _width(transaction_count, level)
        siblings.append(nodes[level, other if is_there else place])
        level, place = level + 1, place >> 1
    return MerklePath(nodes[0, index], index, tuple(siblings))
