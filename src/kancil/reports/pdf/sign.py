"""Signing a finished PDF: PAdES baseline B (ETSI EN 319 142-1), by an RSA or a P-256 key.

The key is the unit's from a PKCS#12 file that an authority gave it, else its own
(`custody/certificate.py`). No connection is opened: no revocation list is fetched, and no time
stamp; the hour of signing is the unit's clock.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from kancil.custody.certificate import ReportKey
from kancil.ground.errors import CertificateKeyRefused, CertificateNotReadable
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase

from .apart import apart

FIELD = "Kancil"
LEAST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class PdfKey:
    """A key that PDF readers can check, its certificate, and those above it."""

    private: RSAPrivateKey | EllipticCurvePrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]
    is_own: bool
    """Certified by nobody but the unit itself."""

    @property
    def certificate_sha256(self) -> str:
        """SHA-256 (hex) of the certificate, in DER form."""
        return self.certificate.fingerprint(SHA256()).hex()

    @property
    def top(self) -> x509.Certificate:
        """The uppermost certificate at hand, which a receiver must decide to trust."""
        return self.above[-1] if self.above else self.certificate

    @property
    def top_sha256(self) -> str:
        """SHA-256 (hex) of the uppermost certificate, in DER form."""
        return self.top.fingerprint(SHA256()).hex()

    @property
    def top_pem(self) -> str:
        """The uppermost certificate in PEM form."""
        return self.top.public_bytes(Encoding.PEM).decode("ascii")


def own_key(key: ReportKey) -> PdfKey:
    """Take the unit's own key."""
    return PdfKey(key.private, key.certificate, (key.authority,), is_own=True)


def read_pkcs12(path: Path, passphrase: str | None, *, at: datetime) -> PdfKey:
    """Read a PKCS#12 file; raises what `open_pkcs12` raises."""
    return open_pkcs12(read_file(path), passphrase, at=at, name=str(path))


def open_pkcs12(data: bytes, passphrase: str | None, *, at: datetime, name: str) -> PdfKey:
    """Read PKCS#12 (RFC 7292) whose certificate is valid at a moment; `name`: of the file.

    Raises CertificateNotReadable, and CertificateKeyRefused for a key that PDF readers do not
    check, such as Ed25519.
    """
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(
            data, None if passphrase is None else passphrase.encode("utf-8")
        )
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateNotReadable(path=name, why=Phrase("why.pkcs12")) from error
    if private is None or certificate is None:
        raise CertificateNotReadable(path=name, why=Phrase("why.pkcs12-incomplete"))
    if not (certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc):
        raise CertificateNotReadable(
            path=name,
            why=Phrase(
                "why.certificate-not-valid",
                {
                    "first": certificate.not_valid_before_utc.date().isoformat(),
                    "last": certificate.not_valid_after_utc.date().isoformat(),
                },
            ),
        )
    if isinstance(private, RSAPrivateKey) and private.key_size >= LEAST_RSA_BITS:
        return PdfKey(private, certificate, _chain(certificate, others), is_own=False)
    if isinstance(private, EllipticCurvePrivateKey) and isinstance(private.curve, SECP256R1):
        return PdfKey(private, certificate, _chain(certificate, others), is_own=False)
    raise CertificateKeyRefused(path=name, kind=_kind(private))


def _kind(private: object) -> str:
    """Name a key for the officer: `Ed25519`, `EC secp384r1`, `RSA 1024`."""
    if isinstance(private, RSAPrivateKey):
        return f"RSA {private.key_size}"
    if isinstance(private, EllipticCurvePrivateKey):
        return f"EC {private.curve.name}"
    return type(private).__name__.removesuffix("PrivateKey").lstrip("_")


def _chain(
    certificate: x509.Certificate, others: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Order the certificates above one, as far as they are at hand."""
    chain: list[x509.Certificate] = []
    lowest = certificate
    while lowest.subject != lowest.issuer:
        upper = [one for one in others if one.subject == lowest.issuer and one not in chain]
        if not upper:
            break
        lowest = upper[0]
        chain.append(lowest)
    return tuple(chain)


def sign_pdf(pdf: bytes, key: PdfKey, *, at: datetime, reason: str, name: str) -> bytes:
    """Sign the whole file; `reason` and `name` stand in the signature for its readers."""
    # Heavy, and brings a network client that is never used: loaded when a report is signed.
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def as_asn1(certificate: x509.Certificate) -> Any:
        return Certificate.load(certificate.public_bytes(Encoding.DER))

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(as_asn1(one) for one in key.above)
    plain = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=as_asn1(key.certificate),
        signing_key=PrivateKeyInfo.load(plain),
        cert_registry=store,
    )
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        name=name,
    )

    class _AtSigner(signers.PdfSigner):
        """Signs at a given moment, not at the machine's."""

        def init_signing_session(self, *args: Any, **options: Any) -> Any:
            session = super().init_signing_session(*args, **options)
            session.system_time = at
            return session

    def sign() -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return bytes(_AtSigner(meta, signer=signer).sign_pdf(writer).getvalue())

    return apart(sign)
