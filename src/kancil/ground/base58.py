"""Base58Check, the writing of the older bitcoin addresses, of keys, and of TRON addresses.

Source: Bitcoin Core src/base58.cpp. Plain Python, exact; used on one string at a time.
"""

from __future__ import annotations

import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
MAX_CHARACTERS = 120
"""Longer text is no address or key of ours; the decoding below is quadratic."""


def checksum(body: bytes) -> bytes:
    """The 4 check bytes of a body: the first of its double SHA-256."""
    return hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]


def decode(text: str) -> bytes | None:
    """Turn base58 text into bytes; None if a character is not of the alphabet."""
    number = 0
    for character in text:
        value = _VALUE.get(character)
        if value is None:
            return None
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def decode_check(text: str) -> bytes | None:
    """The body of base58check text; None if characters or check bytes are wrong."""
    if len(text) > MAX_CHARACTERS:
        return None
    raw = decode(text)
    if raw is None or len(raw) < 5 or checksum(raw[:-4]) != raw[-4:]:
        return None
    return raw[:-4]


def encode(raw: bytes) -> str:
    """Write bytes as base58 text, without check bytes."""
    number = int.from_bytes(raw, "big")
    digits: list[str] = []
    while number:
        number, remainder = divmod(number, 58)
        digits.append(ALPHABET[remainder])
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


def encode_check(body: bytes) -> str:
    """Write a body (version byte and payload) as base58check text."""
    return encode(body + checksum(body))
