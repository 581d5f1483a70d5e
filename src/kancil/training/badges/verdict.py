"""What can be said of a certificate, offline: is it unchanged, by which key, and was it revoked.

Three things are judged apart. The signature shows that nothing was changed. The fingerprint, which
the receiver has by another channel, shows whose key it is. The list shows what was revoked until it
was made, and nothing later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kancil.ground.phrase import Phrase

from .certificate import SignedCertificate
from .errors import RevocationsOfAnother
from .revocations import OpenedRevocations, Revocation, newest

NOT_KNOWN, DO_NOT_RELY = 28, 12
"""Exit statuses: as `kancil verify` ends for a bundle whose signer is not known."""


class KeyState(StrEnum):
    """Whether the key is the one that was expected; the words are `note.badge-key-<value>`."""

    EXPECTED = "expected"
    NOT_COMPARED = "not-compared"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class BadgeVerdict:
    """The verdict on one certificate whose signature fits."""

    signed: SignedCertificate
    key: KeyState
    revocation: Revocation | None
    list_number: int | None
    """Of the newest list that was given; None: none was given."""
    list_made_at: datetime | None
    is_of_the_future: bool
    """Issued later than the clock here says it is."""
    identifier_fits: bool | None
    """None: it was not asked, or the certificate has none."""

    @property
    def is_good(self) -> bool:
        """Unchanged, by the expected key, and on no list that was given."""
        return self.exit_status == 0

    @property
    def exit_status(self) -> int:
        """0: good; `NOT_KNOWN`: unchanged, but by whom is not known; else `DO_NOT_RELY`."""
        if self.revocation or self.key is KeyState.OTHER or self.identifier_fits is False:
            return DO_NOT_RELY
        if self.key is KeyState.NOT_COMPARED or self.is_of_the_future:
            return NOT_KNOWN
        return 0

    @property
    def headline(self) -> Phrase:
        """The answer, in one sentence."""
        found = self.signed.certificate
        if self.revocation:
            return Phrase("note.badge-revoked", {"on": self.revocation.on.isoformat()})
        if self.key is KeyState.OTHER:
            return Phrase("note.badge-key-other", {"key": self.signed.fingerprint})
        if self.identifier_fits is False:
            return Phrase("note.badge-identifier-other")
        if self.is_of_the_future:
            return Phrase(
                "note.badge-future", {"at": found.issued_at.strftime("%Y-%m-%d %H:%M UTC")}
            )
        if self.key is KeyState.NOT_COMPARED:
            return Phrase("note.badge-key-not-compared", {"key": self.signed.fingerprint})
        return Phrase("note.badge-good", {"issuer": found.issuer})

    @property
    def revoked_as_of(self) -> Phrase:
        """On which list the answer rests, or that it rests on none."""
        if self.list_number is None or self.list_made_at is None:
            return Phrase("note.badge-no-list")
        day = self.list_made_at.date().isoformat()
        return Phrase("note.badge-list", {"number": self.list_number, "on": day})


def judge(
    signed: SignedCertificate,
    *,
    key: str | None,
    lists: Sequence[OpenedRevocations],
    at: datetime,
    identifier: str | None = None,
) -> BadgeVerdict:
    """Judge a certificate that was read.

    `key`: the fingerprint that the issuer gave by another channel. `lists`: of which the newest
    counts; raises RevocationsOfAnother for one by another key than the certificate's.
    """
    for each in lists:
        if each.public_raw != signed.public_raw:
            raise RevocationsOfAnother(number=each.list.number, key=each.fingerprint)
    found = newest(lists)
    hidden = signed.certificate.identifier
    state = KeyState.NOT_COMPARED
    if key is not None:
        state = KeyState.EXPECTED if key.strip() == signed.fingerprint else KeyState.OTHER
    return BadgeVerdict(
        signed,
        state,
        _revocation(signed, lists),
        found.list.number if found else None,
        found.list.made_at if found else None,
        signed.certificate.issued_at > at,
        hidden.fits(identifier) if hidden and identifier else None,
    )


def _revocation(signed: SignedCertificate, lists: Sequence[OpenedRevocations]) -> Revocation | None:
    """In any of the lists: what was revoked stays revoked."""
    found = (each.list.of(signed.certificate.id) for each in lists)
    return next((each for each in found if each is not None), None)
