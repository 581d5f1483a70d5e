"""Errors of pages."""

from __future__ import annotations

from kancil.ground.errors import NotFound, NotPermitted, NotReadable, Refused, Unreachable


class ReceiverNotConfirmed(NotPermitted):
    """The receiving officer's key opens for anyone here. Params: `name`."""

    code = "receiver-not-confirmed"


class SignerNotConfirmed(NotPermitted):
    """A key was to be opened, and it was not shown lately who is signed in."""

    code = "signer-not-confirmed"


class NoOwnKey(NotFound):
    """Whoever is signed in is to sign, and has made no key of their own yet."""

    code = "no-own-key"


class NetworkWithoutTls(Refused):
    """The site was to be served to a network without TLS. Params: `host`."""

    code = "network-without-tls"


class TokenNeeded(NotPermitted):
    """A request to the API came without a token that is good."""

    code = "token-needed"


class TokenReadOnly(NotPermitted):
    """A request that changes something came with a token that only reads."""

    code = "token-read-only"


class RequestNotReadable(NotReadable):
    """A request to the API is not what it should be. Params: `field`, `why`."""

    code = "request-not-readable"


class RequestTooLarge(Refused):
    """A request to the API has too many bytes. Params: `limit_bytes`."""

    code = "request-too-large"


class ServerFault(Unreachable):
    """A request to the API met a fault of Kancil's own; the server's log has it whole."""

    code = "server-fault"


class PageNotAllowed(NotPermitted):
    """The signed-in person may not use this page."""

    code = "page-not-allowed"


class SecondFactorSealed(NotReadable):
    """A code's secret was sealed with a `keys/secret` that is not here."""

    code = "second-factor-sealed"


class AuthorityNotThere(NotFound):
    """A classroom is not served under a certificate of its own, of which there is one to trust."""

    code = "authority-not-there"
