"""Errors of certificates."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotReadable, Refused


class BadgeNotReadable(NotReadable):
    """A file or text is no certificate of Kancil. Params: `path`, `why`."""

    code = "badge-not-readable"


class BadgeBroken(IntegrityBroken):
    """A certificate was changed after it was signed. Params: `path`."""

    code = "badge-broken"


class BadgeProofOther(NotReadable):
    """A credential bears another form of proof, which is not checked here. Params: `path`."""

    code = "badge-proof-other"


class BadgeTooLarge(Refused):
    """A file is larger than any certificate. Params: `path`, `kilobytes`."""

    code = "badge-too-large"


class BadgeNotUsable(Refused):
    """A certificate that may not be issued as it was asked for. Params: `field`, `why`."""

    code = "badge-not-usable"


class RevocationsNotReadable(NotReadable):
    """A file is no list of revoked certificates. Params: `path`, `why`."""

    code = "revocations-not-readable"


class RevocationsOfAnother(Refused):
    """The list was signed by another key than the certificate. Params: `number`, `key`."""

    code = "revocations-of-another"


class AlreadyRevoked(Refused):
    """The certificate is on the list already. Params: `id`, `on`."""

    code = "already-revoked"
