"""The certificate under which the site is served, checked before the port is taken.

What a browser would refuse is told here, where the administrator reads it: a key that does not
belong to the certificate, a certificate that has ended or names another host. Whether the browser
trusts who issued it only the browser can say.
"""

from __future__ import annotations

import ssl
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from kancil.custody.errors import KeyFileExposed
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate with its key, as they stand in two files, or in one."""

    certificate: Path
    """PEM: the site's own certificate first, then those between it and the authority."""
    key: Path
    """PEM."""
    names: tuple[str, ...]
    """Hosts for which it holds, in small letters; a wildcard as it stands there."""
    ends_at: datetime
    fingerprint: str
    """SHA-256 of the certificate's DER form, hex."""
    password: bytes | None = None
    """Opens the key, where it is sealed."""

    def context(self) -> ssl.SSLContext:
        """Make what wraps connections: TLS 1.2 or newer; raises OptionNotUsable."""
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            made.load_cert_chain(self.certificate, self.key, lambda: self.password or b"")
        except (ssl.SSLError, OSError) as error:
            raise _refusal("--tls-certificate", self.certificate, Phrase("why.tls-weak")) from error
        return made

    def holds_for(self, host: str) -> bool:
        """Whether a browser takes it for this host (RFC 9525, section 6.3)."""
        parent = host.partition(".")[2]
        return host in self.names or bool(parent and f"*.{parent}" in self.names)


def read_tls(certificate: Path, key: Path, *, at: datetime, password: bytes | None = None) -> Tls:
    """Read and check the two files.

    Raises FileNotReadable, KeyFileExposed (anyone may read the key), OptionNotUsable.
    """
    first = _first_certificate(certificate)
    _check_key(key, first, password)
    if at >= first.not_valid_after_utc:
        ended = first.not_valid_after_utc.date().isoformat()
        raise _refusal("--tls-certificate", certificate, Phrase("why.tls-ended", {"date": ended}))
    if at < first.not_valid_before_utc:
        begins = first.not_valid_before_utc.isoformat(" ", "minutes")
        raise _refusal("--tls-certificate", certificate, Phrase("why.tls-begins", {"date": begins}))
    found = Tls(
        certificate,
        key,
        names=_names(first),
        ends_at=first.not_valid_after_utc,
        fingerprint=first.fingerprint(SHA256()).hex(),
        password=password,
    )
    found.context()
    return found


def check_names(tls: Tls, names: Sequence[str]) -> None:
    """Refuse a certificate that does not hold for each name; raises OptionNotUsable."""
    for name in names:
        if not tls.holds_for(name):
            why = Phrase("why.tls-name", {"name": name, "names": ", ".join(tls.names) or "-"})
            raise _refusal("--tls-certificate", tls.certificate, why)


def _refusal(option: str, path: Path, why: Phrase) -> OptionNotUsable:
    return OptionNotUsable(option=option, value=str(path), why=why)


def _first_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(read_file(path))[0]
    except ValueError as error:
        raise _refusal("--tls-certificate", path, Phrase("why.tls-no-certificate")) from error


def _check_key(path: Path, certificate: x509.Certificate, password: bytes | None) -> None:
    data = read_file(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & stat.S_IROTH:
        raise KeyFileExposed(path=str(path), mode=f"{mode:04o}", wanted="0640")
    try:
        private = load_pem_private_key(data, password)
    except (ValueError, TypeError) as error:
        raise _refusal("--tls-key", path, Phrase("why.tls-no-key")) from error
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        why = Phrase("why.tls-other-key")
        raise _refusal("--tls-key", path, why)


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    """List the hosts a certificate holds for; its common name counts no more (RFC 9525)."""
    try:
        stated = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    hosts = [name.lower() for name in stated.get_values_for_type(x509.DNSName)]
    return (*hosts, *map(str, stated.get_values_for_type(x509.IPAddress)))
