"""Ed25519 signatures (RFC 8032), by the `cryptography` library.

What is signed always begins with its own format name or is a C2SP note, so that a signature
made for one kind of file never fits another.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Signer(Protocol):
    """Someone who can sign: an officer's or the unit's unlocked key."""

    @property
    def public_raw(self) -> bytes:
        """Public key, 32 raw bytes."""

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of the message."""


class MemorySigner:
    """A signer that holds an unlocked private key in memory."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Take the unlocked key."""
        self._private = private
        self._public_raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def public_raw(self) -> bytes:
        """Public key, 32 raw bytes."""
        return self._public_raw

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of the message."""
        return self._private.sign(message)


_PRIME = 2**255 - 19
_SIGN = 1 << 255
_SMALL_ORDER = frozenset(
    {
        0,
        1,
        _PRIME - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The y coordinates of the eight points of small order, under which anyone can make a signature
that fits many messages (RFC 8032 leaves it to the verifier; all of ours refuse them)."""


def is_sound_key(public_raw: bytes) -> bool:
    """Whether 32 bytes are in the one canonical form of a point that is not of small order."""
    y = int.from_bytes(public_raw, "little") & (_SIGN - 1)
    return len(public_raw) == 32 and y < _PRIME and y not in _SMALL_ORDER


def fingerprint(public_raw: bytes) -> str:
    """A key's fingerprint: `SHA256:` and the unpadded base64 of SHA-256 of its 32 bytes."""
    digest = base64.b64encode(hashlib.sha256(public_raw).digest()).decode("ascii")
    return "SHA256:" + digest.rstrip("=")


def verify(public_raw: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature fits the message under this 32-byte public key.

    Keys of small order or in another form than the canonical one fit nothing.
    """
    key = _public_key(public_raw)
    if key is None or len(signature) != 64:
        return False
    try:
        key.verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def _public_key(public_raw: bytes) -> Ed25519PublicKey | None:
    """Read a key once for all that it signed; None if nothing fits it."""
    if not is_sound_key(public_raw):
        return None
    try:
        return Ed25519PublicKey.from_public_bytes(public_raw)
    except ValueError:
        return None


def public_pem(public_raw: bytes) -> bytes:
    """Write a public key as PEM (SubjectPublicKeyInfo), which openssl reads."""
    return Ed25519PublicKey.from_public_bytes(public_raw).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
