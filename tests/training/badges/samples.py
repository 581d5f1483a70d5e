"""Invented certificates, and the invented keys that sign them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.ground.signing import MemorySigner
from kancil.training.badges.certificate import (
    Certificate,
    HashedIdentifier,
    Marked,
    MarkedKind,
    SignedCertificate,
    Taken,
    sign_certificate,
)

ID = "019bfc2a-5a00-7abc-8def-0123456789ab"
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
BOX = MemorySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = MemorySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
HIDDEN = HashedIdentifier(
    "7a4a5b3d3a1e0a5ad4ee2d3a7dfc6cf4d6c19cbd3b0c5ad4a2c5de2a3d3a1e0a", "00" * 16
)


def certificate(**changed: Any) -> Certificate:
    """A certificate of the tracing course, with one lab and two tests."""
    marked = (
        Marked(MarkedKind.LAB, "Ransom payment to an exchange", "1", date(2026, 11, 26), 83),
        Marked(MarkedKind.TEST, "Test before the course", "1.0", date(2026, 11, 23), 45),
        Marked(MarkedKind.TEST, "Test after the course", "1.0", date(2026, 11, 27), 85),
    )
    taken = Taken(
        "bitcoin-tracing", "Tracing bitcoin and traces of laundering", "1.0", 30,
        date(2026, 11, 23), date(2026, 11, 27),
    )  # fmt: skip
    given: dict[str, Any] = {
        "id": ID, "issuer": "Training centre (invented)", "name": "Chanthavong Dala",
        "taken": taken, "marked": marked, "issued_at": AT, "identifier": None,
    }  # fmt: skip
    return Certificate(**(given | changed))


def signed(**changed: Any) -> SignedCertificate:
    """The certificate, signed by the box."""
    return sign_certificate(certificate(**changed), BOX)
