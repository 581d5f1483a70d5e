"""The list of revoked certificates, as a signed file that is carried: `kancil-revocations/1`.

Each list holds all that were revoked until it was made, and has a number; the newest is the one
with the highest. No name stands in it: a certificate is named by its id. A list cannot say what was
revoked after it was made, so each verdict names the list on which it rests.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kancil.ground.errors import NotCanonical, SignatureWrong
from kancil.ground.filled import filled_from_plain
from kancil.ground.ids import is_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.signedfile import read_signed, write_signed
from kancil.ground.signing import Signer, fingerprint

from .errors import BadgeTooLarge, RevocationsNotReadable

FORMAT = "kancil-revocations/1"
SUFFIX = ".kancil-revocations"
MAX_BYTES = 4_000_000


class RevocationReason(StrEnum):
    """Why a certificate was revoked; the words are `name.revocation-<value>`."""

    MISTAKE = "mistake"
    """Something in it is wrong: the name, the course, a mark."""
    REMARKED = "remarked"
    """The key was corrected, and what the certificate states no longer holds."""
    FRAUD = "fraud"
    """The work was not the trainee's own."""
    ASKED = "asked"
    """The trainee asked for it."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """One certificate that no longer counts."""

    id: str
    """The certificate's."""
    on: date
    reason: RevocationReason


@dataclass(frozen=True, slots=True)
class Revocations:
    """A list."""

    issuer: str
    number: int
    """From 1 up, one more with each list of the classroom."""
    made_at: datetime
    revoked: tuple[Revocation, ...]
    """By id, each once."""

    def of(self, certificate: str) -> Revocation | None:
        """The revocation of a certificate, by its id; None where the list has none."""
        return next((each for each in self.revoked if each.id == certificate), None)


@dataclass(frozen=True, slots=True)
class OpenedRevocations:
    """A list that was read, its signature checked."""

    list: Revocations
    public_raw: bytes

    @property
    def fingerprint(self) -> str:
        """Of the key that signed it."""
        return fingerprint(self.public_raw)


def write_revocations(found: Revocations, signer: Signer) -> bytes:
    """The bytes of the signed file."""
    ordered = Revocations(
        found.issuer, found.number, found.made_at,
        tuple(sorted(found.revoked, key=lambda each: each.id)),
    )  # fmt: skip
    return write_signed({"format": FORMAT, **plain(ordered)}, signer)


def read_revocations(data: bytes, path: str) -> OpenedRevocations:
    """Read a list and check its signature; raises BadgeTooLarge, RevocationsNotReadable."""
    if len(data) > MAX_BYTES:
        raise BadgeTooLarge(path=path, kilobytes=MAX_BYTES // 1_000)
    try:
        statement = read_signed(data, format_name=FORMAT, path=path)
        public_raw = base64.b64decode(statement.pop("public_key"))
        del statement["format"]
        found = filled_from_plain(Revocations, statement)
    except (SignatureWrong, NotCanonical) as error:
        raise _not_readable(path) from error
    ids = [each.id for each in found.revoked]
    if ids != sorted(set(ids)) or not all(map(is_id, ids)) or found.number < 1:
        raise _not_readable(path)
    return OpenedRevocations(found, public_raw)


def newest(lists: Iterable[OpenedRevocations]) -> OpenedRevocations | None:
    """The list with the highest number; None of none."""
    return max(lists, key=lambda each: each.list.number, default=None)


def _not_readable(path: str) -> RevocationsNotReadable:
    return RevocationsNotReadable(path=path, why=Phrase("why.revocations-changed"))
