"""Errors of reading blocks and block files."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotReadable, Refused


class MerkleProofNotReadable(NotReadable):
    """Bytes are no Merkle proof. Params: `offset` (byte at which reading stopped)."""

    code = "merkle-proof-not-readable"


class MerkleProofWrong(IntegrityBroken):
    """A Merkle proof does not lead to the header's root. Params: `txid`."""

    code = "merkle-proof-wrong"


class MerkleProofUnsafe(Refused):
    """The transaction has 64 bytes and could be a forged node (CVE-2017-12842). Params: `txid`."""

    code = "merkle-proof-unsafe"


class MerkleProofDepthWrong(IntegrityBroken):
    """The path is not as long as the coinbase's (CVE-2017-12842).

    Params: `txid`, `depth`, `coinbase_depth`.
    """

    code = "merkle-proof-depth-wrong"


class TransactionNotReadable(NotReadable):
    """Bytes are not exactly one transaction. Params: `fault` (a word), `offset` (byte)."""

    code = "transaction-not-readable"
