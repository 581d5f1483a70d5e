"""The list that a device at the door holds: sealed under a PIN that is kept nowhere.

PBKDF2-HMAC-SHA-256 (RFC 8018; 600,000 rounds: OWASP Password Storage Cheat Sheet, 2023) makes the
key, AES-256-GCM (NIST SP 800-38D) seals. Browsers have both (Web Cryptography API), so that the
page needs no code of others. Device and expiry are bound as associated data.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from kancil.ground import clock
from kancil.programme.errors import PinWrong

FORMAT, NUMBER = "kancil-door", 1
ROUNDS = 600_000
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are mistaken for others: 31 signs, so that ten carry 49 bits."""
_PIN_SIGNS = 10
_SALT_BYTES, _IV_BYTES = 16, 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a device fetches; nothing in it names anybody."""

    format: str
    number: int
    device: str
    expires_at: str
    """As `clock.to_text` writes it."""
    rounds: int
    salt: str
    """Base64, as `iv` and `sealed`."""
    iv: str
    sealed: str


def new_pin() -> str:
    """Ten signs in two groups, such as `7KMDT-X2QAR`."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_PIN_SIGNS))
    return f"{signs[:5]}-{signs[5:]}"


def normal_pin(typed: str) -> str:
    """A PIN as it is derived from: capital letters, without blanks and hyphens."""
    return "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())


def seal(
    pin: str,
    content: Mapping[str, Any],
    *,
    device: str,
    expires_at: datetime,
    salt: bytes | None = None,
    iv: bytes | None = None,
) -> Sealed:
    """Seal what a device is to know. `salt`, `iv`: fresh ones, but for a worked vector."""
    salt = salt or secrets.token_bytes(_SALT_BYTES)
    iv = iv or secrets.token_bytes(_IV_BYTES)
    until = clock.to_text(expires_at)
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    found = AESGCM(_key(pin, salt, ROUNDS)).encrypt(iv, plain, _bound(device, until))
    return Sealed(FORMAT, NUMBER, device, until, ROUNDS, _text(salt), _text(iv), _text(found))


def unseal(pin: str, sealed: Sealed) -> dict[str, Any]:
    """What was sealed; raises PinWrong for another PIN, device or expiry."""
    salt, iv, found = (base64.b64decode(one) for one in (sealed.salt, sealed.iv, sealed.sealed))
    bound = _bound(sealed.device, sealed.expires_at)
    try:
        plain = AESGCM(_key(pin, salt, sealed.rounds)).decrypt(iv, found, bound)
    except InvalidTag as error:
        raise PinWrong from error
    content: dict[str, Any] = json.loads(plain)
    return content


def _key(pin: str, salt: bytes, rounds: int) -> bytes:
    return PBKDF2HMAC(SHA256(), 32, salt, rounds).derive(normal_pin(pin).encode())


def _bound(device: str, until: str) -> bytes:
    return f"{FORMAT}-{NUMBER}\n{device}\n{until}".encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
