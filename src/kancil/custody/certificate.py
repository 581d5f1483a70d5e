"""The unit's own certificate for signing reports, for units that no authority has given one.

PDF readers check RSA and P-256 signatures under X.509, not the ledger's Ed25519. So the unit makes
an authority of its own, lets it certify one P-256 key, and throws the authority's key away: who
trusts the authority trusts that one key and no other. It is nobody's word but the unit's, and says
so by its name. Data go to one file of `keys/`, sealed with the workspace secret; the authority's
certificate goes into the ledger.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kancil.ground.files import read_file, write_durably

from .acting import ActingOfficer
from .entry import Entry
from .errors import KeyLocked
from .keys import KeyRing, check_mode
from .roll import Roll
from .store import LedgerStore
from .unit import record_certificate

YEARS = 5
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""
_LONGEST_NAME = 64
"""Bytes of a name in UTF-8 (RFC 5280, appendix A, ub-common-name: as OpenSSL counts them)."""
_OWN = " (own authority)"
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ReportKey:
    """A P-256 key with its certificate and the unit's own authority above it."""

    private: EllipticCurvePrivateKey
    certificate: x509.Certificate
    authority: x509.Certificate

    @property
    def authority_sha256(self) -> str:
        """SHA-256 (hex) of the authority's certificate, in DER form."""
        return self.authority.fingerprint(SHA256()).hex()


def report_key(ledger: LedgerStore, keys: KeyRing, *, at: datetime, by: ActingOfficer) -> ReportKey:
    """The unit's own key for reports, made at first use and again when it has ended.

    Its authority's certificate is recorded in the ledger, also after an interruption between the
    file and the entry. Raises KeyFileExposed, KeyLocked, DiskFull.
    """
    path, secret = keys.report_path, keys.secret()
    found = _open(path, secret) if path.is_file() else None
    if found is None or found.certificate.not_valid_after_utc <= at:
        roll = ledger.folded(Roll)
        name = "" if roll.unit is None else roll.unit.name
        country = "" if roll.unit is None else roll.unit.country
        found = _make(name, country, at)
        _write(path, found, secret)
    digest = found.authority_sha256
    if all(entry.body.get("sha256") != digest for entry in ledger.folded(Roll).certificates):
        _record(ledger, found, by)
    return found


def _record(ledger: LedgerStore, key: ReportKey, by: ActingOfficer) -> Entry:
    return record_certificate(
        ledger,
        pem=key.authority.public_bytes(Encoding.PEM).decode("ascii"),
        sha256=key.authority_sha256,
        subject=key.authority.subject.rfc4514_string(),
        not_after=key.authority.not_valid_after_utc.date().isoformat(),
        by=by,
    )


def _make(name: str, country: str, at: datetime) -> ReportKey:
    above, below = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    authority_name = _name(_cut(name, _LONGEST_NAME - len(_OWN)) + _OWN, name, country)
    first, last = at - _CLOCKS_DIFFER, at + timedelta(days=365 * YEARS)
    authority = (
        _builder(authority_name, authority_name, above, first, last)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certifies=True), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(above.public_key()), critical=False
        )
        .sign(above, SHA256())
    )
    certificate = (
        _builder(_name(name, name, country), authority_name, below, first, last)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certifies=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
            critical=False,
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(below.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False
        )
        .sign(above, SHA256())
    )
    return ReportKey(below, certificate, authority)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey,
    first: datetime,
    last: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
    )


def _cut(text: str, most: int) -> str:
    """Cut a text to so many bytes of UTF-8, between two characters."""
    return text.encode("utf-8")[:most].decode("utf-8", errors="ignore")


def _name(common: str, organisation: str, country: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, _cut(common, _LONGEST_NAME) or "-")]
    if organisation:
        parts.append(
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(organisation, _LONGEST_NAME))
        )
    if len(country) == 2 and country.isascii() and country.isalpha():
        parts.append(x509.NameAttribute(NameOID.COUNTRY_NAME, country.upper()))
    return x509.Name(parts)


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, key: ReportKey, secret: bytes) -> None:
    pem = key.private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(base64.b64encode(secret))
    )
    certificates = (key.certificate, key.authority)
    whole = pem + b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
    write_durably(path, whole, mode=0o600)


def _open(path: Path, secret: bytes) -> ReportKey:
    check_mode(path)
    data = read_file(path)
    try:
        private = load_pem_private_key(data, base64.b64encode(secret))
        certificate, authority = x509.load_pem_x509_certificates(data)
    except (ValueError, TypeError) as error:
        raise KeyLocked(path=str(path)) from error
    if not isinstance(private, EllipticCurvePrivateKey):
        raise KeyLocked(path=str(path))
    return ReportKey(private, certificate, authority)
