"""Ed25519 keys as `did:key` names, and bytes as multibase text.

Source: W3C Controlled Identifiers 1.0, section 2.4 (multibase base58-btc, `z`) and 2.2.2 (Multikey:
Ed25519 public keys begin with the bytes ed 01); The did:key Method 0.9.
"""

from __future__ import annotations

from kancil.ground import base58

_PUBLIC = b"\xed\x01"
_PREFIX = "did:key:"
_LONGEST = 120
"""Characters of a key or signature, and more; the decoding is quadratic."""


def multibase(raw: bytes) -> str:
    """Bytes in base58-btc, with its letter `z` before."""
    return "z" + base58.encode(raw)


def from_multibase(text: object) -> bytes | None:
    """The bytes of what `multibase` wrote; None for any other text."""
    if not isinstance(text, str) or not text.startswith("z") or len(text) > _LONGEST:
        return None
    return base58.decode(text[1:])


def multikey(public_raw: bytes) -> str:
    """A public key (32 raw bytes) as `z6Mk…`."""
    return multibase(_PUBLIC + public_raw)


def did_key(public_raw: bytes) -> str:
    """A public key (32 raw bytes) as `did:key:z6Mk…`."""
    return _PREFIX + multikey(public_raw)


def verification_method(public_raw: bytes) -> str:
    """The key as a proof names it: its DID, and itself as the fragment."""
    return f"{did_key(public_raw)}#{multikey(public_raw)}"


def key_of(text: object) -> bytes | None:
    """The 32 raw bytes of a key that `multikey` wrote; None for any other text."""
    raw = from_multibase(text)
    if raw is None or len(raw) != 34 or not raw.startswith(_PUBLIC):
        return None
    return raw[2:]


def key_of_method(text: object) -> bytes | None:
    """The 32 raw bytes of a key named as `verification_method` writes it; None for other text."""
    if not isinstance(text, str) or not text.startswith(_PREFIX):
        return None
    key = key_of(text.removeprefix(_PREFIX).partition("#")[0])
    return key if key is not None and verification_method(key) == text else None
