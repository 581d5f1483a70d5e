"""The Merkle tree of RFC 6962: roots, inclusion and consistency proofs, and a growing right edge.

Leaves here are the 32-byte entry hashes themselves (already SHA-256 of 0x00 and the entry's
bytes), so that a sealed entry can stand in a tree as its hash alone. All hashes are raw bytes.
Source: RFC 6962 section 2.1 (hash, paths, consistency); RFC 9162 section 2.1.3-2.1.4 (verifying).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash a leaf's bytes: SHA-256 of 0x00 and the bytes (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def inner_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees: SHA-256 of 0x01, left, right (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class RightEdge:
    """A tree that only grows, remembered by its full subtrees: O(log n) in time and in size.

    `hashes`: roots of the full subtrees, largest (leftmost) first; as many as `size` has 1-bits.
    """

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """Take up an edge where it was left."""
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the right."""
        node = leaf
        full = self.size
        while full & 1:
            node = inner_hash(self.hashes.pop(), node)
            full >>= 1
        self.hashes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The tree's root; that of no leaves is the SHA-256 of nothing."""
        if not self.hashes:
            return EMPTY_ROOT
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = inner_hash(left, node)
        return node

    def to_bytes(self) -> bytes:
        """Write the hashes one after the other."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> RightEdge | None:
        """Read what `to_bytes` wrote; None if the length does not fit the size."""
        if size < 0 or len(data) != HASH_BYTES * size.bit_count():
            return None
        return cls(size, [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)])


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order."""
    edge = RightEdge()
    for leaf in leaves:
        edge.append(leaf)
    return edge.root()


class Tree:
    """A whole tree in memory, for many proofs at once: 64 bytes a leaf, each proof O(log n).

    `levels[k][i]` is the root of the full subtree of 2^k leaves that begins at leaf i·2^k.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """Build all full subtrees over the leaf hashes."""
        self.size = len(leaves)
        self.levels: list[list[bytes]] = [list(leaves)]
        while len(self.levels[-1]) > 1:
            below = self.levels[-1]
            self.levels.append(
                [inner_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
            )

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves, of all by default."""
        size = self.size if size is None else size
        return EMPTY_ROOT if size == 0 else self._subtree(0, size)

    def audit_path(self, index: int, size: int | None = None) -> list[bytes]:
        """The sibling hashes of leaf `index` (from 0), from the leaf up.

        Source: RFC 6962 section 2.1.1, PATH(m, D[n]). Raises IndexError outside the tree.
        """
        size = self.size if size is None else size
        if not 0 <= index < size <= self.size:
            raise IndexError(index)
        path: list[bytes] = []
        begin, end = 0, size
        while end - begin > 1:
            middle = begin + _split(end - begin)
            if index < middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(begin, middle))
                begin = middle
        return path[::-1]

    def consistency_path(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the first `old` leaves are the beginning of the first `new`.

        Source: RFC 6962 section 2.1.2, PROOF(m, D[n]). Raises IndexError outside the tree.
        """
        new = self.size if new is None else new
        if not 0 < old <= new <= self.size:
            raise IndexError(old)
        path: list[bytes] = []
        begin, end, known = 0, new, True
        while end != old:
            middle = begin + _split(end - begin)
            if old <= middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(begin, middle))
                begin, known = middle, False
        if not known:
            path.append(self._subtree(begin, end))
        return path[::-1]

    def _subtree(self, begin: int, end: int) -> bytes:
        """Root of leaves begin..end, where begin is a multiple of the subtree's full width."""
        width = end - begin
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self.levels[level][begin >> level]
        middle = begin + _split(width)
        return inner_hash(self._subtree(begin, middle), self._subtree(middle, end))


def verify_path(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf hash at `index` (from 0) to the root.

    Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = inner_hash(sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = inner_hash(node, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and node == root


Spans = dict[tuple[int, int], bytes]
"""Hashes of subtrees by the leaves they span: first (from 0) and after the last."""


def spans_of(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> Spans:
    """Every subtree whose hash an audit path shows: its siblings and what they make.

    The path must have been verified. Source: RFC 6962 section 2.1.1.
    """
    spans: Spans = {}

    def walk(first: int, after: int, steps: Sequence[bytes]) -> bytes:
        if after - first == 1:
            node = leaf
        else:
            middle = first + _split(after - first)
            left, right = (first, middle), (middle, after)
            if index < middle:
                spans[right] = steps[-1]
                node = inner_hash(walk(*left, steps[:-1]), steps[-1])
            else:
                spans[left] = steps[-1]
                node = inner_hash(steps[-1], walk(*right, steps[:-1]))
        spans[(first, after)] = node
        return node

    walk(0, size, path)
    return spans


def root_from_spans(spans: Spans, size: int) -> bytes | None:
    """The root of the first `size` leaves from known subtrees; None if they do not suffice.

    They do whenever leaf `size` itself was shown with its path in any larger tree.
    """

    def node(first: int, after: int) -> bytes | None:
        known = spans.get((first, after))
        if known is not None or after - first == 1:
            return known
        middle = first + _split(after - first)
        left, right = node(first, middle), node(middle, after)
        return None if left is None or right is None else inner_hash(left, right)

    return node(0, size) if size else EMPTY_ROOT


def verify_consistency(
    old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether a tree of `old` leaves is the beginning of one of `new` leaves.

    Source: RFC 9162 section 2.1.4.2.
    """
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    rest = list(path) if old & (old - 1) else [old_root, *path]
    if not rest:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old_node = new_node = rest[0]
    for sibling in rest[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_node = inner_hash(sibling, old_node)
            new_node = inner_hash(sibling, new_node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            new_node = inner_hash(new_node, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and old_node == old_root and new_node == new_root


def _split(width: int) -> int:
    """Largest power of two smaller than `width` (RFC 6962: k < n <= 2k)."""
    return 1 << ((width - 1).bit_length() - 1)
