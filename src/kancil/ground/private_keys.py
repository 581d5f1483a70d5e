"""Private keys in text that somebody typed: recognised so that they can be refused, never repeated.

Strict, since it is asked of every text on every page: only what has a right check sum or an
unmistakable frame counts. 64 hexadecimal digits may be a transaction's number and are let through;
so are words of a wallet's phrase, since no list of them is here to check them by.
"""

from __future__ import annotations

import re
import unicodedata

from . import base58

_BASE58 = f"[{base58.ALPHABET}]"
_RUN = re.compile(f"(?<!{_BASE58}){_BASE58}{{51,112}}(?!{_BASE58})")
"""As long as a key in wallet import format (51), or one of BIP 32 (111 or 112)."""
_FRAME = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
"""RFC 7468 and OpenSSH, and RFC 9580 (*PGP PRIVATE KEY BLOCK*)."""
_AGE = re.compile(r"(?i)\bAGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}\b")
"""C2SP age.md: X25519 identity."""
_LEAST = 27
"""Characters of the shortest of them, a frame."""
_SECRET_BYTES, _COMPRESSED = 32, 1
_SECRET_VERSION = 128
"""Least version byte of a key in wallet import format: that of addresses and 128."""
_BIP32_BYTES, _BIP32_KEY_AT = 78, 45
_BIP38_BYTES, _BIP38 = 39, (b"\x01\x42", b"\x01\x43")


def holds_private_key(text: str) -> bool:
    """Whether a text holds a private key anywhere, also in the middle of other words.

    Wallet import format of bitcoin and coins like it, BIP 32 (`xprv` and its kin), BIP 38, PEM,
    OpenPGP and age.
    """
    if len(text) < _LEAST:
        return False
    if not text.isascii():
        seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
        text = unicodedata.normalize("NFKC", seen)
    if _FRAME.search(text) or _AGE.search(text):
        return True
    return any(_is_secret(found[0]) for found in _RUN.finditer(text))


def _is_secret(text: str) -> bool:
    body = base58.decode_check(text)
    if body is None:
        return False
    if len(body) == _BIP32_BYTES:
        return body[_BIP32_KEY_AT] == 0  # a public key has 2 or 3 here
    if len(body) == _BIP38_BYTES:
        return body.startswith(_BIP38)
    rest = body[1 + _SECRET_BYTES :]
    is_long_enough = len(body) >= 1 + _SECRET_BYTES
    return is_long_enough and body[0] >= _SECRET_VERSION and rest in (b"", bytes([_COMPRESSED]))
