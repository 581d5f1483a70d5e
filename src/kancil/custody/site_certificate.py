"""The site's own certificate, for networks in which nobody issues any.

The unit makes an authority, lets it certify one key for the names of the site, and throws the
authority's key away, as for its reports. The authority's certificate itself says that it holds for
these names and addresses alone: whoever installs it trusts this one site and nothing else. Key and
certificates stand in one file of `keys/`, sealed with the workspace secret; the authority's
certificate is the one thing that is carried to other machines.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
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
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kancil.ground.files import read_file, write_durably

from .keys import KeyRing, check_mode

DAYS = 825
"""The longest that no browser refuses from an authority that a person has installed."""
AUTHORITY_FILE = "site-authority.pem"
"""In the workspace: the authority's certificate, for whoever is to trust the site."""
_CLOCKS_DIFFER = timedelta(minutes=10)
_AUTHORITY = "Kancil site authority"
_SITE = "Kancil site"


def site_password(keys: KeyRing) -> bytes:
    """What opens the site's key; raises KeyNotFound, KeyLocked."""
    return base64.b64encode(keys.secret())


def site_certificate(keys: KeyRing, names: Sequence[str], *, at: datetime) -> Path:
    """The file of key and certificates, made anew when it has ended or names have changed.

    Also where its authority is of before, and holds for any name: it is then installed once more.

    `names`: hosts and addresses of the site, at least one. Raises KeyFileExposed, KeyNotFound,
    KeyLocked, DiskFull.
    """
    path = keys.folder / "site.pem"
    if path.is_file():
        check_mode(path)
        made, *_, above = x509.load_pem_x509_certificates(read_file(path))
        fits = made.not_valid_after_utc > at and _alternatives(made) == _general(names)
        if fits and _is_constrained(above):
            return path
    write_durably(path, _make(names, at, site_password(keys)), mode=0o600)
    return path


def site_authority(path: Path) -> x509.Certificate:
    """The authority above the site's certificate, to be installed where it is used."""
    return x509.load_pem_x509_certificates(read_file(path))[-1]


def spoken_fingerprint(authority: bytes) -> str:
    """SHA-256 of a certificate (PEM) in pairs, as browsers show it and as it is read out."""
    found = x509.load_pem_x509_certificate(authority)
    return found.fingerprint(SHA256()).hex(":").upper()


def _make(names: Sequence[str], at: datetime, password: bytes) -> bytes:
    above, below = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    known = x509.SubjectKeyIdentifier.from_public_key(above.public_key())
    authority = (
        _builder(f"{_AUTHORITY} {known.digest.hex()[:8]}", above, at)
        .issuer_name(_named(f"{_AUTHORITY} {known.digest.hex()[:8]}"))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certifies=True), critical=True)
        .add_extension(_constraints(names), critical=True)
        .add_extension(known, critical=False)
        .sign(above, SHA256())
    )
    certificate = (
        _builder(f"{_SITE} {names[0]}", below, at)  # no host: those stand below
        .issuer_name(authority.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certifies=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_general(names)), critical=False)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(below.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known), critical=False
        )
        .sign(above, SHA256())
    )
    key = below.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    return key + b"".join(one.public_bytes(Encoding.PEM) for one in (certificate, authority))


def _builder(name: str, key: EllipticCurvePrivateKey, at: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _CLOCKS_DIFFER)
        .not_valid_after(at + timedelta(days=DAYS) - _CLOCKS_DIFFER)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _general(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return found


def _constraints(names: Sequence[str]) -> x509.NameConstraints:
    """Only these names and addresses (RFC 5280, section 4.2.1.10).

    A kind of name that the site has none of is shut as a whole: a list of permitted names of one
    kind says nothing of the other. A permitted name has those below it too.
    """
    hosts = [each for each in _general(names) if isinstance(each, x509.DNSName)]
    addresses = [each.value for each in _general(names) if isinstance(each, x509.IPAddress)]
    permitted: list[x509.GeneralName] = [*hosts]
    permitted += [x509.IPAddress(ip_network(str(each))) for each in addresses]
    excluded: list[x509.GeneralName] = [] if hosts else [x509.DNSName("")]
    for version, everything in ((4, "0.0.0.0/0"), (6, "::/0")):
        if not any(each.version == version for each in addresses):
            excluded.append(x509.IPAddress(ip_network(everything)))
    return x509.NameConstraints(permitted or None, excluded or None)


def _is_constrained(authority: x509.Certificate) -> bool:
    return any(isinstance(each.value, x509.NameConstraints) for each in authority.extensions)


def _alternatives(certificate: x509.Certificate) -> list[x509.GeneralName]:
    kind = x509.SubjectAlternativeName
    return list(certificate.extensions.get_extension_for_class(kind).value)


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )
