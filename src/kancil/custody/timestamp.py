"""Outside time stamps over checkpoints (RFC 3161), by files carried out and in by hand.

A request is written, carried to an authority's machine, and its response carried back. It is
believed only against certificates that the checker pins; Kancil ships none and asks nobody. The
stamp proves that the checkpoint existed before the authority's time, nothing about its truth.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import rfc3161_client as rfc3161
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client._rust import parse_timestamp_request

from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Phrase

from .errors import (
    TimeStampAuthorityUnknown,
    TimeStampBroken,
    TimeStampNotReadable,
    TimeStampOfOther,
    TimeStampRefused,
)

_FOREIGN = (
    KeyError,
    ValueError,
    TypeError,
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    rfc3161.VerificationError,
)
"""What the libraries raise over damaged certificates and responses."""

_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    "2.16.840.1.101.3.4.2.2": hashlib.sha384,
    "2.16.840.1.101.3.4.2.3": hashlib.sha512,
}


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A verified time stamp over a checkpoint."""

    time: datetime
    """The authority's time, aware UTC."""
    authority: str
    """Name in the certificate that signed (RFC 4514)."""
    authority_sha256: str
    """SHA-256 of that certificate's DER."""
    serial: str
    """The authority's own number of the stamp."""
    policy: str
    """The authority's policy, as an object identifier."""
    checkpoint_sha256: str
    response_sha256: str


def write_request(checkpoint: bytes) -> bytes:
    """Write a request over the SHA-256 of a checkpoint note, with a random nonce."""
    builder = rfc3161.TimestampRequestBuilder().data(checkpoint)
    return builder.hash_algorithm(rfc3161.HashAlgorithm.SHA256).build().as_bytes()


def verify_response(
    response: bytes,
    checkpoint: bytes,
    authority_pem: bytes,
    *,
    request: bytes | None = None,
    path: str = "response",
) -> TimeStamp:
    """Verify a response over a checkpoint note against the pinned certificates.

    `authority_pem`: the authority's chain with its root; certificates that only the response
    carries are trusted through these alone. `request`: the request, to compare its nonce. Raises
    TimeStampNotReadable, TimeStampRefused, TimeStampOfOther, TimeStampAuthorityUnknown,
    TimeStampBroken.
    """
    try:
        return _verify(response, checkpoint, authority_pem, request, path)
    except _FOREIGN as error:
        raise TimeStampNotReadable(path=path) from error


def check_imprint(response: bytes, checkpoint: bytes, *, path: str = "response") -> None:
    """Refuse a response over something else than this checkpoint note, whoever signed it.

    That it is over the note proves nothing without its authority's certificates. Raises
    TimeStampNotReadable, TimeStampRefused, TimeStampOfOther.
    """
    try:
        _check_imprint(_read_response(response, path).tst_info.message_imprint, checkpoint)
    except _FOREIGN as error:
        raise TimeStampNotReadable(path=path) from error


def _check_imprint(imprint: rfc3161.MessageImprint, checkpoint: bytes) -> None:
    digest = _DIGESTS.get(imprint.hash_algorithm.dotted_string)
    expected = b"" if digest is None else digest(checkpoint).digest()
    if imprint.message != expected:
        raise TimeStampOfOther(found=imprint.message.hex(), expected=expected.hex())


def _verify(
    response: bytes, checkpoint: bytes, authority_pem: bytes, request: bytes | None, path: str
) -> TimeStamp:
    stamp = _read_response(response, path)
    info, signed = stamp.tst_info, stamp.signed_data
    _check_imprint(info.message_imprint, checkpoint)
    if request is not None and (asked := _nonce_of(request)) != info.nonce:
        raise TimeStampOfOther(found=str(info.nonce), expected=str(asked))
    carried = [x509.load_der_x509_certificate(item) for item in signed.certificates]
    signers = [(item.issuer, item.serial_number) for item in signed.signer_infos]
    pinned = _read_pinned(authority_pem)
    signer = _find_signer(signers, carried, pinned)
    _check_issuers(signer, carried, pinned)
    _check_signature(stamp, checkpoint, signer, pinned)
    return TimeStamp(
        time=info.gen_time,
        authority=signer.subject.rfc4514_string(),
        authority_sha256=sha256_hex(signer.public_bytes(Encoding.DER)),
        serial=str(info.serial_number),
        policy=info.policy.dotted_string,
        checkpoint_sha256=sha256_hex(checkpoint),
        response_sha256=sha256_hex(response),
    )


def _read_response(response: bytes, path: str) -> rfc3161.TimeStampResponse:
    try:
        stamp = rfc3161.decode_timestamp_response(response)
        status = stamp.status
        reason = "; ".join(stamp.status_string)
    except _FOREIGN as error:
        raise TimeStampNotReadable(path=path) from error
    if status != rfc3161.PKIStatus.GRANTED:
        raise TimeStampRefused(status=int(status), reason=reason[:200])
    return stamp


def _nonce_of(request: bytes) -> int | None:
    try:
        return parse_timestamp_request(request).nonce
    except _FOREIGN as error:
        raise TimeStampNotReadable(path="request") from error


def _read_pinned(authority_pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(authority_pem)
    except _FOREIGN as error:
        raise TimeStampNotReadable(path="certificates") from error


def _find_signer(
    signers: list[tuple[x509.Name, int]],
    carried: list[x509.Certificate],
    pinned: list[x509.Certificate],
) -> x509.Certificate:
    """Find the certificate that the response says it was signed with."""
    if len(signers) != 1:
        raise TimeStampBroken(why=Phrase("why.signers", {"count": len(signers)}))
    for certificate in (*pinned, *carried):
        if (certificate.issuer, certificate.serial_number) == signers[0]:
            return certificate
    raise TimeStampAuthorityUnknown(authority=signers[0][0].rfc4514_string())


def _check_issuers(
    signer: x509.Certificate, carried: list[x509.Certificate], pinned: list[x509.Certificate]
) -> None:
    """Walk from the signing certificate up to a pinned root.

    This tells an unknown authority apart from a broken signature; the library then checks the
    same chain again, and its dates.
    """
    current = signer
    for _ in range(10):
        if current.issuer == current.subject:
            if current in pinned:
                return
            break
        above = [c for c in (*pinned, *carried) if c.subject == current.issuer]
        issuer = next((c for c in above if _is_issued_by(current, c)), None)
        if issuer is None:
            break
        current = issuer
    raise TimeStampAuthorityUnknown(authority=signer.subject.rfc4514_string())


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except _FOREIGN:
        return False
    return True


def _check_signature(
    stamp: rfc3161.TimeStampResponse,
    checkpoint: bytes,
    signer: x509.Certificate,
    pinned: list[x509.Certificate],
) -> None:
    roots = [item for item in pinned if item.issuer == item.subject]
    between = [item for item in pinned if item.issuer != item.subject]
    verifier = rfc3161.VerifierBuilder(
        roots=roots, intermediates=between, tsa_certificate=signer
    ).build()
    try:
        verifier.verify_message(stamp, checkpoint)
    except _FOREIGN as error:
        raise TimeStampBroken(why=str(error)[:120]) from error
