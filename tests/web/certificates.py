"""Certificates for tests of TLS, made on the spot, under no authority."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def pair(
    folder: Path,
    *names: str,
    first: datetime = NOW - timedelta(days=1),
    last: datetime = NOW + timedelta(days=30),
    password: bytes | None = None,
    rsa_bits: int = 0,
) -> tuple[Path, Path]:
    """Write a certificate for these names and its key; give both paths."""
    key = generate_rsa(65537, rsa_bits) if rsa_bits else generate_private_key(SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "common.example")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
    )
    if names:
        stated = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(stated, critical=False)
    certificate = builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
    closed = NoEncryption() if password is None else BestAvailableEncryption(password)
    paths = folder / "site.crt", folder / "site.key"
    paths[0].write_bytes(certificate)
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed))
    paths[1].chmod(0o600)
    return paths
