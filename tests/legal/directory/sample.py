"""Invented offices and keys for tests of the directory; countries are real, offices are not."""

from __future__ import annotations

from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.ground.signing import MemorySigner
from kancil.legal.directory.office import Channel, Confidence, Kind, Office
from kancil.legal.directory.signed import Issuer

SIGNER = MemorySigner(Ed25519PrivateKey.from_private_bytes(b"u" * 32))
STRANGER = MemorySigner(Ed25519PrivateKey.from_private_bytes(b"s" * 32))
NEIGHBOUR = Issuer("01939fd4-0000-7000-8000-00000000000b", "Example Cybercrime Unit", "TH")
DAY = date(2026, 3, 9)


def office(**given: Any) -> Office:
    """An invented bank, or with other fields."""
    first: dict[str, Any] = {
        "id": "la-example-bank",
        "kind": Kind.BANK,
        "name": "Example Bank",
        "country": "LA",
        "services": ("EXB", "exb.example"),
        "channel": Channel.EMAIL,
        "address": "legal@exb.example",
        "languages": ("lo", "en"),
        "zone": "Asia/Vientiane",
        "source": "letter of the bank, 3 March 2026",
        "as_of": date(2026, 3, 3),
        "confidence": Confidence.HIGH,
        "verified_on": DAY,
        "verified_by": "Example Cybercrime Unit",
    }
    return Office(**{**first, **given})
