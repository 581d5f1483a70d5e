"""Signing a finished PDF: PAdES baseline B (ETSI EN 319 142-1), by an RSA or a P-256 key.

The key is one that an authority certified, in a PKCS#12 file or on a card (`token.py`), else the
unit's own (`custody/certificate.py`). No connection is opened: no revocation list is fetched, and
no time stamp; the hour of signing is the unit's clock.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from kancil.custody.certificate import ReportKey
from kancil.ground.errors import KancilError
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.reports.errors import CertificateKeyRefused, CertificateNotReadable

from .apart import apart
from .token import TokenKey, open_token, read_token

FIELD = "Kancil"
LEAST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class PdfKey:
    """A key that PDF readers can check, its certificate, and those above it."""

    private: RSAPrivateKey | EllipticCurvePrivateKey | TokenKey
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
    refused = _trouble(certificate, private.public_key(), at, name)
    if refused is not None:
        raise refused
    if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey):
        raise CertificateKeyRefused(path=name, kind=_kind(private.public_key()))
    return PdfKey(private, certificate, _chain(certificate, others), is_own=False)


def read_token_key(key: TokenKey, *, at: datetime) -> PdfKey:
    """Take the key of a card or token whose certificate is usable and valid at a moment.

    Of several the first that is, in the order of their ids. Raises CertificateNotReadable, and
    CertificateKeyRefused where none is usable.
    """
    refused: KancilError = CertificateNotReadable(
        path=str(key.module), why=Phrase("why.token-no-certificate")
    )
    for one, certificate, others in read_token(key):
        found = _trouble(certificate, certificate.public_key(), at, str(key.module))
        if found is None:
            return PdfKey(one, certificate, _chain(certificate, others), is_own=False)
        refused = found
    raise refused


def _trouble(
    certificate: x509.Certificate, public: object, at: datetime, name: str
) -> KancilError | None:
    """Why a certificate cannot sign; None where it can. `name`: of the file or card."""
    if not (certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc):
        return CertificateNotReadable(
            path=name,
            why=Phrase(
                "why.certificate-not-valid",
                {
                    "first": certificate.not_valid_before_utc.date().isoformat(),
                    "last": certificate.not_valid_after_utc.date().isoformat(),
                },
            ),
        )
    is_rsa = isinstance(public, RSAPublicKey) and public.key_size >= LEAST_RSA_BITS
    is_p256 = isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1)
    return None if is_rsa or is_p256 else CertificateKeyRefused(path=name, kind=_kind(public))


def _kind(public: object) -> str:
    """Name a key for the officer: `Ed25519`, `EC secp384r1`, `RSA 1024`."""
    if isinstance(public, RSAPublicKey):
        return f"RSA {public.key_size}"
    if isinstance(public, EllipticCurvePublicKey):
        return f"EC {public.curve.name}"
    return type(public).__name__.removesuffix("PublicKey").lstrip("_")


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
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

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
        with _signer(key) as signer:
            return bytes(_AtSigner(meta, signer=signer).sign_pdf(writer).getvalue())

    return apart(sign)


@contextmanager
def _signer(key: PdfKey) -> Iterator[Any]:
    """What signs: the key in memory, or a session with its card."""
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    own, *above = (
        Certificate.load(one.public_bytes(Encoding.DER)) for one in (key.certificate, *key.above)
    )
    if isinstance(key.private, TokenKey):
        with open_token(key.private) as session:
            from pyhanko.sign.pkcs11 import PKCS11Signer

            yield PKCS11Signer(
                session,
                signing_cert=own,
                ca_chain=above,
                key_id=key.private.key_id,
                other_certs_to_pull=None,
                use_raw_mechanism=True,
            )
        return
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(above)
    plain = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    yield signers.SimpleSigner(
        signing_cert=own, signing_key=PrivateKeyInfo.load(plain), cert_registry=store
    )
