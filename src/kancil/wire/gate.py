"""Which address may be spoken to: this machine's own, or another that the officer allowed.

Addresses come from the command line; `window` opens what the gate lets through, and nothing else.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase

from .errors import NodeNotAllowed

_LOCAL_NAMES = ("localhost", "ip6-localhost")
OPTION = "--node"
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Address:
    """An address that the gate let through."""

    host: str
    port: int
    is_local: bool
    """Whether it is this machine's own loopback."""

    def __str__(self) -> str:
        """Write it as a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def let_through(text: str, default_port: int, *, other_hosts: bool) -> Address:
    """Read an address and say whether it may be spoken to.

    Plain `http://host:port` alone: no user, no path, no query; a node offers no encryption.
    `other_hosts`: whether the officer allowed machines other than this one. Raises
    OptionNotUsable, NodeNotAllowed.
    """
    parts, port = _parts(text)
    host = (parts.hostname or "").lower()
    if parts.scheme != "http":
        raise OptionNotUsable(option=OPTION, value=text[:_SHOWN], why=Phrase("why.node-scheme"))
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise OptionNotUsable(option=OPTION, value=text[:_SHOWN], why=Phrase("why.node-path"))
    if parts.username is not None or parts.password is not None:
        raise OptionNotUsable(option=OPTION, value=host, why=Phrase("why.node-user"))
    is_local = is_loopback(host)
    if not is_local and not other_hosts:
        raise NodeNotAllowed(host=host[:_SHOWN])
    return Address(host, port or default_port, is_local)


def _parts(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        return parts, parts.port
    except ValueError as error:
        raise OptionNotUsable(
            option=OPTION, value=text[:_SHOWN], why=Phrase("why.node-path")
        ) from error


def is_loopback(host: str) -> bool:
    """Whether a name or number is this machine's own loopback."""
    if host in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
