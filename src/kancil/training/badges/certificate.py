"""A certificate: who took which course, what was marked and when, signed by the classroom's key.

It is an Open Badges 3.0 credential with a Data Integrity proof. It carries the name as it was
typed and, where one was given, an identifier as a salted hash; no e-mail and no photograph. What
the trainee did not consent to, the marks, does not stand in it. In every form it says that it is no
qualification as an expert witness.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from kancil.ground import canonical
from kancil.ground.ids import is_id
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer, fingerprint

from .errors import BadgeNotUsable
from .multikey import did_key
from .proof import proof_options, with_proof
from .template import Fields, fill, template

FORMAT = "kancil-certificate/1"
"""Of certificates that do not tell passing from attending."""
NEWEST_FORMAT = "kancil-certificate/2"
MOST_MARKED = 20
MOST_TEXT = 120
"""Characters of a name or title."""
SALT_BYTES = 16
_TEXT = re.compile(rf"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{{1,{MOST_TEXT}}}")
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
_HASH = re.compile(r"[0-9a-f]{64}")
_SALT = re.compile(r"[0-9a-f]{32}")
_SECONDS = "%Y-%m-%dT%H:%M:%SZ"


class Achievement(StrEnum):
    """What the holder achieved; the words are `name.badge-<value>`."""

    TAKEN = "taken"
    """They took part; whether they passed was not told apart. No new certificate says so."""
    ATTENDED = "attended"
    PASSED = "passed"


class MarkedKind(StrEnum):
    """What was marked; the words are `name.marked-<value>`."""

    LAB = "lab"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Marked:
    """One exercise or test that was handed in and marked."""

    kind: MarkedKind
    title: str
    version: str
    on: date
    percent: int | None
    """Of the points; None: the trainee did not consent that it is stated."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The course that was taken."""

    course: str
    """Its word of the command line."""
    title: str
    version: str
    hours: int
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class HashedIdentifier:
    """A staff number or the like, of which only a salted hash is shown."""

    hash: str
    """SHA-256 (hex) of the identifier and then the salt, both as text."""
    salt: str

    def fits(self, typed: str) -> bool:
        """Whether what was typed is the identifier."""
        return hmac.compare_digest(_hashed(typed, self.salt), self.hash)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says."""

    id: str
    """UUIDv7."""
    issuer: str
    """The classroom, as it names itself."""
    name: str
    """Of the trainee, as it was typed."""
    taken: Taken
    marked: tuple[Marked, ...]
    issued_at: datetime
    """UTC, whole seconds."""
    identifier: HashedIdentifier | None = None
    achievement: Achievement = Achievement.TAKEN
    pass_percent: int | None = None
    """The pass mark that was reached, 1 to 100; None: the certificate says nothing of passing."""


@dataclass(frozen=True, slots=True)
class SignedCertificate:
    """A certificate that was signed; whose key it is, the receiver must know."""

    certificate: Certificate
    public_raw: bytes
    proof: str
    """The signature, as the credential has it."""

    @property
    def fingerprint(self) -> str:
        """Of the key that signed."""
        return fingerprint(self.public_raw)


def achievement_words(said: Certificate) -> Phrase:
    """What the holder achieved, for a row of facts."""
    if said.achievement is Achievement.PASSED:
        return Phrase("note.badge-passed", {"percent": said.pass_percent or 0})
    return Phrase(f"name.badge-{said.achievement.value}")


def hashed_identifier(typed: str) -> HashedIdentifier | None:
    """An identifier under a new salt; None for an empty one."""
    plain = typed.strip()
    if not plain:
        return None
    salt = secrets.token_hex(SALT_BYTES)
    return HashedIdentifier(_hashed(plain, salt), salt)


def sign_certificate(certificate: Certificate, signer: Signer) -> SignedCertificate:
    """Sign a certificate; raises BadgeNotUsable."""
    check_certificate(certificate)
    fields = fields_of(certificate, signer.public_raw)
    made = with_proof(fill(template(certificate.achievement), fields), signer, fields["issued"])
    return SignedCertificate(certificate, signer.public_raw, made["proof"]["proofValue"])


def credential_bytes(signed: SignedCertificate) -> bytes:
    """The credential as one line of canonical JSON: what a badge wallet is given."""
    return canonical.dumps(credential_of(signed)) + b"\n"


def credential_of(signed: SignedCertificate) -> dict[str, Any]:
    """The credential with its proof."""
    fields = fields_of(signed.certificate, signed.public_raw)
    document = fill(template(signed.certificate.achievement), fields)
    options = proof_options(document, signed.public_raw, fields["issued"])
    return {**document, "proof": {**options, "proofValue": signed.proof}}


def check_certificate(found: Certificate) -> None:
    """Refuse what no certificate may say; raises BadgeNotUsable."""
    texts = {"issuer": found.issuer, "name": found.name, "title": found.taken.title}
    texts |= {f"marked-{at}": each.title for at, each in enumerate(found.marked, 1)}
    for field, text in texts.items():
        if _TEXT.fullmatch(text) is None or text != text.strip():
            raise _unusable(field, "text", {"most": MOST_TEXT})
    versions = (found.taken.version, *(each.version for each in found.marked))
    if not all(map(_VERSION.fullmatch, versions)):
        raise _unusable("version", "version")
    if _CODE.fullmatch(found.taken.course) is None or not is_id(found.id):
        raise _unusable("course", "code")
    if not 1 <= found.taken.hours <= 999:
        raise _unusable("hours", "hours")
    if not 1 <= len(found.marked) <= MOST_MARKED:
        raise _unusable("marked", "marked", {"most": MOST_MARKED})
    if any(each.percent not in range(101) for each in found.marked if each.percent is not None):
        raise _unusable("percent", "percent")
    is_passed = found.achievement is Achievement.PASSED
    if is_passed is not (found.pass_percent in range(1, 101)):
        raise _unusable("pass_percent", "passing")
    _check_days(found)
    hidden = found.identifier
    if hidden and not (_HASH.fullmatch(hidden.hash) and _SALT.fullmatch(hidden.salt)):
        raise _unusable("identifier", "identifier")


def _check_days(found: Certificate) -> None:
    at = found.issued_at
    if at.utcoffset() is None or at.microsecond:
        raise _unusable("issued_at", "moment")
    if found.taken.until < found.taken.since:
        raise _unusable("until", "days")


def fields_of(found: Certificate, public_raw: bytes) -> Fields:
    """The certificate as the gaps of its template have it."""
    taken, hidden = found.taken, found.identifier
    return {
        "id": found.id,
        "did": did_key(public_raw),
        "issuer": found.issuer,
        "name": found.name,
        "course": taken.course,
        "title": taken.title,
        "version": taken.version,
        "hours": str(taken.hours),
        "since": taken.since.isoformat(),
        "until": taken.until.isoformat(),
        "issued": found.issued_at.astimezone(UTC).strftime(_SECONDS),
        "hash": hidden.hash if hidden else "",
        "salt": hidden.salt if hidden else "",
        "passmark": "" if found.pass_percent is None else str(found.pass_percent),
        "marked": [
            {
                "kind": each.kind.value,
                "title": each.title,
                "version": each.version,
                "on": each.on.isoformat(),
                "percent": "" if each.percent is None else str(each.percent),
            }
            for each in found.marked
        ],
    }


def certificate_of(fields: Fields, achievement: Achievement) -> Certificate:
    """The way back of `fields_of`; ValueError, KeyError, TypeError for what it never wrote."""
    hidden = fields.get("salt")
    marked = tuple(
        Marked(
            MarkedKind(each["kind"]), each["title"], each["version"],
            date.fromisoformat(each["on"]), int(each["percent"]) if each.get("percent") else None,
        )
        for each in fields["marked"]
    )  # fmt: skip
    taken = Taken(
        fields["course"], fields["title"], fields["version"], int(fields["hours"]),
        date.fromisoformat(fields["since"]), date.fromisoformat(fields["until"]),
    )  # fmt: skip
    at = datetime.strptime(fields["issued"], _SECONDS).replace(tzinfo=UTC)
    identifier = HashedIdentifier(fields["hash"], hidden) if hidden else None
    passing = fields.get("passmark")
    return Certificate(
        fields["id"], fields["issuer"], fields["name"], taken, marked, at, identifier, achievement,
        int(passing) if passing else None,
    )  # fmt: skip


def _hashed(typed: str, salt: str) -> str:
    return sha256((typed.strip() + salt).encode()).hexdigest()


def _unusable(field: str, why: str, params: dict[str, int] | None = None) -> BadgeNotUsable:
    return BadgeNotUsable(field=field, why=Phrase(f"why.badge-{why}", dict(params or {})))
