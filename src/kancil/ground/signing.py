"""Ed25519 signatures (RFC 8032), by the `cryptography` library.

What is signed always begins with its own format name or is a C2SP note, so that a signature
made for one kind of file never fits another.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Signer(Protocol):
    """Someone who can sign: an officer's or the unit's unlocked key."""

    @property
    def public_raw(self) -> bytes:
        """Public key, 32 raw bytes."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Give the 64-byte Ed25519 signature of the message."""
        ...


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
        """Give the 64-byte Ed25519 signature of the message."""
        return self._private.sign(message)


def fingerprint(public_raw: bytes) -> str:
    """Give a key's fingerprint: `SHA256:` and the unpadded base64 of SHA-256 of its 32 bytes."""
    digest = base64.b64encode(hashlib.sha256(public_raw).digest()).decode("ascii")
    return "SHA256:" + digest.rstrip("=")


def verify(public_raw: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether the signature fits the message under this 32-byte public key."""
    if len(public_raw) != 32 or len(signature) != 64:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_raw).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_pem(public_raw: bytes) -> bytes:
    """Write a public key as PEM (SubjectPublicKeyInfo), which openssl reads."""
    return Ed25519PublicKey.from_public_bytes(public_raw).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
