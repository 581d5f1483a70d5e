"""A certificate read back: from its credential, or from the compact text of its QR code.

The compact text holds the fields and the signature; the credential is filled from them again by
the template, and the signature is checked over that. So both are one certificate.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from kancil.ground import canonical
from kancil.ground.errors import NotCanonical
from kancil.ground.phrase import Phrase

from .certificate import (
    FORMAT,
    NEWEST_FORMAT,
    Achievement,
    SignedCertificate,
    certificate_of,
    check_certificate,
    credential_bytes,
    credential_of,
    fields_of,
)
from .errors import (
    BadgeBroken,
    BadgeNotReadable,
    BadgeNotUsable,
    BadgeProofOther,
    BadgeTooLarge,
)
from .multikey import key_of, multikey
from .proof import has_other_proof, proof_options, signing_key
from .template import fill, gather, template

MAX_BYTES = 65_536
MOST_CODE_BYTES = 1_465
_DIGEST = "sha256"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks; text without one has a zero byte beside its first character."""
_NEWER = (Achievement.ATTENDED, Achievement.PASSED)
_MARKED = ("kind", "title", "version", "on", "percent")
_SINGLE = (
    "id", "issuer", "name", "course", "title", "version", "hours", "since", "until", "issued",
    "hash", "salt", "key", "proof",
)  # fmt: skip
"""Of the compact text, in this order, after its format; then the marked exercises.

In the newest format the achievement and the pass mark stand between the format and these.
"""


def compact_text(signed: SignedCertificate) -> str:
    """What the QR code holds: one canonical JSON list of texts."""
    fields = {
        **fields_of(signed.certificate, signed.public_raw),
        "key": multikey(signed.public_raw),
        "proof": signed.proof,
    }
    marked = [[each[name] for name in _MARKED] for each in fields["marked"]]
    said = signed.certificate.achievement
    head = [FORMAT] if said is Achievement.TAKEN else [NEWEST_FORMAT, said, fields["passmark"]]
    return canonical.dumps([*head, *(fields[name] for name in _SINGLE), marked]).decode()


def code_text(signed: SignedCertificate) -> str:
    """What the QR code holds: the compact text, or where that is too long the file's digest.

    Code 27-L (ISO/IEC 18004) holds 1,465 bytes; larger ones have modules too small for a telephone.
    """
    text = compact_text(signed)
    if len(text.encode()) <= MOST_CODE_BYTES:
        return text
    digest = sha256(credential_bytes(signed)).hexdigest()
    is_first = signed.certificate.achievement is Achievement.TAKEN
    return canonical.dumps([FORMAT if is_first else NEWEST_FORMAT, _DIGEST, digest]).decode()


def read_certificate(data: bytes, path: str) -> SignedCertificate:
    """Read a certificate and check its signature.

    Raises BadgeTooLarge, BadgeNotReadable, BadgeBroken, BadgeProofOther.
    """
    if len(data) > MAX_BYTES:
        raise BadgeTooLarge(path=path, kilobytes=MAX_BYTES // 1024)
    if data.startswith(_UTF16) or b"\0" in data[:2]:
        raise _not_readable(path, "utf16")
    try:
        value = canonical.loads(data.removeprefix(b"\xef\xbb\xbf").strip())
    except NotCanonical as error:
        raise _not_readable(path, "no-json") from error
    credential = _from_compact(value, path) if isinstance(value, list) else value
    if not isinstance(credential, dict) or "proof" not in credential:
        raise _not_readable(path, "other")
    if has_other_proof(credential):
        raise BadgeProofOther(path=path)
    key = signing_key(credential)
    if key is None:
        raise BadgeBroken(path=path)
    return _read(credential, key, path)


def _read(credential: dict[str, Any], key: bytes, path: str) -> SignedCertificate:
    """What a credential states, held to the forms; its signature was checked before."""
    for achievement in Achievement:
        fields: dict[str, Any] = {}
        gather(template(achievement), credential, fields)
        try:
            found = certificate_of(fields, achievement)
            check_certificate(found)
        except (BadgeNotUsable, ValueError, KeyError, TypeError):
            continue
        signed = SignedCertificate(found, key, credential["proof"]["proofValue"])
        if credential_of(signed) == credential:
            return signed
    raise _not_readable(path, "other")


def _from_compact(value: list[Any], path: str) -> dict[str, Any]:
    """The credential of a compact text, filled by the form of its achievement."""
    if value[:1] not in ([FORMAT], [NEWEST_FORMAT]):
        raise _not_readable(path, "other")
    if value[1:2] == [_DIGEST]:
        raise _not_readable(path, "digest")
    is_first = value[0] == FORMAT
    try:
        achievement, passing = (Achievement.TAKEN, "") if is_first else value[1:3]
        if not is_first and achievement not in _NEWER:
            raise _not_readable(path, "other")
        fields = dict(zip(_SINGLE, value[1 if is_first else 3 : -1], strict=True))
        fields["passmark"] = passing
        fields["marked"] = [dict(zip(_MARKED, each, strict=True)) for each in value[-1]]
        fields["did"] = f"did:key:{fields['key']}"
        document = fill(template(achievement), fields)
    except (ValueError, KeyError, TypeError) as error:
        raise _not_readable(path, "other") from error
    key = key_of(fields["key"])
    if key is None:
        raise _not_readable(path, "other")
    options = proof_options(document, key, fields["issued"])
    return {**document, "proof": {**options, "proofValue": fields["proof"]}}


def _not_readable(path: str, why: str) -> BadgeNotReadable:
    return BadgeNotReadable(path=path, why=Phrase(f"why.badge-{why}"))
